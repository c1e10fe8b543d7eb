"""PDF files, read with PDFium: text in reading order, with the pages that it stands on."""

from __future__ import annotations

import re
import threading
from dataclasses import replace
from typing import TYPE_CHECKING

import pypdfium2.raw as pdfium
from pypdfium2 import PdfDocument, PdfiumError

from briefqa.corpus.article import Article, LoadOptions
from briefqa.corpus.pdf.lines import Page, read_page
from briefqa.corpus.pdf.order import in_reading_order
from briefqa.corpus.pdf.paragraphs import headline_of, text_of
from briefqa.corpus.pdf.running import running_lines
from briefqa.corpus.properties import described
from briefqa.types import Cut

if TYPE_CHECKING:
    from collections.abc import Iterator

    from briefqa.corpus.pdf.lines import Line

MOST_PAGES = 5_000
MOST_CHARACTERS = 50_000_000
_MOST_ON_A_PAGE = 500_000
_FIRST_PAGES = 20
_ONE_AT_A_TIME = threading.Lock()  # PDFium is not thread-safe
_REASONS = {
    pdfium.FPDF_ERR_PASSWORD: "it is encrypted: save it without its password first",
    pdfium.FPDF_ERR_SECURITY: "it is encrypted in a way that can't be read: save it without encryption first",
}
_DATE = re.compile(r"(?:D:)?(\d{4})(\d{2})?(\d{2})?")
# Characters that stand for nothing, as in a font that doesn't say what its shapes mean.
_UNKNOWN = re.compile(r"[\ufffd\ue000-\uf8ff]")
_MOST_UNKNOWN = 0.3


def load_pdf(data: bytes, options: LoadOptions) -> list[Article]:
    """The text of a PDF, running heads and feet left out unless `options` say otherwise. Raises ValueError for a file
    that is damaged or encrypted, is too long (`MOST_PAGES`, `MOST_CHARACTERS`), or has no text, only pictures."""
    with _ONE_AT_A_TIME:
        try:
            document = PdfDocument(data)
        except PdfiumError as error:
            raise ValueError(_REASONS.get(error.err_code, "it is no PDF, or a damaged one")) from error
        try:
            if len(document) > MOST_PAGES:
                raise ValueError(f"it has {len(document):,} pages, more than {MOST_PAGES:,}: split it")
            pages, failed = _pages(document)
            pictures = not any(page.lines for page in pages) and _has_pictures(document)
            properties = document.get_metadata_dict()
            count = len(document)
        finally:
            document.close()
    lines = [in_reading_order(page) for page in pages]
    if not any(lines):
        if failed:
            raise ValueError("its pages are damaged")
        if not pictures:
            raise ValueError("it has no text")
        raise ValueError("it has no text, only pictures: run OCR first (for example ocrmypdf)")
    running: set[Line] = set()
    if options.clean:
        places = [(found, page.bottom, page.top) for found, page in zip(lines, pages, strict=True)]
        running = running_lines(places)
    kept = [line for found in lines for line in found if line not in running]
    if not kept:  # a file of one line a page
        running, kept = set(), [line for found in lines for line in found]
    text, page_map = text_of(kept)
    if len(_UNKNOWN.findall(text)) > _MOST_UNKNOWN * len(text):
        raise ValueError(
            "its fonts don't say which characters it shows: run OCR first (for example ocrmypdf --force-ocr)"
        )
    cuts = [line for found in lines for line in found if line in running]
    article = Article(
        text=text,
        page_map=page_map,
        lines_of="text",
        cuts=tuple(Cut(line.text, f"running head or foot of page {line.page}", None) for line in cuts),
        warnings=tuple(_warnings(count, failed, sum(1 for found in lines if not found))),
    )
    article = described(
        article,
        "PDF properties",
        title=properties.get("Title"),
        authors=properties.get("Author"),
        tags=[properties.get("Keywords", "")],
        created=_date(properties.get("CreationDate", "")),
        modified=_date(properties.get("ModDate", "")),
    )
    if article.title is None and (headline := headline_of(kept)):
        article = replace(article, title=headline, found_in={**article.found_in, "title": "largest type, page 1"})
    return [article]


def _pages(document: PdfDocument) -> tuple[list[Page], int]:
    """The pages that can be read, and how many can't."""
    pages: list[Page] = []
    failed = characters = 0
    for number in range(len(document)):
        try:
            page = document[number]
            text = page.get_textpage()
            if text.count_chars() > _MOST_ON_A_PAGE:
                failed += 1
                continue
            characters += text.count_chars()
            if characters > MOST_CHARACTERS:
                raise ValueError(f"it has more than {MOST_CHARACTERS:,} characters: split it")
            pages.append(read_page(page, text, number + 1))
            text.close()
            page.close()
        except PdfiumError:
            failed += 1
    return pages, failed


def _has_pictures(document: PdfDocument) -> bool:
    """Whether one of the first pages shows a picture."""
    for number in range(min(len(document), _FIRST_PAGES)):
        try:
            if next(document[number].get_objects([pdfium.FPDF_PAGEOBJ_IMAGE]), None) is not None:
                return True
        except PdfiumError:
            continue
    return False


def _warnings(count: int, failed: int, without_text: int) -> Iterator[str]:
    if failed:
        yield f"{failed} of its {count} pages can't be read and {'is' if failed == 1 else 'are'} left out"
    if without_text:
        has = "has" if without_text == 1 else "have"
        yield f"{without_text} of its {count} pages {has} no text, perhaps only pictures"


def _date(text: str) -> str | None:
    """The day of a PDF date (ISO 32000-1, 7.9.4), perhaps only its year or month."""
    parts = _DATE.match(text)
    return "-".join(part for part in parts.groups() if part) if parts else None
