from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from briefqa.answering import quotes as module
from briefqa.answering.expected import Expected
from briefqa.answering.quotes import Fit, Quote, pick_quotes, rank_quotes, score
from briefqa.question import AnalysedQuestion
from briefqa.types import Hit
from tests.answering.builders import make_hit, make_question, quoted, read


@pytest.fixture(autouse=True)
def _round_weights(monkeypatch: pytest.MonkeyPatch) -> None:
    """In the place of the fitted ones."""
    monkeypatch.setattr(module, "_WEIGHTS_OF_WORDS", (4.0, 2.0, 1.0, 0.5))
    monkeypatch.setattr(module, "_WEIGHTS", (4.0, 2.0, 1.0, 0.5, 8.0, 4.0, 2.0, 1.0, 0.5))
    monkeypatch.setattr(module, "_OFFERS", {Expected.LIST: 3.0})
    monkeypatch.setattr(module, "_FURTHER_MARGIN", 1.0)


def texts(quotes: Sequence[Quote]) -> list[str]:
    return [quote.text for quote in quotes]


def make_quote(hit: Hit, text: str, *terms: str, score: float = 1.0) -> Quote:
    start = hit.document.text.index(text)
    return Quote(hit, start, start + len(text), Fit(1.0, 1.0, 1.0, 0.0), score, frozenset(terms))


def test_coverage_of_each_sentence_by_hand() -> None:
    hit = make_hit("Georgia left.", "Nothing more was said.", "The commonwealth of Georgia stood.")
    ranked = rank_quotes(make_question(georgia=1.0, commonwealth=3.0), quoted(hit))
    assert [(quote.text, quote.fit.coverage) for quote in ranked] == [
        ("The commonwealth of Georgia stood.", 1.0),
        ("Georgia left.", 0.25),
        ("Nothing more was said.", 0.0),
    ]
    assert ranked[0].terms == {"commonwealth", "georgia", "stood"}


def test_nothing_to_quote() -> None:
    assert rank_quotes(make_question(georgia=1.0), quoted()) == []
    assert rank_quotes(make_question(georgia=1.0), quoted(make_hit())) == []


def test_an_elliptic_sentence_is_quoted_with_the_one_before_it_and_only_so() -> None:
    whole = "All members of the CSTO are members of the CIS, but not all members of the CIS are members of the CSTO."
    rest = "Azerbaijan, Moldova, Turkmenistan and Uzbekistan are not."
    hit = make_hit("A photo showed them.", whole, rest, "Two were absent.")
    ranked = rank_quotes(make_question(cis=1.0, csto=1.0, moldova=2.0), quoted(hit))
    assert texts(ranked) == [f"{whole} {rest}", "Two were absent.", "A photo showed them."]
    assert [quote.fit.coverage for quote in ranked] == [1.0, 0.0, 0.0]
    assert [quote.fit.coverage_with_before for quote in ranked] == [1.0, 0.5, 0.0]
    assert {"csto", "moldova", "uzbekistan"} <= ranked[0].terms


def test_a_whole_sentence_stands_alone() -> None:
    hit = make_hit("One side signed it.", "Armenia is a member.")
    ranked = rank_quotes(make_question(armenia=1.0), quoted(hit))
    assert texts(ranked) == ["Armenia is a member.", "One side signed it."]


@pytest.mark.parametrize("word", ["It", "“She", "But", "The former", "The members"])
def test_a_leaning_sentence_takes_its_predecessor_along(word: str) -> None:
    hit = make_hit("The pact has six members.", f"{word} stood with a seat in Moscow.")
    ranked = rank_quotes(make_question(pact=1.0, seat=1.0), quoted(hit))
    assert texts(ranked) == [hit.document.text, "The pact has six members."]
    # It is judged by what it says itself, and with the sentence before it, and shown with that.
    assert [(quote.fit.coverage, quote.fit.coverage_with_before) for quote in ranked] == [(0.5, 1.0), (0.5, 0.5)]


def test_only_english_words_tell_what_leans_or_completes() -> None:
    sentences = ("Le match fut long.", "But de Baku en fin de match.", "Baku was.")
    hit = make_hit(*sentences, language="fr")
    found = rank_quotes(make_question(**{"fr:baku": 1.0}), quoted(hit))
    assert sorted(texts(found)) == sorted(sentences)
    english = rank_quotes(make_question(baku=1.0), quoted(make_hit(*sentences)))
    assert " ".join(sentences[:2]) in texts(english) or " ".join(sentences[1:]) in texts(english)


def test_quotes_fit_by_the_terms_of_their_language() -> None:
    hit = make_hit("Die Häuser brannten.", "Das Feuer kam spät.", language="de")
    first, second = rank_quotes(make_question(**{"de:haus": 1.0}), quoted(hit))
    assert (first.text, first.fit.coverage, first.terms) == (
        "Die Häuser brannten.",
        1.0,
        frozenset({"de:haus", "de:brannt"}),
    )
    assert second.fit.coverage == 0.0


def test_a_leaning_sentence_that_comes_first_stands_alone() -> None:
    assert texts(rank_quotes(make_question(seat=1.0), quoted(make_hit("Its seat is in Moscow.")))) == [
        "Its seat is in Moscow."
    ]


@pytest.mark.parametrize("between", ["\n\n", "\n \n", "\n\t\n\n", "\n- ", "\n\n## Seats\n\n"])
def test_nothing_is_joined_across_a_blank_line_or_a_mark(between: str) -> None:
    hit = make_hit("The alliance has six members.", "Its seat is in Moscow.", "Russia is not.", between=between)
    ranked = rank_quotes(make_question(seat=2.0, six=1.0), quoted(hit))
    assert texts(ranked) == ["Its seat is in Moscow.", "The alliance has six members.", "Russia is not."]


def test_a_hard_wrapped_line_is_no_blank_line() -> None:
    hit = make_hit("The alliance has six members.", "Its seat is in Moscow.", between="\n")
    assert texts(rank_quotes(make_question(seat=1.0), quoted(hit)))[0] == hit.document.text


def test_equal_scores_stand_by_rank_then_by_place() -> None:
    first = make_hit("Georgia came.", "Georgia went.", key="z.md", rank=1)
    second = make_hit("Georgia stayed.", key="a.md", rank=2)
    ranked = rank_quotes(make_question(georgia=1.0), quoted(second, first))
    assert texts(ranked) == ["Georgia came.", "Georgia went.", "Georgia stayed."]
    assert ranked[0].score == ranked[1].score == ranked[2].score


def test_of_equal_sentences_the_better_passage_wins() -> None:
    weaker = make_hit("Georgia came.", key="a.md", rank=2, score=0.5)
    better = make_hit("Georgia went.", key="b.md", rank=1, score=1.0)
    assert texts(rank_quotes(make_question(georgia=1.0), quoted(weaker, better))) == ["Georgia went.", "Georgia came."]


def test_passages_without_a_positive_score_are_ranked_by_words() -> None:
    hits = quoted(
        make_hit("Nothing here.", rank=1, score=0.0), make_hit("Georgia went.", key="b.md", rank=2, score=0.0)
    )
    assert texts(rank_quotes(make_question(georgia=1.0), hits)) == ["Georgia went.", "Nothing here."]


def test_scores_of_words_by_hand() -> None:
    hits = quoted(
        make_hit("Georgia left.", "Nothing more was said.", rank=1, score=2.0),
        make_hit("The commonwealth of Georgia stood.", key="b.md", rank=2, score=0.5),
    )
    ranked = rank_quotes(make_question(georgia=1.0, commonwealth=3.0), hits)
    # 4 for its own words, 2 for those with the sentence before, 1 for the passage's share of the best score.
    assert [(quote.fit, quote.score) for quote in ranked] == [
        (Fit(coverage=1.0, coverage_with_before=1.0, passage=0.25, offer=0.0), 6.25),
        (Fit(coverage=0.25, coverage_with_before=0.25, passage=1.0, offer=0.0), 2.5),
        (Fit(coverage=0.0, coverage_with_before=0.25, passage=1.0, offer=0.0), 1.5),
    ]


def test_scores_of_words_and_tokens_by_hand() -> None:
    fit = Fit(0.5, 0.75, 1.0, 0.0, cosine=0.25, terms=0.5, terms_with_before=0.75, all=-0.25, asking=1.0)
    # 4 / 2 + 2 * 3/4 + 1 + 0 + 8 / 4 + 4 / 2 + 2 * 3/4 - 1/4 + 1/2
    assert score(fit, of_words=False) == 10.25
    assert score(fit, of_words=True) == score(Fit(0.5, 0.75, 1.0, 0.0), of_words=True) == 4.5
    assert score(Fit(0.5, 0.75, 1.0, 1.0), of_words=True) == 5.0


@pytest.mark.parametrize(
    ("question", "sentence", "offer"),
    [
        ("How many soldiers came?", "Nine soldiers came.", 1.0),
        ("How many soldiers came?", "Some soldiers came.", 0.0),
        ("When did the soldiers come?", "The soldiers came in May 2009.", 1.0),
        ("Which countries sent soldiers?", "Armenia, Belarus and Georgia sent soldiers.", 3.0),
        ("Which countries sent soldiers?", "Armenia sent soldiers.", 0.0),
        ("Why did soldiers come?", "Nine soldiers came in 2009.", 0.0),
    ],
)
def test_a_sentence_that_offers_what_is_asked_for_counts_more(question: str, sentence: str, offer: float) -> None:
    asked = AnalysedQuestion(question, make_question(soldier=1.0).terms)
    (quote,) = rank_quotes(asked, quoted(make_hit(sentence)))
    assert quote.fit == Fit(1.0, 1.0, 1.0, offer)
    assert quote.score == 7.0 + 0.5 * offer


def test_without_an_encoder_nothing_is_said_of_meaning() -> None:
    (quote,) = rank_quotes(make_question(georgia=1.0), quoted(make_hit("Georgia left.")))
    assert (quote.fit.cosine, quote.fit.terms, quote.fit.terms_with_before) == (0.0, 0.0, 0.0)
    assert (quote.fit.all, quote.fit.asking) == (0.0, 0.0)


def test_a_sentence_s_vector_orders_what_words_leave_equal() -> None:
    question, hit = make_question(georgia=1.0), make_hit("Georgia came\nby sea.", "Georgia went\n  home.")
    ranked = rank_quotes(question, [read(question, hit, [0.25, 0.75], {"came": 0.5, "went": 0.5})])
    assert [(quote.text, quote.fit.cosine) for quote in ranked] == [
        ("Georgia went\n  home.", 0.75),
        ("Georgia came\nby sea.", 0.25),
    ]
    assert ranked[0].score - ranked[1].score == pytest.approx(8 * 0.5)


def test_tokens_order_what_words_and_vectors_leave_equal() -> None:
    question, hit = make_question(georgia=1.0), make_hit("Georgia came by sea.", "Georgia went home.")
    first, second = rank_quotes(question, [read(question, hit, [0.5, 0.5], {"came": 0.25, "went": 0.75})])
    assert (first.text, second.text) == ("Georgia went home.", "Georgia came by sea.")
    assert first.fit == pytest.approx((1.0, 1.0, 1.0, 0.0, 0.5, 0.75, 0.75, 0.75, 0.75))
    assert second.fit == pytest.approx((1.0, 1.0, 1.0, 0.0, 0.5, 0.25, 0.25, 0.25, 0.25))


def test_a_sentence_is_matched_by_what_it_says_and_also_with_the_one_before() -> None:
    question = make_question(georgia=1.0)
    hit = make_hit("The sea is wide.", "Georgia left.", "It is far.", "Russia is not.")
    # The passage begins behind the first sentence; spans of sentences go on counting from the document's start.
    passage = replace(hit.passage, start=17, text=hit.document.text[17:], sentences=hit.passage.sentences[1:])
    near = {"left": 0.75, "far": 0.5, "Russia": 0.25}
    ranked = rank_quotes(question, [read(question, replace(hit, passage=passage), [0.5, 0.25, 0.125], near)])
    fits = {quote.text: quote.fit for quote in ranked}
    assert set(fits) == {"Georgia left.", "It is far. Russia is not."}
    assert fits["Georgia left."][4:] == pytest.approx((0.5, 0.75, 0.75, 0.75, 0.75))
    # The cosine is that of the sentence that completes the other; the tokens are those of both.
    assert fits["It is far. Russia is not."][4:] == pytest.approx((0.125, 0.5, 0.75, 0.5, 0.5))


def test_words_of_the_sentence_before_count_less_than_its_own() -> None:
    hit = make_hit("Georgia left.", "That was in May.")
    ranked = rank_quotes(make_question(georgia=1.0), quoted(hit))
    assert [(quote.text, quote.fit.coverage, quote.fit.coverage_with_before) for quote in ranked] == [
        ("Georgia left.", 1.0, 1.0),
        ("Georgia left. That was in May.", 0.0, 1.0),
    ]


def test_quotes_are_slices_of_their_document() -> None:
    hit = make_hit("Die „Straße“ – 😀.", "It is long.", "Łódź\nis not.")
    for quote in rank_quotes(make_question(long=1.0), quoted(hit)):
        assert hit.document.text[quote.start : quote.end] == quote.text
        assert hit.passage.start <= quote.start < quote.end <= hit.passage.end


def test_at_most_so_many_are_picked_best_first() -> None:
    hit = make_hit("One.", "Two.", "Three.")
    quotes = [make_quote(hit, text, text) for text in ("Two.", "One.", "Three.")]
    assert texts(pick_quotes(quotes, limit=2)) == ["Two.", "One."]
    assert texts(pick_quotes(quotes, limit=20)) == ["Two.", "One.", "Three."]
    assert pick_quotes([], limit=5) == []


def test_overlapping_quotes_are_not_picked_together() -> None:
    hit = make_hit("The alliance has members.", "Its seat is Moscow.")
    both = make_quote(hit, hit.document.text, "alliance", "seat")
    alone = make_quote(hit, "The alliance has members.", "member")
    assert pick_quotes([both, alone], limit=5) == [both]
    assert pick_quotes([alone, both], limit=5) == [alone]


def test_equal_offsets_in_another_document_do_not_overlap() -> None:
    quotes = [make_quote(make_hit(f"{word}.", key=f"{word}.md"), f"{word}.", word) for word in ("one", "two")]
    assert pick_quotes(quotes, limit=5) == quotes


def test_near_duplicates_from_elsewhere_are_not_picked() -> None:
    words = ("azerbaijan", "moldova", "turkmenistan", "uzbekistan")
    first = make_quote(make_hit("One.", key="one.md"), "One.", *words)
    alike = make_quote(make_hit("Two.", key="two.md"), "Two.", *words, "also")
    other = make_quote(make_hit("Three.", key="three.md"), "Three.", "azerbaijan", "left", "in", "2009")
    assert pick_quotes([first, alike, other], limit=5) == [first, other]


def test_quotes_without_a_term_repeat_nothing() -> None:
    quotes = [make_quote(make_hit(text, key=text), text) for text in ("It is.", "They are.")]
    assert pick_quotes(quotes, limit=5) == quotes


def test_what_is_much_worse_than_the_first_is_left_out() -> None:
    hit = make_hit("One.", "Two.", "Three.")
    scores = {"One.": 5.0, "Two.": 4.0, "Three.": 3.75}
    quotes = [make_quote(hit, text, text, score=score) for text, score in scores.items()]
    assert texts(pick_quotes(quotes, limit=5)) == ["One.", "Two."]
