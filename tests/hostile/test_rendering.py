"""Every function that renders is given values whose every text is hostile, whatever they are: a new renderer is in this
test from its first day."""

from __future__ import annotations

import importlib
import inspect
import json
import pkgutil
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import is_dataclass, replace
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

import pytest

import briefqa.evaluation
import briefqa.rendering
from briefqa import errors, explained, filters, reports, types
from briefqa.cli.output import json_line
from briefqa.errors import BriefqaError
from briefqa.filters import Filter
from briefqa.rendering.page.render import render_page
from briefqa.rendering.style import Style
from tests.hostile.files import HOSTILE
from tests.rendering.page.builders import GOLD, HALLS, HALLS_HIT, QUOTE, answerable, make_run, unanswerable

# All but newlines: controls, marks and turns of direction, line separators, hidden characters, lone surrogates.
UNSAFE = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2061-\u206f\ufeff\ufff9-\ufffb"
    "\ud800-\udfff\U000e0000-\U000e007f]"
)
TEXT = f"It rained{HOSTILE}\ud800\x00\r\nin Baku."


class Every(dict[str, Any]):
    """A table that has an entry for every name."""

    def __init__(self, entry: Any) -> None:
        super().__init__({TEXT: entry})
        self._entry = entry

    def __missing__(self, name: str) -> Any:
        return self._entry


# What has to have a form of its own to come as far as a renderer.
SOUND = {
    "started": "2026-03-01T09:30:00+00:00",
    "at": "2026-03-01T09:30:00+00:00",
    "style": Style(width=80),
    "page_map": (),
    "line_map": ((0, 1),),
    "lines": (1, 2),
    "start": 0,
    "end": 30,
    "color": False,
    "filter": Filter(since="2018-11", sources=(TEXT,), paths=(TEXT,), tags=(TEXT,), collections=(TEXT,)),
    "lead": "  1. ",
    "span": (0, 30),
    "sha256": "00",
    "created": 1,
}


def modules(package: Any) -> list[Any]:
    found = pkgutil.walk_packages(package.__path__, f"{package.__name__}.")
    return [importlib.import_module(entry.name) for entry in found]


NAMES = {
    name: entry
    for module in (*modules(briefqa.evaluation), types, reports, explained, filters, errors)
    for name, entry in vars(module).items()
    if inspect.isclass(entry)
} | {
    "Iterable": Iterable,
    "Sequence": Sequence,
    "Mapping": Mapping,
    "Any": Any,
    "Path": Path,
    "Literal": Literal,
    "Style": Style,
    "Span": tuple[int, int],
}
# Two modules may have a class of one name: a renderer's values are those of the module of its own name, if any.
VALUES = {module.__name__.rpartition(".")[2]: vars(module) for module in modules(briefqa.evaluation)}
RENDERERS = [
    function
    for module in modules(briefqa.rendering)
    for name, function in vars(module).items()
    if inspect.isfunction(function)
    and function.__module__ == module.__name__
    and not name.startswith("_")
    and (name.startswith("render_") or name.endswith(("_csv", "_json", "_records")))
    and function is not render_page
]


def hostile(hint: Any, name: str = "") -> Any:
    """A value of the type, with hostile text wherever text may be."""
    if name in SOUND:
        return SOUND[name]
    origin, inner = get_origin(hint), get_args(hint)
    if hint in PLAIN:
        return PLAIN[hint]
    if origin in (Union, UnionType):
        return hostile(next(kind for kind in inner if kind is not NoneType), name)
    if origin is Literal:
        return inner[0]
    if origin is tuple and inner[-1] is not Ellipsis:
        return tuple(hostile(kind) for kind in inner)
    if origin in (tuple, list, set, frozenset, Sequence, Iterable):
        return (list if origin is list else tuple)([hostile(inner[0])])
    if origin in (dict, Mapping):
        return Every(hostile(inner[1])) if inner[0] is str else {hostile(inner[0]): hostile(inner[1])}
    if isinstance(hint, type) and is_dataclass(hint):
        hints = get_type_hints(hint, localns=NAMES | vars(importlib.import_module(hint.__module__)))
        return hint(
            **{field: hostile(kind, field) for field, kind in hints.items() if field in hint.__dataclass_fields__}
        )
    raise AssertionError(f"what is a {hint} ({name})?")


PLAIN: dict[Any, Any] = {
    str: TEXT, int: 1, float: 0.5, bool: True, object: TEXT, Any: TEXT, Path: Path("runs/a"), bytes: b"",
    BriefqaError: BriefqaError(TEXT),
}  # fmt: skip


def call(function: Callable[..., Any]) -> Any:
    hints = get_type_hints(function, localns=NAMES | VALUES.get(function.__module__.rpartition(".")[2], {}))
    return function(**{name: hostile(kind, name) for name, kind in hints.items() if name != "return"})


def texts(value: Any) -> Iterable[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list | tuple):
        for entry in value:
            yield from texts(entry)


# They tell of numbers only.
NO_TEXT = {"render_kept", "render_update"}


@pytest.mark.parametrize("function", RENDERERS, ids=lambda function: function.__name__)
def test_no_renderer_lets_anything_through(function: Callable[..., Any]) -> None:
    found = call(function)
    if function.__name__.endswith("_json"):
        line = json_line({"found": found})
        assert UNSAFE.search(line) is None
        assert json.loads(line) == json.loads(json.dumps({"found": found}))
        return
    if function.__name__.endswith("_records"):
        found = found.replace("\t", " ")  # which parts the fields; a field's own is an escape
    for text in texts(found):
        assert (seen := UNSAFE.search(text)) is None, f"{text[max(0, seen.start() - 40) : seen.end()]!r}"
    assert "It rained" in "".join(texts(found)) or function.__name__ in NO_TEXT


def test_a_page_holds_nothing_hostile_either() -> None:
    script = f"<script>alert(1)</script>{TEXT}"
    passage = replace(HALLS, text=script, title=script)
    quote, gold = replace(QUOTE, text=script, document=script), replace(GOLD, text=script, document=script)
    asked = answerable("q1", text=script, tags=(script,), quotes=(quote,), golds=(gold,), hits=(HALLS_HIT,))
    page = render_page(make_run([asked, unanswerable("q2", text=script)], [passage], settings={script: script}))
    assert (seen := UNSAFE.search(page)) is None, f"{page[max(0, seen.start() - 40) : seen.end()]!r}"
    assert "<script>alert" not in page
    assert page.count("&lt;script&gt;alert(1)&lt;/script&gt;It rained\ufffd[2J") >= 6
    assert re.search("default-src 'none'; style-src 'sha256-[^']+'; script-src 'sha256-[^']+'; base-uri 'none'", page)


def test_what_is_hidden_in_json_comes_back_whole() -> None:
    assert json.loads(json_line({TEXT: TEXT})) == {TEXT: TEXT}
    assert json_line({"a": "\U000e0041\x7f\u202e"}) == '{"a": "\\udb40\\udc41\\u007f\\u202e"}'
