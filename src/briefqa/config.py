"""One frozen `Settings`: defaults < briefqa.toml < BRIEFQA_* variables < what the call says.

briefqa.toml holds the field names below as top-level keys. `corpus` and `index` in it are relative to the file. With
collections in it (see `collection`), `corpus` is none but what is said.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, get_args

from briefqa.collection import Collection, nearest, parse_collections
from briefqa.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping

RetrieverName = Literal["dense", "lexical", "hybrid"]
PrecisionName = Literal["auto", "fp32", "bf16"]
DenseKind = Literal["auto", "flat", "int8"]
CONFIG_FILE = "briefqa.toml"
TOKEN_VARIABLE = "BRIEFQA_TOKEN"  # noqa: S105 - its name
"""What the server asks for: it has no place in a file of settings."""
# Variables that are no settings.
_OTHER_VARIABLES = frozenset({TOKEN_VARIABLE, "BRIEFQA_PAGER", "BRIEFQA_HISTORY"})
_TOLD = {"int": "a whole number", "float": "a number", "bool": "true or false", "tuple": "a text, or a list of them"}
_TRUTH = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}


@dataclass(frozen=True, slots=True)
class Settings:
    """What a run of briefqa can be told. None for `encoder`, `precision`, `reranker`, `passage_tokens`,
    `overlap_tokens`, `dense_index` or `clean` means: as the index has it, or the default when there is no index yet.
    `reranker` is "" or "none" to have none. `recency` is what the newest articles gain, as a share of the best score,
    and `recency_half_life` after how many days half of that is left."""

    corpus: tuple[str, ...] = ("corpus",)
    collections: tuple[Collection, ...] = ()
    gitignore: bool = True
    index: str = "index"
    questions: str = "evals/briefs.jsonl"
    encoder: str | None = None
    precision: PrecisionName | None = None
    reranker: str | None = None
    passage_tokens: int | None = None
    overlap_tokens: int | None = None
    dense_index: DenseKind | None = None
    clean: bool | None = None
    retriever: RetrieverName = "hybrid"
    dense_weight: float = 0.5
    rerank: bool = False
    rerank_candidates: int = 20
    recency: float = 0.0
    recency_half_life: int = 365
    top_k: int = 5
    max_quotes: int = 5
    min_confidence: float = 0.6
    once: bool = True

    def __post_init__(self) -> None:
        """Raise UsageError for a value out of range."""
        _check(self.retriever in get_args(RetrieverName), "retriever", self.retriever, "dense, lexical or hybrid")
        precision = self.precision
        _check(precision in (None, *get_args(PrecisionName)), "precision", precision, "auto, fp32 or bf16")
        kinds = (None, *get_args(DenseKind))
        _check(self.dense_index in kinds, "dense_index", self.dense_index, "auto, flat or int8")
        _check(0.0 <= self.dense_weight <= 1.0, "dense_weight", self.dense_weight, "a number from 0 to 1")
        _check(0.0 <= self.min_confidence <= 1.0, "min_confidence", self.min_confidence, "a number from 0 to 1")
        wanted = "a whole number from 1 to 200"
        _check(1 <= self.rerank_candidates <= 200, "rerank_candidates", self.rerank_candidates, wanted)
        _check(0.0 <= self.recency <= 1.0, "recency", self.recency, "a number from 0 to 1")
        days = "a whole number of days, at least 1"
        _check(self.recency_half_life >= 1, "recency_half_life", self.recency_half_life, days)
        _check(1 <= self.top_k <= 1000, "top_k", self.top_k, "a whole number from 1 to 1000")
        _check(1 <= self.max_quotes <= 20, "max_quotes", self.max_quotes, "a whole number from 1 to 20")
        tokens, overlap = self.passage_tokens, self.overlap_tokens
        _check(tokens is None or tokens >= 16, "passage_tokens", tokens, "a whole number of at least 16")
        _check(overlap is None or overlap >= 0, "overlap_tokens", overlap, "a whole number of at least 0")


def _check(fine: bool, name: str, value: object, expected: str) -> None:
    if not fine:
        raise UsageError(f"{name} is {value!r}; it must be {expected}.")


def load_settings(folder: Path, environ: Mapping[str, str] | None = None, **given: Any) -> Settings:
    """Settings for a run started in `folder`; `given` values that are None count as not said.

    Raises UsageError for a file that is not TOML, an unknown key, or a value of the wrong type or range.
    """
    values = {**_from_file(folder / CONFIG_FILE), **_from_environment(os.environ if environ is None else environ)}
    given = {name: value for name, value in given.items() if value is not None}
    if "corpus" in given:  # what a call names is all that it is about
        values.pop("collections", None)
    values.update(given)
    if values.get("collections"):
        values.setdefault("corpus", ())
    return replace(Settings(), **values)


def _from_file(path: Path) -> dict[str, Any]:
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{path} can't be read as settings: {error}") from error
    import tomllib  # noqa: PLC0415 - most folders have no settings

    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"{path} can't be read as settings: {error}") from error
    collections = parse_collections(table.pop("collections", {}), path)
    values = {name: convert(name, value, str(path)) for name, value in table.items()}
    for name in ("index", "questions"):
        if name in values:
            values[name] = os.path.relpath(path.parent / values[name])
    if "corpus" in values:
        values["corpus"] = tuple(os.path.relpath(path.parent / entry) for entry in values["corpus"])
    if collections:
        values["collections"] = collections
    return values


def _from_environment(environ: Mapping[str, str]) -> dict[str, Any]:
    prefix = "BRIEFQA_"
    return {
        name.removeprefix(prefix).lower(): convert(name.removeprefix(prefix).lower(), text, name)
        for name, text in environ.items()
        if name.startswith(prefix) and name not in _OTHER_VARIABLES
    }


def convert(name: str, value: Any, origin: str) -> Any:
    """`value` as the type of the setting `name`; values from outside may arrive as text. `origin` names where it stood.

    Raises UsageError for an unknown name or a value of another type.
    """
    if name == "collections":
        raise UsageError(f"{origin}: collections stand in {CONFIG_FILE} only.")
    types = {field.name: str(field.type) for field in fields(Settings)}
    if name not in types:
        known = f"There are: {', '.join(sorted(types))}."
        raise UsageError(f"{origin}: there is no setting {name!r}.{nearest(name, types)} {known}")
    wanted = types[name]
    try:
        if wanted.startswith("tuple"):
            entries = [value] if isinstance(value, str) else value
            if not isinstance(entries, list) or not all(isinstance(entry, str) for entry in entries):
                raise TypeError(name)
            return tuple(entries)
        if wanted.startswith("bool"):
            return value if isinstance(value, bool) else _truth(value)
        if isinstance(value, bool | dict | list):
            raise TypeError(name)
        if wanted.startswith("int"):
            return int(value) if not isinstance(value, float) else _whole(value)
        return float(value) if wanted == "float" else str(value)
    except (TypeError, ValueError) as error:
        raise UsageError(f"{origin}: {name} is {value!r}; it must be {_told(wanted)}.") from error


def _told(wanted: str) -> str:
    """A field's type in words."""
    return next((words for kind, words in _TOLD.items() if wanted.startswith(kind)), "a text")


def _truth(value: Any) -> bool:
    if not isinstance(value, str) or value.lower() not in _TRUTH:
        raise ValueError(value)
    return _TRUTH[value.lower()]


def _whole(value: float) -> int:
    if not value.is_integer():
        raise ValueError(value)
    return int(value)
