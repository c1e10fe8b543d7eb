from __future__ import annotations

import hashlib
from dataclasses import replace

import pytest

from briefqa.answering.citations import check, cite
from briefqa.answering.quotes import Fit, Quote
from briefqa.errors import IndexDamaged
from briefqa.types import Citation, Document, Hit, Passage, Scores
from tests.answering.builders import make_document, make_passage

TEXT = "First line.\nSecond line\ngoes on.\n\nLast line."


@pytest.fixture
def document() -> Document:
    return make_document(TEXT, first_line=7)


@pytest.fixture
def passage(document: Document) -> Passage:
    return make_passage(document, "First line.", "Second line\ngoes on.", "Last line.")


def citation_of(document: Document, passage: Passage, start: int, end: int, marker: int = 1) -> Citation:
    hit = Hit(1, 1.0, passage, document, Scores())
    return cite(Quote(hit, start, end, Fit(1.0, 1.0, 1.0, 0.0), 1.0, frozenset()), marker)


def test_a_citation_has_the_quote_and_its_whole_address(document: Document, passage: Passage) -> None:
    citation = citation_of(document, passage, 12, 32, marker=3)
    assert citation == Citation(
        marker=3,
        passage_id="passage of a.md",
        quote="Second line\ngoes on.",
        sha256=hashlib.sha256(b"Second line\ngoes on.").hexdigest(),
        start=12,
        end=32,
        lines=(8, 9),
        document=document,
        page=None,
    )


@pytest.mark.parametrize(
    ("start", "end", "quote", "lines"),
    [
        (0, 11, "First line.", (7, 7)),
        (0, 12, "First line.\n", (7, 7)),
        (11, 23, "\nSecond line", (7, 8)),
        (12, 23, "Second line", (8, 8)),
        (24, 32, "goes on.", (9, 9)),
        (34, 44, "Last line.", (11, 11)),
        (0, 44, TEXT, (7, 11)),
    ],
)
def test_lines_are_exact_at_line_ends(
    document: Document, passage: Passage, start: int, end: int, quote: str, lines: tuple[int, int]
) -> None:
    citation = citation_of(document, passage, start, end)
    assert (citation.quote, citation.lines) == (quote, lines)
    check(citation, passage, document)


def test_the_hash_is_of_utf_8() -> None:
    document = make_document("Łódź 😀.")
    passage = make_passage(document, "Łódź 😀.")
    citation = citation_of(document, passage, 0, 7)
    assert citation.sha256 == hashlib.sha256(b"\xc5\x81\xc3\xb3d\xc5\xba \xf0\x9f\x98\x80.").hexdigest()


@pytest.mark.parametrize(
    "tampered",
    [
        {"quote": "Second line\ngoes ON."},
        {"quote": "Second line"},
        {"quote": ""},
        {"start": 11},
        {"start": 13},
        {"end": 31},
        {"end": 33},
        {"end": 12},
        {"start": -32, "end": -12},
        {"lines": (7, 9)},
        {"lines": (8, 10)},
        {"lines": (8, 8)},
        {"lines": (9, 8)},
        {"lines": (1, 2)},
        {"sha256": "0" * 64},
        {"sha256": ""},
        {"passage_id": "another passage"},
    ],
)
def test_a_changed_citation_is_damage(document: Document, passage: Passage, tampered: dict[str, object]) -> None:
    citation = citation_of(document, passage, 12, 32)
    check(citation, passage, document)
    with pytest.raises(IndexDamaged) as caught:
        check(replace(citation, **tampered), passage, document)  # type: ignore[arg-type]
    assert str(caught.value) == (
        "A quote of corpus/a.md does not stand at its address in the index. Check the index with: briefqa verify"
    )


def test_another_document_or_passage_is_damage(document: Document, passage: Passage) -> None:
    citation = citation_of(document, passage, 12, 32)
    same_text = replace(document, id="another")
    altered = replace(document, text=TEXT.replace("Second", "Sekond"))
    moved = replace(document, line_map=((0, 8),))
    elsewhere = replace(passage, document_id="another")
    changed = replace(passage, text=TEXT.replace("First", "Fyrst"))
    too_short = replace(passage, end=31, text=TEXT[:31])
    too_late = replace(passage, start=13, text=TEXT[13:])
    for bad_passage, bad_document in [
        (elsewhere, same_text),
        (passage, same_text),
        (passage, altered),
        (passage, moved),
        (elsewhere, document),
        (changed, document),
        (too_short, document),
        (too_late, document),
    ]:
        with pytest.raises(IndexDamaged, match="does not stand at its address"):
            check(citation, bad_passage, bad_document)
