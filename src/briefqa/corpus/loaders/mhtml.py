"""Web pages as browsers save them in one file (MHTML, RFC 2557): the page among its pictures and styles."""

from __future__ import annotations

from dataclasses import replace
from email.message import EmailMessage
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from briefqa.corpus.loaders.messages import day_of, header, message_of
from briefqa.corpus.loaders.web import page_article

if TYPE_CHECKING:
    from collections.abc import Iterable

    from briefqa.corpus.article import Article, LoadOptions


def load_mhtml(data: bytes, options: LoadOptions) -> list[Article]:
    """The page that an MHTML file shows; the day of saving is in `metadata`. Raises ValueError where there is none."""
    message = message_of(data)
    try:
        pages = [part for part in message.walk() if part.get_content_type() in ("text/html", "application/xhtml+xml")]
    except RecursionError as error:
        raise ValueError("its parts are nested too deep") from error
    if not pages:
        raise ValueError("it is no saved page: it has no part in HTML")
    snapshot = header(message, "snapshot-content-location")
    page = _shown(message, pages, snapshot)
    content = page.get_payload(decode=True)
    if not isinstance(content, bytes):
        raise ValueError("its page can't be decoded")
    address = next(filter(_is_of_the_web, (snapshot, header(page, "content-location"))), None)
    article = page_article(content, options, charset=page.get_content_charset(), address=address)
    saved = day_of(message)
    return [replace(article, metadata={"saved": saved})] if saved else [article]


def _shown(message: EmailMessage, pages: list[EmailMessage], snapshot: str | None) -> EmailMessage:
    """The page that the others are framed in: the one that is named as the start, else the first."""
    start = message.get_param("start")
    named: Iterable[EmailMessage] = (
        page
        for page in pages
        if (start and header(page, "content-id") == start)
        or (snapshot and header(page, "content-location") == snapshot)
    )
    return next(iter(named), pages[0])


def _is_of_the_web(address: str | None) -> bool:
    try:
        return address is not None and urlsplit(address).scheme in ("http", "https")
    except ValueError:
        return False
