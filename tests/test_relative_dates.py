from __future__ import annotations

from datetime import date

import pytest

from briefqa.relative_dates import RelativeDate, relative_dates

THURSDAY = "2018-11-22"


def found(quote: str, language: str | None = "en", published: str | None = THURSDAY) -> list[tuple[str, str]]:
    """The words of each, and the days as ISO 8601 has them: one, or two with a bar between, or "?"."""
    told = []
    for one in relative_dates(quote, published, language):
        assert quote[one.start : one.end] == one.text
        days = list(dict.fromkeys(str(day) for day in (one.first, one.last) if day)) or ["?"]
        told.append((one.text, "/".join(days)))
    return told


@pytest.mark.parametrize(
    ("quote", "text", "days"),
    [
        ("They met on Wednesday in Moscow.", "on Wednesday", "2018-11-21"),
        ("They met on Thursday.", "on Thursday", "2018-11-22"),
        ("They met on Friday.", "on Friday", "2018-11-16"),
        ("The mayor said Wednesday that", "Wednesday", "2018-11-21"),
        ("at Wednesday's meeting", "Wednesday", "2018-11-21"),
        ("on Wednesday evening, he", "on Wednesday evening", "2018-11-21"),
        ("last Thursday", "last Thursday", "2018-11-15"),
        ("last Friday", "last Friday", "2018-11-16"),
        ("next Wednesday", "next Wednesday", "2018-11-28"),
        ("next Thursday", "next Thursday", "2018-11-29"),
        ("this Friday", "this Friday", "?"),
        ("by Friday", "by Friday", "?"),
        ("It will meet on Friday.", "on Friday", "?"),
        ("today", "today", "2018-11-22"),
        ("tonight", "tonight", "2018-11-22"),
        ("Yesterday it", "Yesterday", "2018-11-21"),
        ("last night", "last night", "2018-11-21"),
        ("tomorrow", "tomorrow", "2018-11-23"),
        ("the day before yesterday", "the day before yesterday", "2018-11-20"),
        ("last\nweek", "last\nweek", "2018-11-12/2018-11-18"),
        ("this week", "this week", "2018-11-19/2018-11-25"),
        ("next week", "next week", "2018-11-26/2018-12-02"),
        ("last weekend", "last weekend", "2018-11-17/2018-11-18"),
        ("this weekend", "this weekend", "?"),
        ("this month", "this month", "2018-11-01/2018-11-30"),
        ("last month", "last month", "2018-10-01/2018-10-31"),
        ("last year", "last year", "2017-01-01/2017-12-31"),
        ("earlier this year", "earlier this year", "2018-01-01/2018-11-22"),
        ("later this month", "later this month", "2018-11-22/2018-11-30"),
        ("two days ago", "two days ago", "2018-11-20"),
        ("10 days ago", "10 days ago", "2018-11-12"),
        ("a week ago", "a week ago", "2018-11-12/2018-11-18"),
        ("three months ago", "three months ago", "2018-08-01/2018-08-31"),
        ("5 years ago", "5 years ago", "2013-01-01/2013-12-31"),
    ],
)
def test_english(quote: str, text: str, days: str) -> None:
    assert found(quote) == found(quote, None) == [(text, days)]


@pytest.mark.parametrize(
    ("quote", "text", "days"),
    [
        ("Sie trafen sich am Mittwoch.", "am Mittwoch", "2018-11-21"),
        ("am Mittwochabend", "am Mittwochabend", "2018-11-21"),
        ("am vergangenen Donnerstag", "am vergangenen Donnerstag", "2018-11-15"),
        ("am kommenden Freitag", "am kommenden Freitag", "2018-11-23"),
        ("Sie wird am Mittwoch reisen.", "am Mittwoch", "?"),
        ("Gestern Abend", "Gestern Abend", "2018-11-21"),
        ("in der vergangenen Woche", "in der vergangenen Woche", "2018-11-12/2018-11-18"),
        ("diesen Monat", "diesen Monat", "2018-11-01/2018-11-30"),
        ("im letzten Jahr", "im letzten Jahr", "2017-01-01/2017-12-31"),
        ("vor zwei Tagen", "vor zwei Tagen", "2018-11-20"),
        ("vor einem Monat", "vor einem Monat", "2018-10-01/2018-10-31"),
    ],
)
def test_german(quote: str, text: str, days: str) -> None:
    assert found(quote, "de") == [(text, days)]


@pytest.mark.parametrize(
    ("quote", "text", "days"),
    [
        ("a-t-il dit mercredi.", "mercredi", "2018-11-21"),
        ("lundi dernier", "lundi dernier", "2018-11-19"),
        ("jeudi prochain", "jeudi prochain", "2018-11-29"),
        ("Ils se réuniront lundi.", "lundi", "?"),
        ("hier soir", "hier soir", "2018-11-21"),
        ("avant-hier", "avant-hier", "2018-11-20"),
        ("aujourd’hui", "aujourd’hui", "2018-11-22"),
        ("la semaine dernière", "la semaine dernière", "2018-11-12/2018-11-18"),
        ("ce mois-ci", "ce mois-ci", "2018-11-01/2018-11-30"),
        ("l'an dernier", "l'an dernier", "2017-01-01/2017-12-31"),
        ("cette année", "cette année", "2018-01-01/2018-12-31"),
        ("il y a deux jours", "il y a deux jours", "2018-11-20"),
    ],
)
def test_french(quote: str, text: str, days: str) -> None:
    assert found(quote, "fr") == [(text, days)]


@pytest.mark.parametrize(
    ("quote", "language"),
    [
        ("It was held on Wednesday, 21 November.", "en"),
        ("on Wednesday, Nov. 21, and on Friday the 23rd", "en"),
        ("Sales on the day of Black Friday, as the Sunday Times has it", "en"),
        ("It opens every Monday and on Wednesdays.", "en"),
        ("today's Russia; the last years; a week; ten days", "en"),
        ("Er kam am Montag, dem 3. Mai, am Morgen.", "de"),
        ("Il vient le lundi, chaque mardi; mardi 3 mai", "fr"),
        ("El miércoles, ayer", "es"),
        ("on Wednesday", "ja"),
        ("", "en"),
    ],
)
def test_what_is_not_relative_or_of_another_language(quote: str, language: str) -> None:
    assert found(quote, language) == []


@pytest.mark.parametrize("published", [None, "2018", "2018-11"])
def test_without_a_full_date_the_days_are_unknown(published: str | None) -> None:
    assert found("on Wednesday", published=published) == [("on Wednesday", "?")]


def test_spans_order_and_the_sentence_that_is_of_the_future() -> None:
    quote = "It will meet on Friday. On Monday it did not. Last week it did."
    assert relative_dates(quote, THURSDAY, "en") == (
        RelativeDate("on Friday", 13, 22, None, None),
        RelativeDate("On Monday", 24, 33, date(2018, 11, 19), date(2018, 11, 19)),
        RelativeDate("Last week", 46, 55, date(2018, 11, 12), date(2018, 11, 18)),
    )


def test_a_weekend_is_told_on_its_own_days() -> None:
    assert found("this weekend", published="2018-11-25") == [("this weekend", "2018-11-24/2018-11-25")]
    assert found("last weekend", published="2018-11-25") == [("last weekend", "2018-11-17/2018-11-18")]
    assert found("next weekend", published="2018-11-25") == [("next weekend", "?")]


def test_days_outside_the_calendar_are_unknown() -> None:
    assert found("999 years ago, last year", published="0001-01-01") == [("999 years ago", "?"), ("last year", "?")]
    assert found("yesterday", published="0001-01-01") == [("yesterday", "?")]
    assert found("next week", published="9999-12-31") == [("next week", "?")]
