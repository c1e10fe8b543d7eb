"""Jobs and outcomes as JSON, as they pass between processes. What comes from one that read a hostile file is data: it
is checked to be what it should be, and makes nothing but the plain values of the types named here."""

from __future__ import annotations

import json
from dataclasses import fields, is_dataclass
from functools import lru_cache
from types import NoneType, UnionType
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

from briefqa.corpus.loading import Job, Loaded, Outcome
from briefqa.corpus.scan import ScannedFile
from briefqa.types import Cut, Document, Rules

T = TypeVar("T")

_NAMES = {kind.__name__: kind for kind in (Cut, Document, Job, Loaded, Outcome, Rules, ScannedFile)}


def packed(value: object) -> bytes:
    """A dataclass, with all in it, for `unpacked`."""
    return json.dumps(value, default=_table, ensure_ascii=False, check_circular=False).encode("utf-8", "surrogatepass")


def unpacked(kind: type[T], data: bytes) -> T:
    """The `kind` that was packed. Raises ValueError or RecursionError for anything that is none."""
    found: T = _made(kind, json.loads(data.decode("utf-8", "surrogatepass")))
    return found


def _table(value: Any) -> dict[str, Any] | str:
    if isinstance(value, bytes):
        return value.decode("latin-1")
    return {field.name: getattr(value, field.name) for field in fields(value)}


@lru_cache(maxsize=32)
def _hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind, localns=_NAMES)


def _made(hint: Any, value: Any) -> Any:
    """`value` as what `hint` says; plain types are told exactly, as True is no number."""
    if is_dataclass(hint):
        return _dataclass(hint, value)
    origin, inner = get_origin(hint), get_args(hint)
    if origin in (Union, UnionType):
        return None if value is None else _made(next(kind for kind in inner if kind is not NoneType), value)
    if origin is Literal and value in inner:
        return value
    if origin is tuple and isinstance(value, list):
        return _tuple(inner, value)
    if origin is list and isinstance(value, list):
        return [_made(inner[0], entry) for entry in value]
    if origin is dict and isinstance(value, dict):
        return {_made(inner[0], name): _made(inner[1], entry) for name, entry in value.items()}
    if hint is bytes and isinstance(value, str):
        return value.encode("latin-1")
    if type(value) is hint or (hint is float and type(value) is int):
        return value
    raise ValueError(f"{type(value).__name__} is no {hint}")


def _dataclass(kind: Any, value: Any) -> Any:
    hints = _hints(kind)
    if not isinstance(value, dict) or value.keys() != hints.keys():
        raise ValueError(f"not the fields of a {kind.__name__}")
    return kind(**{name: _made(hints[name], entry) for name, entry in value.items()})


def _tuple(inner: tuple[Any, ...], value: list[Any]) -> tuple[Any, ...]:
    if inner[-1] is Ellipsis:
        return tuple(_made(inner[0], entry) for entry in value)
    return tuple(_made(kind, entry) for kind, entry in zip(inner, value, strict=True))
