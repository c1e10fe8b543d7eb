from __future__ import annotations

import csv
import json
import re
from io import StringIO
from typing import Any

import pytest

from briefqa.corpus.article import Article, Loader, LoadOptions
from briefqa.corpus.loaders.records import load_csv, load_json, load_jsonl, load_tsv

NO_TEXT = (
    "none of its fields is known to hold the text: they are {}; name the one that does in briefqa.toml: "
    '[fields] text = "..."'
)


def jsonl(*records: Any, **fields: str) -> list[Article]:
    data = "\n".join(json.dumps(record, ensure_ascii=False) for record in records)
    return load_jsonl(data.encode(), LoadOptions("a.jsonl", fields=fields))


def one(record: dict[str, Any], **fields: str) -> Article:
    [article] = jsonl(record, **fields)
    return article


def table(rows: list[list[str]], delimiter: str = ",") -> bytes:
    written = StringIO()
    csv.writer(written, delimiter=delimiter).writerows(rows)
    return written.getvalue().encode()


def test_a_record_is_an_article_with_all_that_it_says() -> None:
    article = one(
        {
            "id": 7, "headline": "Rain", "body": "It rained.\r\n\r\nThen not.", "pubDate": "2018-11-22T09:30:00+04:00",
            "date_modify": "2018-12", "author": ["Ann Example", {"name": "Bob"}], "publisher": {"name": "The Review"},
            "link": "https://example.org/a", "lang": "en-GB", "section": "weather; sea", "words": 4, "nested": {"a": 1},
        }
    )  # fmt: skip
    assert article == Article(
        text="It rained.\n\nThen not.",
        part="7",
        lines_of="text",
        title="Rain",
        source="The Review",
        authors=("Ann Example", "Bob"),
        published="2018-11-22",
        updated="2018-12",
        url="https://example.org/a",
        language="en",
        tags=("weather", "sea"),
        metadata={"words": "4"},
        found_in={
            "title": "field headline", "source": "field publisher", "authors": "field author",
            "published": "field pubDate", "updated": "field date_modify", "url": "field link",
            "language": "field lang", "tags": "field section",
        },
    )  # fmt: skip


def test_parts_are_numbers_of_records_unless_each_has_an_id_of_its_own() -> None:
    assert [article.part for article in jsonl({"text": "a"}, {"title": "none"}, {"text": "b"})] == ["1", "3"]
    assert [article.part for article in jsonl({"text": "a", "id": "x"}, {"text": "b", "id": 5})] == ["x", "5"]
    assert [article.part for article in jsonl({"text": "a", "id": "x"}, {"text": "b", "id": "x"})] == ["1", "2"]
    assert [article.part for article in jsonl({"text": "a", "id": "x"}, {"text": "b"})] == ["1", "2"]
    assert [article.part for article in jsonl({"text": "a", "id": "x#1"}, {"text": "b", "id": "y"})] == ["1", "2"]


@pytest.mark.parametrize(
    "name", ["text", "body", "content", "article", "maintext", "Article Text", "full-text", " TEXT ", "articleBody"]
)
def test_usual_names_of_the_text(name: str) -> None:
    assert one({name: "It rained."}).text == "It rained."


def test_the_first_name_with_something_in_it_counts() -> None:
    article = one(
        {"text": " ", "content": "It rained.", "title": None, "headline": "H", "date": "", "timestamp": "2018"}
    )
    assert (article.text, article.title, article.published) == ("It rained.", "H", "2018")


def test_given_names_come_first_and_may_lead_into_objects() -> None:
    record = {"text": "short", "full": "It rained.", "meta": {"head": {"line": "Rain"}}, "a.b": "2018-11"}
    article = one(record, text="full", title="meta.head.line", published="a.b", source="not there")
    assert (article.text, article.title, article.published, article.source) == ("It rained.", "Rain", "2018-11", None)
    assert article.found_in == {"title": "field meta.head.line", "published": "field a.b"}


@pytest.mark.parametrize(
    ("value", "date"),
    [
        ("2018-11-22", "2018-11-22"),
        ("2018-11", "2018-11"),
        (2018, "2018"),
        ("2018-11-22 09:30:00", "2018-11-22"),
        ("20181122", "2018-11-22"),
        ("20181122T093000Z", "2018-11-22"),
        ("Thu, 22 Nov 2018 09:30:00 +0400", "2018-11-22"),
        ("1 Nov 2018 09:30 GMT", "2018-11-01"),
        (1542844800, "2018-11-22"),  # date -u -d @1542844800
        ("1542844799", "2018-11-21"),
        (1542844800000, "2018-11-22"),
        (1542844800.5, "2018-11-22"),
    ],
)
def test_dates(value: Any, date: str) -> None:
    article = one({"text": "a", "date": value})
    assert (article.published, article.warnings) == (date, ())


@pytest.mark.parametrize(
    "value", ["22/11/2018", "2018-02-30", "20181322", "Thu, 31 Feb 2018 09:30:00 +0400", "soon", 5, -1]
)
def test_another_date_is_unknown_and_told(value: Any) -> None:
    first, second = jsonl({"text": "a", "date": value}, {"text": "b", "date": value})
    assert first.published is second.published is None
    assert first.warnings == (
        f"2 of its dates, as '{value}', are not of a form like 2018-11-22, 2018-11 or 2018, so they are unknown",
    )
    assert second.warnings == ()


@pytest.mark.parametrize(
    ("value", "authors"),
    [
        ("Ann Example", ("Ann Example",)),
        ("By Ann Example", ("Ann Example",)),
        ("Byron Example", ("Byron Example",)),
        ("Ann; Bob", ("Ann", "Bob")),
        ("Example, Ann", ("Example, Ann",)),
        ("['Ann', 'Bob']", ("Ann", "Bob")),
        ("[Ann", ("[Ann",)),
        ("[" * 3000 + "]" * 3000, ("[" * 3000 + "]" * 3000,)),
        ([{"name": "Ann"}, {"x": 1}, None, ["Bob"], "Ann"], ("Ann",)),
        ({"name": "Ann"}, ("Ann",)),
        (None, ()),
        (True, ()),
    ],
)
def test_authors(value: Any, authors: tuple[str, ...]) -> None:
    assert one({"text": "a", "author": value}).authors == authors


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("<p>One &amp; <b>two</b>.</p>\n<p>Three<br>four.</p>", "One & two.\n\nThree\nfour."),
        ("<h2>Head</h2><ul><li>a</li><li>b <i>c</i></li></ul>End.", "Head\n\n- a\n- b c\n\nEnd."),
        ("<table><tr><td>a</td><td>b</td></tr><tr><td>c</td><td>d</td></tr></table>x<br/>y", "a | b\nc | d\n\nx\ny"),
        ("<p>One.</p><script>if (a<b) {}</script><style>p{}</style><!-- no --><p>Two.</p>", "One.\n\nTwo."),
        ("If a <b and c> d, then\n\n\n x  &amp; y.\t", "If a <b and c> d, then\n\nx &amp; y."),
        ("Write <p> for a paragraph.", "Write <p> for a paragraph."),
        ("One\rtwo\u200b\xadthree.\n \nFour", "One\ntwothree.\n\nFour"),
        (["One.", "", "Two.", 3], "One.\n\nTwo."),
        ("lone \ud800 surrogate", "lone ? surrogate"),
    ],
)
def test_texts(value: Any, text: str) -> None:
    [article] = load_jsonl(json.dumps({"text": value}).encode(), LoadOptions())
    assert article.text == text


def test_deep_html_does_no_harm() -> None:
    for depth in (500, 50_000):
        assert one({"text": "<div>" * depth + "<p>Text.</p>" + "</div>" * depth}).text == "Text."


def test_records_without_text_and_broken_lines_are_counted() -> None:
    data = b'{"text": "a"}\n\n{"title": "only"}\n{broken\n[1]\n{"text": ""}\n' + b"[" * 100_000 + b'\n{"text": "b"}\n'
    first, second = load_jsonl(data, LoadOptions())
    assert (first.text, first.part, second.text, second.part) == ("a", "1", "b", "7")
    assert first.warnings == (
        "2 of its 4 records have no text",
        "3 of its lines are no JSON object, the first being line 4",
    )


def test_json_files_of_several_shapes() -> None:
    def texts(value: Any) -> list[tuple[str, str]]:
        return [(entry.part, entry.text) for entry in load_json(json.dumps(value).encode(), LoadOptions())]

    assert texts([{"text": "a"}, {"text": "b"}]) == [("1", "a"), ("2", "b")]
    assert texts({"count": 2, "articles": [{"text": "a"}, {"text": "b"}], "errors": []}) == [("1", "a"), ("2", "b")]
    assert texts({"title": "T", "text": "a", "links": [{"url": "u"}]}) == [("", "a")]
    [article] = load_json(b'[{"text": "a"}, 3]', LoadOptions())
    assert article.warnings == ("1 of its entries is no record",)


@pytest.mark.parametrize(
    ("load", "data", "reason"),
    [
        (load_json, b"", "it is empty"),
        (load_json, b"{", "it is not valid JSON"),
        (load_json, b"[" * 100_000, "it is not valid JSON"),
        (load_json, b"3", "it holds no records, only a value"),
        (load_json, b"[1, 2]", "it holds no records"),
        (load_json, b'{"a": [{"text": "x"}], "b": [{"text": "y"}]}',
         "it holds several lists of records ('a', 'b'): keep one of them in a file"),
        (load_json, b'{"name": "x", "version": 1}', NO_TEXT.format("'name', 'version'")),
        (load_json, json.dumps([{f"f{n}": n for n in range(15)}]).encode(),
         NO_TEXT.format(", ".join(f"'f{n}'" for n in range(12)) + " and 3 more")),
        (load_jsonl, b"not\njson", "it holds no records: its line 1 is no JSON object"),
        (load_jsonl, b'{"text": ""}\n{"text": null}', "none of its records has a text"),
        (load_jsonl, b"\x89PNG\0", "it looks like a binary file, not like text"),
        (load_csv, b"name,size\na,1\n", NO_TEXT.format("'name', 'size'")),
        (load_csv, b"text,title\n", "it holds no records"),
        (load_csv, b"title,text\nonly,\n", "none of its records has a text"),
    ],
)  # fmt: skip
def test_what_gives_no_article_is_refused_with_a_reason(load: Loader, data: bytes, reason: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(reason)}$"):
        load(data, LoadOptions())


ROWS = [["Title", "Text", "Date"], ["A, b; c", 'It "rained".\n\nThen\tnot | so.', "2018-11-22"], [], ["B", "x"]]


@pytest.mark.parametrize(
    ("load", "delimiter"), [(load_csv, ","), (load_csv, ";"), (load_csv, "|"), (load_csv, "\t"), (load_tsv, "\t")]
)
def test_tables_with_any_delimiter(load: Loader, delimiter: str) -> None:
    first, second = load(table(ROWS, delimiter), LoadOptions())
    assert (first.part, first.title, first.text, first.published) == (
        "1", "A, b; c", 'It "rained".\n\nThen not | so.', "2018-11-22",
    )  # fmt: skip
    assert (second.part, second.title, second.text, second.published) == ("2", "B", "x", None)
    assert first.found_in == {"title": "field Title", "published": "field Date"}


def test_a_long_field_a_byte_order_mark_another_encoding_and_two_columns_of_one_name() -> None:
    long = "word " * 100_000
    [article] = load_csv(
        b"\xef\xbb\xbf" + table([["text", "text", ""], [long, "second", "third", "fourth"]]), LoadOptions()
    )
    assert article.text == long.strip()
    text = "Les élèves ont été très étonnés de la décision prise à l'école, où l'été s'achève."
    [article] = load_csv(f"title;text\nÉté;{text}\n".encode("cp1252"), LoadOptions())
    assert (article.title, article.text) == ("Été", text)
    assert article.warnings == ("it is not in UTF-8 and was read as cp1252, which is a guess: look at its accents",)
