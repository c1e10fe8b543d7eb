"""What each unit of a text says about itself: whether it is a page's furniture, and of what kind."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from briefqa.corpus.cleaning import forms as said
from briefqa.corpus.cleaning import phrases

if TYPE_CHECKING:
    import re
    from collections.abc import Sequence

    from briefqa.corpus.cleaning.units import Unit

Reason = Literal[
    "another story",
    "author box",
    "comments",
    "list of other articles",
    "navigation",
    "picture credit",
    "repeated block",
    "repeated headline",
    "share or sponsor line",
    "subscription or legal line",
    "teaser",
]
Role = Literal["line", "heading", "hint"]

FEW_WORDS = 12
"""A line of a menu, a button or a headline has no more words."""
HEADLINE_WORDS = 4
REPEATED_WORDS = 8
TEASER_WORDS = 30
MENU_RUN = 5
LONG_WORD = 15
SEVERAL = 3
ENOUGH = 2.5
FEWEST = 0.05
KINDS = 2


@dataclass(frozen=True, slots=True)
class Sign:
    """Why a unit is no part of the article: a "line" by itself, a "heading" with what comes below it, a "hint" only
    beside others. `weight` is what it counts for as evidence that the text was pasted from a page."""

    reason: Reason
    role: Role
    weight: float


LIST = Sign("list of other articles", "heading", 1.0)
TEASER = Sign("teaser", "hint", 0.5)
_WEAK_LIST = Sign("list of other articles", "heading", 0.5)
_MENU = Sign("navigation", "line", 0.5)
_SECTION = Sign("navigation", "hint", 0.3)
_COUNTED = Sign("navigation", "hint", 0.0)
_DATE = Sign("another story", "hint", 0.0)
_MOST: dict[Reason, float] = {
    "another story": 1.0,
    "picture credit": 0.5,
    "repeated headline": 1.0,
    "subscription or legal line": 1.0,
}
_COMMON: frozenset[Reason] = frozenset({"another story", "picture credit", "subscription or legal line"})
_FORMS: tuple[tuple[re.Pattern[str], Reason], ...] = (
    (said.POINTER, "list of other articles"),
    (said.SHARE_COUNT, "share or sponsor line"),
    (said.SHARE_LINE, "share or sponsor line"),
    (said.CONSENT, "subscription or legal line"),
    (said.COPYRIGHT, "subscription or legal line"),
    (said.SUBSCRIPTION, "subscription or legal line"),
    (said.AFFILIATE, "subscription or legal line"),
)


def signs(units: Sequence[Unit]) -> list[Sign | None]:
    """For each unit its sign, or None where it may be the article's."""
    found = [None if unit.is_set_in else sign_of(unit) for unit in units]
    _mark_datelines(units, found)
    _mark_repetitions(units, found)
    _mark_menus(units, found)
    return found


def sign_of(unit: Unit) -> Sign | None:
    """The sign of a unit by its own words."""
    plain = unit.plain
    if not plain:
        return None
    return (
        _heading(unit, plain)
        or (None if unit.is_heading else _line(unit, plain) or _credit(unit, plain) or _dated(unit, plain))
        or (TEASER if unit.is_cut_off and HEADLINE_WORDS <= unit.words <= TEASER_WORDS and not unit.is_marked else None)
    )


def _heading(unit: Unit, plain: str) -> Sign | None:
    if said.COMMENT_COUNT.fullmatch(plain) or (plain in phrases.COMMENTS and not unit.is_field):
        return Sign("comments", "heading", 1.0)
    if plain in phrases.AUTHOR and not unit.is_field:
        return Sign("author box", "heading", 0.5)
    if plain in phrases.WEAK_HEADINGS or not _is_label(unit):
        return _WEAK_LIST if plain in phrases.WEAK_HEADINGS else None
    if plain in phrases.HEADINGS or said.HEADING_FORM.fullmatch(plain):
        return LIST
    titled = plain.startswith("more ") and unit.words <= HEADLINE_WORDS and _is_title(unit.text)
    return _WEAK_LIST if titled or said.LOOSE_HEADING_FORM.fullmatch(plain) else None


def _line(unit: Unit, plain: str) -> Sign | None:
    if plain in phrases.SHARING:
        return Sign("share or sponsor line", "line", 1.0)
    if plain in phrases.NAVIGATION and not unit.is_field:
        return Sign("navigation", "line", 1.0)
    for form, reason in _FORMS:
        if form.fullmatch(plain):
            return Sign(reason, "line", 1.0)
    if "©" in unit.text and _is_label(unit) and said.YEAR.search(plain) and "photo" not in plain:
        return Sign("subscription or legal line", "line", 1.0)
    if _is_label(unit) and not unit.is_marked and not unit.is_row and _is_menu(unit):
        return _MENU
    if plain in phrases.SECTIONS:
        return _SECTION
    return _COUNTED if said.COUNTED.fullmatch(plain) else None


def _is_menu(unit: Unit) -> bool:
    line = unit.text.strip()
    if said.RUN_TOGETHER.fullmatch(line):
        return max(map(len, line.split())) > LONG_WORD
    return bool(said.SEVERAL_LINKS.fullmatch(line)) and line[0] not in "|>"


def _credit(unit: Unit, plain: str) -> Sign | None:
    if not _is_label(unit):
        return None
    if said.PICTURE.fullmatch(plain):
        return Sign("picture credit", "line", 0.5)
    if said.CREDIT.fullmatch(plain) or "©" in unit.text:
        return Sign("picture credit", "line", 0.3)
    return None


def _dated(unit: Unit, plain: str) -> Sign | None:
    if said.WHEN.fullmatch(plain):
        return Sign("another story", "hint", 0.5)
    if said.DATE.fullmatch(plain):
        return _DATE
    if unit.words <= FEW_WORDS // 2 and unit.is_field and said.COMMENTER.fullmatch(plain):
        return Sign("comments", "hint", 0.3)
    return None


def _is_title(text: str) -> bool:
    return all(not word[0].islower() for word in text.split())


def _mark_datelines(units: Sequence[Unit], found: list[Sign | None]) -> None:
    """Marks dates below headlines or names, where there are several: each is of another story or comment."""
    dated = [
        place
        for place in range(1, len(units))
        if found[place] == _DATE and found[place - 1] is None and _is_label(units[place - 1])
    ]
    if len(dated) >= SEVERAL:
        for place in dated:
            found[place] = Sign("another story", "hint", 0.5)


def _is_label(unit: Unit) -> bool:
    return unit.words <= FEW_WORDS and not unit.is_sentence and not unit.is_set_in


def _mark_repetitions(units: Sequence[Unit], found: list[Sign | None]) -> None:
    """Marks headlines that stand twice in a row, and what was said before in as many words."""
    seen: set[str] = set()
    for place, unit in enumerate(units):
        if found[place] is None and not unit.is_set_in and unit.words >= HEADLINE_WORDS:
            before = units[max(0, place - 2) : place]
            if any(other.same == unit.same for other in before) and not unit.is_sentence:
                found[place] = Sign("repeated headline", "line", 1.0)
            elif unit.words >= REPEATED_WORDS and unit.same in seen:
                found[place] = Sign("repeated block", "hint", 0.0)
        seen.add(unit.same)


def _mark_menus(units: Sequence[Unit], found: list[Sign | None]) -> None:
    """Marks what stands between the hints of a menu: in a run of short lines, none a sentence, most of them signs."""
    start = 0
    for place in range(len(units) + 1):
        if place < len(units) and _may_be_of_a_menu(units[place], found[place]):
            continue
        run = range(start, place)
        start = place + 1
        marked = [at for at in run if (sign := found[at]) and sign.reason == "navigation"]
        if len(run) >= MENU_RUN and len(marked) >= 3 and 4 * len(marked) >= len(run):
            for at in range(marked[0], marked[-1] + 1):
                if found[at] is None or found[at] in (_SECTION, _COUNTED):
                    found[at] = Sign("navigation", "line", 0.3)


def _may_be_of_a_menu(unit: Unit, sign: Sign | None) -> bool:
    return (
        unit.words <= FEW_WORDS // 2
        and not unit.is_sentence
        and not unit.is_set_in
        and (sign is None or sign.role != "heading")
    )


def is_pasted(units: Sequence[Unit], found: Sequence[Sign | None]) -> bool:
    """Whether a text shows that it was pasted from a page: by enough signs, not all of a kind that other texts have."""
    kinds = {sign.reason for sign in found if sign and sign.weight} - _COMMON
    return len(kinds) >= KINDS and evidence(units, found) >= ENOUGH


def evidence(units: Sequence[Unit], found: Sequence[Sign | None]) -> float:
    """What the signs weigh together: 0 where they are few among the units, or all of a kind. A line that stands many
    times counts once; legal lines, credits and doubled lines, which other texts have too, count little."""
    weights = {unit.same: sign for unit, sign in zip(units, found, strict=True) if sign}
    sums: dict[Reason, float] = {}
    for sign in weights.values():
        sums[sign.reason] = sums.get(sign.reason, 0.0) + sign.weight
    marked = sum(1 for sign in found if sign and sign.weight)
    if marked < FEWEST * len(units):
        return 0.0
    return sum(min(total, _MOST.get(reason, total)) for reason, total in sums.items())
