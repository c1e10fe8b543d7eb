"""Records as articles, and what is to be said of those that are none."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from briefqa.corpus.article import Article
from briefqa.corpus.records.bodies import body_of
from briefqa.corpus.records.fields import USUAL, Fields, Record
from briefqa.corpus.records.values import date_of, names_of, text_of

if TYPE_CHECKING:
    from collections.abc import Iterator

_LANGUAGE = re.compile(r"([a-z]{2})(?:[-_]\w+)*", re.IGNORECASE)
_PART = re.compile(r"\S(?:[^\x00-\x1f\x7f#]{0,98}\S)?")
# Fields that are none of ours are kept, if they are few and short.
_MOST_OTHERS = 20
_LONGEST_OTHER = 200
_SHOWN = 12


@dataclass(slots=True)
class Reading:
    """Records so far: the articles that they gave, and what is to be said of the others."""

    fields: Fields
    found: list[tuple[str | None, Article]] = field(default_factory=list)  # with its id
    names: Counter[str] = field(default_factory=Counter)
    records: int = 0
    named: int = 0  # that have a field for the text, if an empty one
    others: int = 0
    broken: list[int] = field(default_factory=list)
    odd_dates: list[str] = field(default_factory=list)

    def add(self, number: int, record: Record) -> None:
        """Adds a record, the file's `number`th."""
        self.records += 1
        key, value = self.fields.value(record, "text")
        if key is None:
            self.names.update(map(str, record))
            return
        self.named += 1
        text = body_of(value) if isinstance(value, str) else _joined(value)
        if text:
            identifier = text_of(self.fields.value(record, "id")[1])
            self.found.append((identifier, self._article(number, record, text, key)))

    def articles(self, doubts: tuple[str, ...]) -> list[Article]:
        """The articles, with the warnings about the whole file on the first. Raises ValueError for none."""
        if not self.found:
            raise ValueError(self._reason())
        warnings = (*doubts, *self._warnings())
        identifiers = [identifier for identifier, _ in self.found]
        usable = all(entry is not None and _PART.fullmatch(entry) for entry in identifiers)
        if usable and len(set(identifiers)) == len(identifiers):
            articles = [replace(article, part=identifier or "") for identifier, article in self.found]
        else:
            articles = [article for _, article in self.found]
        return [replace(articles[0], warnings=warnings), *articles[1:]]

    def _article(self, number: int, record: Record, text: str, text_key: str) -> Article:
        keys = {"text": text_key}
        values: dict[str, Any] = {}
        for name in USUAL:
            if name != "text":
                key, values[name] = self.fields.value(record, name)
                if key is not None:
                    keys[name] = key
        code = _LANGUAGE.fullmatch(text_of(values["language"]) or "")
        known: dict[str, Any] = {
            "title": text_of(values["title"]),
            "source": text_of(values["source"]),
            "authors": names_of(values["authors"], ";"),
            "published": self._date(values["published"]),
            "updated": self._date(values["updated"]),
            "url": text_of(values["url"]),
            "language": code[1].lower() if code else None,
            "tags": names_of(values["tags"], ",;"),
        }
        article = Article(
            text,
            part=str(number),
            lines_of="text",
            metadata=_others(record, set(keys.values())),
            found_in={name: f"field {keys[name]}" for name, value in known.items() if value},
        )
        return replace(article, **known)

    def _date(self, value: Any) -> str | None:
        known = date_of(value)
        if known is None and value is not None:
            self.odd_dates.append(str(value)[:40])
        return known

    def _reason(self) -> str:
        if not self.records:
            return (
                f"it holds no records: its line {self.broken[0]} is no JSON object"
                if self.broken
                else "it holds no records"
            )
        if not self.named and self.names:
            names = list(self.names)
            return (
                f"none of its fields is known to hold the text: they are {listed(names)}; "
                f'name the one that does in briefqa.toml: [fields] text = "..."'
            )
        return "none of its records has a text"

    def _warnings(self) -> Iterator[str]:
        without = self.records - len(self.found)
        if without:
            yield f"{without} of its {self.records} records {_have(without)} no text"
        if self.broken:
            count = len(self.broken)
            yield f"{count} of its lines {_are(count)} no JSON object, the first being line {self.broken[0]}"
        if self.others:
            yield f"{self.others} of its entries {_are(self.others)} no record"
        if self.odd_dates:
            count = len(self.odd_dates)
            yield (
                f"{count} of its dates, as {self.odd_dates[0]!r}, {_are(count)} not of a form like 2018-11-22, 2018-11 "
                f"or 2018, so {'it is' if count == 1 else 'they are'} unknown"
            )


def _have(count: int) -> str:
    return "has" if count == 1 else "have"


def _are(count: int) -> str:
    return "is" if count == 1 else "are"


def _joined(value: Any) -> str:
    """A text that comes as a list of paragraphs."""
    if not isinstance(value, list):
        return ""
    return "\n\n".join(filter(None, (body_of(entry) for entry in value if isinstance(entry, str))))


def _others(record: Record, ours: set[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for key, value in record.items():
        if key and key not in ours and not isinstance(value, dict | list) and len(found) < _MOST_OTHERS:
            text = text_of(value)
            if text and len(text) <= _LONGEST_OTHER:
                found[str(key)] = text
    return found


def listed(names: list[str]) -> str:
    """The first of some names, for a message."""
    shown = ", ".join(repr(name[:40]) for name in names[:_SHOWN])
    return shown if len(names) <= _SHOWN else f"{shown} and {len(names) - _SHOWN} more"
