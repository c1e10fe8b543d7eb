"""Texts of other people's collections as article files: Markdown with front matter, under safe names."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from urllib.parse import quote

import yaml

_SUFFIX = ".md"
_PART = re.compile(r"\w[\w .,+=@()~'-]*\Z")
_FOLDER = re.compile(r"\w[\w-]*\Z")
_LONGEST = 200
_LINE_END = re.compile(r"\r\n?")
_CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f]")
_UNPAIRED = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Article:
    """A text to be indexed: its key is the path of its file, `origin` what it is called where it comes from."""

    key: str
    origin: str
    title: str | None
    text: str


def clean(text: str) -> str:
    """`text` as it will be read back from a file: newlines for all line ends, a blank for each control character. What
    is cleaned in two parts is the same as the whole unless a line end is parted."""
    return _UNPAIRED.sub("\ufffd", _CONTROL.sub(" ", _LINE_END.sub("\n", text)))


def make_article(origin: str, title: str | None, text: str, *, key: str) -> Article | None:
    """The article; its title stands for a text that is missing. None if there is neither."""
    heading = " ".join(clean(title or "").split()) or None
    body = clean(text)
    if not body.strip():
        body = heading or ""
    return Article(key, origin, heading, body) if body else None


def to_markdown(article: Article) -> str:
    """The content of its file, from which briefqa reads the same text and title."""
    fields = {"title": article.title, "id": " ".join(clean(article.origin).split())}
    front = yaml.safe_dump(
        {name: value for name, value in fields.items() if value},
        allow_unicode=True, sort_keys=False, width=float("inf"),
    )  # fmt: skip
    return f"---\n{front}---\n\n{article.text.rstrip()}\n"


def file_keys(origins: Iterable[str]) -> dict[str, str]:
    """Origin -> the key of its file, no two alike on a disk that does not tell small letters from capitals.

    An origin that is a path of plain names keeps its form; in others whatever is special is percent-encoded.
    """
    keys: dict[str, str] = {}
    taken: set[str] = set()
    for origin in origins:
        key = _key(origin)
        if _folded(key) in taken:
            digest = sha256(origin.encode("utf-8", "surrogatepass")).hexdigest()[:12]
            key = f"{key.removesuffix(_SUFFIX)}-{digest}{_SUFFIX}"
        taken.add(_folded(key))
        keys[origin] = key
    return keys


def _key(origin: str) -> str:
    *folders, name = origin.split("/")
    if not (_PART.match(name) and all(map(_FOLDER.match, folders))):
        # A dot at the start would hide the file.
        name = quote(origin, safe=",+=@()'", errors="surrogatepass")
        name = f"%2E{name[1:]}" if name.startswith(".") else name
        folders = []
    stem = name.removesuffix(_SUFFIX)
    path = "/".join([*folders, stem])
    if len(path.encode()) > _LONGEST:
        digest = sha256(origin.encode("utf-8", "surrogatepass")).hexdigest()[:12]
        path = f"{quote(stem, safe='')[: _LONGEST // 2]}-{digest}"
    return path + _SUFFIX


def _folded(key: str) -> str:
    return unicodedata.normalize("NFC", key).casefold()
