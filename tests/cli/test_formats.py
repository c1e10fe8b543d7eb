"""A folder with an article of each format, made by real writers: each is indexed, found, and cited with the right page
or line."""

from __future__ import annotations

import csv
import gzip
import io
import json
import zipfile
from collections.abc import Callable
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import docx
import odfdo
import pytest
from docx.enum.text import WD_BREAK
from ebooklib import epub
from fpdf import FPDF

from tests.cli.runner import Runner
from tests.made_once import MadeOnce

BEFORE = "The council of the town met in the old hall, as it does every spring."


def told(thing: str) -> str:
    """The sentence that only one article holds."""
    return f"The {thing} was moved across the river to {thing.capitalize()}ford in March."


def page(thing: str) -> str:
    return (
        f"<!doctype html><html lang=en><head><title>News of the {thing}</title>"
        f'<link rel=canonical href="https://example.org/{thing}">'
        '<meta property="article:published_time" content="2024-03-02T10:00:00Z"></head>'
        "<body><nav><a href=/>Home</a> <a href=/sport>Sport</a></nav><main><article>"
        f"<h1>News of the {thing}</h1><p>{BEFORE}</p><p>{told(thing)}</p>"
        "<p>Nobody had asked for it, and the ferry had to be hired for a day, which cost the town a good deal.</p>"
        "</article></main><footer>All rights reserved</footer></body></html>"
    )


def pdf(path: Path, thing: str) -> None:
    made = FPDF()
    made.set_font("helvetica", size=12)
    for text in (BEFORE, told(thing)):
        made.add_page()
        made.multi_cell(0, 8, text)
    made.output(str(path))


def word(path: Path, thing: str) -> None:
    made = docx.Document()
    made.core_properties.title = f"News of the {thing}"
    made.add_paragraph(BEFORE)
    made.add_paragraph().add_run().add_break(WD_BREAK.PAGE)
    made.add_paragraph(told(thing))
    made.save(str(path))


def open_document(path: Path, thing: str) -> None:
    made = odfdo.Document("text")
    made.body.clear()
    for text in (BEFORE, told(thing)):
        made.body.append(odfdo.Paragraph(text))
    made.save(str(path))


def book(path: Path, thing: str) -> None:
    made = epub.EpubBook()
    made.set_identifier(f"urn:example:{thing}")
    made.set_title(f"News of the {thing}")
    made.set_language("en")
    chapter = epub.EpubHtml(title="One", file_name="one.xhtml", lang="en")
    chapter.content = f"<h1>One</h1><p>{BEFORE}</p><p>{told(thing)}</p>"
    made.add_item(chapter)
    made.toc = (chapter,)
    made.add_item(epub.EpubNcx())
    made.add_item(epub.EpubNav())
    made.spine = ["nav", chapter]
    epub.write_epub(str(path), made)


def mail(path: Path, thing: str) -> None:
    made = EmailMessage()
    made["From"], made["Subject"] = "Ann Example <ann@example.org>", f"News of the {thing}"
    made["Date"] = "Sat, 02 Mar 2024 10:00:00 +0000"
    made.set_content(f"{BEFORE}\n\n{told(thing)}\n")
    path.write_bytes(made.as_bytes())


def saved_page(path: Path, thing: str) -> None:
    made = EmailMessage()
    made["Snapshot-Content-Location"] = f"https://example.org/{thing}"
    made["Subject"] = f"News of the {thing}"
    made.set_content(page(thing), subtype="html")
    made.make_related()
    path.write_bytes(made.as_bytes())


def records(path: Path, thing: str) -> None:
    rows = [{"title": "Another", "text": BEFORE}, {"title": f"News of the {thing}", "text": told(thing)}]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")


def table(path: Path, thing: str) -> None:
    written = io.StringIO()
    rows = csv.writer(written)
    rows.writerows([["headline", "body", "date"], ["Another", BEFORE, "2024"], ["News", told(thing), "2024-03-02"]])
    path.write_text(written.getvalue(), encoding="utf-8")


def archive(path: Path, thing: str) -> None:
    with zipfile.ZipFile(path, "w") as made:
        made.writestr("inner/page.html", page(thing))
        made.writestr("inner/picture.png", b"\x89PNG")


def packed(path: Path, thing: str) -> None:
    path.write_bytes(gzip.compress(page(thing).encode()))


def plain(path: Path, thing: str) -> None:
    path.write_text(f"News of the {thing}\n\n{BEFORE}\n\n{told(thing)}\n", encoding="utf-8")


def markdown(path: Path, thing: str) -> None:
    path.write_text(f"---\ntitle: News\n---\n# Spring\n\n{BEFORE}\n\n{told(thing)}\n", encoding="utf-8")


def web_page(path: Path, thing: str) -> None:
    path.write_text(page(thing), encoding="utf-8")


def rich_text(path: Path, thing: str) -> None:
    path.write_text(rf"{{\rtf1\ansi {BEFORE}\par\par {told(thing)}\par}}", encoding="ascii")


Write = Callable[[Path, str], None]
# The file's name, its writer, a thing to ask for, and what its citation says: the path, the lines, what these are lines
# of, and the page.
ARTICLES: list[tuple[str, Write, str, str, list[int], str, int | None]] = [
    ("a.txt", plain, "anvil", "corpus/a.txt", [5, 5], "file", None),
    ("b.md", markdown, "barrel", "corpus/b.md", [8, 8], "file", None),
    ("c.html", web_page, "cannon", "corpus/c.html", [3, 3], "text", None),
    ("d.mhtml", saved_page, "dovecote", "corpus/d.mhtml", [3, 3], "text", None),
    ("e.pdf", pdf, "engine", "corpus/e.pdf", [3, 3], "text", 2),
    ("f.docx", word, "fountain", "corpus/f.docx", [3, 3], "text", None),
    ("g.odt", open_document, "gate", "corpus/g.odt", [3, 3], "text", None),
    ("h.epub", book, "harp", "corpus/h.epub", [5, 5], "text", None),
    ("i.eml", mail, "icehouse", "corpus/i.eml", [3, 3], "text", None),
    ("j.rtf", rich_text, "jetty", "corpus/j.rtf", [3, 3], "text", None),
    ("k.jsonl", records, "kiln", "corpus/k.jsonl#2", [1, 1], "text", None),
    ("l.csv", table, "loom", "corpus/l.csv#2", [1, 1], "text", None),
    ("m.zip", archive, "mill", "corpus/m.zip#inner/page.html", [3, 3], "text", None),
    ("n.html.gz", packed, "nave", "corpus/n.html.gz", [3, 3], "text", None),
]


@pytest.fixture
def folder(run: Runner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, made_once: MadeOnce) -> Runner:
    monkeypatch.chdir(tmp_path)

    def make() -> None:
        Path("corpus").mkdir()
        for name, write, thing, *_ in ARTICLES:
            write(Path("corpus", name), thing)
        outcome = run("index", "--json")
        assert outcome.code == 0, outcome
        assert outcome.json["remarks"] == []
        # Two files hold two articles each.
        assert outcome.json["documents"] == len(ARTICLES) + 2

    made_once("formats", make)
    return run


def test_each_is_cited_with_its_page_or_line(folder: Runner) -> None:
    for _, _, thing, path, lines, lines_of, number in ARTICLES:
        options = ("-r", "lexical", "--min-confidence", "0", "--json")
        (citation, *_) = folder("ask", f"the {thing} of {thing}ford?", *options).json["citations"]
        document = citation["document"]
        assert citation["quote"] == told(thing), path
        found: tuple[Any, ...] = document["path"], citation["lines"], document["lines_of"], citation["page"]
        assert found == (path, lines, lines_of, number)
        assert citation["file_state"] == "as indexed"
        if lines_of == "file":
            written = Path(path).read_text(encoding="utf-8").split("\n")
            assert written[lines[0] - 1] == told(thing)


def test_what_the_formats_say_of_an_article(folder: Runner) -> None:
    def document(thing: str) -> dict[str, Any]:
        hits = folder("search", thing, "-r", "lexical", "--json").json["hits"]
        found: dict[str, Any] = hits[0]["document"]
        return found

    web = document("cannon")
    assert (web["title"], web["published"], web["url"]) == (
        "News of the cannon",
        "2024-03-02",
        "https://example.org/cannon",
    )
    assert document("icehouse")["authors"] == ["Ann Example"]
    assert document("icehouse")["published"] == "2024-03-02"
    assert document("loom")["published"] == "2024-03-02"
    assert document("fountain")["title"] == "News of the fountain"


def test_a_web_article_is_opened_at_the_quote(folder: Runner) -> None:
    options = ("-r", "lexical", "--min-confidence", "0", "--json")
    citations = folder("ask", "the cannon of cannonford?", *options).json["citations"]
    words = "The%20cannon%20was%20moved%20across%20the%20river%20to%20Cannonford%20in%20March."
    link = f"https://example.org/cannon#:~:text={words}"
    assert [entry["link"] for entry in citations if entry["quote"] == told("cannon")] == [link]


def test_nothing_of_the_page_around_an_article_is_quotable(folder: Runner) -> None:
    for word in ("Sport", "reserved"):
        hits = folder("search", word, "--retriever", "lexical", "--json").json["hits"]
        assert hits == []


def test_it_is_whole(folder: Runner) -> None:
    assert folder("verify").code == 0
    again = folder("index", "--json").json
    assert (again["changed_index"], again["kept"]) == (False, len(ARTICLES))
