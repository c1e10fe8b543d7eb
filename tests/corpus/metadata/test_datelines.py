# ruff: noqa: RUF001 - letters of other alphabets
from __future__ import annotations

import pytest

from briefqa.corpus.metadata.datelines import Dated, agency_of, dates_of
from briefqa.corpus.metadata.lines import Line


def line(text: str, **changes: object) -> Line:
    values = {"text": text, "number": 3, "place": "beside", "listed": False, "goes_on": False} | changes
    return Line(**values)  # type: ignore[arg-type]


def found(text: str, language: str | None = None, **changes: object) -> list[tuple[str, str]]:
    return [(dated.kind, dated.date) for dated in dates_of(line(text, **changes), language)]


@pytest.mark.parametrize(
    ("text", "kind", "date"),
    [
        ("Published: 3 May 2024, 14:05", "published", "2024-05-03"),
        ("Posted on 2018-11-21", "published", "2018-11-21"),
        ("First published on November 19, 2019 / 8:16 AM", "published", "2019-11-19"),
        ("Von Anna Beispiel publiziert am 25. September 2018", "published", "2018-09-25"),
        ("Veröffentlicht am 3. Mai 2024 um 14:05 Uhr", "published", "2024-05-03"),
        ("Publié le 3 mai 2024 à 14h05", "published", "2024-05-03"),
        ("Publicado el 3 de mayo de 2024", "published", "2024-05-03"),
        ("Опубликовано: 21 ноября 2018 г., 14:05", "published", "2018-11-21"),
        ("Yayınlanma tarihi: 21.11.2018", "published", "2018-11-21"),
        ("Published: May 2024", "published", "2024-05"),
        ("Updated 4 May 2024", "updated", "2024-05-04"),
        ("Updated 10:01 pm PST, Tuesday, November 19, 2019", "updated", "2019-11-19"),
        ("Last modified on Mon 18 Nov 2019 18.56 GMT", "updated", "2019-11-18"),
        ("Zuletzt aktualisiert: 4.5.2024", "updated", "2024-05-04"),
        ("Mis à jour le 4 mai 2024", "updated", "2024-05-04"),
        ("Brussels, 21 November 2018 - The council met.", "dateline", "2018-11-21"),
        ("YEREVAN, Nov. 21, 2018 (Agency) — Armenia said so.", "dateline", "2018-11-21"),
        ("21.11.2018", "alone", "2018-11-21"),
        ("November 21, 2018 at 5:03 pm", "alone", "2018-11-21"),
        ("Moscow, 21 November 2018", "alone", "2018-11-21"),
        ("By Ann Smith | Wednesday, 21 November 2018 | 5 min read", "alone", "2018-11-21"),
        ("by Ann November 21, 2018", "alone", "2018-11-21"),
        ("May 2022", "alone", "2022-05"),
    ],
)
def test_lines_that_date_an_article(text: str, kind: str, date: str) -> None:
    assert found(text) == [(kind, date)]


@pytest.mark.parametrize(
    "text",
    [
        "The council met in Moscow on 21 November 2018",
        "on 21 November 2018",
        "Moscow on 21 November 2018.",
        "On 21 November 2018 the ministers met.",
        "Published 3 May 2024 by the ministry, the report names nobody",
        "Brussels, 21 November 2018 - 5 December 2018",
        "29 November 2018 | 20 January 2019",
        "© Example, 21 November 2018",
        "Source: Ministry of Examples, October 25, 2019",
        "— Ann Smith (@annsmith) November 18, 2019",
        "Moscow, May 2022",
        "MOSCOW, Nov 21 (Agency) - It has no year.",
        "Published: soon",
        "Geneva Motor Show Opens Its Doors To Very Many Happy Visitors From All Over Europe 21 November 2018",
    ],
)
def test_lines_that_do_not(text: str) -> None:
    assert found(text, goes_on=True) == []


def test_one_line_may_date_twice() -> None:
    both = [("published", "2019-11-18"), ("updated", "2019-11-19")]
    assert found("Published Nov 18, 2019 at 4:07 PM | Updated at 5:36 PM CST on Nov 19, 2019") == both
    alone = [("alone", "2019-11-18"), ("updated", "2019-11-19")]
    assert found("Mon 18 Nov 2019 18.54 GMT Last modified on Tue 19 Nov 2019") == alone


def test_a_date_alone_counts_near_the_headline_only_and_not_in_lists() -> None:
    assert dates_of(line("21.11.2018"), None) == [Dated("2018-11-21", "alone", 3)]
    assert found("21.11.2018", place="above") == [("alone", "2018-11-21")]
    assert found("21.11.2018", place="far") == found("21.11.2018", place="end") == []
    assert found("21.11.2018", listed=True) == []
    assert found("Published: 21.11.2018", place="end") == [("published", "2018-11-21")]
    assert found("Brussels, 21 November 2018 - It met.", place="end") == []


def test_a_language_tells_the_day_from_the_month() -> None:
    assert found("Publié: 03/04/2018", "fr") == [("published", "2018-04-03")]
    assert found("Published: 03/04/2018", "en") == [("published", "2018")]


@pytest.mark.parametrize(
    ("text", "agency"),
    [
        ("MOSCOW, Nov 21 (Agency) - Russia said", "Agency"),
        ("YEREVAN (AP) — Armenia said", "AP"),
        ("(Reuters) - Shares rose", "Reuters"),
        ("MOSCOW, November 21. /TASS/. The council met", "TASS"),
        ("Brussels, 21 November 2018 (dpa) - Es", "dpa"),
        ("The Collective Security Treaty Organisation (CSTO) - an alliance", None),
        ("NATO (North Atlantic Treaty Organisation) - an alliance", None),
        ("The agency (AP) — which was named — said so", None),
        ("Reuters said so", None),
    ],
)
def test_the_agency_of_a_dateline(text: str, agency: str | None) -> None:
    assert agency_of(line(text)) == agency
    assert agency_of(line(text, place="end")) is None
    assert agency_of(line(text, listed=True)) is None
