from __future__ import annotations

import math
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefqa.answering import confidence as module
from briefqa.answering.confidence import Features, confidence, measure, told_by
from briefqa.answering.quotes import rank_quotes
from briefqa.protocols import Candidate
from briefqa.question import AnalysedQuestion, Weighted
from briefqa.types import Scores
from tests.answering.builders import make_hit, make_question, quoted, read

SHARES = st.floats(0.0, 1.0)
COSINES = st.floats(-1.0, 1.0)
LADDER = [0.0, 0.25, 0.5, 0.75, 1.0]
WITH_ENCODER = Features(
    0.0,
    0.0,
    1.0,
    score_lead=0.3,
    cosine_lead=0.3,
    quote_cosine=0.6,
    quote_terms=0.7,
    quote_all=0.6,
    passage_terms=0.7,
    passage_weakest=0.6,
)
OF_WORDS = Features(0.0, 0.0, 1.0, score_lead=0.3)


def candidates(*found: tuple[float, float | None]) -> list[Candidate]:
    """Of these scores and cosines."""
    return [
        Candidate(number, f"p{number}", score, Scores(dense=cosine)) for number, (score, cosine) in enumerate(found)
    ]


def test_nothing_to_quote_is_no_confidence_at_all() -> None:
    question, hit = make_question(georgia=1.0), make_hit()
    features = measure(question, candidates((1.0, 0.9)), quoted(hit), rank_quotes(question, quoted(hit)))
    assert features == measure(question, [], [], []) == Features()
    assert confidence(features) == 0.0


@given(st.builds(Features, *([SHARES] * 4), *([COSINES] * 6)))
def test_a_confidence_is_a_probability(features: Features) -> None:
    assert 0.0 <= confidence(features) <= 1.0


@pytest.mark.parametrize(
    ("features", "name"),
    [
        (WITH_ENCODER, "passage_coverage"),
        (WITH_ENCODER, "exact_coverage"),
        (WITH_ENCODER, "quote_coverage"),
        (OF_WORDS, "quote_coverage"),
        (OF_WORDS, "passage_coverage"),
        (OF_WORDS, "exact_coverage"),
    ],
)
def test_more_coverage_never_lowers_it(features: Features, name: str) -> None:
    ladder = [confidence(features._replace(**{name: share})) for share in LADDER]
    assert ladder == sorted(ladder)


@pytest.mark.parametrize("name", ["quote_cosine", "quote_terms", "quote_all", "passage_terms", "passage_weakest"])
def test_nearer_tokens_and_vectors_never_lower_it(name: str) -> None:
    ladder = [confidence(WITH_ENCODER._replace(**{name: cosine})) for cosine in LADDER[1:]]
    assert ladder == sorted(ladder)


@pytest.mark.parametrize("features", [WITH_ENCODER, OF_WORDS])
def test_more_coverage_of_quote_and_passage_raises_it(features: Features) -> None:
    ladder = [confidence(features._replace(quote_coverage=share, passage_coverage=share)) for share in LADDER]
    assert all(low < high for low, high in pairwise(ladder))


@pytest.mark.parametrize("features", [WITH_ENCODER, OF_WORDS])
def test_all_words_found_is_likelier_than_not_and_none_is_not(features: Features) -> None:
    assert confidence(features._replace(quote_coverage=1.0, passage_coverage=1.0)) > 0.5
    assert confidence(features._replace(exact_coverage=0.0)) < 0.5


def test_the_weights_that_apply(monkeypatch: pytest.MonkeyPatch) -> None:
    """sigmoid(ln 3) = .75, sigmoid(-ln 3) = .25, sigmoid(0) = .5."""
    monkeypatch.setattr(module, "_BIAS", 0.0)
    monkeypatch.setattr(module, "_WEIGHTS", [0.0] * 9 + [math.log(3.0)])
    monkeypatch.setattr(module, "_BIAS_OF_WORDS", -math.log(3.0))
    monkeypatch.setattr(module, "_WEIGHTS_OF_WORDS", [0.0, 2.0 * math.log(3.0), 0.0, 0.0])
    assert confidence(Features(1.0, 1.0, passage_terms=0.5, passage_weakest=1.0)) == pytest.approx(0.75)
    assert confidence(Features(1.0, 1.0, passage_terms=-0.5)) == pytest.approx(0.5)
    # Without a token that was read, the four features of words alone speak, whatever the others say.
    assert confidence(Features(1.0, 1.0)) == pytest.approx(0.75)
    assert confidence(Features(1.0, 0.5, cosine_lead=1.0)) == pytest.approx(0.5)
    assert confidence(Features(1.0, 0.0)) == pytest.approx(0.25)


def test_there_is_a_weight_for_every_feature() -> None:
    assert len(module._WEIGHTS) == len(Features._fields) == 10
    assert len(module._WEIGHTS_OF_WORDS) == 4


GEORGIA = AnalysedQuestion(
    "georgia leav 2009 commonwealth",
    (
        Weighted("georgia", "Georgia", 1.0, exact=True, spans=((0, 7),)),
        Weighted("leav", "leave", 2.0, exact=False, spans=((8, 12),)),
        Weighted("2009", "2009", 3.0, exact=True, spans=((13, 17),)),
        Weighted("commonwealth", "commonwealth", 4.0, exact=False, spans=((18, 30),)),
    ),
)


def test_features_by_hand() -> None:
    hit = make_hit("The commonwealth met.", "Georgia was not there.")
    hit = replace(hit, document=replace(hit.document, title="Those who leave"))
    entry = read(GEORGIA, hit, [0.5, 0.25], {"commonwealth": 0.75, "Georgia": 0.875})
    first = next(quote for quote in rank_quotes(GEORGIA, [entry]) if quote.text == "The commonwealth met.")
    features = measure(
        GEORGIA, candidates((2.0, 0.5), (1.0, 0.9), (0.5, 0.1), (0.25, None), (0.25, 0.3)), [entry], [first]
    )
    # The best of .9 .5 .3 .1 leads the mean of .3 and .1 by .7. The others' mean score is 2 / 4, a quarter of the
    # best one's. The quote holds 4 of 10, the passage and its title (georgia, leav, commonwealth) 7 of 10, and of the
    # names and numbers 1 of 4.
    wanted = Features(
        quote_coverage=0.4,
        passage_coverage=0.7,
        exact_coverage=0.25,
        score_lead=0.75,
        cosine_lead=0.7,
        quote_cosine=0.5,
        quote_terms=0.75,
        quote_all=0.75,
        passage_terms=0.875,
        passage_weakest=0.875,
    )
    assert features == pytest.approx(wanted)


def test_the_words_of_the_sentence_before_the_quote_count() -> None:
    hit = make_hit("Georgia left the commonwealth.", "They met.")
    entry = read(GEORGIA, hit, [0.0, 0.0], {"Georgia": 0.5, "met": 0.25})
    ranked = rank_quotes(GEORGIA, [entry])
    last = next(quote for quote in ranked if quote.fit.coverage == 0.0)
    features = measure(GEORGIA, candidates((1.0, None)), [entry], [last])
    assert (features.quote_coverage, features.quote_terms, features.quote_all) == (0.5, 0.5, 0.25)


def test_the_lead_is_over_nine_more_at_most() -> None:
    question, hit = make_question(georgia=1.0), make_hit("Georgia left.")

    def lead(*scores: float) -> float:
        found = candidates(*((score, None) for score in scores))
        return measure(question, found, quoted(hit), rank_quotes(question, quoted(hit))).score_lead

    assert lead(4.0) == 1.0
    assert lead(4.0, 3.0) == 0.25
    assert lead(*([4.0] + [3.0] * 9)) == 0.25
    assert lead(*([4.0] + [3.0] * 9 + [0.0] * 20)) == 0.25
    assert lead(4.0, 4.0, 4.0) == 0.0
    assert lead(0.0, 0.0) == 0.0


def test_the_passage_is_that_of_the_first_quote() -> None:
    question = make_question(georgia=1.0)
    hits = [make_hit("The sky is blue.", rank=1), make_hit("Georgia left.", key="b.md", rank=2)]
    entries = [
        read(question, hits[0], [0.0], {"blue": 0.125}),
        read(question, hits[1], [0.0], {"left": 0.75}),
    ]
    features = measure(question, candidates((1.0, None), (1.0, None)), entries, rank_quotes(question, entries))
    assert (features.passage_coverage, features.passage_terms, features.score_lead) == (1.0, 0.75, 0.0)


def test_what_a_document_says_about_itself_is_told_too() -> None:
    hit = make_hit("Georgia left.")
    document = replace(hit.document, title="The commonwealth", published="2009-08-18", source="Example Institute")
    assert told_by(hit) == {"georgia", "left"}
    assert told_by(replace(hit, document=document)) == {
        "georgia",
        "left",
        "commonwealth",
        "2009",
        "08",
        "18",
        "exampl",
        "institut",
    }


def test_without_an_encoder_the_words_alone_tell() -> None:
    question, entries = make_question(georgia=1.0), quoted(make_hit("Georgia left."))
    found = [Candidate(0, "p0", 3.5, Scores(lexical=3.5)), Candidate(1, "p1", 0.875, Scores(lexical=0.875))]
    features = measure(question, found, entries, rank_quotes(question, entries))
    assert features == Features(quote_coverage=1.0, passage_coverage=1.0, exact_coverage=1.0, score_lead=0.75)
    assert confidence(features) > 0.5
