from __future__ import annotations

import pytest

from briefqa.answering.expected import Expected, expected, offers


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("How many troops did Russia send?", Expected.NUMBER),
        ("what share of the budget is Russia's", Expected.NUMBER),
        ("How much of the CIS's funding does Russia provide?", Expected.NUMBER),
        ("When was the border delimitation meeting announced for?", Expected.DATE),
        ("in which year did Georgia leave", Expected.DATE),
        ("who came as its acting head and what is his name", Expected.PERSON),
        ("Who came? I need the name.", Expected.PERSON),
        ("What is the name of the alliance?", Expected.ANYTHING),
        ("Which CIS members are not members of the CSTO?", Expected.LIST),
        ("list the founders", Expected.LIST),
        ("Who were the signatories?", Expected.LIST),
        ("Which treaty was signed?", Expected.ANYTHING),
        ("Who leads the CSTO?", Expected.ANYTHING),
        ("Whenever, however", Expected.ANYTHING),
    ],
)
def test_the_question_word_tells_the_kind(question: str, kind: Expected) -> None:
    assert expected(question) is kind


@pytest.mark.parametrize(
    ("text", "kind", "question", "found"),
    [
        ("Russia sent 1,960 soldiers.", Expected.NUMBER, "How many soldiers?", True),
        ("Russia sent two brigades.", Expected.NUMBER, "How many brigades?", True),
        ("Russia sent soldiers in 2020.", Expected.NUMBER, "How many soldiers in 2020?", False),
        ("Nobody was sent.", Expected.NUMBER, "How many soldiers?", False),
        ("The meeting is on 16 May.", Expected.DATE, "When is the meeting?", True),
        ("The meeting was held in 2018.", Expected.DATE, "When in 2018 was the meeting held?", False),
        ("16 of them may come.", Expected.DATE, "When do they come?", False),
        ("Armenia, Belarus\nand Russia are in.", Expected.LIST, "Which states are in?", True),
        ("The Baltic states, Georgia, the Republic of Moldova, and Ukraine.", Expected.LIST, "Which states?", True),
        ("Armenia and Belarus are in.", Expected.LIST, "Which states are in?", False),
        ("In Minsk, they met and Russia came.", Expected.LIST, "Which states?", False),
        ("Lavrov came on 16 May 2022.", Expected.ANYTHING, "Who came?", False),
    ],
)
def test_a_sentence_offers_what_the_question_lacks(text: str, kind: Expected, question: str, found: bool) -> None:
    assert offers(text, kind, question) is found


def test_a_word_that_the_question_holds_is_no_offer() -> None:
    assert offers("in the 19th century", Expected.DATE, "which century?") is False
    assert offers("in the 19th century", Expected.DATE, "when?") is True


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Moscow invited Valeri Semerikov, the Acting Secretary General.", True),
        ("The Acting Secretary General came with the CIS Executive.", False),
        ("Nikolai\nPatrushev was the host.", True),
        ("Lavrov came.", False),
        ("The acting head was Stanislav Zas.", False),  # whom the question names
    ],
)
def test_a_name_is_a_pair_of_words_that_the_text_never_writes_small(text: str, found: bool) -> None:
    question = "Who is the acting head, other than Stanislav Zas, and what is his name?"
    context = "The secretary spoke in general terms. " + text
    assert offers(text, Expected.PERSON, question, context=context) is found
