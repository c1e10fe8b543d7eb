from __future__ import annotations

import pytest

from briefqa.corpus.article import Article, LoadOptions
from briefqa.corpus.loaders import web
from briefqa.corpus.loaders.web import load_html

SENTENCES = (
    "The council of ministers met on Monday in the old town hall and agreed on a budget for the bridges.",
    "Officials said that repairs on the northern crossing would begin before the river freezes in the winter.",
    "A spokeswoman for the region added that ferries would carry lorries until the work has been completed.",
)
PAGE = """<!DOCTYPE html><html lang="en-GB"><head><meta charset="utf-8">
<title>Council agrees on bridges | The Daily Example</title>
<link rel="canonical" href="https://news.example/2018/11/22/bridges">
<meta property="og:site_name" content="The Daily Example">
<meta property="article:published_time" content="2018-11-22T23:30:00+04:00">
<meta property="article:modified_time" content="2018-11-23T08:00:00+04:00">
<meta name="author" content="Ann Example"><meta name="keywords" content="bridges, budget,Bridges,">
<style>p {{ color: red }}</style><script>var a = "<p>never seen</p>";</script></head>
<body><nav><ul><li><a href="/">Home</a></li><li><a href="/w">World</a></li><li><a href="/s">Sport</a></li></ul></nav>
<main><article><h1>Council agrees on bridges</h1>
{body}
</article></main>
<aside><h3>Popular now</h3><ul><li><a href="/1">Ten lakes to see before summer ends</a></li>
<li><a href="/2">Why cats sleep all day long</a></li></ul></aside>
<footer><p>Copyright The Daily Example. All rights reserved.</p></footer></body></html>"""


def paragraphs(*texts: str) -> str:
    return "\n".join(f"<p>{text}</p>" for text in texts)


def load(page: str | bytes, *, clean: bool = True) -> Article:
    data = page.encode() if isinstance(page, str) else page
    [article] = load_html(data, LoadOptions("page.html", clean=clean))
    return article


def test_the_article_is_kept_and_the_rest_is_told() -> None:
    article = load(PAGE.format(body=paragraphs(*SENTENCES)))
    assert article.text == "\n\n".join(SENTENCES)
    assert article.lines_of == "text"
    assert article.line_map == ((0, 1),)
    assert article.warnings == ()
    assert [(cut.reason, cut.lines) for cut in article.cuts] == [
        ("not part of the article", None),
        ("the title, which is kept as such", None),
        ("not part of the article", None),
    ]
    menu, title, rest = (cut.text for cut in article.cuts)
    assert menu == "- Home\n- World\n- Sport"
    assert title == "Council agrees on bridges"
    assert rest == (
        "Popular now\n\n- Ten lakes to see before summer ends\n- Why cats sleep all day long\n\n"
        "Copyright The Daily Example. All rights reserved."
    )


def test_what_the_page_says_of_itself() -> None:
    article = load(PAGE.format(body=paragraphs(*SENTENCES)))
    assert article.title == "Council agrees on bridges"
    assert article.source == "The Daily Example"
    assert article.authors == ("Ann Example",)
    assert (article.published, article.updated) == ("2018-11-22", "2018-11-23")
    assert article.url == "https://news.example/2018/11/22/bridges"
    assert article.language == "en"
    assert article.tags == ("Bridges", "budget")
    assert article.found_in == {
        "title": "its heading",
        "source": "meta og:site_name",
        "authors": "meta author",
        "published": "meta article:published_time",
        "updated": "meta article:modified_time",
        "url": "link canonical",
        "language": "html lang",
        "tags": "meta keywords",
    }


def test_without_cleaning_all_that_is_seen_is_text() -> None:
    article = load(PAGE.format(body=paragraphs(*SENTENCES)), clean=False)
    assert article.text == (
        "- Home\n- World\n- Sport\n\nCouncil agrees on bridges\n\n"
        + "\n\n".join(SENTENCES)
        + "\n\nPopular now\n\n- Ten lakes to see before summer ends\n- Why cats sleep all day long\n\n"
        "Copyright The Daily Example. All rights reserved."
    )
    assert article.cuts == ()
    assert article.title == "Council agrees on bridges"


def test_headings_lists_tables_and_quotes_stand_as_paragraphs_and_lines() -> None:
    body = (
        paragraphs(SENTENCES[0])
        + "<h2>What it costs</h2>"
        + paragraphs(SENTENCES[1])
        + "<ul><li>Steel for the northern crossing</li><li><p>Ferries for the winter</p></li></ul>"
        + "<table><tr><th>Year</th><th>Million</th></tr><tr><td>2018</td><td>12<br>at most</td></tr></table>"
        + "<blockquote><p>We shall not wait until spring to begin, the minister told the council.</p></blockquote>"
        + paragraphs(SENTENCES[2])
    )
    assert load(PAGE.format(body=body)).text == "\n\n".join(
        [
            SENTENCES[0],
            "What it costs",
            SENTENCES[1],
            "- Steel for the northern crossing\n- Ferries for the winter",
            "Year | Million\n2018 | 12 at most",
            "We shall not wait until spring to begin, the minister told the council.",
            SENTENCES[2],
        ]
    )


def test_links_to_other_stories_between_paragraphs_are_left_out_and_links_in_sentences_are_text() -> None:
    linked = SENTENCES[1].replace("repairs", '<a href="/r">repairs</a>')
    body = paragraphs(SENTENCES[0], '<a href="/o">READ MORE: Mayor opens lake</a>', linked, SENTENCES[2])
    article = load(PAGE.format(body=body))
    assert article.text == "\n\n".join(SENTENCES)
    assert "READ MORE: Mayor opens lake" in [cut.text for cut in article.cuts]


def test_a_sentence_that_is_all_link_stays() -> None:
    body = paragraphs(SENTENCES[0], f'<a href="/o">{SENTENCES[1]} And so on, and so forth.</a>', SENTENCES[2])
    assert SENTENCES[1] in load(PAGE.format(body=body)).text


def test_the_story_below_is_not_quoted_as_the_first() -> None:
    other = (
        "The zoo has bought two lions from a circus that closed last year, its director said on Friday morning.",
        "Visitors may see the lions from March on, when their new house has been built near the southern gate.",
        "The director of the circus said that he was glad that the animals would have more space than before.",
    )
    page = PAGE.format(body=paragraphs(*SENTENCES)).replace(
        "</article>", f"</article><article><h1>Lions for the zoo</h1>{paragraphs(*other)}</article>"
    )
    article = load(page)
    assert "lions" not in article.text
    assert all(sentence in article.text for sentence in SENTENCES)
    assert "Lions for the zoo" in "\n".join(cut.text for cut in article.cuts)


def test_what_is_hidden_is_not_text() -> None:
    hidden = '<p hidden>one</p><p style="color: red; DISPLAY : none">two</p><template><p>three</p></template>'
    assert load(f"<p>Seen.</p>{hidden}<noscript>four</noscript>", clean=False).text == "Seen."


def test_a_page_of_next_to_nothing_keeps_it_and_says_so() -> None:
    article = load("<title>Note</title><nav>Menu</nav><p>Back at noon.</p>")
    assert article.text == "Back at noon."
    assert article.title == "Note"
    assert article.warnings in (
        (),
        ("its article can't be told from the rest of the page, so all of its text is kept",),
    )


def test_an_unknown_date_stays_unknown() -> None:
    page = PAGE.replace('<meta property="article:published_time" content="2018-11-22T23:30:00+04:00">', "").replace(
        "/2018/11/22/", "/"
    )
    article = load(page.format(body=paragraphs(*SENTENCES)))
    assert article.published is None
    assert "published" not in article.found_in


@pytest.mark.parametrize(
    ("page", "reason"),
    [
        (b"", "^it is empty$"),
        (b" \n ", "^it is empty$"),
        (b"<html><body><script>1</script></body></html>", "^it is HTML without any text$"),
        (b"<!-- nothing -->", "^it is HTML without any text$"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\1\0", "^it looks like a binary file, not like text$"),
        (b"<div>" * 10_000 + b"text", "^its elements are nested too deep to be read$"),
        (b"<p>x" * 600_000, "^it has over 500,000 elements, too many for a page$"),
        (b"x" * 20_000_001, "^it is over 20 MB, too large for a page$"),
    ],
)
def test_what_gives_no_article_is_refused(page: bytes, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        load(page)


def test_text_below_the_deepest_level_is_missed_with_a_warning() -> None:
    article = load("<p>Read.</p>" + "<div>" * 10_000 + "Not read." + "</div>" * 10_000, clean=False)
    assert article.text == "Read."
    assert article.warnings == ("its elements are nested too deep to be read whole, so text is missing",)


def test_entities_of_a_page_name_no_file() -> None:
    page = (
        '<?xml version="1.0"?><!DOCTYPE html [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
        '<html xmlns="http://www.w3.org/1999/xhtml"><body><p>before &x; after</p></body></html>'
    )
    assert load(page, clean=False).text == "before &x; after"


def test_broken_entities_are_kept_or_replaced() -> None:
    assert load("<p>caf&eacute &bogus; &#x110000; &amp;amp;</p>", clean=False).text == "café &bogus; \ufffd &amp;"


def test_a_large_page_is_kept_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("briefqa.corpus.markup.main_text.MOST_ELEMENTS", 20)
    article = load(PAGE.format(body=paragraphs(*SENTENCES)))
    assert all(sentence in article.text for sentence in SENTENCES)
    assert article.warnings == ("its article can't be told from the rest of the page, so all of its text is kept",)


def test_cuts_are_told_up_to_a_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    page = PAGE.format(body=paragraphs(*SENTENCES))
    monkeypatch.setattr(web, "MOST_CUTS", 1)
    assert len(load(page).cuts) == 1
    monkeypatch.setattr(web, "MOST_CUTS", 200)
    monkeypatch.setattr(web, "MOST_CUT_CHARACTERS", 60)
    assert [cut.text for cut in load(page).cuts] == ["- Home\n- World\n- Sport", "Council agrees on bridges"]
