# ruff: noqa: RUF001 - letters of other alphabets
from __future__ import annotations

import pytest

from briefqa.corpus.metadata.written_dates import WrittenDate, written_dates


def dates(text: str, language: str | None = None) -> list[str]:
    return [found.date for found in written_dates(text, language)]


@pytest.mark.parametrize(
    "text",
    [
        "21 November 2018", "Nov. 21, 2018", "November 21st, 2018", "21st of November 2018", "21-Nov-2018",
        "21.11.2018", "2018-11-21", "2018/11/21", "2018.11.21", "2018-11-21T10:00Z", "21/11/2018", "11/21/2018",
        "21. November 2018", "21 novembre 2018", "21 de noviembre de 2018", "21 de novembro de 2018",
        "21 ноября 2018 г.", "21 Kasım 2018", "21 KASIM 2018", "NOVEMBER 21, 2018.",
        "(21 Nov, 2018)", "2018년 11월 21일", "2018年11月21日",
    ],
)  # fmt: skip
def test_one_day_written_in_many_ways(text: str) -> None:
    assert dates(text) == ["2018-11-21"]


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("1er mars 2019", "2019-03-01"),
        ("3. März 2019", "2019-03-03"),
        ("10 août 2019", "2019-08-10"),
        ("5 fév. 2019", "2019-02-05"),
        ("7 mayo 2019", "2019-05-07"),
        ("9 мая 2019", "2019-05-09"),
        ("8 Ağustos 2019", "2019-08-08"),
        ("4 Şubat 2019", "2019-02-04"),
        ("12 giugno 2019", "2019-06-12"),
        ("12 março 2019", "2019-03-12"),
        ("May 2024", "2024-05"),
        ("mayo de 2024", "2024-05"),
        ("Sept. 2024", "2024-09"),
    ],
)
def test_months_of_other_languages(text: str, date: str) -> None:
    assert dates(text) == [date]


@pytest.mark.parametrize(
    ("text", "language", "date"),
    [
        ("03/04/2018", None, "2018"),
        ("03/04/2018", "en", "2018"),
        ("03/04/2018", "de", "2018-04-03"),
        ("03/04/2018", "ja", "2018"),
        ("03-04-2018", "es", "2018-04-03"),
        ("03.04.2018", None, "2018-04-03"),
        ("03.04.2018 14:00", "en", "2018-04-03"),
        ("03.04.2018 09:00 AM", "en", "2018"),
        ("04/04/2018", "en", "2018-04-04"),
        ("12/13/2018", None, "2018-12-13"),
        ("13/12/2018", None, "2018-12-13"),
    ],
)
def test_day_and_month_in_figures_only_where_they_can_be_told(text: str, language: str | None, date: str) -> None:
    assert dates(text, language) == [date]


@pytest.mark.parametrize(
    "text",
    ["", "2018", "Nov 21", "21 people 2018", "31 February 2020", "13/13/2019", "v2019.11.18.2", "1/2/18", "0/0/2018",
     "21 November 20181", "x2018-11-21", "2018-13-40", "Maret 30, 0012"],
)  # fmt: skip
def test_what_is_no_date_of_the_calendar(text: str) -> None:
    assert dates(text) == []


def test_spans_and_order() -> None:
    text = "Published Nov 18, 2019 at 4:07 PM | Updated at 5:36 PM CST on 19.11.2019"
    assert written_dates(text, None) == [WrittenDate(10, 22, "2019-11-18"), WrittenDate(62, 72, "2019-11-19")]
    assert text[62:72] == "19.11.2019"


def test_long_text_of_figures_takes_no_time() -> None:
    assert dates("12 " * 20_000 + "a" * 20_000 + "21.11.2018") == []
    assert dates("12 " * 20_000 + "21.11.2018") == ["2018-11-21"]
