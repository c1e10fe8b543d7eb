"""What every article keeps to, whatever its loader: it can be written as UTF-8, and what its file says about it, which
comes with every quote, is of a length that a reader can bear."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import TYPE_CHECKING, Any

from briefqa.types import Cut

if TYPE_CHECKING:
    from briefqa.corpus.article import Article

LONGEST_FIELD = 1_000
"""Characters of a title, a name, a tag or a value of the metadata."""
LONGEST_URL = 4_000
MOST_ENTRIES = 100
"""Of authors, tags, metadata, and of warnings."""
_CUT = "…"


def encodable(article: Article) -> Article:
    """`article` with a "?" for every unpaired surrogate, so that every character stays where it is."""
    values = {entry.name: getattr(article, entry.name) for entry in fields(article)}
    mended = {name: _encodable(value) for name, value in values.items()}
    return article if mended == values else replace(article, **mended)


def bounded(article: Article) -> Article:
    """`article` with what is said about it cut to these bounds, and a warning that says what was; a longer address is
    no address any more, so it is left out."""
    values: dict[str, Any] = {
        "title": _short(article.title),
        "source": _short(article.source),
        "authors": _few(article.authors),
        "tags": _few(article.tags),
        "url": article.url if len(article.url or "") <= LONGEST_URL else None,
        "metadata": dict(
            (name[:LONGEST_FIELD], _short(text) or "") for name, text in [*article.metadata.items()][:MOST_ENTRIES]
        ),
    }
    cut = [name for name, value in values.items() if value != getattr(article, name)]
    warnings = tuple(_short(warning) or "" for warning in article.warnings[:MOST_ENTRIES])
    if not cut:
        return article if warnings == article.warnings else replace(article, warnings=warnings)
    told = f"its {', '.join(cut)} {'is' if len(cut) == 1 else 'are'} too long, and cut or left out"
    return replace(article, **values, warnings=(*warnings, told))


def _encodable(value: Any) -> Any:
    if isinstance(value, str):
        return value if value.isascii() else value.encode("utf-8", "replace").decode()
    if isinstance(value, tuple):
        return tuple(map(_encodable, value)) if any(isinstance(entry, str | Cut) for entry in value) else value
    if isinstance(value, dict):
        return {_encodable(name): _encodable(text) for name, text in value.items()}
    return replace(value, text=_encodable(value.text)) if isinstance(value, Cut) else value


def _few(entries: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(_short(entry) or "" for entry in entries[:MOST_ENTRIES]))


def _short(text: str | None) -> str | None:
    return text if text is None or len(text) <= LONGEST_FIELD else text[: LONGEST_FIELD - len(_CUT)] + _CUT
