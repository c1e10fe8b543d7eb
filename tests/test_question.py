from __future__ import annotations

import pytest

from briefqa.analysis import terms
from briefqa.question import AnalysedQuestion, Weighted, analyse_question, lexical_words
from tests.answering.builders import Store


def words(text: str) -> list[tuple[str, str]]:
    return [(entry.term, entry.word) for entry in analyse_question(text, Store(size=10)).terms]


def names(text: str) -> list[str]:
    return [entry.word for entry in analyse_question(text, Store(size=10)).terms if entry.exact]


def test_a_question_is_its_words_that_carry_meaning() -> None:
    assert words("When did Georgia leave the members of the CIS?") == [
        ("georgia", "Georgia"),
        ("leav", "leave"),
        ("member", "members"),
        ("cis", "CIS"),
    ]


def test_a_term_counts_once_as_first_typed() -> None:
    assert words("Which members are not MEMBERS, member?") == [("member", "members")]


@pytest.mark.parametrize("text", ["Who is he, and what did she do?", "the of and", "?!", ""])
def test_a_question_may_have_no_such_word(text: str) -> None:
    analysed = analyse_question(text, Store(size=10))
    assert analysed.terms == ()
    assert analysed.mass == 0.0
    assert analysed.coverage({"georgia"}) == 0.0
    assert analysed.exact_coverage({"georgia"}) == 1.0
    assert analysed.missing({"georgia"}) == ()


@pytest.mark.parametrize(
    ("question", "frequency", "weight"),
    [
        ("the Commonwealth", 0, 3.0910424533583160),  # ln(1 + 10.5 / 0.5) = ln 22
        ("the commonwealth", 0, 1.5455212266791580),  # an ordinary word that no passage holds: half of it
        ("the commonwealth", 2, 1.4816045409242156),  # ln(1 + 8.5 / 2.5) = ln 4.4
        ("the commonwealth", 10, 0.0465200156348929),  # ln(1 + 0.5 / 10.5) = ln(22 / 21)
    ],
)
def test_weights_over_ten_passages(question: str, frequency: int, weight: float) -> None:
    (entry,) = analyse_question(question, Store(size=10, frequencies={"commonwealth": frequency})).terms
    assert entry.weight == pytest.approx(weight, rel=1e-12)
    assert entry.seen is (frequency > 0)


def test_years_that_no_passage_names_can_be_left_out() -> None:
    store = Store(size=10, frequencies={"2009": 1})
    analysed = analyse_question("Did 1960 people leave the CIS in 2009, 2010 or 3010?", store)
    kept = analysed.without_unseen_years()
    assert [entry.word for entry in kept.terms] == ["people", "leave", "CIS", "2009", "3010"]
    assert kept.text == analysed.text


def test_names_and_numbers_are_exact() -> None:
    assert names("When did Georgia leave the CIS in 2009, with 50% and the R2 treaty?") == [
        "Georgia",
        "CIS",
        "2009",
        "50",
        "R2",
    ]


def test_a_capital_at_the_start_is_no_name_unless_all_are_capitals() -> None:
    assert names("Members of what?") == []
    assert names("“Members of what?") == []
    assert names("CSTO members?") == ["CSTO"]
    assert names("2018 members?") == ["2018"]


def test_a_name_behind_function_words_is_no_start() -> None:
    assert names("Is Azerbaijan a member?") == ["Azerbaijan"]
    assert names("The Minsk group?") == ["Minsk"]


def test_coverage_by_hand() -> None:
    question = AnalysedQuestion(
        "",
        (
            Weighted("georgia", "Georgia", 1.0, exact=True),
            Weighted("leav", "leave", 2.0, exact=False),
            Weighted("2009", "2009", 3.0, exact=True),
            Weighted("commonwealth", "commonwealth", 4.0, exact=False),
        ),
    )
    assert question.mass == 10.0
    assert question.coverage([]) == 0.0
    assert question.coverage(["georgia", "commonwealth", "other", "georgia"]) == 0.5
    assert question.coverage(["georgia", "leav", "2009", "commonwealth"]) == 1.0
    assert question.exact_coverage(["2009", "leav"]) == 0.75
    assert question.exact_coverage(["leav"]) == 0.0
    assert question.missing(["leav", "2009"]) == ("Georgia", "commonwealth")
    assert question.missing(["georgia", "leav", "2009", "commonwealth"]) == ()


def test_words_of_another_script_keep_their_place_in_the_text() -> None:
    assert words("😀 ვინ leads Łódź?") == [("ვინ", "ვინ"), ("lead", "leads"), ("lodz", "Łódź")]


def test_spans_are_where_the_words_of_a_term_stand() -> None:
    text = "Which CIS members are no members of the CSTO, 😀 or Members?"
    analysed = analyse_question(text, Store(size=10))
    assert [(entry.term, [text[start:end] for start, end in entry.spans]) for entry in analysed.terms] == [
        ("cis", ["CIS"]),
        ("member", ["members", "members", "Members"]),
        ("csto", ["CSTO"]),
    ]
    assert analysed.terms[1].spans == ((10, 17), (25, 32), (51, 58))


def test_a_repeated_word_keeps_its_weight_and_what_it_was_first() -> None:
    (once,) = analyse_question("union?", Store(size=10, frequencies={"union": 2})).terms
    (twice,) = analyse_question("union, Union?", Store(size=10, frequencies={"union": 2})).terms
    assert (twice.weight, twice.word, twice.exact) == (once.weight, "union", False)


def of(text: str, *analyzers: str, **frequencies: int) -> AnalysedQuestion:
    return analyse_question(text, Store(size=10, analyzers=("en", *analyzers), frequencies=frequencies))


def test_a_word_has_a_term_by_each_analyzer() -> None:
    analysed = of("Which bridges did Nordhaven repair in 2017?", "de", "plain")
    assert [(entry.word, entry.term, entry.other) for entry in analysed.terms] == [
        ("bridges", "bridg", ("de:bridg", "plain:bridges")),
        ("Nordhaven", "nordhaven", ("de:nordhav", "plain:nordhaven")),
        ("repair", "repair", ("de:repair", "plain:repair")),
        ("2017", "2017", ("de:2017", "plain:2017")),
    ]
    assert analysed.all_terms == {term for entry in analysed.terms for term in (entry.term, *entry.other)}


def test_coverage_counts_a_term_of_any_language() -> None:
    store = Store(size=10, analyzers=("en", "de"), frequencies={"nordhaven": 1, "de:nordhav": 2, "bridg": 3})
    analysed = analyse_question("a bridge, Nordhaven", store)
    # Of 10 passages 3 hold each word: ln(1 + 7.5 / 3.5) = 1.145132.
    assert [entry.weight for entry in analysed.terms] == pytest.approx([1.1451323, 1.1451323])
    assert analysed.coverage({"de:nordhav"}) == analysed.coverage({"nordhaven"}) == 0.5
    assert analysed.exact_coverage({"de:nordhav"}) == 1.0
    assert analysed.missing({"de:nordhav"}) == ("bridge",)


def test_words_are_one_if_they_are_in_a_language() -> None:
    # One word in English and German, two where no stemmer is.
    (entry,) = of("bridge, bridges", "de", "plain").terms
    assert entry.term == "bridg"
    assert entry.other == ("de:bridg", "plain:bridge", "plain:bridges")
    assert entry.spans == ((0, 6), (8, 15))


@pytest.mark.parametrize(
    ("question", "words"),
    [
        # English has none of "Wer", "hat", "die" as function words, and would take them for rare ones.
        ("Wer hat die Brücke erneuert?", [("bruck", "de:bruck"), ("erneuert", "de:erneuert")]),
        # English has more of them here; "die" and "war" are German ones.
        ("Did he die in the war?", [("did",), ("he",), ("die",), ("war",)]),
        # As many of them in either: only what both take for one is left out.
        ("In Minsk", [("minsk", "de:minsk")]),
        ("If die Minsk", [("de:if",), ("die",), ("minsk", "de:minsk")]),
    ],
)
def test_function_words_are_those_of_the_language_that_has_most(question: str, words: list[tuple[str, ...]]) -> None:
    assert lexical_words(question, ("en", "de")) == words
    assert lexical_words(question, ("en",)) == terms(question)


def test_german_nouns_are_no_names_for_their_capitals() -> None:
    def exact(text: str) -> list[str]:
        return [entry.word for entry in of(text, "de").terms if entry.exact]

    assert exact("Wann hat die NATO die Brücke von 1998 und den ICE-Bahnhof erneuert?") == ["NATO", "1998", "ICE"]
    assert exact("When did Georgia leave the Union?") == ["Georgia", "Union"]


def test_pairs_stand_for_words_without_spaces() -> None:
    analysed = of("NATO的旧桥", "pairs")
    assert [(entry.word, entry.term, entry.other) for entry in analysed.terms] == [
        ("NATO", "pairs:nato", ()),
        ("的旧", "pairs:的旧", ()),
        ("旧桥", "pairs:旧桥", ()),
    ]


def test_a_year_is_one_in_any_language() -> None:
    analysed = of("Wer hat 2010 die Brücke erneuert?", "de")
    assert [entry.word for entry in analysed.without_unseen_years().terms] == ["Brücke", "erneuert"]
