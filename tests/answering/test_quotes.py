from __future__ import annotations

from collections.abc import Sequence

import pytest

from briefqa.answering.quotes import Quote, pick_quotes, rank_quotes
from briefqa.types import Hit
from tests.answering.builders import make_hit, make_question


def texts(quotes: Sequence[Quote]) -> list[str]:
    return [quote.text for quote in quotes]


def make_quote(hit: Hit, text: str, *terms: str, score: float = 1.0) -> Quote:
    start = hit.document.text.index(text)
    return Quote(hit, start, start + len(text), score, 1.0, None, frozenset(terms))


def test_coverage_of_each_sentence_by_hand() -> None:
    hit = make_hit("Georgia left.", "Nothing more was said.", "The commonwealth of Georgia stood.")
    ranked = rank_quotes(make_question(georgia=1.0, commonwealth=3.0), [hit])
    assert [(quote.text, quote.coverage) for quote in ranked] == [
        ("The commonwealth of Georgia stood.", 1.0),
        ("Georgia left.", 0.25),
        ("Nothing more was said.", 0.0),
    ]
    assert ranked[0].terms == {"commonwealth", "georgia", "stood"}
    assert all(quote.cosine is None for quote in ranked)


def test_nothing_to_quote() -> None:
    assert rank_quotes(make_question(georgia=1.0), []) == []
    assert rank_quotes(make_question(georgia=1.0), [make_hit()]) == []


def test_an_elliptic_sentence_is_quoted_with_the_one_before_it_and_only_so() -> None:
    whole = "All members of the CSTO are members of the CIS, but not all members of the CIS are members of the CSTO."
    rest = "Azerbaijan, Moldova, Turkmenistan and Uzbekistan are not."
    hit = make_hit("A photo showed them.", whole, rest, "Two were absent.")
    ranked = rank_quotes(make_question(cis=1.0, csto=1.0, moldova=2.0), [hit])
    assert texts(ranked) == [f"{whole} {rest}", "A photo showed them.", "Two were absent."]
    assert [quote.coverage for quote in ranked] == [1.0, 0.0, 0.0]
    assert {"csto", "moldova", "uzbekistan"} <= ranked[0].terms


@pytest.mark.parametrize("ending", ["was not.", "hasn't!", "did", "isn’t.”", "will not"])
def test_elliptic_endings(ending: str) -> None:
    hit = make_hit("One side signed it.", f"Armenia {ending}")
    assert texts(rank_quotes(make_question(armenia=1.0), [hit])) == [f"One side signed it. Armenia {ending}"]


@pytest.mark.parametrize(
    "sentence",
    [
        "Ministers met Armenia's envoy in Paris.",
        "Armenia faced a crisis.",
        "Armenia sold its share.",
        "Armenia held talks in May.",
        "Armenia is a member.",
        "Armenia, which is small and has no coast and few neighbours that it trusts, said that it was.",
    ],
)
def test_a_whole_sentence_is_not_elliptic(sentence: str) -> None:
    hit = make_hit("One side signed it.", sentence)
    assert texts(rank_quotes(make_question(armenia=1.0), [hit])) == [sentence, "One side signed it."]


@pytest.mark.parametrize("word", ["It", "They", "“She", "His", "This", "But", "The former", "There"])
def test_a_leaning_sentence_takes_its_predecessor_along(word: str) -> None:
    hit = make_hit("The pact has six members.", f"{word} stood with a seat in Moscow.")
    ranked = rank_quotes(make_question(pact=1.0, seat=1.0), [hit])
    assert texts(ranked) == [hit.document.text, "The pact has six members."]
    assert 0.5 < ranked[0].coverage <= 1.0
    assert ranked[1].coverage == 0.5


@pytest.mark.parametrize("word", ["Italy", "Thus", "Heads", "Theirs", "Butter"])
def test_a_longer_word_does_not_lean(word: str) -> None:
    hit = make_hit("The alliance has six members.", f"{word} stood with a seat in Moscow.")
    assert texts(rank_quotes(make_question(seat=1.0), [hit])) == [
        f"{word} stood with a seat in Moscow.",
        "The alliance has six members.",
    ]


def test_a_leaning_sentence_that_comes_first_stands_alone() -> None:
    assert texts(rank_quotes(make_question(seat=1.0), [make_hit("Its seat is in Moscow.")])) == [
        "Its seat is in Moscow."
    ]


@pytest.mark.parametrize("between", ["\n\n", "\n \n", "\n\t\n\n", "\n- ", "\n\n## Seats\n\n"])
def test_nothing_is_joined_across_a_blank_line_or_a_mark(between: str) -> None:
    hit = make_hit("The alliance has six members.", "Its seat is in Moscow.", "Russia is not.", between=between)
    ranked = rank_quotes(make_question(seat=2.0, six=1.0), [hit])
    assert texts(ranked) == ["Its seat is in Moscow.", "The alliance has six members.", "Russia is not."]


def test_a_hard_wrapped_line_is_no_blank_line() -> None:
    hit = make_hit("The alliance has six members.", "Its seat is in Moscow.", between="\n")
    assert texts(rank_quotes(make_question(seat=1.0), [hit]))[0] == hit.document.text


def test_equal_scores_stand_by_rank_then_by_place() -> None:
    first = make_hit("Georgia came.", "Georgia went.", key="z.md", rank=1)
    second = make_hit("Georgia stayed.", key="a.md", rank=2)
    ranked = rank_quotes(make_question(georgia=1.0), [second, first])
    assert texts(ranked) == ["Georgia came.", "Georgia went.", "Georgia stayed."]
    assert ranked[0].score == ranked[1].score == ranked[2].score


def test_of_equal_sentences_the_better_passage_wins() -> None:
    weaker = make_hit("Georgia came.", key="a.md", rank=2, score=0.5)
    better = make_hit("Georgia went.", key="b.md", rank=1, score=1.0)
    assert texts(rank_quotes(make_question(georgia=1.0), [weaker, better])) == ["Georgia went.", "Georgia came."]


def test_passages_without_a_positive_score_are_ranked_by_words() -> None:
    hits = [make_hit("Nothing here.", rank=1, score=0.0), make_hit("Georgia went.", key="b.md", rank=2, score=0.0)]
    assert texts(rank_quotes(make_question(georgia=1.0), hits)) == ["Georgia went.", "Nothing here."]


def test_similarity_orders_what_words_leave_equal() -> None:
    asked: list[list[str]] = []

    def similarity(sentences: Sequence[str]) -> list[float]:
        asked.append(list(sentences))
        return [0.75 if "went" in sentence else 0.25 for sentence in sentences]

    hit = make_hit("Georgia came\nby sea.", "Georgia went\n  home.")
    ranked = rank_quotes(make_question(georgia=1.0), [hit], similarity=similarity)
    assert asked == [["Georgia came by sea.", "Georgia went home."]]
    assert [(quote.text, quote.cosine) for quote in ranked] == [
        ("Georgia went\n  home.", 0.75),
        ("Georgia came\nby sea.", 0.25),
    ]
    assert ranked[0].score > ranked[1].score


def test_similarity_is_not_asked_about_nothing() -> None:
    def similarity(sentences: Sequence[str]) -> list[float]:
        raise AssertionError(sentences)

    assert rank_quotes(make_question(georgia=1.0), [], similarity=similarity) == []


def test_of_many_sentences_the_best_by_words_are_compared_and_none_is_lost() -> None:
    compared: list[str] = []

    def similarity(sentences: Sequence[str]) -> list[float]:
        compared.extend(sentences)
        return [0.5 for _ in sentences]

    plain = [f"Sentence number {number} says little." for number in range(40)]
    hit = make_hit(*plain, "Georgia left the commonwealth.")
    ranked = rank_quotes(make_question(georgia=1.0), [hit], similarity=similarity)
    assert compared[0] == "Georgia left the commonwealth."
    assert len(compared) < 41
    assert texts(ranked)[0] == "Georgia left the commonwealth."
    assert sorted(texts(ranked)) == sorted([*plain, "Georgia left the commonwealth."])


def test_quotes_are_slices_of_their_document() -> None:
    hit = make_hit("Die „Straße“ – 😀.", "It is long.", "Łódź\nis not.")
    for quote in rank_quotes(make_question(long=1.0), [hit]):
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
    scores = {"One.": 1.0, "Two.": 0.95, "Three.": 0.05}
    quotes = [make_quote(hit, text, text, score=score) for text, score in scores.items()]
    assert texts(pick_quotes(quotes, limit=5)) == ["One.", "Two."]
