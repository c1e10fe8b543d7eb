from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefqa.corpus.loading import Job, Loaded, Outcome
from briefqa.corpus.passing import packed, unpacked
from briefqa.corpus.scan import ScannedFile
from briefqa.corpus.worker import Answer, Task
from briefqa.types import Cut, Document, Rules

TEXT = "Łódź \x00\x1b\u202e\ud800 😀\r\n"
DOCUMENT = Document(
    id="a8f01439bb81",
    key="a.md",
    path="a.md",
    text=TEXT,
    sha256="00",
    line_map=((0, 3), (7, 9)),
    page_map=((0, 1),),
    lines_of="text",
    authors=("Ann", TEXT),
    published="2018-11",
    metadata={TEXT: TEXT},
    found_in={"title": "heading"},
)
OUTCOME = Outcome(5, 7, "00", [Loaded(DOCUMENT, (Cut(TEXT, "why", (1, 2)), Cut("", "why", None)), (TEXT,), b"\0\xff")])
JOB = Job(ScannedFile(0, TEXT, "/a\udc80/a.md", 5, 7), "../a", clean=False, rules=Rules("c", fields=(("text", "b"),)))


@pytest.mark.parametrize("value", [OUTCOME, JOB, Outcome(1, 2, reason="it is empty"), Answer(OUTCOME), Answer()])
def test_a_value_comes_back_as_it_went(value: Any) -> None:
    assert unpacked(type(value), packed(value)) == value


def test_a_number_of_seconds_may_be_whole() -> None:
    assert unpacked(Task, packed(Task("a:b", 60, 4))) == Task("a:b", 60.0, 4)


@given(st.text(), st.binary(), st.integers(), st.lists(st.tuples(st.integers(), st.integers())))
def test_any_text_bytes_and_numbers_come_back(
    text: str, data: bytes, number: int, pairs: list[tuple[int, int]]
) -> None:
    document = replace(DOCUMENT, text=text, title=text or None, metadata={text: text}, line_map=tuple(pairs))
    outcome = Outcome(number, -number, text, [Loaded(document, (), (text,), data)])
    assert unpacked(Outcome, packed(outcome)) == outcome


def changed(**fields: Any) -> bytes:
    table = json.loads(packed(OUTCOME))
    table["documents"][0]["document"].update(fields)
    return json.dumps(table).encode()


@pytest.mark.parametrize(
    "data",
    [
        b"", b"{}", b"[]", b"null", b"\xff", b"[" * 100_000, b'{"size": 1}', changed(more="x"), changed(text=None),
        changed(text=["a"]), changed(title=1), changed(line_map=[[0]]), changed(line_map=[[0, 1, 2]]),
        changed(line_map=[[0, True]]), changed(line_map={"0": 1}), changed(lines_of="page"), changed(authors="Ann"),
        changed(metadata={"a": 1}), changed(metadata=[]),
    ],
)  # fmt: skip
def test_what_is_no_outcome_is_refused(data: bytes) -> None:
    with pytest.raises((ValueError, RecursionError)):
        unpacked(Outcome, data)


PLAIN = st.none() | st.booleans() | st.integers() | st.text()


@given(st.recursive(PLAIN, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)))
def test_whatever_else_is_refused_too(value: Any) -> None:
    with pytest.raises(ValueError, match=r"is no|not the fields"):
        unpacked(Outcome, json.dumps(value).encode())
