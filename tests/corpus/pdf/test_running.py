from __future__ import annotations

from collections.abc import Sequence

import pytest

from briefqa.corpus.pdf.lines import Line
from briefqa.corpus.pdf.running import running_lines

BODY = [(700.0 - 14 * step, f"words of the text {'abcdefgh'[step]}") for step in range(8)]


def line(page: int, height: float, text: str) -> Line:
    return Line(text, 50, height - 5, 300, height + 5, 10, page, round(height))


def running(pages: Sequence[Sequence[tuple[float, str]]], body: Sequence[tuple[float, str]] = BODY) -> list[list[str]]:
    """What is found on each page of pages 800 points high, given by the height and text of lines around a body."""
    lines = [[line(number, *entry) for entry in [*page, *body]] for number, page in enumerate(pages, start=1)]
    found = running_lines([(page, 0, 800) for page in lines])
    return [[entry.text for entry in page if entry in found] for page in lines]


def heads(*texts: str, height: float = 770) -> list[list[tuple[float, str]]]:
    return [[(height, text)] for text in texts]


@pytest.mark.parametrize(
    "texts",
    [
        ("A Review", "A Review", "A Review"),
        ("Page 1 of 3", "Page 2 of 3", "Page 3 of 3"),
        ("11", "12", "13"),
        ("- 7 -", "- 8 -", "- 9 -"),
        ("iv", "v", "vi"),
        ("ix", "x", "xi"),
        ("2018 Report 1", "2018 Report 2", "2018 Report 3"),
    ],
)
def test_what_recurs_at_one_height_is_running(texts: tuple[str, ...]) -> None:
    for height in (770, 30):
        assert running(heads(*texts, height=height)) == [[text] for text in texts]


@pytest.mark.parametrize(
    "pages",
    [
        heads("A Review", "A Review", "Else"),
        heads("11", "14", "12"),
        heads("Aa", "Bee", "Cee"),
        [[(770, "A Review")], [(750, "A Review")], [(730, "A Review")]],
        heads("A Review", "A Review", "A Review", height=600),
        heads("mix", "mix", "mix"),
    ],
    ids=["two of three", "not in step", "different", "other heights", "in the middle", "no number that rises"],
)
def test_what_is_not_sure_is_kept(pages: list[list[tuple[float, str]]]) -> None:
    assert running(pages) == [[], [], []]


def test_a_line_right_above_the_text_is_the_texts() -> None:
    assert running(heads("A Review", "A Review", "A Review", height=714)) == [[], [], []]


def test_a_head_of_its_own_is_running_where_page_numbers_are_known() -> None:
    pages = heads("Rain 4", "Rain 5", "Rain 6", "Sun 7", "Wind 80")
    assert running(pages) == [["Rain 4"], ["Rain 5"], ["Rain 6"], ["Sun 7"], []]


def test_heads_of_left_and_right_pages_differ() -> None:
    pages = heads(*(f"{number} A Review" if number % 2 else f"On rain {number}" for number in range(1, 7)))
    assert [len(found) for found in running(pages)] == [1] * 6


def test_only_what_nothing_else_stands_outside_of_is_running() -> None:
    pages = [[(790, text), (770, "A Review")] for text in ("Aa", "Bee", "Cee")]
    assert running(pages) == [[], [], []]
    pages = [[(790, "Vol. 3"), (770, "A Review")] for _ in range(3)]
    assert running(pages) == [["Vol. 3", "A Review"]] * 3
