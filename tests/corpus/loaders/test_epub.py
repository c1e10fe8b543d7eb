from __future__ import annotations

import zipfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from ebooklib import epub

from briefqa.corpus.article import Article, LoadOptions
from briefqa.corpus.loaders.epub import load_epub


def load(data: bytes) -> Article:
    [article] = load_epub(data, LoadOptions("book.epub"))
    return article


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """By ebooklib: two chapters, the second of which stands first in the file, a table of contents and a picture."""
    made = epub.EpubBook()
    made.set_identifier("urn:example:bridges")
    made.set_title("Of Bridges")
    made.set_language("en-GB")
    made.add_author("Ann Example")
    made.add_author("Bob Example")
    made.add_metadata("DC", "date", "2018-11")
    made.add_metadata("DC", "publisher", "Example Press")
    made.add_metadata("DC", "subject", "bridges")
    chapters = []
    for name, title, text in (
        ("z", "One", "The bridge is <b>old</b>."),
        ("a", "Two", "It closes in winter&#160;2018."),
    ):
        chapter = epub.EpubHtml(title=title, file_name=f"text/{name} {title}.xhtml", lang="en")
        chapter.content = f"<h1>{title}</h1><p>{text}</p><ul><li>steel</li><li>stone</li></ul>"
        made.add_item(chapter)
        chapters.append(chapter)
    made.toc = tuple(chapters)
    made.add_item(epub.EpubNcx())
    made.add_item(epub.EpubNav())
    made.spine = ["nav", *chapters]
    path = tmp_path_factory.mktemp("epub") / "book.epub"
    epub.write_epub(str(path), made)
    return path.read_bytes()


def test_chapters_follow_the_spine_and_the_contents_are_left_out(book: bytes) -> None:
    article = load(book)
    assert article.text == (
        "One\n\nThe bridge is old.\n\n- steel\n- stone\n\nTwo\n\nIt closes in winter 2018.\n\n- steel\n- stone"
    )
    assert (article.lines_of, article.page_map, article.warnings) == ("text", (), ())


def test_the_package_says_what_the_book_is(book: bytes) -> None:
    article = load(book)
    assert (article.title, article.authors, article.source) == (
        "Of Bridges",
        ("Ann Example", "Bob Example"),
        "Example Press",
    )
    assert (article.published, article.language, article.tags) == ("2018-11", "en", ("bridges",))
    assert article.updated is not None  # dcterms:modified, when it was written
    assert set(article.found_in.values()) == {"EPUB metadata"}


def changed(data: bytes, change: Callable[[str, bytes], bytes | None]) -> bytes:
    buffer = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as before, zipfile.ZipFile(buffer, "w") as after:
        for name in before.namelist():
            if (content := change(name, before.read(name))) is not None:
                after.writestr(name, content)
    return buffer.getvalue()


def test_a_missing_and_a_broken_chapter_are_told(book: bytes) -> None:
    article = load(changed(book, lambda name, content: None if "z One" in name else content))
    assert article.text.startswith("Two\n\n")
    assert article.warnings == ("its chapter 'EPUB/text/z One.xhtml' is missing",)
    article = load(changed(book, lambda name, content: b"\0\0" if "z One" in name else content))
    assert article.warnings == (
        "its chapter 'EPUB/text/z One.xhtml' can't be read: it looks like a binary file, not like text",
    )


def test_a_chapter_with_an_empty_title_element_is_read(book: bytes) -> None:
    page = b'<html xmlns="http://www.w3.org/1999/xhtml"><head><title/></head><body><p>Read&nbsp;so.</p></body></html>'
    article = load(changed(book, lambda name, content: page if "z One" in name else content))
    assert article.text.startswith("Read so.\n\nTwo")


def test_a_protected_book_is_refused(book: bytes) -> None:
    locks = (
        '<encryption xmlns="urn:oasis:names:tc:opendocument:xmlns:container">'
        '<EncryptedData xmlns="http://www.w3.org/2001/04/xmlenc#"><CipherData>'
        '<CipherReference URI="EPUB/text/z%20One.xhtml"/></CipherData></EncryptedData></encryption>'
    )
    with zipfile.ZipFile(buffer := BytesIO(book), "a") as archive:
        archive.writestr("META-INF/encryption.xml", locks)
    with pytest.raises(ValueError, match=r"^it is protected against copying \(DRM\), so its text can't be read$"):
        load(buffer.getvalue())


def test_entities_of_the_package_name_no_file(book: bytes, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("s3cret", encoding="utf-8")
    doctype = f'<!DOCTYPE package [<!ENTITY x SYSTEM "{secret.as_uri()}">]>'.encode()

    def attack(name: str, content: bytes) -> bytes:
        if not name.endswith(".opf"):
            return content
        start = content.index(b"<package")
        return content[:start] + doctype + content[start:].replace(b"Of Bridges", b"Of &x; Bridges")

    assert "s3cret" not in (load(changed(book, attack)).title or "")


@pytest.mark.parametrize(
    ("files", "reason"),
    [
        ({}, "^it is no e-book: it has no META-INF/container.xml$"),
        ({"META-INF/container.xml": "<container/>"}, "^it is no e-book: it does not list its contents$"),
        ({"META-INF/container.xml": "<container>"}, "^it holds XML that is not well-formed$"),
        (
            {
                "META-INF/container.xml": '<container><rootfile full-path="a.opf"/></container>',
                "a.opf": "<package><spine/></package>",
            },
            "^it is an e-book without text$",
        ),
    ],
)
def test_what_is_no_book_is_refused(files: dict[str, str], reason: str) -> None:
    with zipfile.ZipFile(buffer := BytesIO(), "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    with pytest.raises(ValueError, match=reason):
        load(buffer.getvalue())


def test_what_is_no_zip_is_refused() -> None:
    with pytest.raises(ValueError, match=r"^it is no zip file, or a broken one$"):
        load(b"no book")
