from __future__ import annotations

import json
from typing import Any

import pytest

from briefqa.corpus.markup.dates import date_in_address, iso_date
from briefqa.corpus.markup.guesses import add_guesses
from briefqa.corpus.markup.parsing import parse
from briefqa.corpus.markup.properties import MOST_TAGS, Properties, language_code, properties_of, saved_from
from briefqa.corpus.markup.structured import article_data
from briefqa.corpus.markup.visible import blocks_of


def properties(head: str = "", body: str = "<p>Text.</p>", address: str | None = None) -> Properties:
    tree, _ = parse(f"<html><head>{head}</head><body>{body}</body></html>")
    return properties_of(tree, blocks_of(tree), address)


def linked(*data: Any) -> str:
    return "".join(f'<script type="application/ld+json">{json.dumps(entry)}</script>' for entry in data)


def test_json_ld_of_the_article_goes_first() -> None:
    found = properties(
        linked(
            {"@type": "Organization", "name": "Other"},
            {
                "@graph": [
                    {"@type": "WebPage", "datePublished": "2001-01-01"},
                    {
                        "@type": ["NewsArticle"], "headline": "Bridge &amp; ferry", "datePublished": "2018-11-22T10:00",
                        "dateModified": "2018-11-23", "inLanguage": "de-DE", "keywords": ["a", "b, c"],
                        "author": [{"name": "Ann Example"}, "Bob  Example", {"name": None}],
                        "publisher": {"name": "The Daily Example"},
                        "mainEntityOfPage": {"@id": "https://news.example/b"},
                    },
                ]
            },
        )
        + '<meta name="author" content="Nobody"><meta name="date" content="2000-01-01">'
    )  # fmt: skip
    assert found == Properties(
        title="Bridge & ferry",
        source="The Daily Example",
        authors=("Ann Example", "Bob Example"),
        published="2018-11-22",
        updated="2018-11-23",
        url="https://news.example/b",
        language="de",
        tags=("a", "b", "c"),
        found_in=dict.fromkeys(
            ("title", "source", "authors", "published", "updated", "url", "language", "tags"), "JSON-LD"
        ),
    )


@pytest.mark.parametrize("data", [[], 1, None, {"@type": 3}, {"@graph": "x"}, [[[[{}]]]], {"@type": "ItemList"}])
def test_other_json_ld_says_nothing(data: Any) -> None:
    assert article_data(parse(f"<body>{linked(data)}<p>a</p></body>")[0]) == {}


def test_broken_json_ld_is_passed_over() -> None:
    page = (
        f'<script type="application/ld+json">{{"@type": </script>{linked({"@type": "Article", "headline": "Bridge"})}'
    )
    assert properties(page).title == "Bridge"
    assert properties('<script type="application/ld+json">' + "[" * 100_000 + "</script>").title is None


@pytest.mark.parametrize(
    "described",
    [
        {"headline": ["a"], "datePublished": 2018, "author": 7, "publisher": [], "url": {}, "keywords": {"a": 1}},
        {"headline": None, "datePublished": None, "author": {"name": {}}, "mainEntityOfPage": 3, "inLanguage": {}},
    ],
)
def test_values_of_other_kinds_are_unknown(described: dict[str, Any]) -> None:
    assert properties(linked({"@type": "Article", **described})) == Properties()


@pytest.mark.parametrize(
    ("head", "body", "title", "where"),
    [
        ("<title>Bridge is closed | The Daily</title>", "<h1>Bridge is closed</h1>", "Bridge is closed", "its heading"),
        ('<meta property="og:title" content="Bridge is closed - The Daily"><meta property="og:site_name" '
         'content="The Daily">', "<h1>The Daily</h1>", "Bridge is closed", "meta og:title"),
        ("<title>Bridge – closed – news.example</title><link rel=canonical href='https://news.example/b'>", "",
         "Bridge – closed", "HTML title"),
        ("<title>Bridge - a view</title>", "", "Bridge - a view", "HTML title"),
        ("", "<h1>Bridge</h1>", "Bridge", "its heading"),
        ("", "<h1>Bridge</h1><h1>Ferry</h1>", None, None),
    ],
)  # fmt: skip
def test_a_title_is_told_without_its_site(head: str, body: str, title: str | None, where: str | None) -> None:
    found = properties(head, body + "<p>Text.</p>")
    assert (found.title, found.found_in.get("title")) == (title, where)


@pytest.mark.parametrize(
    ("head", "address", "url"),
    [
        ('<link rel="canonical" href="/b">', "https://news.example/x?y", "https://news.example/b"),
        ('<link rel="canonical" href="/b">', None, None),
        ('<link rel="canonical" href="https://news.example/"><meta property="og:url" content="https://news.example/b">',
         None, "https://news.example/b"),
        ('<link rel="canonical" href="https://news.example/">', "https://news.example/x", "https://news.example/x"),
        ('<link rel="canonical" href="javascript:1">', None, None),
        ('<link rel="canonical" href="https://[news">', "https://[x", None),
    ],
)  # fmt: skip
def test_an_address_is_canonical_and_of_the_web(head: str, address: str | None, url: str | None) -> None:
    assert properties(head, address=address).url == url


def test_the_site_of_the_address_is_the_source_if_nothing_else_is() -> None:
    found = properties(address="https://www.news.example/2018/nov/22/b")
    assert (found.source, found.published) == ("news.example", "2018-11-22")
    assert found.found_in == {
        "url": "where it was saved",
        "source": "its address",
        "published": "its address",
    }


def test_a_time_element_must_say_that_it_is_the_day_of_publishing() -> None:
    assert properties(body='<p>a</p><time datetime="2018-11-22">today</time>').published is None
    assert properties(body='<p>a</p><time itemprop="datePublished" datetime="2018-11">x</time>').published == "2018-11"


def test_tags_are_told_once_and_up_to_a_bound() -> None:
    many = ",".join(f"t{number}" for number in range(30))
    assert properties(f'<meta name="keywords" content="{many}">').tags == tuple(
        f"t{number}" for number in range(MOST_TAGS)
    )
    assert properties('<meta name="keywords" content="a;B, b ,,c &amp;amp; d">').tags == ("a", "b", "c & d")


@pytest.mark.parametrize(
    ("value", "date"),
    [
        ("2018-11-22T23:30:00Z", "2018-11-22"),
        (" 2018-11-22 ", "2018-11-22"),
        ("2018-11", "2018-11"),
        ("2018", "2018"),
        ("20181122", "2018-11-22"),
        ("2018/11/22 10:00", "2018-11-22"),
        ("2018-02-30", None),
        ("2018-13", None),
        ("0000-00-00T00:00:00", None),
        ("0001-01-01", None),
        ("22.11.2018", None),
        ("1542844800", None),
        ("", None),
        (None, None),
        (2018, None),
    ],
)
def test_dates_are_as_they_are_written(value: Any, date: str | None) -> None:
    assert iso_date(value) == date


@pytest.mark.parametrize(
    ("url", "date"),
    [
        ("https://news.example/2018/11/22/b", "2018-11-22"),
        ("https://news.example/2018/Nov/2/b", "2018-11-02"),
        ("https://news.example/2018-11-22-b", "2018-11-22"),
        ("https://news.example/2018/11/b", None),
        ("https://news.example/2018/13/22/b", None),
        ("https://news.example/12018/11/22", None),
        (None, None),
    ],
)
def test_dates_in_addresses(url: str | None, date: str | None) -> None:
    assert date_in_address(url) == date


def test_the_language_is_a_code_of_two_letters() -> None:
    assert [language_code(value) for value in ("en-GB", "DE", "pt_BR", "eng", "", None, "e")] == [
        "en", "de", "pt", None, None, None, None,
    ]  # fmt: skip


def test_browsers_say_where_they_saved_a_page_from() -> None:
    assert (
        saved_from("<!DOCTYPE html>\n<!-- saved from url=(0022)https://news.example/b -->") == "https://news.example/b"
    )
    assert saved_from("<!-- saved from url=(0014)about:internet -->") is None


def guessed(body: str, start: int) -> Properties:
    tree, _ = parse(f"<html><head></head><body>{body}</body></html>")
    found = Properties()
    add_guesses(found, tree, blocks_of(tree), start)
    return found


def test_a_guess_counts_that_is_read_beside_the_beginning() -> None:
    body = (
        '<h1>Bridge is closed</h1><p class="byline">By <span class="author">Ann Example</span></p>'
        '<time datetime="2018-11-22T10:00">22 November 2018</time><p>It is closed until the spring.</p>'
    )
    found = guessed(body, 0)
    assert (found.authors, found.published) == (("Ann Example",), "2018-11-22")
    assert found.found_in == {"authors": "its byline", "published": "its byline"}


def test_a_guess_from_elsewhere_does_not_count() -> None:
    rest = "".join(f"<p>Paragraph {number}.</p>" for number in range(20))
    body = f'<h1>Bridge</h1>{rest}<p><time datetime="2018-11-22T10:00" class="date">22 November 2018</time></p>'
    assert guessed(body, 0) == Properties()
