"""The collections of briefqa.toml: named groups of folders and files, each with rules of its own.

[collections.news]
paths = ["news", "wire/*.zip"]
"""

from __future__ import annotations

import os
import re
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, NamedTuple

from briefqa.errors import UsageError
from briefqa.types import Rules

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

_TEXTS = ("source", "language")
_FLAGS = ("gitignore", "clean")
_LISTS = ("paths", "include", "exclude", "tags")
_KEYS = (*_LISTS, *_FLAGS, *_TEXTS, "fields")
_FIELDS = ("authors", "id", "language", "published", "source", "tags", "text", "title", "updated", "url")
_NAME = re.compile(r"[\w-]+")
_LANGUAGE = re.compile(r"[a-z]{2}")


class Collection(NamedTuple):
    """Folders and files, relative to the current folder, perhaps with wildcards in their names, and their rules."""

    name: str
    paths: tuple[str, ...]
    rules: Rules


def parse_collections(table: Any, file: Path) -> tuple[Collection, ...]:
    """The collections in the value of `collections` in the settings `file`, whose paths are relative to it. Raises
    UsageError for anything else, naming the nearest right key."""
    if not isinstance(table, dict):
        raise UsageError(f"{file}: collections is {table!r}; expected tables, as [collections.news] is.")
    return tuple(_parse(name, entry, file) for name, entry in table.items())


def nearest(name: str, known: Iterable[str]) -> str:
    """The question whether the known name that is most like `name` was meant, after a space; "" if none is like it."""
    found = get_close_matches(name, sorted(known), n=1)
    return f" Did you mean {found[0]}?" if found else ""


def _parse(name: str, entry: Any, file: Path) -> Collection:
    where = f"{file}: [collections.{name}]"
    if not _NAME.fullmatch(name):
        raise UsageError(f"{where}: a collection's name is of letters, digits, - and _.")
    if not isinstance(entry, dict):
        raise UsageError(f"{where} is {entry!r}; expected a table, with paths = [...] in it.")
    for key in entry:
        if key not in _KEYS:
            raise UsageError(f"{where}: there is no key {key!r}.{nearest(key, _KEYS)} There are: {', '.join(_KEYS)}.")
    lists = {key: _strings(entry[key], f"{where}: {key}") for key in _LISTS if key in entry}
    if not lists.get("paths"):
        raise UsageError(f'{where} has no paths. Name its folders or files, as in: paths = ["news"]')
    texts = {key: _text(entry[key], f"{where}: {key}") for key in _TEXTS if key in entry}
    language = texts.get("language")
    if language is not None and not _LANGUAGE.fullmatch(language):
        raise UsageError(f"{where}: language is {language!r}; expected a code of two letters, as en is.")
    flags = {key: _flag(entry[key], f"{where}: {key}") for key in _FLAGS if key in entry}
    paths = tuple(os.path.relpath(file.parent / os.path.expanduser(path)) for path in lists.pop("paths"))
    fields = _fields(entry.get("fields", {}), where)
    return Collection(name, paths, Rules(collection=name, fields=fields, **lists, **texts, **flags))  # type: ignore[arg-type]


def _strings(value: Any, where: str) -> tuple[str, ...]:
    entries = [value] if isinstance(value, str) else value
    if not isinstance(entries, list) or not all(isinstance(entry, str) and entry.strip() for entry in entries):
        raise UsageError(f'{where} is {value!r}; expected a list of texts, as ["a", "b"].')
    return tuple(entries)


def _text(value: Any, where: str) -> str:
    if not isinstance(value, str) or not value.strip():
        raise UsageError(f"{where} is {value!r}; expected a text.")
    return value.strip()


def _flag(value: Any, where: str) -> bool:
    if not isinstance(value, bool):
        raise UsageError(f"{where} is {value!r}; expected true or false.")
    return value


def _fields(value: Any, where: str) -> tuple[tuple[str, str], ...]:
    if not isinstance(value, dict):
        raise UsageError(f'{where}: fields is {value!r}; expected a table, as {{text = "body"}}.')
    for key in value:
        if key not in _FIELDS:
            known = f"There are: {', '.join(_FIELDS)}."
            raise UsageError(f"{where}: an article has no field {key!r}.{nearest(key, _FIELDS)} {known}")
    return tuple(sorted((key, _text(name, f"{where}: fields.{key}")) for key, name in value.items()))
