"""Articles as resources: a page of their list, and the text of one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from briefqa.errors import UsageError

if TYPE_CHECKING:
    from briefqa.agents.library import Library
    from briefqa.types import Document

SCHEME = "briefqa://documents/"
TEMPLATE = f"{SCHEME}{{id}}"
PAGE = 100


def list_page(library: Library, cursor: str | None) -> tuple[list[Document], str | None]:
    """The articles from `cursor` on, and the cursor of the next page, or None. A cursor is a count of articles: where
    a newer generation took over between two pages, some may be told twice or missed. Raises UsageError for what is no
    cursor."""
    first = 0
    if cursor is not None:
        if not (cursor.isascii() and cursor.isdigit() and len(cursor) < 12):
            raise UsageError(f"{cursor[:40]!r} is no cursor. List the resources from the start, without one.")
        first = int(cursor)
    found = list(library.index().documents(offset=first, limit=PAGE + 1))
    return found[:PAGE], str(first + PAGE) if len(found) > PAGE else None


def read(library: Library, uri: str) -> Document:
    """The article at the address. Raises UsageError where there is none."""
    identity = uri.removeprefix(SCHEME)
    if identity == uri or not identity:
        raise UsageError(f"{uri[:80]!r} is no address of an article. They are of the form {TEMPLATE}.")
    document, _, asked = library.index().look_up(identity.lower())
    if asked is not None or document.id != identity.lower():
        raise UsageError(f"No article of this index has the id {identity[:80]}.")
    return document
