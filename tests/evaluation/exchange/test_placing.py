"""Quotes for places: the first occurrence of the quote must be the place."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefqa.evaluation.datasets import Gold, Question
from briefqa.evaluation.exchange.placing import Placed, Placer
from briefqa.evaluation.gold import GoldSpan, resolve_gold
from briefqa.types import Document

TEXT = "Four men came. They saw four ships. Four  men\nleft in 1308. It was the year 308. They saw four ships. End."


def span(words: str, *, nth: int = 0) -> tuple[int, int]:
    start = -1
    for _ in range(nth + 1):
        start = TEXT.index(words, start + 1)
    return start, start + len(words)


@pytest.mark.parametrize(
    ("place", "quote"),
    [
        (span("four ships"), Placed("four ships", widened=False)),
        (span(" saw "), Placed("saw", widened=False)),
        # White space is as good as any other.
        (span("men\nleft"), Placed("men left", widened=False)),
        # Within another word before: the sentence of the place.
        (span("308", nth=1), Placed("It was the year 308.", widened=True)),
        # The whole sentence stood before, too: with the sentence before it, it is the only one.
        (span("four ships", nth=1), Placed("It was the year 308. They saw four ships.", widened=True)),
    ],
)
def test_by_hand(place: tuple[int, int], quote: Placed) -> None:
    assert Placer(TEXT).quote(*place) == quote


def test_from_the_start_there_is_no_sentence_before() -> None:
    text = "It met. It rose. It met. It rose. It fell."
    assert Placer(text).quote(17, 24) == Placed("It rose. It met.", widened=True)
    # "It met." stands first at 0; only what is before it could tell, and there is nothing but what it is.
    assert Placer(text).quote(0, 7) == Placed("It met.", widened=False)


@pytest.mark.parametrize("place", [(3, 3), (14, 15)])
def test_nothing_to_quote(place: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match=r"^no quote can stand for"):
        Placer(TEXT).quote(*place)


@given(
    words=st.lists(st.sampled_from(["a", "b", "ab", "a.", "B.", "\n\n", "- a"]), min_size=1, max_size=25),
    cut=st.tuples(st.integers(0, 60), st.integers(1, 20)),
)
def test_what_is_found_again_holds_the_place(words: list[str], cut: tuple[int, int]) -> None:
    text = " ".join(words)
    start, end = min(cut[0], len(text)), min(sum(cut), len(text))
    if not text[start:end].strip():
        return
    placed = Placer(text).quote(start, end)
    question = Question("q", "?", (), (Gold("a.md", placed.words),), 1)
    document = Document("d", "a.md", "/a.md", text, "0")
    resolution = resolve_gold([question], lambda: [document], path="q")
    assert (resolution.drift, resolution.lost) == ((), ())
    [found] = resolution.spans["q"]
    inside = text[start:end]
    first = start + len(inside) - len(inside.lstrip())
    assert found.start <= first
    assert found.end >= first + len(inside.strip())
    if not placed.widened:
        assert found == GoldSpan("d", first, first + len(inside.strip()))
