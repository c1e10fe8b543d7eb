from __future__ import annotations

import pytest

from briefqa.corpus.article import Article, LoadOptions
from briefqa.corpus.loaders import text as loaders


def load_markdown(text: str) -> Article:
    (article,) = loaders.load_markdown(text.encode("utf-8", "surrogatepass"), LoadOptions())
    return article


def load_text(text: str) -> Article:
    (article,) = loaders.load_text(text.encode(), LoadOptions())
    return article


def front(fields: str) -> Article:
    return load_markdown(f"---\n{fields}\n---\nBody.\n")


def test_front_matter_gives_every_field_and_the_body_starts_after_it() -> None:
    text = (
        '---\ntitle: "A: b"\ndate: 2018-11-22\nsource: The  Example\nauthors: [Ann, Bob Ó Cé]\n'
        "url: https://example.org/a\ntags: [x, y]\nwords: 12\nnested: {a: 1}\nnothing:\n---\n\nBody.\n"
    )
    loaded = load_markdown(text)
    assert loaded == Article(
        text="\nBody.\n",
        line_map=((0, 12),),
        title="A: b",
        source="The Example",
        authors=("Ann", "Bob Ó Cé"),
        published="2018-11-22",
        url="https://example.org/a",
        metadata={"tags": "x, y", "words": "12"},
        warnings=(),
    )


@pytest.mark.parametrize(
    ("fields", "authors"),
    [
        ("author: Ann", ("Ann",)),
        ("authors: Ann and Bob", ("Ann and Bob",)),
        ("author: [Ann, Bob]", ("Ann", "Bob")),
        ("authors:\n- Ann\n-\n- Bob", ("Ann", "Bob")),
        ("author: Ann\nauthors: [Bob]", ("Bob",)),
        ("title: none named", ()),
    ],
)
def test_authors_are_one_or_a_list(fields: str, authors: tuple[str, ...]) -> None:
    assert front(fields).authors == authors


@pytest.mark.parametrize(
    ("fields", "published"),
    [
        ("date: 2018-11-22", "2018-11-22"),
        ("date: '2018-11-22'", "2018-11-22"),
        ("date: 2018-11", "2018-11"),
        ("date: 2018", "2018"),
        ("published: 2018-11", "2018-11"),
        ("date: 2018\npublished: 2017", "2018"),
        ("date: 2018-11-22 23:30:00", "2018-11-22"),
        ("date: 2018-11-22T23:30:00+04:00", "2018-11-22"),
        ("date: '2018-11-22T23:30:00Z'", "2018-11-22"),
        ("date: 2024-02-29", "2024-02-29"),
        ("date:", None),
        ("title: undated", None),
    ],
)
def test_dates_may_be_partial(fields: str, published: str | None) -> None:
    loaded = front(fields)
    assert (loaded.published, loaded.warnings) == (published, ())


@pytest.mark.parametrize(
    "date",
    ["2018-13", "2018-11-31", "2023-02-29", "22 November 2018", "11/22/2018", "18", "2018-1-2", "0000", "soon" * 20],
)
def test_another_date_is_unknown_and_told(date: str) -> None:
    loaded = front(f"title: Kept\ndate: {date}")
    assert (loaded.title, loaded.published) == ("Kept", None)
    assert loaded.warnings == (
        f"its date {date[:40]!r} is not of the form 2018-11-22, 2018-11 or 2018, so its date is unknown",
    )


@pytest.mark.parametrize("typed", ["007", "1984.10", "No", "12:30", "0x10", "1_000", "2018-01-01"])
def test_a_title_stays_as_it_was_typed(typed: str) -> None:
    assert front(f"title: {typed}").title == typed


@pytest.mark.parametrize(
    ("fields", "place"),
    [
        ("title: a: b", "line 2: mapping values are not allowed here"),
        ("title: [a, b", "line 3: expected ',' or ']', but got '<stream end>'"),
        ("title: !!int many", "unreadable"),
        ("title: " + "[" * 1000 + "]" * 1000, "unreadable"),
        ("title: a\x01", "unreadable"),
    ],
    ids=["colon", "bracket", "tag", "depth", "control"],
)
def test_broken_front_matter_is_told_and_the_body_kept(fields: str, place: str) -> None:
    text = f"---\n{fields}\n---\n# Heading\n\nBody.\n"
    loaded = load_markdown(text)
    assert loaded.text.strip() == "# Heading\n\nBody."
    assert loaded.title == "Heading"
    told = f"its front matter is not valid YAML ({place}), so its title and date are unknown"
    assert loaded.warnings == (told,)


@pytest.mark.parametrize(
    "text",
    [
        "---\n\nA rule stands above this text.\n",
        "---\n\nA rule above.\n\n---\n\nAnd one below.\n",
        "---\n\n# A heading between rules\n\n---\n\nText.\n",
        "---\n- a list\n- is no front matter\n---\nText.\n",
        "Text first.\n---\ntitle: no\n---\n",
        " ---\ntitle: no\n---\n",
        "--- text\ntitle: no\n---\n",
    ],
)
def test_a_rule_that_is_no_front_matter_stays_in_the_body(text: str) -> None:
    loaded = load_markdown(text)
    assert loaded == Article(text=text)


def test_a_later_rule_is_text() -> None:
    text = "---\ntitle: T\n---\nOne.\n\n---\n\nTwo.\n"
    loaded = load_markdown(text)
    assert loaded.text.strip() == "One.\n\n---\n\nTwo."


def test_a_list_that_holds_itself_does_no_harm() -> None:
    loaded = front("authors: &a [Ann, *a]\ntags: &t [x, [y, *t], z]")
    assert loaded.authors == ("Ann", "Ann")
    assert loaded.metadata == {"tags": "x, z"}


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("# A title\n\nText.", "A title"),
        ("\n\n#\tA title ##  \nText.", "A title"),
        ("# Closed #", "Closed"),
        ("## Only a section\n\nText.", None),
        ("#hashtag\n\nText.", None),
        ("Text.\n\n# Late\n", None),
        ("---\ntitle: From the front\n---\n# From the text\n", "From the front"),
        ("---\nsource: S\n---\n\n# From the text\n", "From the text"),
        ("---\ntitle: ''\n---\n\n# From the text\n", "From the text"),
    ],
)
def test_a_heading_at_the_top_is_the_title_when_the_front_matter_has_none(text: str, title: str | None) -> None:
    assert load_markdown(text).title == title


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("A headline\n\nText.", "A headline"),
        ("\n  A headline  \n \t\nText.", "A headline"),
        ("A headline alone\n", "A headline alone"),
        ("Who leads the CSTO?\n\nText.", "Who leads the CSTO?"),
        ("A sentence.\n\nText.", None),
        ("A list follows:\n\nText.", None),
        ("Dear all,\n\nText.", None),
        ("First line\nof a paragraph\n\nText.", None),
        ("x" * 200 + "\n\nText.", "x" * 200),
        ("x" * 201 + "\n\nText.", None),
    ],
)
def test_the_headline_of_plain_text_is_its_title(text: str, title: str | None) -> None:
    assert load_text(text) == Article(text=text, title=title)
