from __future__ import annotations

import pytest

from briefqa.prompting.support import Source, support

QUOTE = Source(
    "Georgia left the commonwealth in August 2009, but Moldova did not, and 1,200 soldiers stayed.",
    heading="Who is out Example Institute 2018-11-22 November",
    around="Nikoloz Vashakidze signed the note of the Commonwealth of Independent States.",
)


@pytest.mark.parametrize(
    ("claim", "score"),
    [
        ("Georgia left the commonwealth in August 2009.", 1.0),
        ("georgia   left the Commonwealth in august 2009", 1.0),
        ("In 2009, Georgia was leaving the commonwealth.", 3 / 4),  # "left" has another stem
        ("Georgia left the CIS in 2009.", 0.75),  # the abbreviation of what stands around
        ("1200 soldiers stayed.", 1.0),
        ("By November 2018, Georgia had left.", 3 / 4),  # the date of the article
        ("One of the republics, Georgia, left the commonwealth in 2009.", 4 / 6),  # "one" is no number
        ("Moldova did not leave.", 0.5),
        ("Vashakidze said that Georgia left.", 0.5),
        ("Soldiers stayed behind.", 2 / 3),
        ("Troops stayed.", 0.5),  # which may be soldiers
    ],
)
def test_what_the_quotes_hold(claim: str, score: float) -> None:
    found = support(claim, [QUOTE])
    assert found.score == pytest.approx(score)
    assert (found.enough, found.reasons) == (True, ())


@pytest.mark.parametrize(
    ("claim", "score", "reason"),
    [
        ("Georgia left the commonwealth in August 2008.", 0.4 * 4 / 5, "No quote has the number “2008”."),
        ("Georgia left the commonwealth in two steps.", 0.4 * 3 / 5, "No quote has the number “2”."),
        ("Georgia left the commonwealth in May 2009.", 0.4, "No quote has the date “May”."),
        (
            "Armenia left the commonwealth in 2009.",
            0.4 * 3 / 4,
            "Neither the quotes nor what stands around them names “Armenia”.",
        ),
        ("Georgia never left the commonwealth.", 0.4 * 3 / 4, "It negates what the quotes do not."),
        ("Moldova left in 2009.", 0.4, "The quotes negate what it states."),
        ("Georgia joined the commonwealth in 2009.", 0.4 * 3 / 4, "It says “joined” where the quotes say “left”."),
        ("The price of bread rose quickly.", 0.0, "The quotes do not say “price”, “bread”, “rose” or “quickly”."),
        ("And so on.", 0.0, "It has no words that could be looked for."),
    ],
)
def test_what_they_do_not(claim: str, score: float, reason: str) -> None:
    found = support(claim, [QUOTE])
    assert found.score == pytest.approx(score)
    assert (found.enough, found.reasons) == (False, (reason,))


def test_names_and_numbers_that_change_places() -> None:
    source = Source("Armenia shelled the post and Azerbaijan lost 13 men and 45 horses.")
    found = support("Azerbaijan shelled the post and Armenia lost 13 men and 45 horses.", [source])
    assert found.reasons == ("It has “Azerbaijan” where the quotes have “Armenia”.",)
    found = support("Armenia shelled the post and Azerbaijan lost 45 men and 13 horses.", [source])
    assert found.reasons == ("It has “45” where the quotes have “13”.",)


def test_several_quotes_hold_it_together() -> None:
    parts = [Source("Georgia left the commonwealth."), Source("It did so in 2009.")]
    assert support("Georgia left the commonwealth in 2009.", parts).score == 1.0
    assert not support("Georgia left the commonwealth in 2009.", parts[:1]).enough


def test_other_languages_are_compared_by_words_alone() -> None:
    source = Source("Georgien verließ die Gemeinschaft im August 2009.", language="de")
    found = support("Die Gemeinschaft wurde 2009 von Georgien verlassen.", [source])
    assert (found.enough, found.reasons) == (True, ())
    assert support("Der Zeppelin flog nach Moskau.", [source]).score == 0.0
