"""What the fields of front matter say of an article."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from briefqa.dates import partial_date

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

FIELDS = {
    "title": ("title",),
    "source": ("source",),
    "authors": ("authors", "author"),
    "published": ("date", "published"),
    "updated": ("updated", "modified", "lastmod"),
    "url": ("url",),
    "language": ("language", "lang"),
    "tags": ("tags", "keywords", "categories"),
}
"""The names in front matter of each field of an Article: the first that says something counts, but all tags do."""
_LANGUAGE = re.compile(r"([A-Za-z]{2})(?:[-_][A-Za-z0-9-_]+)?")


def described(fields: Mapping[str, Any]) -> tuple[dict[str, Any], tuple[str, ...]]:
    """The fields of an Article that `fields` state, `metadata` with all others, and warnings about what can't be used:
    a date that is not of ISO 8601, a language that is no code of ISO 639-1."""
    warnings: list[str] = []
    values: dict[str, Any] = {
        "title": _text(_first(fields, "title")),
        "source": _text(_first(fields, "source")),
        "authors": _authors(_first(fields, "authors")),
        "published": _date(_first(fields, "published"), "date", warnings),
        "updated": _date(_first(fields, "updated"), "date of change", warnings),
        "url": _text(_first(fields, "url")),
        "language": _language(_first(fields, "language"), warnings),
        "tags": tuple(dict.fromkeys(tag for name in FIELDS["tags"] for tag in _tags(fields.get(name)))),
    }
    known = {name for names in FIELDS.values() for name in names}
    values["metadata"] = {
        str(name): text for name, value in fields.items() if name not in known and (text := _text(value))
    }
    return values, tuple(warnings)


def _first(fields: Mapping[str, Any], field: str) -> Any:
    return next((value for name in FIELDS[field] if (value := fields.get(name)) is not None), None)


def _text(value: Any) -> str | None:
    if isinstance(value, list | tuple):
        return ", ".join(_texts(value)) or None
    if value is None or isinstance(value, dict):
        return None
    return " ".join(str(value).encode("utf-8", "replace").decode().split()) or None


def _texts(value: Any) -> Iterator[str]:
    """The text of a value, or of each in a list; not of lists in it, which may hold it itself."""
    entries = value if isinstance(value, list | tuple) else [value]
    return filter(None, (_text(entry) for entry in entries if not isinstance(entry, list | tuple)))


def _authors(value: Any) -> tuple[str, ...]:
    entries = value if isinstance(value, list) else [value]
    return tuple(filter(None, map(_text, entries)))


def _tags(value: Any) -> Iterator[str]:
    for text in _texts(value):
        yield from [text] if isinstance(value, list) else filter(None, map(str.strip, text.split(",")))


def _date(value: Any, name: str, warnings: list[str]) -> str | None:
    if value is None:
        return None
    text = str(value).strip()
    date = partial_date(text)
    if date is None:
        warnings.append(
            f"its {name} {text[:40]!r} is not of the form 2018-11-22, 2018-11 or 2018, so its {name} is unknown"
        )
    return date


def _language(value: Any, warnings: list[str]) -> str | None:
    text = _text(value)
    if text is None:
        return None
    if code := _LANGUAGE.fullmatch(text):
        return code[1].lower()
    warnings.append(f"its language {text[:40]!r} is not a code such as en or pt-BR, so it is not used")
    return None
