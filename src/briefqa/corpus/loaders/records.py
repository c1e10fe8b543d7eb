"""Files of records, each an article: JSON lines (.jsonl, .ndjson), JSON (.json), CSV and tab-separated values."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from io import StringIO
from typing import TYPE_CHECKING, Any

from briefqa.corpus.article import Article, LoadOptions
from briefqa.corpus.decoding import decode
from briefqa.corpus.records.fields import Fields
from briefqa.corpus.records.reading import Reading, listed

if TYPE_CHECKING:
    from collections.abc import Iterator

LONGEST_FIELD = 50_000_000
csv.field_size_limit(LONGEST_FIELD)  # the module's own limit, of 131,072 characters, is less than a long article

_DELIMITERS = ",;\t|"


def load_jsonl(data: bytes, options: LoadOptions) -> list[Article]:
    """The articles in a file of one JSON object a line. Raises ValueError when no line gives one, with a reason."""
    text, doubts = _decoded(data)
    reading = Reading(Fields(options.fields))
    number = 0
    for place, line in enumerate(_lines(text), start=1):
        if line.strip():
            number += 1
            record = _parsed(line)
            if isinstance(record, dict):
                reading.add(number, record)
            else:
                reading.broken.append(place)
    return reading.articles(doubts)


def load_json(data: bytes, options: LoadOptions) -> list[Article]:
    """The articles in a JSON list of objects, in an object with one such list in it, or in one object that is an
    article itself. Raises ValueError when there is none, with a reason."""
    text, doubts = _decoded(data)
    whole = _parsed(text)
    if whole is _NO_JSON:
        raise ValueError("it is not valid JSON")
    reading = Reading(Fields(options.fields))
    records = whole
    if isinstance(whole, dict):
        lists = [name for name, value in whole.items() if _has_records(value)]
        if Fields(options.fields).value(whole, "text")[1] is not None:
            reading.add(1, whole)
            return [replace(article, part="") for article in reading.articles(doubts)]
        if len(lists) > 1:
            raise ValueError(f"it holds several lists of records ({listed(lists)}): keep one of them in a file")
        records = whole[lists[0]] if lists else [whole]
    if not isinstance(records, list):
        raise ValueError("it holds no records, only a value")
    for number, record in enumerate(records, start=1):
        if isinstance(record, dict):
            reading.add(number, record)
        else:
            reading.others += 1
    return reading.articles(doubts)


def load_csv(data: bytes, options: LoadOptions) -> list[Article]:
    """The articles in a file of comma-separated values (or with ";", a tab or "|" between them) under a row of names.
    Raises ValueError when there is none, with a reason."""
    text, doubts = _decoded(data)
    head = next((line for line in _lines(text) if line.strip()), "")
    return _from_rows(text, max(_DELIMITERS, key=head.count), doubts, options)


def load_tsv(data: bytes, options: LoadOptions) -> list[Article]:
    """The articles in a file of tab-separated values under a row of names. Raises ValueError when there is none."""
    text, doubts = _decoded(data)
    return _from_rows(text, "\t", doubts, options)


def _from_rows(text: str, delimiter: str, doubts: tuple[str, ...], options: LoadOptions) -> list[Article]:
    reading = Reading(Fields(options.fields))
    rows = csv.reader(StringIO(text, newline=""), delimiter=delimiter)
    try:
        names = next((row for row in rows if any(map(str.strip, row))), [])
        reading.names.update(filter(None, map(str.strip, names)))
        filled = (row for row in rows if any(map(str.strip, row)))
        for number, row in enumerate(filled, start=1):
            # Of two columns of one name the first counts.
            reading.add(number, dict(reversed([*zip(map(str.strip, names), row, strict=False)])))
    except csv.Error as error:
        raise ValueError(f"its line {rows.line_num} can't be read ({error})") from error
    return reading.articles(doubts)


def _has_records(value: Any) -> bool:
    return isinstance(value, list) and any(isinstance(entry, dict) for entry in value)


def _decoded(data: bytes) -> tuple[str, tuple[str, ...]]:
    text, guess = decode(data)
    if not text.strip():
        raise ValueError("it is empty")
    if guess is None:
        return text, ()
    return text, (f"it is not in UTF-8 and was read as {guess}, which is a guess: look at its accents",)


def _lines(text: str) -> Iterator[str]:
    """The lines, one at a time; str.splitlines would part them at characters that JSON allows in a string."""
    start = 0
    while start < len(text):
        end = text.find("\n", start)
        end = len(text) if end < 0 else end
        yield text[start:end]
        start = end + 1


_NO_JSON = object()


def _parsed(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):  # the first of numbers with too many digits, too
        return _NO_JSON
