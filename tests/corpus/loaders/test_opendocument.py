from __future__ import annotations

import re
import zipfile
from datetime import datetime
from io import BytesIO

import pytest
from odfdo import Document, Header, List, ListItem, Paragraph, Table

from briefqa.corpus.article import Article, LoadOptions
from briefqa.corpus.loaders.opendocument import load_odt
from tests.corpus.loaders.test_word import altered


def document() -> Document:
    made = Document("text")
    made.body.clear()
    return made


def bytes_of(made: Document) -> bytes:
    written = BytesIO()
    made.save(written)
    return written.getvalue()


def load(made: Document | bytes) -> Article:
    [article] = load_odt(made if isinstance(made, bytes) else bytes_of(made), LoadOptions("a.odt"))
    return article


def with_text(xml: str) -> bytes:
    """A document whose text is written by hand."""
    made = document()
    made.body.append(Paragraph("HERE"))

    def put(content: bytes) -> bytes:
        return re.sub(rb"<text:p[^>]*>HERE</text:p>", xml.encode(), content)

    return altered(bytes_of(made), {"content.xml": put})


def test_paragraphs_headings_lists_and_tables_come_in_order() -> None:
    made = document()
    made.body.append(Header(1, "Rain in the harbour town"))
    made.body.append(Paragraph("It rained for nine days."))
    outer = List(["the cellars"])
    item = ListItem("the bridges")
    item.append(List(["the old one"]))
    outer.append(item)
    made.body.append(outer)
    table = Table("T", width=3, height=2)
    for place, value in [("A1", "Town"), ("C1", "Rain"), ("A2", "Aa")]:
        table.set_value(place, value)
    table.set_value("B2", 12)
    made.body.append(table)
    made.body.append(Paragraph("The end."))
    article = load(made)
    assert article.text == (
        "Rain in the harbour town\n\nIt rained for nine days.\n\n- the cellars\n- the bridges\n- the old one\n\n"
        "Town | Rain\nAa | 12\n\nThe end."
    )
    assert (article.lines_of, article.line_map, article.page_map) == ("text", ((0, 1),), ())


def test_spaces_tabs_and_line_breaks() -> None:
    article = load(
        with_text(
            "<text:p>One<text:s text:c='3'/>two<text:tab/>three<text:line-break/>four "
            "<text:span>five</text:span>.</text:p>"
        )
    )
    assert article.text == "One two three\nfour five."


def test_soft_page_breaks_give_pages() -> None:
    article = load(
        with_text(
            "<text:p>On page one.</text:p><text:p>It starts there and <text:soft-page-break/>goes on.</text:p>"
            "<text:soft-page-break/><text:p>On page three.</text:p>"
        )
    )
    assert article.text == "On page one.\n\nIt starts there and goes on.\n\nOn page three."
    assert article.page_map == ((0, 1), (article.text.index("goes on"), 2), (article.text.index("On page three"), 3))


def test_notes_come_after_their_paragraph_and_comments_not_at_all() -> None:
    made = document()
    paragraph = Paragraph("A claim with a note.")
    paragraph.insert_note(after="note", note_id="n1", citation="1", body="The source of it.")
    paragraph.insert_annotation(after="claim", body="Really?", creator="A")
    made.body.append(paragraph)
    made.body.append(Paragraph("More."))
    assert load(made).text == "A claim with a note.\n\nThe source of it.\n\nMore."


def test_tracked_deletions_are_left_out_and_insertions_kept() -> None:
    xml = (
        '<text:tracked-changes><text:changed-region text:id="d"><text:deletion><text:p>failed</text:p></text:deletion>'
        '</text:changed-region></text:tracked-changes><text:p>The talks <text:change text:change-id="d"/>'
        '<text:change-start text:change-id="i"/>went on<text:change-end text:change-id="i"/>.</text:p>'
    )
    assert load(with_text(xml)).text == "The talks went on."


def test_a_text_box_comes_after_its_paragraph_and_a_pictures_title_not_at_all() -> None:
    xml = (
        "<text:section><text:p>Text.<draw:frame><svg:title>alt</svg:title><draw:text-box><text:p>In a box.</text:p>"
        "</draw:text-box></draw:frame></text:p></text:section>"
    )
    assert load(with_text(xml)).text == "Text.\n\nIn a box."


def test_properties_and_the_title_style() -> None:
    made = document()
    made.body.append(Paragraph("Rain, again", style="Title"))
    assert load(made).title == "Rain, again"
    assert load(made).found_in == {"title": "Title style"}
    made.meta.title, made.meta.initial_creator, made.meta.creator = "On rain", "Ann Example", "Bob"
    made.meta.language, made.meta.keyword = "pt-BR", "rain, water"
    made.meta.creation_date, made.meta.date = datetime(2018, 11, 22, 9), datetime(2019, 1, 2)
    article = load(made)
    assert (article.title, article.authors, article.tags, article.language) == (
        "On rain",
        ("Ann Example",),
        ("rain", "water"),
        "pt",
    )
    assert article.metadata == {"created": "2018-11-22", "modified": "2019-01-02"}
    assert article.found_in == dict.fromkeys(("title", "authors", "tags", "language"), "OpenDocument properties")
    assert article.published is None


def simple() -> bytes:
    made = document()
    made.body.append(Paragraph("Text."))
    return bytes_of(made)


def encrypted(content: bytes) -> bytes:
    return content.replace(b"</manifest:manifest>", b"<manifest:encryption-data/></manifest:manifest>")


def spreadsheet() -> bytes:
    return bytes_of(Document("spreadsheet"))


XXE = b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>'


def plain_zip() -> bytes:
    written = BytesIO()
    with zipfile.ZipFile(written, "w") as made:
        made.writestr("a.txt", "Text.")
    return written.getvalue()


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "it is no zip file, or a broken one"),
        (simple()[:900], "it is no zip file, or a broken one"),
        (plain_zip(), "it is no OpenDocument text: it has no content.xml with a text"),
        (spreadsheet(), "it is no OpenDocument text: it has no content.xml with a text"),
        (with_text(""), "it has no text"),
        (altered(simple(), {"content.xml": b"<a"}), "its content.xml is broken"),
        (altered(simple(), {"content.xml": XXE}),
         "its content.xml has a document type, which is not allowed there"),
        (altered(simple(), {"META-INF/manifest.xml": encrypted}),
         "it is encrypted: save it without its password first"),
        (with_text("<text:section>" * 100_000 + "</text:section>" * 100_000), "its content.xml is broken"),
    ],
    ids=["empty", "cut off", "plain zip", "spreadsheet", "no text", "broken", "entity", "encrypted", "deep"],
)  # fmt: skip
def test_what_gives_no_text_is_refused_with_a_reason(data: bytes, reason: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(reason)}$"):
        load(data)
