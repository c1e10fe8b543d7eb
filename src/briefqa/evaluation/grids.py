"""Grids of settings: which configurations a sweep tries."""

from __future__ import annotations

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
    alone decides, the candidates where nothing is reranked. Raises UsageError for an entry that is no such thing.
    """
    axes = [_axis(entry) for entry in grid]
    names = [name for name, _ in axes]
    if not axes or len(set(names)) < len(names):
        message = "name each setting of the grid once, as in --grid chunk=120,180 --grid retriever=dense,hybrid"
        raise UsageError(message)
    found: dict[str, Configuration] = {}
    for values in product(*(values for _, values in axes)):
        chosen = dict(zip(names, values, strict=True))
        settings = replace(base, **{AXES[name]: value for name, (_, value) in chosen.items()})
        told = {name: text for name, (text, _) in chosen.items() if _matters(AXES[name], settings)}
        label = ",".join(f"{name}={text}" for name, text in told.items())
        index_label = ",".join(f"{name}={text}" for name, text in told.items() if AXES[name] in _OF_INDEX)
        found.setdefault(label, Configuration(label, index_label, settings))
    return list(found.values())


def _axis(entry: str) -> tuple[str, list[tuple[str, Any]]]:
    name, equals, listed = entry.partition("=")
    name = {setting: short for short, setting in AXES.items()}.get(name, name)
    texts = [text.strip() for text in listed.split(",")]
    if name not in AXES or not equals or not all(texts):
        message = f"{entry!r} is no part of a grid; write NAME=VALUE,VALUE with one of {', '.join(AXES)}"
        raise UsageError(message)
    return name, [(text.replace("/", "_"), convert(AXES[name], text, f"--grid {name}")) for text in texts]


def _matters(setting: str, settings: Settings) -> bool:
    if setting == "dense_weight":
        return settings.retriever == "hybrid"
    return setting != "rerank_candidates" or settings.rerank
