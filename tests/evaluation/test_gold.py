"""Finding gold quotes in the documents."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefqa.errors import DatasetError
from briefqa.evaluation.datasets import Gold, Question
from briefqa.evaluation.gold import GoldSpan, resolve_gold
from briefqa.types import Document


def _question(*golds: tuple[str, str], line: int = 1) -> Question:
    return Question(f"q{line}", "?", (), tuple(Gold(*gold) for gold in golds), line)


def test_finds_quotes_whatever_their_white_space(make_document: Callable[..., Document]) -> None:
    document = make_document("a.md", "One. It  chose a\nnew\r\n\tchair. It chose a new chair.")
    questions = [_question(("a.md", " It chose\u00a0a new chair.\n"), ("a.md", "One."), line=4), _question(line=5)]
    spans = resolve_gold(questions, {"a.md": document}, path="q.jsonl")
    assert spans == {"q4": (GoldSpan("id:a.md", 5, 29), GoldSpan("id:a.md", 0, 4)), "q5": ()}
    assert document.text[5:29] == "It  chose a\nnew\r\n\tchair."


def test_characters_that_patterns_read_otherwise_are_taken_as_they_are(make_document: Callable[..., Document]) -> None:
    document = make_document("a.md", "cost $1a50 (about) or $1.50 (about)*")
    spans = resolve_gold([_question(("a.md", "$1.50 (about)*"))], {"a.md": document}, path="q.jsonl")
    assert spans == {"q1": (GoldSpan("id:a.md", 22, 36),)}


def test_white_space_is_needed_where_the_quote_has_it(make_document: Callable[..., Document]) -> None:
    with pytest.raises(DatasetError, match="the quote 'to day' is not in the document"):
        resolve_gold([_question(("a.md", "to day"))], {"a.md": make_document("a.md", "today")}, path="q.jsonl")


def test_collects_golds_that_can_not_be_found(make_document: Callable[..., Document]) -> None:
    questions = [
        _question(("a.md", "It met."), ("b.md", "It  met."), line=3),
        _question(("a.md", "it met."), line=8),
        _question(("a.md", "long " * 20), line=9),
    ]
    with pytest.raises(DatasetError) as caught:
        resolve_gold(questions, {"a.md": make_document("a.md", "It met.")}, path=Path("sets/q.jsonl"))
    assert str(caught.value).splitlines() == [
        "sets/q.jsonl: 3 problems in the question set; correct it and run again",
        "sets/q.jsonl:3: question 'q3': the document 'b.md' is not in the index (quote 'It met.')",
        "sets/q.jsonl:8: question 'q8': the quote 'it met.' is not in the document 'a.md'",
        f"sets/q.jsonl:9: question 'q9': the quote {'long ' * 10 + '...'!r} is not in the document 'a.md'",
    ]


@given(
    # Not `filter(str.split)`, which hypothesis takes apart and then lets "\r" through.
    words=st.lists(st.text(st.characters(exclude_categories=["Cs"])).filter(lambda word: word.split()), min_size=1),
    gaps=st.lists(st.sampled_from([" ", "\n", "\r\n  ", "\t", "\u00a0", "\u2003\n"]), min_size=1),
)
def test_a_rewrapped_document_still_holds_its_quote(words: list[str], gaps: list[str]) -> None:
    text = "".join(word + gaps[number % len(gaps)] for number, word in enumerate(words))
    document = Document("d", "a.md", "/a.md", "~ " + text, 1, "0")
    [span] = resolve_gold([_question(("a.md", " ".join(words)))], {"a.md": document}, path="q")["q1"]
    assert document.text[span.start : span.end].split() == " ".join(words).split()
