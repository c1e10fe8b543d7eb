"""Changes to question sets: of a file, only the bytes change that must, and they change all at once or not at all.

Several processes may change one set: each change is made to what the one before left. DatasetError if another process
is at it for too long (`sole_writer`).
"""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from briefqa.errors import DatasetError
from briefqa.evaluation.datasets import UNPAIRED, Gold, Question, parse_questions, read_set
from briefqa.evaluation.gold import Resolution
from briefqa.evaluation.locking import sole_writer
from briefqa.evaluation.whole_files import write_whole
from briefqa.types import Span

_FIRST_ID = "q001"
_NUMBERED = re.compile(r"(.*?)([0-9]{1,18})", re.DOTALL)
_BETWEEN = " \t\r\n,:"
_JSON = json.JSONDecoder()


def rewrite_gold(path: str | Path, resolution: Resolution) -> int:
    """Let the golds of a set that moved or changed say where `resolution` found them, and how; the number of them.

    Only the strings that differ are written anew. DatasetError, and the file stays as it is, if a question is no longer
    as it was when its golds were looked for, if the result would be no good set, or if the file can't be written.
    """
    if not resolution.drift:
        return 0
    with sole_writer(path):
        _save(path, _with_places(path, read_set(path), resolution))
    return len(resolution.drift)


def _with_places(path: str | Path, content: bytes, resolution: Resolution) -> bytes:
    lines = content.split(b"\n")
    questions = {question.line: question for question in parse_questions(content, path=path)}
    for drift in resolution.drift:
        question = questions.get(drift.line)
        old = Gold(drift.document, drift.quote)
        if question is None or question.id != drift.question_id or old not in question.gold:
            message = (
                f"{path}:{drift.line}: question {drift.question_id!r} has changed since its golds were looked for;"
                " look for them again"
            )
            raise DatasetError(message)
        new = Gold(drift.found_document, drift.quote if drift.kind == "moved" else drift.found_quote)
        number = question.gold.index(old)
        lines[drift.line - 1] = _with_gold(lines[drift.line - 1].decode(), number, new).encode()
    return b"\n".join(lines)


def append_question(path: str | Path, question: Question) -> Question:
    """Write a question to the end of a set, which is made if it is not there; the question as it stands in the set.

    A question with the id "" gets the next one: the last numbered id's pattern, with the number after its highest.
    DatasetError, and the file stays as it is, for what `load_questions` would refuse, or if it can't be written.
    """
    with sole_writer(path):
        content = read_set(path) if Path(path).exists() else b""
        return _save(path, _with_question(path, content, question))[-1]


def _with_question(path: str | Path, content: bytes, question: Question) -> bytes:
    text = content.removeprefix(codecs.BOM_UTF8)
    if not question.id:
        question = replace(question, id=_next_id(parse_questions(content, path=path) if text.strip() else ()))
    record = {
        "id": question.id,
        "question": question.text,
        "tags": list(question.tags),
        "gold": [{"document": gold.document, "quote": gold.quote} for gold in question.gold],
    }
    first, newline, _ = text.partition(b"\n")
    end = b"\r\n" if newline and first.endswith(b"\r") else b"\n"
    gap = end if text and not text.endswith(b"\n") else b""
    return content + gap + _json(record).encode() + end


def add_gold(path: str | Path, question_id: str, gold: Gold) -> None:
    """Give a question of the set one more gold, its last.

    DatasetError, and the file stays as it is, if there is no such question, for what `load_questions` would refuse, or
    if the file can't be written.
    """
    with sole_writer(path):
        _save(path, _with_one_more(path, read_set(path), question_id, gold))


def _with_one_more(path: str | Path, content: bytes, question_id: str, gold: Gold) -> bytes:
    found = [question for question in parse_questions(content, path=path) if question.id == question_id]
    if not found:
        message = f"{path}: there is no question {question_id!r} in this set; give the id of one that is there"
        raise DatasetError(message)
    lines = content.split(b"\n")
    line = lines[found[0].line - 1].decode()
    start, golds = _golds(line)
    at = golds[-1][1] if golds else start + 1
    added = _json({"document": gold.document, "quote": gold.quote}, like=line)
    lines[found[0].line - 1] = f"{line[:at]}{', ' if golds else ''}{added}{line[at:]}".encode()
    return b"\n".join(lines)


def _next_id(questions: Sequence[Question]) -> str:
    numbered = [match for question in questions if (match := _NUMBERED.fullmatch(question.id))]
    if not numbered:
        return _FIRST_ID
    pattern = numbered[-1][1]
    highest = max((match[2] for match in numbered if match[1] == pattern), key=int)
    return f"{pattern}{int(highest) + 1:0{len(highest)}}"


def _with_gold(line: str, number: int, gold: Gold) -> str:
    _, golds = _golds(line)
    members = _members(line, golds[number][0])
    for (start, end), value in sorted([(members["document"], gold.document), (members["quote"], gold.quote)])[::-1]:
        if json.loads(line[start:end]) != value:
            line = line[:start] + _json(value, like=line) + line[end:]
    return line


def _golds(line: str) -> tuple[int, list[Span]]:
    """Where the list of golds begins in the line of a question, and where each gold stands."""
    start, _ = _members(line, line.index("{"))["gold"]
    return start, list(_values(line, start))


def _members(line: str, start: int) -> dict[str, Span]:
    """Where the values of the JSON object that begins at `start` stand, by key."""
    spans = list(_values(line, start))
    return {json.loads(line[slice(*key)]): value for key, value in zip(spans[::2], spans[1::2], strict=True)}


def _values(line: str, start: int) -> Iterator[Span]:
    """Where the values in the JSON list, or the keys and values in the object, that begins at `start` stand."""
    at = start + 1
    while line[at] not in "]}":
        if line[at] in _BETWEEN:
            at += 1
            continue
        _, end = _JSON.raw_decode(line, at)
        yield at, end
        at = end


def _json(value: object, *, like: str = "") -> str:
    """As JSON, with escapes for all but ASCII if `like` has such; half a character can't be written otherwise."""
    text = json.dumps(value, ensure_ascii=False)
    return json.dumps(value) if UNPAIRED.search(text) or (like.isascii() and "\\u" in like) else text


def _save(path: str | Path, content: bytes) -> list[Question]:
    """Put `content` in the place of the set, whole or not at all; the questions in it."""
    questions = parse_questions(content, path=path)
    try:
        write_whole(path, content)
    except OSError as error:
        message = (
            f"{path}: can't write the question set ({error.strerror}), and left it as it was;"
            " see that there is room and that its folder can be written"
        )
        raise DatasetError(message) from error
    return questions
