from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from briefqa.answering.answer import Decision, decide, judge, make_hits, read_hits
from briefqa.answering.confidence import Features, confidence
from briefqa.errors import IndexDamaged
from briefqa.protocols import Reading
from briefqa.question import analyse_question
from briefqa.types import Document, Passage, Scores
from tests.answering.builders import Store, make_document, make_passage, make_reading
from tests.fakes import FakeQuestionEncoder

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
        encoder=None,
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
    likely = ask(store, min_confidence=0.0)
    assert ask(store, min_confidence=1.0) == Decision(likely.confidence, (), ("2010",), likely.features, likely.judged)
    assert likely.confidence == confidence(likely.features)


def test_the_threshold_itself_is_enough(store: Store) -> None:
    sure = ask(store, min_confidence=0.0).confidence
    assert ask(store, min_confidence=sure).citations != ()


def test_without_candidates_all_words_are_missing(store: Store) -> None:
    decision = decide(QUESTION, [], store, encoder=None, max_quotes=5, min_confidence=0.0)
    assert decision == Decision(
        0.0, (), ("Georgia", "leave", "commonwealth", "2009", "2010"), Features(), analyse_question(QUESTION, store)
    )


def test_passages_without_a_sentence_are_no_answer() -> None:
    store = Store((entry("a.md", None),))
    assert ask(store, "Georgia?", min_confidence=0.0) == Decision(
        0.0, (), ("Georgia",), Features(), analyse_question("Georgia?", store)
    )


def test_only_the_best_passages_are_quoted() -> None:
    plain = [entry(f"{number}.md", None, f"Sentence {number} is plain.") for number in range(30)]
    store = Store((*plain, entry("late.md", None, "Georgia left the commonwealth.")), frequencies={"georgia": 1})
    quoted = {citation.document.key for citation in ask(store, "Georgia?", min_confidence=0.0).citations}
    assert quoted
    assert "late.md" not in quoted


class Near(FakeQuestionEncoder):
    """Reads a text as its first word and the question as one token, and remembers what it was given to read: the
    question is near to what begins with "The"."""

    def __init__(self) -> None:
        super().__init__("near")
        self.asked: list[str] = []
        self.told: list[str] = []

    def read_question(self, text: str) -> Reading:
        self.asked.append(text)
        return make_reading(((0, 4), (1.0, 0.0)))

    def read_passages(self, texts: Sequence[str]) -> list[Reading]:
        self.told.extend(texts)
        return [
            make_reading(
                *(((place, place + 3), (1.0, 0.0)) for place in range(len(text)) if text.startswith("The", place))
            )
            for text in texts
        ]


def test_the_encoder_has_a_say(store: Store) -> None:
    store.near = [[1.0, -1.0], [-1.0, -1.0], [-1.0]]
    scores = [Scores(dense=0.9), Scores(dense=0.8), Scores(dense=0.1)]
    question = "What of Georgia?"
    candidates = store.candidates(*scores)
    by_words = decide(question, candidates, store, encoder=None, max_quotes=1, min_confidence=0.0)
    decision = decide(question, candidates, store, encoder=Near(), max_quotes=1, min_confidence=0.0)
    assert [citation.quote for citation in by_words.citations] == ["Georgia left it in 2009."]
    assert [citation.quote for citation in decision.citations] == ["The commonwealth has nine members."]
    assert (decision.features.quote_cosine, decision.features.quote_terms) == (1.0, 1.0)
    assert decision.features.cosine_lead == pytest.approx(0.9 - (0.8 + 0.1) / 2)


def test_the_question_and_the_best_passages_are_read_once_with_their_titles(store: Store) -> None:
    store.near = [[1.0, -1.0], [-1.0, -1.0], [-1.0]]
    encoder = Near()
    decide(QUESTION, store.candidates(), store, encoder=encoder, max_quotes=5, min_confidence=0.0)
    assert encoder.asked == [QUESTION]
    assert encoder.told == [
        "Those who leave\nThe commonwealth has nine members. Georgia left it in 2009.",
        "The sea is wide. Georgia lies by the sea.",
        "The sky is blue.",
    ]


def test_nothing_is_read_for_no_passage(store: Store) -> None:
    encoder = Near()
    decide(QUESTION, [], store, encoder=encoder, max_quotes=5, min_confidence=0.0)
    assert (encoder.asked, encoder.told) == ([], [])


def test_a_title_does_not_shift_the_sentences(store: Store) -> None:
    store.near = [[0.75, 0.5], [0.25, 0.125], [0.0]]
    question = analyse_question("What of the sea?", store)
    candidates = store.candidates()
    entries = read_hits(question, candidates, make_hits(candidates, store), store, Near())
    assert [entry.cosines for entry in entries] == [[0.75, 0.5], [0.25, 0.125], [0.0]]
    titled, untitled = entries[0].matcher, entries[1].matcher
    assert titled is not None
    assert untitled is not None
    # "Those" in the title is near too, and in no sentence; "The" is the first word of both passages.
    assert [titled.span(0, 3).all, titled.span(0, 34).all, titled.span(1, 59).all] == [1.0, 1.0, 0.0]
    assert [untitled.span(0, 3).all, untitled.span(1, 41).all] == [1.0, 0.0]


def test_a_judgement_ranks_every_sentence_of_the_best_and_names_what_the_first_lacks(store: Store) -> None:
    judgement = judge("Georgia and the sea?", store.candidates(), store, None)
    assert sorted(quote.text for quote in judgement.ranked) == [
        "Georgia left it in 2009.",
        "Georgia lies by the sea.",
        "The commonwealth has nine members.",
        "The sea is wide.",
        "The sky is blue.",
    ]
    assert judgement.missing == ("sea",)
    assert judgement.features.quote_terms == 0.0


def test_years_that_no_article_names_count_only_where_articles_are_dated(store: Store) -> None:
    (passage, document), *rest = store.entries
    dated = Store(((passage, replace(document, published="2012-03")), *rest), store.frequencies)
    undated = judge("Georgia in 2010?", store.candidates(), store, None)
    assert undated.features.exact_coverage == 1.0
    judged = judge("Georgia in 2010?", dated.candidates(), dated, None)
    assert judged.features.exact_coverage < 1.0
    assert undated.missing == ("2010",)
    assert [entry.word for entry in undated.judged.terms] == ["Georgia"]
    assert [entry.word for entry in judged.judged.terms] == ["Georgia", "2010"]


def test_a_decision_tells_by_which_words_it_was_made(store: Store) -> None:
    for sure in (0.0, 1.0):
        decision = ask(store, "Georgia in 2010?", min_confidence=sure)
        assert [entry.word for entry in decision.judged.terms] == ["Georgia"]


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
