"""What a file's own properties say about an article, as its fields."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from briefqa.corpus.characters import tidy
from briefqa.dates import partial_date

if TYPE_CHECKING:
    from collections.abc import Iterable

    from briefqa.corpus.article import Article

_NO_TITLE = re.compile(
    r"(?:microsoft (?:word|powerpoint|excel)\b|untitled|unbenannt|word document).*|document ?\d*|\W*|\S+\.\w{2,5}",
    re.IGNORECASE,
)
_LANGUAGE = re.compile(r"([a-z]{2})(?:[-_]\w+)*", re.IGNORECASE)
_MOST_TAGS = 20


def described(
    article: Article,
    where: str,
    *,
    title: str | None = None,
    authors: str | None = None,
    language: str | None = None,
    tags: Iterable[str] = (),
    created: str | None = None,
    modified: str | None = None,
) -> Article:
    """`article` with the properties of its file, found at `where`. A title that a program put there is none, and when
    a file was made is not when its text was published."""
    named = tidy(title or "")
    named = "" if _NO_TITLE.fullmatch(named) else named
    names = tuple(name for part in (authors or "").split(";") if (name := tidy(part)))
    code = _LANGUAGE.fullmatch((language or "").strip())
    listed = dict.fromkeys(tag for entry in tags for part in re.split("[;,]", entry) if (tag := tidy(part)))
    dates = {"created": partial_date(created or ""), "modified": partial_date(modified or "")}
    found = {"title": named, "authors": names, "language": code, "tags": listed}
    return replace(
        article,
        title=named or None,
        authors=names,
        language=code[1].lower() if code else None,
        tags=tuple(listed)[:_MOST_TAGS],
        metadata={name: date for name, date in dates.items() if date},
        found_in={name: where for name, value in found.items() if value},
    )
