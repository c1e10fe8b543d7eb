"""Files for what is fetched: a page as MHTML (RFC 2557), a PDF as it is; each with a name of its own, written whole."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import re
from contextlib import suppress
from email.message import Message
from email.mime.multipart import MIMEMultipart
from email.mime.nonmultipart import MIMENonMultipart
from email.policy import SMTP
from email.utils import formatdate
from typing import TYPE_CHECKING, Any

from briefqa.errors import UsageError

if TYPE_CHECKING:
    from pathlib import Path

    from briefqa.fetching.addresses import Address

RECORD_FILE = ".briefqa-fetched.json"
"""What stands in a folder that is not in the files themselves: each file's address, and how its server names it."""
_LONGEST_NAME = 80
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.:-]+)", re.IGNORECASE)


class Shelf:
    """The files of a folder that were fetched, by name. Raises UsageError for a folder that can't be used."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._entries: dict[str, dict[str, str]] = {}
        try:
            folder.mkdir(parents=True, exist_ok=True)
            table = json.loads((folder / RECORD_FILE).read_text(encoding="utf-8"))
            self._entries = {str(name): dict(entry) for name, entry in table.items()}
        except FileNotFoundError:
            pass
        except OSError as error:
            reason = (error.strerror or str(error)).lower()
            raise UsageError(f"The folder {folder} can't be used: {reason}.") from error
        except (ValueError, TypeError, AttributeError) as error:
            raise UsageError(f"{folder / RECORD_FILE} is damaged. Remove it, and pages are fetched anew.") from error

    def conditions(self, address: Address) -> dict[str, str]:
        """The headers that ask for `address` only if it is not what lies here."""
        for suffix in (".mhtml", ".pdf"):
            name = file_name(address, suffix)
            entry = self._entries.get(name)
            if entry and entry.get("address") == str(address) and (self.folder / name).is_file():
                asked = {"If-None-Match": entry.get("etag"), "If-Modified-Since": entry.get("last-modified")}
                return {header: value for header, value in asked.items() if value}
        return {}

    def place(self, address: Address, suffix: str) -> Path:
        """Where to write what `address` gives. Raises FileExistsError when something else lies there."""
        name = file_name(address, suffix)
        path = self.folder / name
        if path.exists() and self._entries.get(name, {}).get("address") != str(address):
            raise FileExistsError(f"{path} is there already, and not from this address")
        return path

    def name_of(self, address: Address) -> str | None:
        """The name of the file that lies here for `address`."""
        names = (file_name(address, suffix) for suffix in (".mhtml", ".pdf"))
        return next((name for name in names if self._entries.get(name, {}).get("address") == str(address)), None)

    def put(self, path: Path, data: bytes, address: Address, headers: dict[str, str]) -> None:
        """Write a file, and note where it is from. Raises OSError."""
        _write(path, data)
        kept: dict[str, str] = {name: headers[name] for name in ("etag", "last-modified") if name in headers}
        self._entries[path.name] = {"address": str(address), **kept}
        text = json.dumps(self._entries, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
        _write(self.folder / RECORD_FILE, text.encode())


def file_name(address: Address, suffix: str) -> str:
    """A name that tells where a file is from, and that no other address has."""
    words = re.sub(r"[^A-Za-z0-9.]+", "-", f"{address.host}{address.target.partition('?')[0]}").strip("-.")
    mark = hashlib.sha256(str(address).encode()).hexdigest()[:8]
    return f"{words[:_LONGEST_NAME].rstrip('-.')}-{mark}{suffix}"


def as_mhtml(body: bytes, content_type: str, address: Address, seconds: float) -> bytes:
    """A page as one MHTML file, byte for byte as it was sent from `address` at `seconds` since the epoch."""
    whole: Any = MIMEMultipart("related", type="text/html", policy=SMTP)
    whole["From"] = "<Saved by briefqa>"
    whole["Snapshot-Content-Location"] = str(address)
    whole["Date"] = formatdate(seconds)
    part: Message = MIMENonMultipart("text", "html", policy=SMTP)
    charset = _CHARSET.search(content_type)
    if charset:
        part.set_param("charset", charset[1])
    part["Content-Location"] = str(address)
    part["Content-Transfer-Encoding"] = "base64"
    part.set_payload(base64.encodebytes(body).decode("ascii"))
    whole.attach(part)
    data: bytes = whole.as_bytes()
    return data


def _write(path: Path, data: bytes) -> None:
    """Write a file whole, or not at all."""
    unfinished = path.with_name(f".{path.name}.part")
    try:
        with unfinished.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(path)
    except OSError:
        with suppress(OSError):
            unfinished.unlink()
        raise
