"""Cuts from a text that was pasted from a page what stood around the article; any other text stays as it is."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from briefqa.corpus.cleaning.cutting import cut_out
from briefqa.corpus.cleaning.forms import BIOGRAPHY
from briefqa.corpus.cleaning.region import PROSE_WORDS, article_region
from briefqa.corpus.cleaning.signs import ENOUGH, FEW_WORDS, HEADLINE_WORDS, LIST, evidence, is_pasted, signs
from briefqa.corpus.cleaning.units import units

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from briefqa.corpus.article import Article
    from briefqa.corpus.cleaning.signs import Reason, Sign
    from briefqa.corpus.cleaning.units import Unit

SURE = 5.0
FEW = 1.0
"""With so much evidence that a text is a page's, this much more is enough for what is above, or below, its article."""
FEW_SENTENCES = 2
"""After so many paragraphs an article has begun."""
ABOVE = 16
"""Headline, names, dates and captions above an article's first sentence are no more lines."""
PARAGRAPH_WORDS = 20
"""A sentence as long as this above the article may be its first: it is not cut without a sign of its own."""
LEAST_TOLD = 30
"""With fewer words in sentences there is no article to be seen: it may be a calendar, and nothing is cut."""
PULLED_WORDS = 20
"""What is repeated inside an article is cut from this length on, once: a refrain or a form's question is not."""


def clean(article: Article) -> Article:
    """`article` without what surely is not its text, each cut with a Reason; the same article where nothing is."""
    found = units(article.text)
    return cut_out(article, found, reasons(found))


def reasons(found: Sequence[Unit]) -> list[Reason | None]:
    """For each unit why it is to be cut, None for what stays."""
    marks = signs(found)
    why: list[Reason | None] = [None] * len(found)
    if len(found) > 1 and _is_doubled(*found[:2]):
        why[1] = "repeated headline"
    if not is_pasted(found, marks):
        _cut_last_list(found, marks, why)
        return why
    start, end = article_region(found, marks, _other_stories(found, marks))
    if sum(_told(found, marks, start, end)) >= LEAST_TOLD:
        headline, start = _beginning(found, marks, start)
        _cut_inside(found, marks, why, start, end)
        enough = ENOUGH if evidence(found, marks) < SURE else FEW
        if evidence(found[:start], marks[:start]) >= enough:
            _cut_head(found, marks, why, headline, start)
        if evidence(found[end:], marks[end:]) >= enough:
            _cut_tail(found, marks, why, end)
    return why


def _told(found: Sequence[Unit], marks: Sequence[Sign | None], start: int, end: int) -> Iterator[int]:
    return (found[place].words for place in range(start, end) if marks[place] is None and found[place].is_sentence)


def _is_doubled(first: Unit, second: Unit) -> bool:
    """Whether a headline, alone between blank lines, stands twice."""
    return first.same == second.same and first.apart and not first.is_sentence and first.words >= HEADLINE_WORDS


def _cut_last_list(found: Sequence[Unit], marks: Sequence[Sign | None], why: list[Reason | None]) -> None:
    """A list of other articles, sure by its heading and by having only headlines below it, to the text's end."""
    place = len(found) - 1
    while place > 0 and marks[place] is None and _is_headline(found[place]):
        place -= 1
    sign = marks[place] if place > FEW_SENTENCES else None
    if sign == LIST and len(found) - place > FEW_SENTENCES and not found[place].is_marked:
        why[place:] = [sign.reason] * (len(found) - place)


def _is_headline(unit: Unit) -> bool:
    return not (unit.is_sentence or unit.is_marked) and HEADLINE_WORDS <= unit.words <= 2 * FEW_WORDS


def _other_stories(found: Sequence[Unit], marks: Sequence[Sign | None]) -> frozenset[int]:
    """Where, below an article's sentences, what surely is not the article's begins: comments, and stories of their own,
    which a doubled headline tells below the heading of a list."""
    told, headed = 0, False
    starts = set()
    for place, (unit, sign) in enumerate(zip(found, marks, strict=True)):
        if sign is None and unit.is_sentence and unit.words >= PROSE_WORDS:
            told += 1
            headed = False
        elif sign and told >= FEW_SENTENCES:
            headed |= sign.role == "heading"
            if headed and (sign.reason == "repeated headline" or (sign.role, sign.reason) == ("heading", "comments")):
                starts.add(place)
    return frozenset(starts)


def _cut_inside(
    found: Sequence[Unit], marks: Sequence[Sign | None], why: list[Reason | None], start: int, end: int
) -> None:
    """Lines that are furniture by themselves, what is pulled out or doubled, and lists of other articles."""
    below = False
    times = Counter(unit.same for unit in found)
    for place in range(start, end):
        unit, sign = found[place], marks[place]
        pulled = unit.words >= PULLED_WORDS and times[unit.same] == 2
        if sign and (sign.role == "line" or (sign.reason == "repeated block" and pulled)):
            why[place] = sign.reason
        if sign and sign.role == "heading":
            below = sign == LIST
            if below:
                why[place] = sign.reason
        elif below and (sign is not None or _is_headline(unit)) and not unit.is_sentence:
            why[place] = why[place] or "list of other articles"
        else:
            below = False


def _beginning(found: Sequence[Unit], marks: Sequence[Sign | None], start: int) -> tuple[int, int]:
    """Where the headline stands, above the article's sentences that begin at `start`, and where these begin when those
    that something parts from them are counted, too. Both are `start` when nothing is to be seen above it."""
    highest = start
    passed = 0
    for place in range(start - 1, -1, -1):
        unit, sign = found[place], marks[place]
        passed += not (unit.is_sentence or unit.is_row)
        if (sign and sign.reason == "navigation") or passed > ABOVE:
            break
        if sign is None and (unit.is_row or unit.words >= HEADLINE_WORDS):
            highest = place
    told = (at for at in range(highest, start) if marks[at] is None and _is_paragraph(found[at]))
    return highest, next(told, start)


def _is_paragraph(unit: Unit) -> bool:
    return unit.is_sentence and unit.words >= PARAGRAPH_WORDS


def _cut_head(
    found: Sequence[Unit], marks: Sequence[Sign | None], why: list[Reason | None], headline: int, start: int
) -> None:
    """All above the headline, and what is furniture by itself between that and the article's first sentence."""
    for place in range(start):
        sign = marks[place]
        if sign and (place < headline or sign.role != "hint"):
            why[place] = sign.reason
        elif place < headline and not _is_paragraph(found[place]):
            why[place] = "navigation"


def _cut_tail(found: Sequence[Unit], marks: Sequence[Sign | None], why: list[Reason | None], end: int) -> None:
    """All from the first sign of furniture below the article's last sentence; and the author's lines above that."""
    first = end
    while not _ends_article(sign := marks[first]):
        why[first] = sign.reason if sign and sign.role == "line" else None
        first += 1
    if BIOGRAPHY.fullmatch(found[first - 1].plain):
        why[first - 1] = "author box"
    under: Reason = "another story"
    for place in range(first, len(found)):
        sign = marks[place]
        if sign and sign.role == "heading":
            under = sign.reason
        told = under == "list of other articles" and found[place].is_sentence
        why[place] = why[place] or (sign.reason if sign else "another story" if told else under)


def _ends_article(sign: Sign | None) -> bool:
    return sign is not None and sign.weight > 0 and sign.reason != "picture credit"
