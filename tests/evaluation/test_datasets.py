"""Reading question sets: what is accepted, and exactly what is said of the rest."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from briefqa.errors import DatasetError
from briefqa.evaluation.datasets import Gold, Question, load_questions

GOOD = {"id": "q1", "question": "Who met?", "tags": ["fact"], "gold": [{"document": "a.md", "quote": "It met."}]}


@pytest.fixture
def problems_of(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[bytes], list[str]]:
    """The lines of the error that a file with these bytes, named q.jsonl, is refused with."""
    monkeypatch.chdir(tmp_path)

    def load(content: bytes) -> list[str]:
        Path("q.jsonl").write_bytes(content)
        with pytest.raises(DatasetError) as caught:
            load_questions("q.jsonl")
        return str(caught.value).splitlines()

    return load


def _line(**changes: object) -> bytes:
    return json.dumps(GOOD | changes).encode() + b"\n"


def test_reads_questions_with_their_lines(tmp_path: Path) -> None:
    path = tmp_path / "q.jsonl"
    second = {"id": "q2", "question": "Où\u2028ça?", "tags": [], "gold": [], "note": "nothing says so"}
    text = f"\ufeff{json.dumps(GOOD)}\r\n\n  \n{json.dumps(second, ensure_ascii=False)}"
    path.write_bytes(text.encode())
    assert load_questions(path) == [
        Question("q1", "Who met?", ("fact",), (Gold("a.md", "It met."),), 1),
        Question("q2", "Où\u2028ça?", (), (), 4),
    ]


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    path = tmp_path / "none.jsonl"
    with pytest.raises(DatasetError) as caught:
        load_questions(path)
    assert str(caught.value) == (
        f"{path}: can't read the question set (No such file or directory); give a file of JSON lines"
    )


@pytest.mark.parametrize("content", [b"", b"\n \n", b"\xef\xbb\xbf"])
def test_a_file_without_a_question(problems_of: Callable[[bytes], list[str]], content: bytes) -> None:
    assert problems_of(content) == [
        "q.jsonl: 1 problem in the question set; correct it and run again",
        "q.jsonl:1: there is no question in this file; write one JSON object a line",
    ]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b'{"id" "q1"}\n', ["not JSON: Expecting ':' delimiter at column 7"]),
        (b"[1, 2]\n", ["the line must be an object, not a list"]),
        (b'"q1"\n', ["the line must be an object, not a string"]),
        (b"null\n", ["the line must be an object, not null"]),
        (b'{"id": "\xff"}\n', ["byte 9 of the line is not UTF-8"]),
        (b'{"id": "q1", "id": "q2"}\n', ["the key 'id' stands twice in one object"]),
        (
            b"{}\n",
            [
                'the line lacks the key "id"',
                'the line lacks the key "question"',
                'the line lacks the key "tags"',
                'the line lacks the key "gold"',
            ],
        ),
        (
            _line(answer="x", **{"b\x1b": 1}),
            ["the line has the unknown key 'answer'", r"the line has the unknown key 'b\x1b'"],
        ),
        (_line(id=7), ['"id" must be a string, not a number']),
        (_line(id=" "), ['"id" is empty']),
        (_line(question=None), ['"question" must be a string, not null']),
        (_line(question=" \n"), ['"question" is empty']),
        (_line(question="\ud800"), ['"question" holds half a surrogate pair, which is no character']),
        (_line(tags="fact"), ['"tags" must be a list, not a string']),
        (_line(tags=["fact", True, ""]), ["tag 2 must be a string, not true or false", "tag 3 is empty"]),
        (_line(note=[]), ['"note" must be a string, not a list']),
        (_line(gold={}), ['"gold" must be a list, not an object']),
        (_line(gold=["a.md"]), ["gold 1 must be an object, not a string"]),
        (
            _line(gold=[{"document": "a.md", "quote": "x"}, {"document": 1.5, "text": "x"}]),
            [
                'gold 2 lacks the key "quote"',
                "gold 2 has the unknown key 'text'",
                'gold 2, "document" must be a string, not a number',
            ],
        ),
        (_line(gold=[{"document": "a.md", "quote": ""}]), ['gold 1, "quote" is empty']),
        (_line(gold=[{"document": "a.md", "quote": "x"}] * 2), ["the same gold stands twice"]),
        (
            _line(gold=[{"document": "a.md", "quote": f"{number}"} for number in range(1001)]),
            ["1001 golds; keep the 1000 that matter most"],
        ),
    ],
)
def test_says_what_is_wrong_with_a_line(
    problems_of: Callable[[bytes], list[str]], content: bytes, expected: list[str]
) -> None:
    count = "1 problem" if len(expected) == 1 else f"{len(expected)} problems"
    assert problems_of(b"\n" + content) == [
        f"q.jsonl: {count} in the question set; correct it and run again",
        *(f"q.jsonl:2: {problem}" for problem in expected),
    ]


def test_very_deep_json_is_a_problem_and_no_traceback(problems_of: Callable[[bytes], list[str]]) -> None:
    [_, problem] = problems_of(b"[" * 200_000)
    assert problem in {
        "q.jsonl:1: lists or objects are nested too deep",
        "q.jsonl:1: not JSON: Expecting value at column 200001",  # where Python's parser has no such limit
    }


def test_collects_the_problems_of_all_lines(problems_of: Callable[[bytes], list[str]]) -> None:
    content = _line() + b"nonsense\n" + _line(question="") + _line() + _line(id="q5")
    assert problems_of(content) == [
        "q.jsonl: 4 problems in the question set; correct it and run again",
        "q.jsonl:2: not JSON: Expecting value at column 1",
        'q.jsonl:3: "question" is empty',
        "q.jsonl:3: the id 'q1' stands on line 1 too",
        "q.jsonl:4: the id 'q1' stands on line 1 too",
    ]


def test_names_twenty_problems_and_counts_the_rest(problems_of: Callable[[bytes], list[str]]) -> None:
    lines = problems_of(b"?\n" * 23)
    assert lines[0] == "q.jsonl: 23 problems in the question set; correct it and run again"
    assert lines[1:21] == [f"q.jsonl:{line}: not JSON: Expecting value at column 1" for line in range(1, 21)]
    assert lines[21:] == ["... and 3 more"]


def test_exactly_twenty_problems_are_all_named(problems_of: Callable[[bytes], list[str]]) -> None:
    lines = problems_of(b"?\n" * 20)
    assert len(lines) == 21
    assert lines[-1].startswith("q.jsonl:20: ")
