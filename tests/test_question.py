from __future__ import annotations

import pytest

from briefqa.question import AnalysedQuestion, Weighted, analyse_question
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
