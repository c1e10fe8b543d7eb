"""What a shell offers for an option's value. Each function answers in milliseconds or offers nothing: what is wrong
with settings or index, the command itself will say."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from collections.abc import Iterable

    from briefqa.config import Settings

# A shell takes what is offered apart at white space, and looks into it for quotes and patterns.
_PLAIN = re.compile(r"[\w.:/-]+")


def retrievers(incomplete: str) -> list[str]:
    """Values of --retriever."""
    return _beginning(incomplete, ("dense", "lexical", "hybrid"))


def orders(incomplete: str) -> list[str]:
    """Values of --sort."""
    return _beginning(incomplete, ("score", "date"))


def precisions(incomplete: str) -> list[str]:
    """Values of --precision."""
    return _beginning(incomplete, ("auto", "fp32", "bf16"))


def dense_kinds(incomplete: str) -> list[str]:
    """Values of --dense-index."""
    return _beginning(incomplete, ("auto", "flat", "int8"))


def collections(incomplete: str) -> list[str]:
    """The collections in the briefqa.toml of the current folder."""
    chosen = _settings()
    return _beginning(incomplete, [entry.name for entry in chosen.collections] if chosen else [])


def languages(ctx: typer.Context, incomplete: str) -> list[tuple[str, str]]:
    """The languages of the index's articles, with their names."""
    from briefqa.errors import BriefqaError
    from briefqa.index.generation import open_manifest
    from briefqa.languages import NAMES

    chosen = _settings(index=ctx.params.get("index"))
    if chosen is None:
        return []
    try:
        _, manifest = open_manifest(Path(chosen.index))
    except BriefqaError:
        return []
    codes = [code for code, _ in manifest.languages if code]
    return [(code, NAMES.get(code, code)) for code in _beginning(incomplete, codes)]


def schemas(incomplete: str) -> list[str]:
    """The names of the JSON Schemas."""
    from briefqa.rendering.schemas import schema_names

    return _beginning(incomplete, schema_names())


def _settings(index: str | None = None) -> Settings | None:
    from briefqa.config import load_settings
    from briefqa.errors import BriefqaError

    try:
        return load_settings(Path.cwd(), index=index)
    except BriefqaError:
        return None


def _beginning(incomplete: str, words: Iterable[str]) -> list[str]:
    return [word for word in words if word.startswith(incomplete) and _PLAIN.fullmatch(word)]
