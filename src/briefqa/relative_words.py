"""The words of relative dates in English, German and French, for `relative_dates`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import NamedTuple


class Grammar(NamedTuple):
    """What a language's relative dates are made of.

    `pattern` has a group `day` (a phrase of `days`: how many days off); or `weekday`, with `how` before or `after`
    behind it (of `directions`: "last", "next", "on" or "unknown"); or `unit` with `which` before or `behind` it (of
    `shifts`) and perhaps a `part` of it; or `count` and `of`. Phrases are looked up in small letters. `future` is
    found in sentences of what is to come, `before_bare` at the end of what stands before a weekday without `how`.
    """

    pattern: re.Pattern[str]
    days: Mapping[str, int]
    weekdays: Mapping[str, int]
    directions: Mapping[str, str]
    units: Mapping[str, str]
    shifts: Mapping[str, int]
    parts: Mapping[str, str]
    numbers: Mapping[str, int]
    future: re.Pattern[str]
    before_bare: re.Pattern[str]


def _either(words: Mapping[str, object]) -> str:
    """Any of the phrases, a longer one before a part of it, with white space of any kind."""
    longest_first = sorted(filter(None, words), key=len, reverse=True)
    return "|".join(re.escape(phrase).replace(r"\ ", r"\s+").replace("'", "['’]") for phrase in longest_first)


def _weekdays(names: str) -> dict[str, int]:
    return {name: number for number, name in enumerate(names.split())}


def _numbers(names: str) -> dict[str, int]:
    return {name: number for number, name in enumerate(names.split(), start=1)}


_A_DATE = r"(?!\w|,?\s+(?:the\s+|den\s+|dem\s+)?\d|,?\s+[A-Z][a-z]{2,8}\.?\s+\d)"
"""A weekday with its date beside it, "Wednesday, 21 November", is not relative."""

_DAYS_EN = {
    "today": 0,
    "tonight": 0,
    "this morning": 0,
    "this afternoon": 0,
    "this evening": 0,
    "yesterday": -1,
    "last night": -1,
    "yesterday evening": -1,
    "yesterday morning": -1,
    "tomorrow": 1,
    "the day before yesterday": -2,
    "the day after tomorrow": 2,
}
_WEEKDAYS_EN = _weekdays("monday tuesday wednesday thursday friday saturday sunday")
_HOW_EN = {
    **dict.fromkeys(("on", "since", "early on", "late on", "earlier on", "later on"), "on"),
    **dict.fromkeys(("last", "on last", "this past", "this last"), "last"),
    **dict.fromkeys(("next", "on next", "this coming"), "next"),
    **dict.fromkeys(("this", "by", "until", "from", "before", "after"), "unknown"),
}
_UNITS_EN = {"week": "week", "weekend": "weekend", "month": "month", "year": "year"}
_AGO_EN = {form: unit for unit in ("day", "week", "month", "year") for form in (unit, f"{unit}s")}
_SHIFTS_EN = {"last": -1, "this": 0, "next": 1, "this past": -1, "this coming": 1}
_PARTS_EN = {"earlier": "earlier", "later": "later"}
_NUMBERS_EN = {**_numbers("one two three four five six seven eight nine ten eleven twelve"), "a": 1, "an": 1}


@cache
def _english() -> Grammar:
    return Grammar(
        pattern=re.compile(
            rf"""(?<!\w)(?:
              (?P<day>{_either(_DAYS_EN)})(?![\w'’])
            | (?:(?P<how>{_either(_HOW_EN)})\s+)?
              (?P<weekday>(?-i:Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday))(?P<after>(?!))?{_A_DATE}
              (?:\s+(?:morning|afternoon|evening|night))?(?!\w)
            | (?:(?P<part>earlier|later)\s+)?(?P<which>{_either(_SHIFTS_EN)})\s+
              (?P<unit>{_either(_UNITS_EN)})(?P<behind>(?!))?(?![\w'’-])
            | (?P<count>\d{{1,3}}|{_either(_NUMBERS_EN)})\s+(?P<of>{_either(_AGO_EN)})\s+ago(?!\w)
            )""",
            re.VERBOSE | re.IGNORECASE,
        ),
        days=_DAYS_EN,
        weekdays=_WEEKDAYS_EN,
        directions=_HOW_EN,
        units={**_UNITS_EN, **_AGO_EN},
        shifts=_SHIFTS_EN,
        parts=_PARTS_EN,
        numbers=_NUMBERS_EN,
        future=re.compile(
            r"\b(?:will|shall|would|['’]ll|won['’]t|(?:is|are|was|were)\s+(?:to|due|set|scheduled|expected|planned)|plans?|"
            r"due|scheduled|expected|going\s+to|upcoming)(?!\w)",
            re.IGNORECASE,
        ),
        before_bare=re.compile(r"(?<!\w)(?!(?:every|each|the|a|or)\s)[a-z]\w*\s+\Z"),
    )


_DAYS_DE = {
    "heute": 0,
    "heute morgen": 0,
    "heute früh": 0,
    "heute mittag": 0,
    "heute abend": 0,
    "heute nacht": 0,
    "gestern": -1,
    "gestern morgen": -1,
    "gestern früh": -1,
    "gestern mittag": -1,
    "gestern abend": -1,
    "vorgestern": -2,
    "übermorgen": 2,
}
_WEEKDAYS_DE = {
    **_weekdays("montag dienstag mittwoch donnerstag freitag samstag sonntag"),
    "sonnabend": 5,
}
_HOW_DE = {
    **dict.fromkeys(("am", "seit"), "on"),
    **dict.fromkeys(("am vergangenen", "am letzten", "vergangenen", "letzten", "vorigen"), "last"),
    **dict.fromkeys(("am kommenden", "am nächsten", "kommenden", "nächsten"), "next"),
    **dict.fromkeys(("bis", "ab", "diesen", "an diesem", "bis zum"), "unknown"),
}
_UNITS_DE = {"woche": "week", "wochenende": "weekend", "monat": "month", "monats": "month", "jahr": "year"}
_UNITS_DE["jahres"] = "year"
_AGO_DE = {"tag": "day", "tagen": "day", "woche": "week", "wochen": "week", "monat": "month", "monaten": "month"}
_AGO_DE |= {"jahr": "year", "jahren": "year"}
_SHIFTS_DE = {
    stem + ending: shift
    for stem, shift in {"letzt": -1, "vergangen": -1, "vorig": -1, "dies": 0, "nächst": 1, "kommend": 1}.items()
    for ending in ("e", "en", "em", "er", "es")
}
_NUMBERS_DE = _numbers("einem zwei drei vier fünf sechs sieben acht neun zehn elf zwölf") | {"einer": 1}


@cache
def _german() -> Grammar:
    return Grammar(
        pattern=re.compile(
            rf"""(?<!\w)(?:
              (?P<day>{_either(_DAYS_DE)})(?!\w)
            | (?P<how>{_either(_HOW_DE)})\s+(?P<weekday>{_either(_WEEKDAYS_DE)})
              (?:morgen|vormittag|mittag|nachmittag|abend|nacht)?(?P<after>(?!))?{_A_DATE}
            | (?:(?:in|im|am)\s+(?:der\s+)?)?(?P<part>(?!))?(?P<which>{_either(_SHIFTS_DE)})\s+
              (?P<unit>{_either(_UNITS_DE)})(?P<behind>(?!))?(?!\w)
            | vor\s+(?P<count>\d{{1,3}}|{_either(_NUMBERS_DE)})\s+(?P<of>{_either(_AGO_DE)})(?!\w)
            )""",
            re.VERBOSE | re.IGNORECASE,
        ),
        days=_DAYS_DE,
        weekdays=_WEEKDAYS_DE,
        directions=_HOW_DE,
        units={**_UNITS_DE, **_AGO_DE},
        shifts=_SHIFTS_DE,
        parts={},
        numbers=_NUMBERS_DE,
        future=re.compile(
            r"\b(?:wird|werden|würden?|soll|sollen|sollten?|will|wollen|geplant|erwartet)\b", re.IGNORECASE
        ),
        before_bare=re.compile(r"\Z"),
    )


_DAYS_FR = {
    "aujourd'hui": 0,
    "ce matin": 0,
    "ce soir": 0,
    "cet après-midi": 0,
    "cette nuit": 0,
    "hier": -1,
    "hier matin": -1,
    "hier soir": -1,
    "avant-hier": -2,
    "demain": 1,
    "après-demain": 2,
}
_WEEKDAYS_FR = _weekdays("lundi mardi mercredi jeudi vendredi samedi dimanche")
_AFTER_FR = {"dernier": "last", "passé": "last", "prochain": "next"}
_HOW_FR = {**dict.fromkeys(("depuis",), "on"), **dict.fromkeys(("ce", "d'ici", "jusqu'à", "avant", "dès"), "unknown")}
_UNITS_FR = {"semaine": "week", "week-end": "weekend", "mois": "month", "année": "year", "an": "year"}
_AGO_FR = {"jour": "day", "jours": "day", "semaines": "week", "ans": "year", "années": "year"}
_BEHIND_FR = {"dernier": -1, "dernière": -1, "passé": -1, "passée": -1, "prochain": 1, "prochaine": 1}
_SHIFTS_FR = {**_BEHIND_FR, "ce": 0, "cette": 0}
_NUMBERS_FR = _numbers("un deux trois quatre cinq six sept huit neuf dix onze douze") | {"une": 1}


@cache
def _french() -> Grammar:
    return Grammar(
        pattern=re.compile(
            rf"""(?<![\w-])(?:
              (?P<day>{_either(_DAYS_FR)})(?![\w-])
            | (?:(?P<how>{_either(_HOW_FR)})\s+)?
              (?P<weekday>{_either(_WEEKDAYS_FR)})(?!\w|\s+\d|\s+saint)(?:\s+(?P<after>{_either(_AFTER_FR)})(?!\w))?
              (?:\s+(?:matin|soir|après-midi))?
            | (?:(?P<which>cette|ce)|la|le|l['’])\s*(?P<unit>semaine|week-end|mois|année|an)(?!\w)
              (?(which)(?:-ci)?|\s+(?P<behind>{_either(_BEHIND_FR)}))(?P<part>(?!))?(?!\w)
            | il\s+y\s+a\s+(?P<count>\d{{1,3}}|{_either(_NUMBERS_FR)})\s+(?P<of>{_either(_UNITS_FR | _AGO_FR)})(?!\w)
            )""",
            re.VERBOSE | re.IGNORECASE,
        ),
        days=_DAYS_FR,
        weekdays=_WEEKDAYS_FR,
        directions={**_HOW_FR, **_AFTER_FR},
        units={**_UNITS_FR, **_AGO_FR},
        shifts=_SHIFTS_FR,
        parts={},
        numbers=_NUMBERS_FR,
        future=re.compile(
            r"\b(?:\w+(?:ra|ront|rons|rez)|doit|doivent|devraient|devrait|va|vont|prévue?s?)\b", re.IGNORECASE
        ),
        before_bare=re.compile(r"(?<!\ble\s)(?<!\bchaque\s)(?<!\bun\s)(?<!\bdu\s)\Z", re.IGNORECASE),
    )


_GRAMMARS = {"en": _english, "de": _german, "fr": _french}


def grammar_of(language: str) -> Grammar | None:
    """The grammar of a language, if there is one; its patterns take some ms to make, once."""
    make = _GRAMMARS.get(language)
    return make() if make else None


"""By code of ISO 639-1."""
