from __future__ import annotations

import pytest

from briefqa.corpus.metadata.bylines import authors_of
from briefqa.corpus.metadata.origins import address_of, source_of
from tests.corpus.metadata.test_datelines import line


@pytest.mark.parametrize(
    ("text", "authors"),
    [
        ("By Ann Smith", ("Ann Smith",)),
        ("By Ann Smith and Bob Ó Cé, Staff Writer", ("Ann Smith", "Bob Ó Cé")),
        ("By Ann Smith, Bob Jones and Cy O'Neil", ("Ann Smith", "Bob Jones", "Cy O'Neil")),
        ("By Ann Smith, Example News", ("Ann Smith",)),
        ("BY ANN SMITH", ("ANN SMITH",)),
        ("by Ann Smith — November 18, 2019", ("Ann Smith",)),
        ("By Ann Smith Updated Nov 13, 2019, 10:28am EST", ("Ann Smith",)),
        ("By Ann B. Smith | Example Times", ("Ann B. Smith",)),
        ("By Ann Smith for the Example", ("Ann Smith",)),
        ("By Ann van der Example", ("Ann van der Example",)),
        ("Ann Smith reports.", ("Ann Smith",)),
        ("Von Anna Beispiel und Max Muster", ("Anna Beispiel", "Max Muster")),
        ("Von Anna Beispiel publiziert am 25. September 2018", ("Anna Beispiel",)),
        ("Par Anne Exemple et Jean-Luc Modèle", ("Anne Exemple", "Jean-Luc Modèle")),
        ("Por Ana Ejemplo y Luis Muestra", ("Ana Ejemplo", "Luis Muestra")),
        ("Автор: Анна Примерова", ("Анна Примерова",)),
        ("Written by Ann Smith", ("Ann Smith",)),
        ("Author: Ann Smith", ("Ann Smith",)),
    ],
)
def test_bylines(text: str, authors: tuple[str, ...]) -> None:
    assert authors_of(line(text), None) == authors
    assert authors_of(line(text, place="end"), None) == ()
    assert authors_of(line(text, listed=True), None) == ()


@pytest.mark.parametrize(
    "text",
    [
        "By 2030, half of it is done", "By the time they met", "By Monday", "By Monday Evening", "By March 2019",
        "By Ann", "By admin", "By Staff Writer", "By Popular Demand", "By The Numbers", "By Ann Smith it was said",
        "Von der Leyen sagte nein", "Von der Leyen", "Smith reports", "He said by Ann Smith", "By",
        "By Ann Smith and others", "The ministry reports",
        "By NATO's Ann Smith", "By Ann SmithBusiness", "By Ann Smith Ann Smith",
    ],
)  # fmt: skip
def test_lines_that_name_no_author(text: str) -> None:
    assert authors_of(line(text), None) == ()


def test_a_line_that_goes_on_from_the_one_above_is_no_byline() -> None:
    assert authors_of(line("by Ann Smith", goes_on=True), None) == ()
    assert authors_of(line("By Ann Smith", goes_on=True), None) == ("Ann Smith",)


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("source: example.org", "example.org"),
        ("Source: Example News", "Example News"),
        ("Quelle: Beispiel", "Beispiel"),
        ("Источник: Пример", "Пример"),
        ("Source: the people who were there", None),
        ("Source: Ministry, 2019", None),
        ("Source: One Two Three Four Five Six", None),
        ("Source:", None),
        ("The source: example.org", None),
    ],
)
def test_source_lines(text: str, source: str | None) -> None:
    assert source_of(line(text)) == source


def test_far_from_the_headline_a_source_is_an_address() -> None:
    assert source_of(line("Source: Example News", place="far")) is None
    assert source_of(line("source: example.org", place="far")) == "example.org"


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("https://example.org/a?b=c", "https://example.org/a?b=c"),
        ("<http://example.org/>", "http://example.org/"),
        ("URL: https://example.org/a", "https://example.org/a"),
        ("Link: https://example.org/a", "https://example.org/a"),
        ("See https://example.org/a", None),
        ("https://example.org/a and more", None),
        ("ftp://example.org/a", None),
        ("example.org", None),
    ],
)
def test_addresses_that_stand_alone(text: str, url: str | None) -> None:
    assert address_of(line(text)) == url
