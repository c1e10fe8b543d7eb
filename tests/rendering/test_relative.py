from __future__ import annotations

import re

import pytest

from briefqa.rendering.escape import UNSAFE
from briefqa.rendering.jsonout import answer_json
from briefqa.rendering.relative import relative_lines
from briefqa.rendering.style import Style
from briefqa.rendering.terminal import render_answer
from briefqa.types import Citation
from tests.rendering.builders import make_answer, make_citation, make_document

QUOTE = "They met on\nWednesday, and last week."


def cited(quote: str = QUOTE, published: str | None = "2018-11-22") -> Citation:
    return make_citation(make_document(text=quote, published=published, language="en"), quote)


def test_dates_stand_below_their_quote_with_the_article_s() -> None:
    text = render_answer(make_answer(cited()), Style(width=100))
    assert (
        """\
      “They met on Wednesday, and last week.”
      “on Wednesday” is 2018-11-21 if it counts from the article's date, 2018-11-22
      “last week” is 2018-11-12 to 2018-11-18 if it counts from the article's date, 2018-11-22

"""
        in text
    )


@pytest.mark.parametrize(
    ("published", "told"),
    [
        (None, "“on Wednesday” counts from the article's date, which is unknown"),
        ("2018-11", "“on Wednesday” counts from the article's date, 2018-11"),
    ],
)
def test_what_can_t_be_told_is_said(published: str | None, told: str) -> None:
    assert relative_lines(cited("on Wednesday, on Wednesday", published), Style(width=100), indent=0) == [told]


def test_no_line_without_such_a_date() -> None:
    assert relative_lines(cited("Its seat is Moscow."), Style(), indent=6) == []


def test_lines_are_set_back_and_keep_to_the_width() -> None:
    lines = relative_lines(cited(), Style(color=True, width=50), indent=6)
    assert all(re.fullmatch(r" {6}\x1b\[2m\S.{,43}\x1b\[22m", line) for line in lines)
    assert len(lines) == 5


def test_a_hostile_date_of_the_article_is_defused() -> None:
    (line,) = relative_lines(cited("on Wednesday", "\x1b[31m\u202e"), Style(width=200), indent=0)
    assert UNSAFE.search(line) is None


def test_json() -> None:
    (citation,) = answer_json(make_answer(cited(QUOTE + " By Friday.")))["citations"]
    assert citation["relative_dates"] == [
        {"text": "on\nWednesday", "start": 9, "end": 21, "from": "2018-11-21", "to": "2018-11-21"},
        {"text": "last week", "start": 27, "end": 36, "from": "2018-11-12", "to": "2018-11-18"},
        {"text": "By Friday", "start": 38, "end": 47, "from": None, "to": None},
    ]
