from __future__ import annotations

import pytest

from briefqa.evaluation.clauses import Clause, parse_clause
from briefqa.evaluation.verbs import is_participle, past_tenses, third_persons


@pytest.mark.parametrize(
    ("sentence", "clause"),
    [
        (
            "The Yalta Charter was signed on 7 June 2001 by five presidents.",
            Clause("The Yalta Charter", "was", "signed", "on 7 June 2001 by five presidents", "on 7 June 2001"),
        ),
        ("Georgia left the bloc in 2009.", Clause("Georgia", "left", "", "the bloc in 2009", "in 2009")),
        # A date that leads the sentence stands in no rest.
        (
            "On 5 January 2022 President Tokayev asked the alliance for help.",
            Clause("President Tokayev", "asked", "", "the alliance for help", "on 5 January 2022"),
        ),
        ("In May 2024, Armenia froze its dues.", Clause("Armenia", "froze", "", "its dues", "in May 2024")),
        # Asides, and what is put in between, are left out.
        (
            "The Shanghai Group (SG) was founded in 2001, at a summit.",
            Clause("The Shanghai Group", "was", "founded", "in 2001", "in 2001"),
        ),
        (
            "The old treaty, the basis of the bloc, was formally signed in Moscow.",
            Clause("The old treaty", "was", "formally signed", "in Moscow", ""),
        ),
        # A list goes on behind the date: the clause is cut there.
        (
            "The union was founded in Minsk on 8 December 1991 by Belarus, Russia and Ukraine.",
            Clause("The union", "was", "founded", "in Minsk on 8 December 1991", "on 8 December 1991"),
        ),
        (
            "Georgia left the bloc on 2 May 2009.",
            Clause("Georgia", "left", "", "the bloc on 2 May 2009", "on 2 May 2009"),
        ),
        ("Kazakhstan was the last.", Clause("Kazakhstan", "was", "", "the last", "")),
        ("The force left, which few noticed.", Clause("The force", "left", "", "", "")),
    ],
)
def test_simple_clauses(sentence: str, clause: Clause) -> None:
    assert parse_clause(sentence) == clause


@pytest.mark.parametrize(
    "sentence",
    [
        "",
        "...",
        "Founded in 1991.",  # no subject
        "It left the bloc in 2009.",  # who?
        "Its council met in Minsk.",
        "The other members left in 2009.",
        "Georgia, Moldova and Ukraine left the bloc.",  # a list, and no date to cut at
        "Georgia invited Armenia, Moldova and Ukraine.",
        "Georgia leaves the bloc and joined another.",  # of the present
        "Georgia has left the bloc.",
        "Georgia would have left the bloc.",
        "The text concluded by both sides bars troops.",  # the first verb is none
        "The body formed in 2002 met in Minsk.",
        "The combined forces of the bloc.",
        "In Armenia the step set off protests.",  # a place leads
        "Georgia left the bloc in 2009 and joined it in 2011.",  # two dates
        "A union of states began work on its side.",  # whose?
        "Georgia left because it was right.",
        " ".join(["Long"] * 10) + " left the bloc.",
        "Georgia left " + " ".join(["very"] * 17) + ".",
    ],
)
def test_others_are_refused(sentence: str) -> None:
    assert parse_clause(sentence) is None


def test_without_its_date() -> None:
    clause = parse_clause("The flag was raised on 11 March at the gates.")
    assert clause is not None
    assert (clause.undated, clause.base) == ("at the gates", "")
    clause = parse_clause("Georgia left the bloc.")
    assert clause is not None
    assert (clause.undated, clause.base) == ("the bloc", "leave")


@pytest.mark.parametrize(
    "text",
    ["a " * 20_000, "a" * 200_000, "A, " * 20_000, "1" * 100_000, "x-" * 50_000, "(" * 50_000, "In 2018 " * 9_000],
)
def test_long_nonsense_is_refused_without_delay(text: str) -> None:
    # Backtracking would take longer than the test's time-out.
    assert parse_clause(text) is None


def test_past_tenses() -> None:
    past = past_tenses()
    wanted = {"signed": "sign", "agreed": "agree", "ratified": "ratify", "stayed": "stay", "stopped": "stop"}
    wanted |= {
        "expelled": "expel",
        "left": "leave",
        "froze": "freeze",
        "founded": "found",
        "found": "find",
        "ran": "run",
    }
    assert {word: past[word] for word in wanted} == wanted
    assert not {"the", "in", "sign", "frozen", "begun"} & past.keys()


def test_third_persons() -> None:
    assert {"leaves", "ratifies", "stays", "does", "passes", "reaches", "freezes"} <= third_persons()
    assert not {"left", "leave", "members"} & third_persons()


@pytest.mark.parametrize(
    ("word", "fits"),
    [
        ("founded", True),
        ("held", True),
        ("frozen", True),
        ("set", True),
        ("froze", False),
        ("red", False),
        ("bed", False),
    ],
)
def test_participles(word: str, fits: bool) -> None:
    assert is_participle(word) is fits
