"""`fetch`: addresses in, files out, and what became of each."""

from __future__ import annotations

import time
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING

from briefqa.errors import UsageError
from briefqa.fetching.addresses import FetchFailed, parse
from briefqa.fetching.client import Client, status_in_words
from briefqa.fetching.saving import Shelf, as_mhtml
from briefqa.reports import Fetched

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from briefqa.fetching.client import Response

_PAGES = frozenset({"text/html", "application/xhtml+xml"})
_PDF, _PDF_START = "application/pdf", b"%PDF-"
_ACCEPT = "text/html, application/xhtml+xml, application/pdf"


def fetch(addresses: Sequence[str], folder: str, client: Client | None = None) -> Iterator[Fetched]:
    """Save what stands at each of the addresses into `folder`, one after the other; what is there already is asked for
    only if it has changed. Raises UsageError for a folder that can't be used."""
    client = client or Client()
    shelf = Shelf(Path(folder))
    for address in dict.fromkeys(addresses):
        try:
            yield _fetch(address, shelf, client)
        except FetchFailed as error:
            yield Fetched(address, "failed", reason=str(error))
        except OSError as error:
            reason = str(error) if isinstance(error, FileExistsError) else (error.strerror or str(error)).lower()
            yield Fetched(address, "failed", reason=f"it can't be saved: {reason}")


def read_addresses(file: str) -> list[str]:
    """The addresses in a file, one a line; empty lines and those that begin with # are passed over. Raises
    UsageError."""
    try:
        lines = Path(file).read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        reason = (error.strerror or str(error)).lower() if isinstance(error, OSError) else "it is not UTF-8"
        raise UsageError(f"The addresses in {file} can't be read: {reason}.") from error
    return [line.strip() for line in lines if line.strip() and not line.lstrip().startswith("#")]


def _fetch(text: str, shelf: Shelf, client: Client) -> Fetched:
    address = parse(text)
    response = client.get(address, {"Accept": _ACCEPT, **shelf.conditions(address)})
    if response.status == HTTPStatus.NOT_MODIFIED and (name := shelf.name_of(address)):
        return Fetched(text, "unchanged", file=str(shelf.folder / name))
    if response.status != HTTPStatus.OK:
        raise FetchFailed(f"the server answers {status_in_words(response.status)}")
    suffix, data = _as_file(response)
    path = shelf.place(address, suffix)
    shelf.put(path, data, address, dict(response.headers))
    return Fetched(text, "saved", file=str(path), bytes=len(data))


def _as_file(response: Response) -> tuple[str, bytes]:
    given = response.headers.get("content-type", "")
    kind = given.partition(";")[0].strip().lower()
    if kind == _PDF or response.body.startswith(_PDF_START):
        if not response.body.startswith(_PDF_START):
            raise FetchFailed("the server calls it a PDF, and it is none")
        return ".pdf", response.body
    if kind not in _PAGES:
        raise FetchFailed(f"it is {kind or 'of no stated type'}, neither a page nor a PDF")
    if not response.body.strip():
        raise FetchFailed("it is empty")
    return ".mhtml", as_mhtml(response.body, given, response.address, time.time())
