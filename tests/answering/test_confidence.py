from __future__ import annotations

from collections.abc import Sequence
from dataclasses import astuple, replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefqa.answering.confidence import Features, confidence, measure
from briefqa.answering.quotes import rank_quotes
from briefqa.question import AnalysedQuestion, Weighted
from briefqa.types import Scores
from tests.answering.builders import make_hit, make_question

SHARES = st.floats(0.0, 1.0)
COSINES = st.floats(-1.0, 1.0)
LADDER = [0.0, 0.25, 0.5, 0.75, 1.0]
WITH_COSINES = Features(0.0, 0.0, 1.0, 0.3, 0.5, 0.5)
WITHOUT_COSINES = Features(0.0, 0.0, 1.0)


def test_nothing_to_quote_is_no_confidence_at_all() -> None:
    features = measure(make_question(georgia=1.0), [Scores(dense=0.9)], [])
    assert features == Features()
    assert confidence(features) == 0.0


@given(st.builds(Features, SHARES, SHARES, SHARES, st.floats(0.0, 2.0), COSINES, COSINES))
def test_a_confidence_is_a_probability(features: Features) -> None:
    assert 0.0 <= confidence(features) <= 1.0


@pytest.mark.parametrize("features", [WITH_COSINES, WITHOUT_COSINES])
@pytest.mark.parametrize("name", ["quote_coverage", "passage_coverage", "exact_coverage"])
def test_more_coverage_never_lowers_it(features: Features, name: str) -> None:
    ladder = [confidence(replace(features, **{name: share})) for share in LADDER]
    assert ladder == sorted(ladder)


@pytest.mark.parametrize("features", [WITH_COSINES, WITHOUT_COSINES])
def test_more_coverage_of_quote_and_passage_raises_it(features: Features) -> None:
    ladder = [confidence(replace(features, quote_coverage=share, passage_coverage=share)) for share in LADDER]
    assert all(low < high for low, high in pairwise(ladder))


@pytest.mark.parametrize("features", [WITH_COSINES, WITHOUT_COSINES])
def test_all_words_found_is_likelier_than_not_and_none_is_not(features: Features) -> None:
    assert confidence(replace(features, quote_coverage=1.0, passage_coverage=1.0)) > 0.5
    assert confidence(replace(features, exact_coverage=0.0, sentence_cosine=0.01)) < 0.5


def test_features_by_hand() -> None:
    question = AnalysedQuestion(
        "",
        (
            Weighted("georgia", "Georgia", 1.0, exact=True),
            Weighted("leav", "leave", 2.0, exact=False),
            Weighted("2009", "2009", 3.0, exact=True),
            Weighted("commonwealth", "commonwealth", 4.0, exact=False),
        ),
    )
    hit = make_hit("The commonwealth met.", "Georgia was not there.")
    hit = replace(hit, document=replace(hit.document, title="Those who leave"))

    def similarity(sentences: Sequence[str]) -> list[float]:
        return [0.5 if "commonwealth" in sentence else 0.25 for sentence in sentences]

    ranked = rank_quotes(question, [hit], similarity=similarity)
    scores = [Scores(dense=cosine) for cosine in (0.5, 0.9, 0.1, None, 0.3)]
    features = measure(question, scores, ranked)
    # The best of .9 .5 .3 .1 leads the mean of .3 and .1 by .7; the quote holds 4 of 10, the passage and its title
    # (georgia, leav, commonwealth) 7 of 10, and of the names and numbers 1 of 4.
    wanted = Features(
        quote_coverage=0.4,
        passage_coverage=0.7,
        exact_coverage=0.25,
        cosine_lead=0.7,
        quote_cosine=0.5,
        sentence_cosine=0.5,
    )
    assert astuple(features) == pytest.approx(astuple(wanted))


def test_without_an_encoder_the_words_alone_tell() -> None:
    ranked = rank_quotes(make_question(georgia=1.0), [make_hit("Georgia left.")])
    features = measure(make_question(georgia=1.0), [Scores(lexical=3.5), Scores(lexical=1.0)], ranked)
    assert features == Features(quote_coverage=1.0, passage_coverage=1.0, exact_coverage=1.0)
    assert confidence(features) > 0.5
