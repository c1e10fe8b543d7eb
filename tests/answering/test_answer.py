from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from briefqa.answering.answer import Decision, decide, make_hits
from briefqa.errors import IndexDamaged
from briefqa.types import Document, Passage, Scores
from tests.answering.builders import Store, make_document, make_passage

QUESTION = "When did Georgia leave the commonwealth, in 2009 or 2010?"


def entry(key: str, title: str | None, *sentences: str) -> tuple[Passage, Document]:
    document = make_document(" ".join(sentences), key=key, title=title)
    return make_passage(document, *sentences), document


@pytest.fixture
def store() -> Store:
    return Store(
        (
            entry("cis.md", "Those who leave", "The commonwealth has nine members.", "Georgia left it in 2009."),
            entry("sea.md", None, "The sea is wide.", "Georgia lies by the sea."),
            entry("sky.md", None, "The sky is blue."),
        ),
        frequencies={"georgia": 2, "commonwealth": 1, "leav": 1, "2009": 1},
    )


def ask(store: Store, question: str = QUESTION, *, min_confidence: float, max_quotes: int = 5) -> Decision:
    return decide(
        question,
        store.candidates(),
        store,
        similarity=None,
        max_quotes=max_quotes,
        min_confidence=min_confidence,
    )


def test_quotes_are_numbered_best_first(store: Store) -> None:
    decision = ask(store, min_confidence=0.0)
    assert [citation.marker for citation in decision.citations] == list(range(1, 1 + len(decision.citations)))
    first = decision.citations[0]
    assert (first.quote, first.document.key, first.lines) == ("Georgia left it in 2009.", "cis.md", (1, 1))
    assert (first.start, first.end, first.passage_id) == (35, 59, "passage of cis.md")
    assert decision.missing == ()
    assert 0.0 < decision.confidence < 1.0


def test_at_most_so_many_quotes(store: Store) -> None:
    assert [citation.quote for citation in ask(store, min_confidence=0.0, max_quotes=1).citations] == [
        "Georgia left it in 2009."
    ]


def test_below_the_threshold_nothing_is_cited_and_the_missing_words_are_named(store: Store) -> None:
    # "leave" stands in the title of the nearest passage, and counts.
    decision = ask(store, min_confidence=1.0)
    assert decision == Decision(ask(store, min_confidence=0.0).confidence, (), ("2010",))


def test_the_threshold_itself_is_enough(store: Store) -> None:
    sure = ask(store, min_confidence=0.0).confidence
    assert ask(store, min_confidence=sure).citations != ()


def test_without_candidates_all_words_are_missing(store: Store) -> None:
    decision = decide(QUESTION, [], store, similarity=None, max_quotes=5, min_confidence=0.0)
    assert decision == Decision(0.0, (), ("Georgia", "leave", "commonwealth", "2009", "2010"))


def test_passages_without_a_sentence_are_no_answer() -> None:
    store = Store((entry("a.md", None),))
    assert ask(store, "Georgia?", min_confidence=0.0) == Decision(0.0, (), ("Georgia",))


def test_only_the_best_passages_are_quoted() -> None:
    plain = [entry(f"{number}.md", None, f"Sentence {number} is plain.") for number in range(30)]
    store = Store((*plain, entry("late.md", None, "Georgia left the commonwealth.")), frequencies={"georgia": 1})
    quoted = {citation.document.key for citation in ask(store, "Georgia?", min_confidence=0.0).citations}
    assert quoted
    assert "late.md" not in quoted


def test_the_encoder_has_a_say(store: Store) -> None:
    def similarity(sentences: Sequence[str]) -> list[float]:
        return [1.0 if "nine" in sentence else -1.0 for sentence in sentences]

    scores = [Scores(dense=0.9), Scores(dense=0.8), Scores(dense=0.1)]
    decision = decide(
        QUESTION, store.candidates(*scores), store, similarity=similarity, max_quotes=1, min_confidence=0.0
    )
    assert [citation.quote for citation in decision.citations] == ["The commonwealth has nine members."]


class Altered(Store):
    """Gives other texts the second time it is asked, as an index that is written over."""

    asked = 0

    def passages(self, numbers: Sequence[int]) -> list[tuple[Passage, Document]]:
        self.asked += 1
        found = super().passages(numbers)
        if self.asked == 1:
            return found
        return [(passage, replace(document, text=document.text.upper())) for passage, document in found]


def test_every_citation_is_checked_against_the_store(store: Store) -> None:
    with pytest.raises(IndexDamaged, match=r"^A quote of corpus/cis\.md does not stand at its address in the index\."):
        ask(Altered(store.entries), min_confidence=0.0)


def test_hits_are_ranked_from_one_as_the_candidates_come(store: Store) -> None:
    candidates = store.candidates(Scores(dense=0.5), Scores(lexical=2.0), Scores())
    hits = make_hits([candidates[2], candidates[0]], store)
    assert [(hit.rank, hit.score, hit.passage.id, hit.document.key, hit.scores) for hit in hits] == [
        (1, 1 / 3, "passage of sky.md", "sky.md", Scores()),
        (2, 1.0, "passage of cis.md", "cis.md", Scores(dense=0.5)),
    ]
    assert make_hits([], store) == ()
