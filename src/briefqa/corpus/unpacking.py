"""Takes a zip apart without trusting it: how many members, how large and how much blown up is bounded."""

from __future__ import annotations

import zipfile
import zlib
from io import BytesIO
from lzma import LZMAError
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

MOST_MEMBERS = 10_000
LARGEST_MEMBER = 100_000_000
LARGEST_TOTAL = 500_000_000
MOST_TIMES_LARGER = 200
"""How many times its packed size a member may have, once it is over FREE_OF_RATIO."""
FREE_OF_RATIO = 10_000_000

_STEP = 1 << 20
_ENCRYPTED = 0x1


def always(name: str) -> bool:
    """Every member is wanted."""
    return True


def members(data: bytes, wanted: Callable[[str], bool] = always) -> Iterator[tuple[str, bytes]]:
    """Name and bytes of each wanted member of a zip, in the order of its directory; folders and members without a name
    are passed over.

    Raises ValueError ("it ...") for what is no zip, for a broken, encrypted or unknown packed member, for a name that
    leads out of the zip (wanted or not), and past a bound. The sizes that a zip states are not believed: what comes
    out is counted.
    """
    try:
        archive = zipfile.ZipFile(BytesIO(data))
    except (zipfile.BadZipFile, ValueError, NotImplementedError, EOFError) as error:
        raise ValueError("it is no zip file, or a broken one") from error
    with archive:
        entries = archive.infolist()
        if len(entries) > MOST_MEMBERS:
            raise ValueError(f"it packs more than {MOST_MEMBERS:,} files")
        for entry in entries:
            if _leads_out(entry.filename):
                raise ValueError(f"it holds a file {entry.filename[:80]!r}, whose name leads out of it")
        total = 0
        for entry in entries:
            # A name may be empty, which ZipInfo.is_dir does not expect.
            if entry.filename and not entry.is_dir() and wanted(entry.filename):
                content = _unpacked(archive, entry, LARGEST_TOTAL - total)
                total += len(content)
                yield entry.filename, content


def _unpacked(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, left: int) -> bytes:
    name = repr(entry.filename[:80])
    if entry.flag_bits & _ENCRYPTED:
        raise ValueError(f"it holds {name} encrypted: unpack it with its password first")
    by_ratio = max(FREE_OF_RATIO, MOST_TIMES_LARGER * entry.compress_size)
    content = bytearray()
    for step in _steps(archive, entry):
        content += step
        if len(content) > by_ratio:
            raise ValueError(f"it holds {name}, which unpacks to over {MOST_TIMES_LARGER} times its size")
        if len(content) > LARGEST_MEMBER:
            raise ValueError(f"it holds {name}, which unpacks to over {LARGEST_MEMBER // 1_000_000} MB")
        if len(content) > left:
            raise ValueError(f"it unpacks to over {LARGEST_TOTAL // 1_000_000} MB")
    return bytes(content)


def _steps(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> Iterator[bytes]:
    name = repr(entry.filename[:80])
    try:
        with archive.open(entry) as packed:
            while step := packed.read(_STEP):
                yield step
    except NotImplementedError as error:
        raise ValueError(f"it holds {name}, packed in a way that can't be read") from error
    except (zipfile.BadZipFile, zlib.error, LZMAError, EOFError, OSError, RuntimeError, ValueError) as error:
        raise ValueError(f"it holds {name}, which is broken") from error


def _leads_out(name: str) -> bool:
    plain = name.replace("\\", "/")
    return plain.startswith("/") or plain[1:2] == ":" or ".." in plain.split("/")
