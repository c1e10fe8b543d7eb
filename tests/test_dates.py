from __future__ import annotations

from datetime import date

import pytest

from briefqa.dates import date_range, partial_date


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("2018-11-22", "2018-11-22"),
        (" 2018-11 ", "2018-11"),
        ("2018", "2018"),
        ("2024-02-29", "2024-02-29"),
        ("2018-11-22 23:30:00", "2018-11-22"),
        ("2018-11-22T23:30:00+04:00", "2018-11-22"),
        ("2018-11-22t23:30Z", "2018-11-22"),
    ],
)
def test_an_iso_date_may_be_partial_or_have_a_time(text: str, found: str) -> None:
    assert partial_date(text) == found


@pytest.mark.parametrize(
    "text",
    ["", "2018-13", "2018-00", "2018-11-00", "2018-11-31", "2023-02-29", "2023-02-29T10:00", "0000", "18", "2018-1-2",
     "22 November 2018", "11/22/2018", "20181122", "2018-11-22x", "\N{FULLWIDTH DIGIT TWO}018", "2018-11-22-23"],
)  # fmt: skip
def test_what_is_no_iso_date_of_the_calendar_is_unknown(text: str) -> None:
    assert partial_date(text) is None


@pytest.mark.parametrize(
    ("partial", "first", "last"),
    [
        ("2018-11-22", date(2018, 11, 22), date(2018, 11, 22)),
        ("2018-11", date(2018, 11, 1), date(2018, 11, 30)),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29)),
        ("2023-02", date(2023, 2, 1), date(2023, 2, 28)),
        ("2018", date(2018, 1, 1), date(2018, 12, 31)),
        ("9999-12", date(9999, 12, 1), date(9999, 12, 31)),
    ],
)
def test_a_partial_date_means_its_first_to_its_last_day(partial: str, first: date, last: date) -> None:
    assert date_range(partial) == (first, last)


@pytest.mark.parametrize("text", ["", "0000", "2018-13", "2018-02-30", "yesterday", "2018-11-22T10:00", "2018-11-22\n"])
def test_the_range_of_no_date_is_an_error(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        date_range(text)
