"""How a text falls into what is kept or cut."""

from __future__ import annotations

import pytest

from briefqa.corpus.cleaning.signs import sign_of
from briefqa.corpus.cleaning.units import units


def test_lines_stand_alone_and_wrapped_lines_together() -> None:
    text = "Title\n\nThe ferry left\nat ten and came\nback at noon.\n\nShare\nPrint\nTop stories\n"
    found = units(text)
    assert [unit.text for unit in found] == [
        "Title", "The ferry left\nat ten and came\nback at noon.", "Share", "Print", "Top stories",
    ]  # fmt: skip
    assert [(unit.first, unit.last) for unit in found] == [(0, 1), (2, 5), (6, 7), (7, 8), (8, 9)]
    assert [unit.apart for unit in found] == [True, True, False, False, False]
    assert [text[unit.start : unit.end] for unit in found] == [unit.text + "\n" for unit in found]


def test_fenced_code_is_one_unit_with_its_blank_lines() -> None:
    (before, code, after) = units("A\n\n```\nx = 1\n\ny = 2\n```\n\nB")
    assert (before.text, code.text, after.text) == ("A", "```\nx = 1\n\ny = 2\n```", "B")
    assert code.code
    assert code.is_set_in


def test_an_open_fence_runs_to_the_end() -> None:
    assert [unit.text for unit in units("A\n\n~~~\nx\n\ny\n\n")] == ["A", "~~~\nx\n\ny"]


def test_a_unit_without_marks_and_links() -> None:
    (unit,) = units("- **[Sign In](/login)** ![logo](x.png)")
    assert unit.plain == "sign in"


@pytest.mark.parametrize(
    ("line", "ends", "cut_off"),
    [
        ("It is so.", True, False),
        ("“It is so.”", True, False),
        ("It is so.[12]", False, False),
        ("It is and...", False, True),
        ("It is and…", False, True),
        ("Is it so?", True, False),
        ("It is", False, False),
        ("そうです。", True, False),
        ("यह सच है।", True, False),
    ],
)
def test_ends_of_sentences(line: str, ends: bool, cut_off: bool) -> None:
    (unit,) = units(line)
    assert (unit.is_sentence, unit.is_cut_off) == (ends, cut_off)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("- Sponsor -spot_img", "share or sponsor line"),
        ("FacebookTwitterPinterestEmail", "share or sponsor line"),
        ("1.2k shares", "share or sponsor line"),
        ("Click to share on Facebook (Opens in new window)", "share or sponsor line"),
        ("34 responses to “The old ferry”", "comments"),
        ("No comments yet", "comments"),
        ("Editor’s Choice", "list of other articles"),
        ("Week's Top Stories", "list of other articles"),
        ("See also related content: The old ferry", "list of other articles"),
        ("More from Lowhaven", "list of other articles"),
        ("Home \u203a Harbour \u203a Ferries", "navigation"),
        ("LatestReviewsScienceField Guide", "navigation"),
        ("Sign up for our newsletter and get it every morning.", "subscription or legal line"),
        ("This website uses cookies to improve your visit.", "subscription or legal line"),
        ("© 2019 Lowhaven Courier", "subscription or legal line"),
        ("© Ada Fenwick", "picture credit"),
        ("5 hours ago", "another story"),
        ("The keeper put down his lamp and...", "teaser"),
    ],
)
def test_signs(line: str, reason: str) -> None:
    (unit,) = units(line)
    sign = sign_of(unit)
    assert sign is not None
    assert sign.reason == reason


@pytest.mark.parametrize(
    "line",
    [
        "2019 was the year in which the county group bought the press.",
        "Copyright law is being changed by the council.",
        "Get the keeper's lamp, he said.",
        "Join the vote at the town hall today.",
        "source: thecourier.example",
        "Photo: Ada Fenwick of Lowhaven, Per Holm of Eastmark, Li Wen of the county, Omar Sy, Jo Marsh.",
        "Comment:",
        "## Contact",
        "| Home | Away | Drawn |",
        "getElementById(parentNode)",
        "By Ida Stone",
    ],
)
def test_no_signs(line: str) -> None:
    (unit,) = units(line)
    assert sign_of(unit) is None


def test_words_of_scripts_without_spaces_are_counted_by_letters() -> None:
    (unit,) = units("古い渡し船はまだ走っている。")
    assert unit.words == 6
