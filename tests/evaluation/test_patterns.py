from __future__ import annotations

import pytest

from briefqa.evaluation.patterns import questions_from_clause
from briefqa.evaluation.proper_names import has_name, is_person
from briefqa.evaluation.sentence_patterns import questions_from_sentence

SMALL = {"talks", "the", "russian"}


def made(sentence: str) -> set[tuple[str, str]]:
    found = [
        *questions_from_clause(sentence, SMALL.__contains__),
        *questions_from_sentence(sentence, SMALL.__contains__),
    ]
    return {(question.kind, question.text) for question in found}


@pytest.mark.parametrize(
    ("sentence", "questions"),
    [
        (
            "The Yalta Charter was signed in Crimea on 7 June 2001.",
            {
                ("when", "When was the Yalta Charter signed in Crimea?"),
                ("where", "Where was the Yalta Charter signed on 7 June 2001?"),
            },
        ),
        (
            "In October 2019 Singapore signed an agreement in Yerevan.",
            {
                ("when", "When did Singapore sign an agreement in Yerevan?"),
                ("where", "Where did Singapore sign an agreement?"),
                ("which country", "Which country signed an agreement in Yerevan in October 2019?"),
            },
        ),
        # A common noun loses its capital, a name keeps it.
        (
            "Talks were held in Yevlakh on 21 September.",
            {("when", "When were talks held in Yevlakh?"), ("where", "Where were talks held on 21 September?")},
        ),
        (
            "Prime Minister Ulf Kristersson delivered the papers in Washington in 2024.",
            {
                ("when", "When did Prime Minister Ulf Kristersson deliver the papers in Washington?"),
                ("who", "Who delivered the papers in Washington in 2024?"),
            },
        ),
        (
            "Eight prime ministers signed the Minsk Treaty.",
            {("how many", "How many prime ministers signed the Minsk Treaty?")},
        ),
        (
            "Georgia sent 40 soldiers to Kunduz, under German command.",
            {
                ("how many", "How many soldiers did Georgia send to Kunduz?"),
                ("which country", "Which country sent 40 soldiers to Kunduz?"),
            },
        ),
        (
            "The Minsk Organisation has 57 participating states in Europe and Asia.",
            {("how many", "How many participating states does the Minsk Organisation have?")},
        ),
        (
            "The Collective Security Treaty Organization (CSTO) meets.",
            {("abbreviation", "What does CSTO stand for?")},
        ),
        ("They met the CIS (Commonwealth of Independent States).", {("abbreviation", "What does CIS stand for?")}),
        ("The CSTO is a military alliance.", {("what is", "What is the CSTO?")}),
        ("The Minsk Office, which observes elections, is in Warsaw.", {("where is", "Where is the Minsk Office?")}),
        ("The Anti-Terrorism Centre is based in Moscow.", {("where is", "Where is the Anti-Terrorism Centre based?")}),
        (
            "Sergei Lavrov, the Russian foreign minister, acts as broker.",
            {("who is", "Who was the Russian foreign minister?")},
        ),
        (
            "Russia's foreign minister, Sergei Lavrov, acts as broker.",
            {("who is", "Who was Russia's foreign minister?")},
        ),
        (
            "The Foreign Ministry said that Armenia would not pay.",
            {("said", "What did the Foreign Ministry say about Armenia?")},
        ),
    ],
)
def test_questions(sentence: str, questions: set[tuple[str, str]]) -> None:
    assert made(sentence) == questions


@pytest.mark.parametrize(
    "sentence",
    [
        "The treaty was signed in 2001.",  # which one?
        "The vote came on 23 January 2024.",
        "Georgia was made a candidate in 2023.",  # of what?
        "Iran became the ninth on 4 July 2023.",
        "Turkey followed on 30 March 2023.",  # what did it do?
        "Kyrgyzstan signed on 23 December 2014 in Moscow.",  # no object
        "Kyrgyzstan announced 150 soldiers and Tajikistan 200.",
        "Moscow spent 5 million on roads in 2020 and 2021.",
        "Hungary's parliament took 20 minutes.",
        "He said that Armenia would not pay.",
        "Armenia said that it would not pay.",
        "Kazakhstan is a republic.",  # a country is no thing to define
        "Nikolai Bordyuzha is a general.",
        "The Shanghai Group (CSTO) meets.",  # other letters
        "Georgia's minister, Anna Smith, spoke.",  # one of many
        "Anna Smith, who is the head of the Minsk Group, spoke.",
        "Anna Smith represented Turkey.",  # where?
        "It has 57 states.",
        "Is it in Minsk?",
        "",
    ],
)
def test_no_question(sentence: str) -> None:
    assert made(sentence) == set()


@pytest.mark.parametrize(
    ("words", "is_one"),
    [
        ("Ulf Kristersson", True),
        ("Prime Minister Ulf Kristersson", True),
        ("President Erdoğan", True),
        ("Helga Maria Schmid", True),
        ("Hossein Amir-Abdollahian", True),
        ("Erdoğan", False),
        ("President", False),
        ("Minsk Group", False),
        ("Russian Federation", False),
        ("Russian Guards", False),
        ("Finnish Parliament", False),
        ("South Korea", False),
        ("Georgia Meloni's", False),
        ("NATO Allies", False),
        ("Ulf kristersson", False),
        ("A B C D", False),
        ("", False),
    ],
)
def test_people(words: str, is_one: bool) -> None:
    assert is_person(words) is is_one


def test_names() -> None:
    assert has_name("the Minsk Group")
    assert has_name("Talks in Minsk", at_start=True)
    assert not has_name("Talks in May", at_start=True)
    assert has_name("Talks in May")
    assert not has_name("")
