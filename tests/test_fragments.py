"""Text directives, by hand from WICG's "URL Fragment Text Directives"."""

from __future__ import annotations

import pytest

from briefqa.fragments import quote_link
from briefqa.types import Document

URL = "https://news.example/bridges"


def document(text: str, url: str | None = URL) -> Document:
    return Document("1", "a.html", "a.html", text, "0" * 64, url=url)


def link(quote: str, text: str | None = None, url: str | None = URL) -> str | None:
    return quote_link(document(quote if text is None else text, url), quote)


def test_a_short_quote_is_told_whole() -> None:
    assert link("It is closed.") == f"{URL}#:~:text=It%20is%20closed."


def test_what_parts_a_directive_is_encoded() -> None:
    assert link("Steel, stone & a well-known “ü”#/?+%") == (
        f"{URL}#:~:text=Steel%2C%20stone%20%26%20a%20well%2Dknown%20%E2%80%9C%C3%BC%E2%80%9D%23%2F%3F%2B%25"
    )


@pytest.mark.parametrize(
    ("url", "start"),
    [
        ("https://news.example/b#money", "https://news.example/b#money:~:text="),
        ("https://news.example/b#", "https://news.example/b#:~:text="),
        ("https://news.example/b#money:~:text=other", "https://news.example/b#money:~:text="),
        ("http://news.example/b?a=1&b=2", "http://news.example/b?a=1&b=2#:~:text="),
    ],
)
def test_a_fragment_of_the_address_is_kept(url: str, start: str) -> None:
    assert link("Closed", url=url) == f"{start}Closed"


@pytest.mark.parametrize("url", [None, "", "file:///a.html", "ftp://a.example/b", "mailto:a@b.example", "https://a b"])
def test_what_is_not_from_the_web_has_no_link(url: str | None) -> None:
    assert link("Closed", url=url) is None


@pytest.mark.parametrize("quote", ["", " \n", "- "])
def test_a_quote_without_words_has_no_link(quote: str) -> None:
    assert link(quote, "Closed") is None


LONG = "one two three four five six seven eight nine ten eleven twelve thirteen"


def test_a_long_quote_is_told_by_its_first_and_last_words() -> None:
    assert link(LONG) == f"{URL}#:~:text=one%20two%20three%20four%20five,nine%20ten%20eleven%20twelve%20thirteen"
    twelve = LONG.removesuffix(" thirteen")
    assert link(twelve) == f"{URL}#:~:text={twelve.replace(' ', '%20')}"


def test_as_many_words_are_told_as_it_takes_to_find_the_quote_and_no_other_place() -> None:
    text = f"one two three four five and no more. {LONG}"
    assert link(LONG, text) == (
        f"{URL}#:~:text=one%20two%20three%20four%20five%20six,nine%20ten%20eleven%20twelve%20thirteen"
    )
    quote = "a b c d e x y v w x y z f v w x y z"
    assert link(quote) == f"{URL}#:~:text=a%20b%20c%20d%20e,f%20v%20w%20x%20y%20z"


def test_a_quote_over_several_blocks_is_told_by_the_edges_of_its_first_and_its_last() -> None:
    assert link("- Steel for bridges\n- Stone") == f"{URL}#:~:text=Steel%20for%20bridges,Stone"
    assert link("Year | Million\n2018 | 12") == f"{URL}#:~:text=Year,12"
    assert link("The bridge\nis  closed.") == f"{URL}#:~:text=The%20bridge,is%20closed."


def test_a_quote_that_the_text_does_not_hold_is_told_all_the_same() -> None:
    assert link(LONG, "other") == (
        f"{URL}#:~:text=one%20two%20three%20four%20five,nine%20ten%20eleven%20twelve%20thirteen"
    )


def test_half_a_character_is_replaced() -> None:
    assert link("a \ud800 b") == f"{URL}#:~:text=a%20%3F%20b"
