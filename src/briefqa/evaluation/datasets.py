"""Question sets: questions with the quotes that answer them, one JSON object a line, in UTF-8.

    {"id": "q001", "question": "...", "tags": ["fact"], "gold": [{"document": "a.md", "quote": "..."}], "note": "..."}

`document` is a document's path relative to the corpus root (`Document.key`), `quote` stands in it word for word,
`note` is for whoever keeps the set and may be left out. A question that nothing answers has `"gold": []`. With
`"quote": null` the document as a whole is gold, as in sets that judge documents: such questions count for measures of
documents only, as nobody knows which passage or quote is right.
"""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeGuard, TypeVar

from briefqa.errors import DatasetError
from briefqa.evaluation.problems import refuse

MOST_GOLDS = 1000
"""Three are plenty for a question that somebody writes; sets that judge documents have some hundreds."""
UNPAIRED = re.compile("[\ud800-\udfff]")
"""Halves of surrogate pairs, which stand for no character."""

_KINDS: dict[type, str] = {
    str: "a string",
    bool: "true or false",
    int: "a number",
    float: "a number",
    list: "a list",
    dict: "an object",
}

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Gold:
    """Where an answer stands: words of a document, named by its key; without a quote, the document as a whole."""

    document: str
    quote: str | None


@dataclass(frozen=True, slots=True)
class Question:
    """A question of a set, from line `line` of its file, counted from 1; no gold means that nothing answers it."""

    id: str
    text: str
    tags: tuple[str, ...]
    gold: tuple[Gold, ...]
    line: int

    @property
    def quoted(self) -> bool:
        """Whether every gold is a quote, so that passages and quotes can be told right or wrong."""
        return all(gold.quote is not None for gold in self.gold)


def load_questions(path: str | Path) -> list[Question]:
    """The questions of a set, in the file's order; blank lines are skipped.

    DatasetError names every problem as `file:line: ...`, at most 20 of them, or says that the file can't be read.
    """
    return parse_questions(read_set(path), path=path)


def read_set(path: str | Path) -> bytes:
    """The bytes of a question set; DatasetError if the file can't be read."""
    try:
        return Path(path).read_bytes()
    except OSError as error:
        message = f"{path}: can't read the question set ({error.strerror}); give a file of JSON lines"
        raise DatasetError(message) from error


def parse_questions(content: bytes, *, path: str | Path) -> list[Question]:
    """The questions in the bytes of a set; DatasetError as from `load_questions`, `path` being named only."""
    questions: list[Question] = []
    problems: list[str] = []
    first_line: dict[str, int] = {}
    for line, raw in enumerate(content.removeprefix(codecs.BOM_UTF8).split(b"\n"), 1):
        if not raw.strip():
            continue
        checker = _Checker()
        question = checker.question(raw, line)
        if question.id and first_line.setdefault(question.id, line) != line:
            checker.problems.append(f"the id {question.id!r} stands on line {first_line[question.id]} too")
        questions.append(question)
        problems += [f"{path}:{line}: {problem}" for problem in checker.problems]
    if not questions:
        problems.append(f"{path}:1: there is no question in this file; write one JSON object a line")
    if problems:
        refuse(path, problems)
    return questions


class _Checker:
    """Reads one line and collects what is wrong with it; what is wrong stands empty in the question."""

    def __init__(self) -> None:
        self.problems: list[str] = []

    def question(self, raw: bytes, line: int) -> Question:
        try:
            record = decode_line(raw)
        except ValueError as error:
            self.problems.append(str(error))
            return Question("", "", (), (), line)
        if not self._is(record, dict, "the line"):
            return Question("", "", (), (), line)
        self._keys(record, required=("id", "question", "tags", "gold"), optional=("note",), where="the line")
        self._text(record, "note")
        return Question(
            id=self._text(record, "id"),
            text=self._text(record, "question"),
            tags=self._tags(record),
            gold=self._golds(record),
            line=line,
        )

    def _tags(self, record: dict[str, object]) -> tuple[str, ...]:
        tags = record.get("tags", [])
        if not self._is(tags, list, '"tags"'):
            return ()
        return tuple(self._string(tag, f"tag {number}") for number, tag in enumerate(tags, 1))

    def _golds(self, record: dict[str, object]) -> tuple[Gold, ...]:
        golds = record.get("gold", [])
        if not self._is(golds, list, '"gold"'):
            return ()
        if len(golds) > MOST_GOLDS:
            self.problems.append(f"{len(golds)} golds; keep the {MOST_GOLDS} that matter most")
        found = [self._gold(gold, f"gold {number}") for number, gold in enumerate(golds, 1)]
        if len(set(found)) < len(found) and not self.problems:
            self.problems.append("the same gold stands twice")
        return tuple(found)

    def _gold(self, gold: object, where: str) -> Gold:
        if not self._is(gold, dict, where):
            return Gold("", "")
        self._keys(gold, required=("document", "quote"), optional=(), where=where)
        quote = None if gold.get("quote", "") is None else self._text(gold, "quote", f"{where}, ")
        return Gold(self._text(gold, "document", f"{where}, "), quote)

    def _keys(self, record: dict[str, object], *, required: Sequence[str], optional: Sequence[str], where: str) -> None:
        self.problems += [f'{where} lacks the key "{key}"' for key in required if key not in record]
        unknown = [key for key in record if key not in (*required, *optional)]
        self.problems += [f"{where} has the unknown key {key!r}" for key in unknown]

    def _text(self, record: dict[str, object], key: str, where: str = "") -> str:
        return self._string(record[key], f'{where}"{key}"') if key in record else ""

    def _string(self, value: object, where: str) -> str:
        if not self._is(value, str, where):
            return ""
        if not value.strip():
            self.problems.append(f"{where} is empty")
        if UNPAIRED.search(value):
            self.problems.append(f"{where} holds half a surrogate pair, which is no character")
        return value

    def _is(self, value: object, kind: type[T], where: str) -> TypeGuard[T]:
        if isinstance(value, kind):
            return True
        self.problems.append(f"{where} must be {_KINDS[kind]}, not {_KINDS.get(type(value), 'null')}")
        return False


def decode_line(raw: bytes) -> object:
    """The JSON value on a line; ValueError says what is wrong with it."""
    try:
        return json.loads(raw.decode(), object_pairs_hook=_without_repeats)
    except UnicodeDecodeError as error:
        raise ValueError(f"byte {error.start + 1} of the line is not UTF-8") from error
    except json.JSONDecodeError as error:
        raise ValueError(f"not JSON: {error.msg} at column {error.colno}") from error
    except RecursionError as error:
        raise ValueError("lists or objects are nested too deep") from error


def _without_repeats(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """A JSON object, refused with ValueError if a key stands twice: the later value would silently win."""
    record: dict[str, object] = {}
    for key, value in pairs:
        if key in record:
            raise ValueError(f"the key {key!r} stands twice in one object")
        record[key] = value
    return record
