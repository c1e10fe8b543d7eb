# ruff: noqa: RUF001 - letters of other alphabets
from __future__ import annotations

from dataclasses import replace

import pytest

from briefqa.corpus.article import Article
from briefqa.corpus.metadata.describing import describe
from briefqa.corpus.metadata.language import language_of

BODY = "The bridge over the river opened again after two years of work, and the mayor walked across it first.\n"


def test_what_the_lines_say_is_filled_in_and_where_it_was_found() -> None:
    text = (
        "The bridge is open\n\nBy Ann Smith and Bob Jones\nPublished: 3 May 2024, 14:05 | Updated: 4 May 2024\n\n"
        + BODY
        + "\nsource: example.org\nhttps://example.org/bridge\n"
    )
    article = Article(text=text, title="The bridge is open", line_map=((0, 8),), found_in={"title": "first line"})
    assert describe(article) == replace(
        article,
        authors=("Ann Smith", "Bob Jones"),
        published="2024-05-03",
        updated="2024-05-04",
        source="example.org",
        url="https://example.org/bridge",
        language="en",
        found_in={
            "title": "first line",
            "authors": "byline, line 10",
            "published": "date line, line 11",
            "updated": "date line, line 11",
            "source": "source line, line 15",
            "url": "line 16",
            "language": "text",
        },
    )


def test_what_is_known_stays() -> None:
    article = Article(
        text="By Ann Smith\n3 May 2024\n\n" + BODY,
        title="T",
        authors=("Bob",),
        published="2018",
        language="de",
        found_in={"published": "front matter"},
    )
    assert describe(article, name="2022-05-14-x.md") == article


def test_nothing_is_found_in_running_text() -> None:
    text = (
        "By the time the bridge opened on 3 May 2024, the mayor had gone.\n\n"
        "The council met on 21 November\n2018 and 22 November 2018.\n\n## 5 May 2024\n\n- 6 May 2024\n\n"
        "| Date | What |\n|---|---|\n| 2024-05-07 | Opening |\n"
    )
    assert describe(Article(text=text, language="en")) == Article(text=text, language="en")


def test_a_chronology_dates_nothing() -> None:
    days = "".join(f"{day} May 2024\nThe mayor walked.\n\n" for day in (3, 4, 5))
    assert describe(Article(text=days, language="en")).published is None


def test_a_label_comes_before_a_dateline_and_that_before_a_date_alone() -> None:
    alone, dateline, label = "3 May 2024\n\n", "Brussels, 4 May 2024 - It is open.\n\n", "Published: 5 May 2024\n"
    found = [
        describe(Article(text=text, language="en")) for text in (alone, alone + dateline, alone + dateline + label)
    ]
    assert [article.published for article in found] == ["2024-05-03", "2024-05-04", "2024-05-05"]
    assert [article.found_in["published"] for article in found] == [
        "date line, line 1",
        "dateline, line 3",
        "date line, line 5",
    ]


def test_lines_around_a_headline_count_not_those_of_a_page_above_it() -> None:
    above = "8 May 2024\n" + "".join(f"Section {number}\n" for number in range(12))
    text = above + "The bridge is open\n3 May 2024\n" + BODY
    assert describe(Article(text=text, title="The bridge is open")).published == "2024-05-03"
    assert describe(Article(text=text, title="Elsewhere")).published == "2024-05-08"


def test_a_small_letter_below_a_headline_begins_a_line_and_elsewhere_goes_on_with_one() -> None:
    text = "The bridge is open\nby Ann Smith 3 May 2024\nIt was opened yesterday\nby Bob Jones 4 May 2024\n"
    article = Article(text=text, title="The bridge is open", language="en")
    assert (describe(article).authors, describe(article).published) == (("Ann Smith",), "2024-05-03")
    wrapped = describe(replace(article, title="Elsewhere"))
    assert (wrapped.authors, wrapped.published) == ((), None)


def test_a_change_before_publication_is_none() -> None:
    text = "Published: 5 May 2024\nUpdated: 4 May 2024\n"
    assert describe(Article(text=text, language="en")).updated is None


def test_odd_text_is_described_at_once() -> None:
    for text in (
        "",
        "\n",
        " " * 500_000,
        "12 " * 300_000,
        "a" * 500_000,
        "By " * 300_000,
        "(" * 300_000,
        "-\n" * 99_999,
    ):
        assert describe(Article(text=text, language="en")) == Article(text=text, language="en")


def test_several_addresses_are_references() -> None:
    text = BODY + "https://example.org/a\nhttps://example.org/b\n"
    assert describe(Article(text=text)).url is None


def test_an_agency_is_the_source_where_none_is_named() -> None:
    text = "MOSCOW, Nov 21 (Agency) - The council met.\n"
    found = describe(Article(text=text, language="en"))
    assert (found.source, found.found_in["source"], found.published) == ("Agency", "dateline, line 1", None)
    assert describe(Article(text=text + "\nSource: Example\n", language="en")).source == "Example"


@pytest.mark.parametrize(
    ("name", "published"),
    [
        ("2022-05-14-title.md", "2022-05-14"),
        ("2022-05-14.md", "2022-05-14"),
        ("20220514_title.txt", "2022-05-14"),
        ("2022-05-title.md", "2022-05"),
        ("2022_05_14_title.md", None),
        ("2022-title.md", None),
        ("2022-13-01-title.md", None),
        ("20221345_x.md", None),
        ("202205141200.md", None),
        ("report-2022-05-14.md", None),
        ("", None),
    ],
)
def test_a_file_name_dates_what_nothing_else_dates(name: str, published: str | None) -> None:
    found = describe(Article(text="Short.\n", language="en"), name=name)
    assert found.published == published
    assert found.found_in == ({"published": "file name"} if published else {})
    assert describe(Article(text="3 May 2024\n", language="en"), name=name).published == "2024-05-03"


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("The ministers met on Monday to talk about the new border treaty.", "en"),
        ("Die Minister trafen sich am Montag, um über den Grenzvertrag zu sprechen.", "de"),
        ("Les ministres se sont réunis lundi pour parler du nouveau traité.", "fr"),
        ("Los ministros se reunieron el lunes para hablar del nuevo tratado fronterizo.", "es"),
        ("I ministri si sono incontrati lunedì per parlare del nuovo trattato.", "it"),
        ("Os ministros reuniram-se na segunda-feira para falar do novo tratado de fronteira.", "pt"),
        ("Министры встретились в понедельник, чтобы обсудить новый договор о границе.", "ru"),
        ("Bakanlar yeni sınır anlaşmasını görüşmek üzere pazartesi günü bir araya geldi.", "tr"),
        ("Rain is expected.", None),
        ("12 13 14 2019 2020 " * 20, None),
        ("https://example.org/the-ministers-met-on-monday-to-talk-about-the-treaty", None),
        ("Lavrov Mirzoyan Bayramov Dushanbe Yerevan Baku Tashkent Bishkek Astana Minsk", None),
        ("", None),
    ],
)
def test_the_language_of_a_text(text: str, language: str | None) -> None:
    assert language_of(text) == language
