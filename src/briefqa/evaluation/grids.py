"""Grids of settings: which configurations a sweep tries."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import product
from typing import Any

from briefqa.config import Settings, convert
from briefqa.errors import UsageError

# What may be varied: as it is typed -> the setting.
AXES = {
    "chunk": "passage_tokens",
    "overlap": "overlap_tokens",
    "encoder": "encoder",
    "retriever": "retriever",
    "weight": "dense_weight",
    "rerank": "rerank",
    "candidates": "rerank_candidates",
    "quotes": "max_quotes",
    "confidence": "min_confidence",
}
_OF_INDEX = ("passage_tokens", "overlap_tokens", "encoder")
# A label names the folder of a run.
_UNFIT = re.compile(r"[^A-Za-z0-9._=+-]")
_LONGEST = 200


@dataclass(frozen=True, slots=True)
class Configuration:
    """Settings to try. `label` names what is varied, as in "chunk=120,retriever=dense"; `index_label` only what needs
    an index of its own, "" where the one that is there will do."""

    label: str
    index_label: str
    settings: Settings


def configurations(grid: Sequence[str], base: Settings) -> list[Configuration]:
    """Every combination of entries such as "chunk=120,180", in their order, over `base`.

    A setting without effect is left out of a combination, which is then tried once: the weight where one retriever
    alone decides, the candidates where nothing is reranked. So is a value that says the same as one before it. In
    labels, "_" stands for what no file name should hold. Raises UsageError for an entry that is no such thing.
    """
    axes = [_axis(entry) for entry in grid]
    names = [name for name, _ in axes]
    if not axes or len(set(names)) < len(names):
        message = "name each setting of the grid once, as in --grid chunk=120,180 --grid retriever=dense,hybrid"
        raise UsageError(message)
    found: dict[str, Configuration] = {}
    for values in product(*(values.items() for _, values in axes)):
        chosen = dict(zip(names, values, strict=True))
        settings = replace(base, **{AXES[name]: value for name, (_, value) in chosen.items()})
        told = {name: text for name, (text, _) in chosen.items() if _matters(AXES[name], settings)}
        label = ",".join(f"{name}={text}" for name, text in told.items())
        index_label = ",".join(f"{name}={text}" for name, text in told.items() if AXES[name] in _OF_INDEX)
        _check(label, settings)
        found.setdefault(label, Configuration(label, index_label, settings))
    return list(found.values())


def _axis(entry: str) -> tuple[str, dict[str, Any]]:
    """The axis that the entry names, and its values by what labels call them."""
    name, equals, listed = entry.partition("=")
    name = {setting: short for short, setting in AXES.items()}.get(name, name)
    texts = [text.strip() for text in listed.split(",")]
    if name not in AXES or not equals or not all(texts):
        message = f"{entry!r} is no part of a grid; write NAME=VALUE,VALUE with one of {', '.join(AXES)}"
        raise UsageError(message)
    values: dict[str, Any] = {}
    for text in texts:
        value = convert(AXES[name], text, f"--grid {name}")
        called = _UNFIT.sub("_", text)
        if value in values.values():
            continue
        if called in values:
            message = f"--grid {name}: two values would both be called {called!r}; write one of them otherwise"
            raise UsageError(message)
        values[called] = value
    return name, values


def _matters(setting: str, settings: Settings) -> bool:
    if setting == "dense_weight":
        return settings.retriever == "hybrid"
    return setting != "rerank_candidates" or settings.rerank


def _check(label: str, settings: Settings) -> None:
    tokens, overlap = settings.passage_tokens, settings.overlap_tokens
    if tokens is not None and overlap is not None and overlap >= tokens:
        message = f"passages of {tokens} tokens can't overlap by {overlap}; take one of the two out of the grid"
        raise UsageError(message)
    if len(label) > _LONGEST:
        message = f"{label!r} is too long to name a run: at most {_LONGEST} characters; give shorter values"
        raise UsageError(message)
