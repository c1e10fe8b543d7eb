from __future__ import annotations

import re
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from io import BytesIO

import pytest
from docx import Document
from docx.document import Document as Made
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn

from briefqa.corpus.article import Article, LoadOptions
from briefqa.corpus.loaders.word import load_docx


def bytes_of(made: Made) -> bytes:
    written = BytesIO()
    made.save(written)
    return written.getvalue()


def load(made: Made | bytes) -> Article:
    [article] = load_docx(made if isinstance(made, bytes) else bytes_of(made), LoadOptions("a.docx"))
    return article


def altered(data: bytes, change: dict[str, Callable[[bytes], bytes] | bytes | None]) -> bytes:
    """A zip with members changed, added, or (for None) left out."""
    written = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as old, zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            wanted = change.get(name, old.read(name))
            if wanted is not None:
                new.writestr(name, wanted if isinstance(wanted, bytes) else wanted(old.read(name)))
        for name in change.keys() - set(old.namelist()):
            added = change[name]
            assert isinstance(added, bytes)
            new.writestr(name, added)
    return written.getvalue()


def test_paragraphs_headings_lists_and_tables_come_in_order() -> None:
    made = Document()
    made.add_heading("Rain in the harbour town", 0)
    made.add_paragraph("It rained\tfor nine  days.").add_run(" Then it stopped.").bold = True
    made.add_paragraph("the cellars", style="List Bullet")
    made.add_paragraph("the old bridge", style="List Number")
    table = made.add_table(2, 3)
    for number, text in enumerate(["Town", "", "Rain", "Aa", "12 mm", "more\nor less"]):
        table.cell(number // 3, number % 3).text = text
    made.add_paragraph("")
    made.add_heading("What now?", 2)
    made.add_paragraph("Nobody\nknows.")
    article = load(made)
    assert article.text == (
        "Rain in the harbour town\n\nIt rained for nine days. Then it stopped.\n\n- the cellars\n- the old bridge\n\n"
        "Town | Rain\nAa | 12 mm | more or less\n\nWhat now?\n\nNobody\nknows."
    )
    assert (article.lines_of, article.line_map, article.page_map) == ("text", ((0, 1),), ())
    assert (article.title, article.found_in["title"]) == ("Rain in the harbour town", "Title style")


def test_pages_are_known_where_word_wrote_them() -> None:
    made = Document()
    made.add_paragraph("On page one.")
    run = made.add_paragraph("It starts on page one and").add_run(" ")
    run._r.append(OxmlElement("w:lastRenderedPageBreak"))
    run.add_text("goes on over page two.")
    started = made.add_paragraph()
    started.add_run()._r.append(OxmlElement("w:lastRenderedPageBreak"))
    started.add_run("On page three.")
    article = load(made)
    assert article.text == "On page one.\n\nIt starts on page one and goes on over page two.\n\nOn page three."
    assert article.page_map == ((0, 1), (article.text.index("goes on"), 2), (article.text.index("On page three"), 3))


def test_tracked_deletions_are_left_out_and_insertions_kept() -> None:
    made = Document()
    paragraph = made.add_paragraph("The talks ")
    for xml in (
        '<w:del %s w:id="1" w:author="A"><w:r><w:delText>failed</w:delText></w:r></w:del>',
        '<w:ins %s w:id="2" w:author="A"><w:r><w:t>went on</w:t></w:r></w:ins>',
        '<w:moveFrom %s w:id="3" w:author="A"><w:r><w:t> in May</w:t></w:r></w:moveFrom>',
        '<w:moveTo %s w:id="4" w:author="A"><w:r><w:t> in June</w:t></w:r></w:moveTo>',
        "<w:r %s><w:rPr><w:vanish/></w:rPr><w:t> hidden</w:t></w:r>",
        '<w:r %s><w:rPr><w:vanish w:val="0"/></w:rPr><w:t>, they say</w:t></w:r>',
        '<w:hyperlink %s w:anchor="x"><w:r><w:t>, here.</w:t></w:r></w:hyperlink>',
        "<w:r %s><w:instrText> PAGE </w:instrText></w:r>",
    ):
        paragraph._p.append(parse_xml(xml % nsdecls("w")))
    assert load(made).text == "The talks went on in June, they say, here."


def test_notes_come_after_their_paragraph_and_a_text_box_after_its_own() -> None:
    made = Document()
    paragraph = made.add_paragraph("A claim with a note")
    paragraph._p.append(parse_xml(f'<w:r {nsdecls("w")}><w:footnoteReference w:id="2"/><w:t>.</w:t></w:r>'))
    content = "<w:txbxContent><w:p><w:r><w:t>In a box.</w:t></w:r></w:p></w:txbxContent>"
    box = f"<w:r {nsdecls('w')}><w:pict>{content}</w:pict></w:r>"
    made.add_paragraph("Beside a box.")._p.append(parse_xml(box))
    notes = (
        f'<w:footnotes {nsdecls("w")}><w:footnote w:type="separator" w:id="0"><w:p/></w:footnote>'
        '<w:footnote w:id="2"><w:p><w:r><w:t>The source of it.</w:t></w:r></w:p></w:footnote></w:footnotes>'
    )
    data = altered(bytes_of(made), {"word/footnotes.xml": notes.encode()})
    assert load(data).text == "A claim with a note.\n\nThe source of it.\n\nBeside a box.\n\nIn a box."


def test_of_two_versions_of_a_drawing_one_is_read() -> None:
    made = Document()
    content = "<w:txbxContent><w:p><w:r><w:t>In a box.</w:t></w:r></w:p></w:txbxContent>"
    made.add_paragraph("Text.")._p.append(
        parse_xml(
            f'<w:r {nsdecls("w")} xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006">'
            f'<mc:AlternateContent><mc:Choice Requires="wps"><w:drawing>{content}</w:drawing></mc:Choice>'
            f"<mc:Fallback><w:pict>{content}</w:pict></mc:Fallback></mc:AlternateContent></w:r>"
        )
    )
    assert load(made).text == "Text.\n\nIn a box."


def test_a_numbered_heading_is_no_item_and_an_item_may_be_none() -> None:
    made = Document()
    heading = made.add_heading("First part", 1)
    numbering = f'<w:numPr {nsdecls("w")}><w:ilvl w:val="0"/><w:numId w:val="%d"/></w:numPr>'
    heading._p.get_or_add_pPr().append(parse_xml(numbering % 1))
    plain = made.add_paragraph("an item")
    plain._p.get_or_add_pPr().append(parse_xml(numbering % 1))
    freed = made.add_paragraph("not one", style="List Bullet")
    freed._p.get_or_add_pPr().append(parse_xml(numbering % 0))
    assert load(made).text == "First part\n\n- an item\n\nnot one"


def test_merged_cells_and_tables_in_cells_are_read_once() -> None:
    made = Document()
    table = made.add_table(2, 2)
    table.cell(0, 0).merge(table.cell(0, 1)).text = "both"
    table.cell(1, 0).text = "left"
    inner = table.cell(1, 1).add_table(1, 2)
    inner.cell(0, 0).text, inner.cell(0, 1).text = "in", "side"
    assert load(made).text == "both\nleft | in side"


def test_properties() -> None:
    made = Document()
    made.add_paragraph("Text.")
    core = made.core_properties
    core.title, core.author, core.keywords, core.language = "On rain", "Ann Example; Bob Ó Cé", "rain, water", "en-GB"
    core.created, core.modified = datetime(2018, 11, 22, 9, tzinfo=UTC), datetime(2019, 1, 2, tzinfo=UTC)
    article = load(made)
    assert (article.title, article.authors, article.tags) == ("On rain", ("Ann Example", "Bob Ó Cé"), ("rain", "water"))
    assert (article.language, article.published) == ("en", None)
    assert article.metadata == {"created": "2018-11-22", "modified": "2019-01-02"}
    assert article.found_in == dict.fromkeys(("title", "authors", "tags", "language"), "Word properties")


@pytest.mark.parametrize("title", ["Microsoft Word - draft", "draft.docx", "Document1", "Word Document", " "])
def test_a_title_that_word_gave_is_none(title: str) -> None:
    made = Document()
    made.add_paragraph("Text.")
    made.core_properties.title = title
    assert load(made).title is None


def simple() -> bytes:
    made = Document()
    made.add_paragraph("Text.")
    return bytes_of(made)


def with_body(content: bytes) -> bytes:
    return altered(simple(), {"word/document.xml": content})


XXE = (
    b'<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]><w:document xmlns:w="w"><w:body>'
    b"<w:p><w:r><w:t>&x;</w:t></w:r></w:p></w:body></w:document>"
)
LAUGHS = (
    b'<!DOCTYPE d [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]><w:document xmlns:w="w"><w:body>'
    b"<w:p><w:r><w:t>&b;</w:t></w:r></w:p></w:body></w:document>"
)
DEEP = b'<w:document xmlns:w="w"><w:body>' + b"<w:sdt>" * 100_000 + b"</w:sdt>" * 100_000 + b"</w:body></w:document>"


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "it is no zip file, or a broken one"),
        (simple()[:3000], "it is no zip file, or a broken one"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600,
         "it is encrypted, or a file of an older format: save it anew without a password"),
        (altered(simple(), {"word/document.xml": None}), "it is no Word file: it has no word/document.xml"),
        (with_body(b"<w:document"), "its word/document.xml is broken"),
        (with_body(b'<w:document xmlns:w="w"/>'), "it is no Word file: it has no word/document.xml"),
        (with_body(b'<w:document xmlns:w="w"><w:body><w:p/></w:body></w:document>'), "it has no text"),
        (with_body(XXE), "its word/document.xml has a document type, which is not allowed there"),
        (with_body(LAUGHS), "its word/document.xml has a document type, which is not allowed there"),
        (with_body(DEEP), "its word/document.xml is broken"),
        (with_body(b" " * 60_000_000), "it holds 'word/document.xml', which unpacks to over 200 times its size"),
        (altered(simple(), {"word/styles.xml": b"<"}), "its word/styles.xml is broken"),
    ],
    ids=["empty", "cut off", "encrypted", "no body part", "broken", "no body", "no text", "entity", "laughs", "deep",
         "bomb", "broken styles"],
)  # fmt: skip
def test_what_gives_no_text_is_refused_with_a_reason(data: bytes, reason: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(reason)}$"):
        load(data)


def test_styles_that_are_based_on_each_other_do_no_harm() -> None:
    made = Document()
    made.add_paragraph("Text.", style="List Bullet")
    styles = made.styles.element
    for style in styles:
        if style.get(qn("w:styleId")) in ("ListBullet", "Normal"):
            for inner in list(style):
                if inner.tag in (qn("w:pPr"), qn("w:basedOn")):
                    style.remove(inner)
            other = {"ListBullet": "Normal", "Normal": "ListBullet"}[style.get(qn("w:styleId"))]
            style.append(parse_xml(f'<w:basedOn {nsdecls("w")} w:val="{other}"/>'))
    assert load(made).text == "Text."
