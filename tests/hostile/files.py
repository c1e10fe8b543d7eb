"""Files that mean harm, of each format, by the reason that they are told to be left out for, and what a terminal must
never be sent."""

from __future__ import annotations

import gzip
import io
import struct
import zipfile
import zlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable

# What each would do: clear the screen, set the title, write the clipboard, link, answer back, colour, 8-bit controls,
# turn the direction of text, and hide a message in tag characters.
SEQUENCES = (
    "\x1b[2J", "\x1b]0;owned\x07", "\x1b]52;c;b3duZWQ=\x07", "\x1b]8;;http://evil.example/\x1b\\link\x1b]8;;\x1b\\",
    "\x1bP$qm\x1b\\", "\x1b[31m", "\x9b31m", "\x9d0;owned\x9c", "\x08\x7f", "\u202etxt.exe\u202c", "\u2066x\u2069",
    "\u200f", "\u2028", "\U000e0049\U000e0067\U000e006e\U000e006f\U000e0072\U000e0065", "\ufeff",
)  # fmt: skip
HOSTILE = "".join(SEQUENCES)
ENTITIES = (
    '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha">'
    + "".join(f'<!ENTITY {name} "{f"&{before};" * 10}">' for before, name in zip("abcdefghi", "bcdefghij", strict=True))
    + "]>"
)
EXTERNAL = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY j SYSTEM "file:///etc/hostname">]>'
_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_OFFICE = "urn:oasis:names:tc:opendocument:xmlns:office:1.0"
_TEXT = "urn:oasis:names:tc:opendocument:xmlns:text:1.0"
_CONTAINER = '<container><rootfiles><rootfile full-path="book.opf"/></rootfiles></container>'
_PACKAGE = (
    '<package xmlns:dc="http://purl.org/dc/elements/1.1/"><metadata><dc:title>{title}</dc:title></metadata><manifest>'
    '<item id="a" href="a.xhtml" media-type="application/xhtml+xml"/></manifest><spine><itemref idref="a"/></spine>'
    "</package>"
)


def zipped(members: Iterable[tuple[str, bytes]], how: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip of names and bytes."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", how) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return written.getvalue()


def docx(body: str, prologue: str = "") -> bytes:
    """A Word file with the XML `body` in its body."""
    document = f'{prologue}<w:document xmlns:w="{_WORD}"><w:body>{body}</w:body></w:document>'
    return zipped([("word/document.xml", document.encode("utf-8", "surrogatepass"))])


def docx_text(text: str) -> str:
    """A paragraph of Word's."""
    return f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"


def odt(body: str, prologue: str = "") -> bytes:
    """An OpenDocument text with the XML `body` in its text."""
    content = (
        f'{prologue}<office:document-content xmlns:office="{_OFFICE}" xmlns:text="{_TEXT}"><office:body><office:text>'
        f"{body}</office:text></office:body></office:document-content>"
    )
    return zipped([("content.xml", content.encode())])


def epub(page: str, *, title: str = "A book", prologue: str = "") -> bytes:
    """A book of one `page`; `prologue` stands before its package."""
    return zipped(
        [
            ("META-INF/container.xml", _CONTAINER.encode()),
            ("book.opf", (prologue + _PACKAGE.format(title=title)).encode()),
            ("a.xhtml", page.encode()),
        ]
    )


def pdf(objects: Iterable[bytes]) -> bytes:
    """A PDF of numbered objects, of which the first is its catalog."""
    written = bytearray(b"%PDF-1.7\n")
    places = []
    for number, content in enumerate(objects, 1):
        places.append(len(written))
        written += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    start = len(written)
    written += b"xref\n0 %d\n0000000000 65535 f \n" % (len(places) + 1)
    written += b"".join(b"%010d 00000 n \n" % place for place in places)
    written += b"trailer\n<</Size %d /Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (len(places) + 1, start)
    return bytes(written)


def stream(content: bytes) -> bytes:
    """A packed stream of a PDF."""
    packed = zlib.compress(content, 9)
    return b"<</Length %d /Filter /FlateDecode>>\nstream\n%s\nendstream" % (len(packed), packed)


def pdf_pages(kids: bytes, count: int, *more: bytes) -> bytes:
    """A PDF whose tree of pages has `kids`; object 3 is a font, 4 the first of `more`."""
    return pdf(
        [
            b"<</Type /Catalog /Pages 2 0 R>>",
            b"<</Type /Pages /Count %d /Kids [%s]>>" % (count, kids),
            b"<</Type /Font /Subtype /Type1 /BaseFont /Helvetica>>",
            *more,
        ]
    )


_PAGE = b"<</Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents 5 0 R /Resources <</Font <</F 3 0 R>>>>>>"


def pdf_text(content: bytes) -> bytes:
    """A PDF of one page with a stream of `content`."""
    return pdf_pages(b"4 0 R", 1, _PAGE, stream(content))


def overlapping_zip(files: int, size: int) -> bytes:
    """A zip whose `files` entries all share the one packed member, so that it unpacks to `files` times `size`."""
    whole = zipped([("a.txt", b"x " * (size // 2))])
    start = whole.index(b"PK\x01\x02")
    entry = whole[start : whole.index(b"PK\x05\x06")]
    names = [f"{number:05d}.txt".encode() for number in range(files)]
    entries = b"".join(
        entry[:28] + struct.pack("<H", len(name)) + entry[30:46] + name + entry[46 + len(b"a.txt") :] for name in names
    )
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, files, files, len(entries), start, 0)
    return whole[:start] + entries + end


def nested_zip(depth: int) -> bytes:
    """A zip in a zip in a zip."""
    content = zipped([("a.txt", b"x " * 1_000_000)])
    for _ in range(depth):
        content = zipped([("inner.zip", content)])
    return content


def deep_html(levels: int) -> bytes:
    """A page whose elements are nested so deep."""
    return b"<html><body>" + b"<div>" * levels + b"Deep down it rains." + b"</div>" * levels + b"</body></html>"


def yaml_laughs() -> bytes:
    """Front matter whose aliases stand for a billion entries."""
    lines = ["a: &a [ha, ha]"]
    lines += [
        f"{name}: &{name} [{', '.join([f'*{before}'] * 10)}]"
        for before, name in zip("abcdefghi", "bcdefghij", strict=True)
    ]
    return ("---\n" + "\n".join([*lines, "title: *j", "tags: *j", "authors: *j"]) + "\n---\nIt rained.\n").encode()


def bombs(but: Collection[str] = ()) -> dict[str, bytes]:
    """Files that are small and would be huge, or would never end, by name; those that are named in `but` are not even
    made."""
    laughs = docx_text("&j;")
    made: dict[str, Callable[[], bytes]] = {
        "flat.zip": lambda: zipped([("a.txt", b"x " * 30_000_000)]),
        "many.zip": lambda: zipped((f"{number}.txt", b"") for number in range(10_001)),
        "nested.zip": lambda: nested_zip(5),
        "overlapping.zip": lambda: overlapping_zip(200, 9_000_000),
        "bomb.txt.gz": lambda: gzip.compress(b"\n" * 600_000_000, 1),
        "laughs.docx": lambda: docx(laughs, ENTITIES),
        "laughs.odt": lambda: odt("<text:p>&j;</text:p>", ENTITIES),
        "laughs.epub": lambda: epub("<html><body><p>Rain.</p></body></html>", title="&j;", prologue=ENTITIES),
        "laughs.xhtml": lambda: (
            ENTITIES + '<html xmlns="http://www.w3.org/1999/xhtml"><body>&j;</body></html>'
        ).encode(),
        "laughs.md": lambda: yaml_laughs(),
        "external.docx": lambda: docx(laughs, EXTERNAL),
        "external.odt": lambda: odt("<text:p>&j;</text:p>", EXTERNAL),
        "external.epub": lambda: epub("<html><body><p>Rain.</p></body></html>", title="&j;", prologue=EXTERNAL),
        "external.xhtml": lambda: (
            EXTERNAL + '<html xmlns="http://www.w3.org/1999/xhtml"><body>&j;</body></html>'
        ).encode(),
        "pages.pdf": lambda: pdf_pages(b"4 0 R " * 20_000, 20_000, _PAGE, stream(b"")),
        "claims.pdf": lambda: pdf_pages(b"4 0 R", 2_000_000_000, _PAGE, stream(b"BT /F 12 Tf (Rain.) Tj ET")),
        "loop.pdf": lambda: pdf_pages(b"2 0 R 2 0 R", 2),
        "stream.pdf": lambda: pdf_text(b"q Q " * 50_000_000),
        "letters.pdf": lambda: pdf_text(b"BT /F 12 Tf 9 9 Td " + b"(rain) Tj " * 1_000_000 + b"ET"),
        "deep.html": lambda: deep_html(100_000),
        "deep.docx": lambda: docx("<w:sdt>" * 100_000 + docx_text("Rain.") + "</w:sdt>" * 100_000),
        "deep.odt": lambda: odt("<text:section>" * 100_000 + "<text:p>Rain.</text:p>" + "</text:section>" * 100_000),
        "deep.rtf": lambda: b"{\\rtf1 " + b"{" * 1_000_000 + b"Rain." + b"}" * 1_000_000 + b"}",
        "deep.json": lambda: b"[" * 1_000_000 + b"]" * 1_000_000,
        "deep.jsonl": lambda: b'{"text": ' * 100_000 + b"\n",
        "deep.md": lambda: b"---\n" + b"[" * 100_000 + b"\n---\nIt rained.\n",
        "deep.eml": lambda: b"".join(
            b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (number, number) for number in range(2_000)
        ),
        "word.txt": lambda: b"a" * 10_000_000,
        "line.txt": lambda: b"It rained in Baku, and nobody went out. " * 50_000,
        "title.md": lambda: b"# " + b"a" * 1_000_000 + b"\n\nIt rained.\n",
        "words.html": lambda: b"<p>" + b"a" * 10_000_000 + b"</p>",
        "stops.txt": lambda: b"." * 1_000_000,
        "emphasis.md": lambda: b"**" * 500_000,
        "blank.md": lambda: b"\n" * 1_000_000 + b"x",
        "spaces.md": lambda: b" " * 1_000_000 + b"x" + b" " * 1_000_000,
        "hashes.md": lambda: b"# " * 500_000,
        "lists.md": lambda: b"- " * 500_000,
        "angles.html": lambda: b"<" * 1_000_000,
        "attributes.html": lambda: b"<p " + b"a=b " * 300_000 + b">Rain.</p>",
        "entities.html": lambda: b"&amp" * 500_000,
        "comments.html": lambda: b"<!--" * 300_000,
        "quotes.eml": lambda: b"Subject: Rain\n\n" + b">" * 1_000_000 + b"\nRain.\n",
        "headers.eml": lambda: b"Subject: Rain\n" + b"To: a@b.example\n" * 50_000 + b"\nRain.\n",
        "encoded.eml": lambda: b"Subject: " + b"=?utf-8?q?a?= " * 20_000 + b"\n\nRain.\n",
        "columns.csv": lambda: (
            b",".join(b"a%d" % number for number in range(100_000)) + b"\n" + b"x," * 100_000 + b"\n"
        ),
        "quotes.csv": lambda: b'text\n"' + b'""' * 1_000_000 + b'"\n',
        "numbers.json": lambda: b'[{"text": ' + b"9" * 100_000 + b"}]",
    }
    return {name: make() for name, make in made.items() if name not in but}
