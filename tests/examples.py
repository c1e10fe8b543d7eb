"""The examples in docs/ that programs make: what is run there, and what came of it."""

from __future__ import annotations

import contextlib
import io
import json
import re
import shlex
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from briefqa.cli.main import main
from briefqa.encoders.factory import InstalledEncoders
from tests.conftest import ARTICLES
from tests.fakes import FakeEncoders

DOCS = Path(__file__).parents[1] / "docs"
_CALL = re.compile(r"(?<=```console\n\$ briefqa )([^\n]*)(\n```\n\n```json\n)(.*?)(?=```\n)", re.DOTALL)
_BLOCK = re.compile(r"(```python\n)(.*?)(```\n)(\n```text\n)?(?(4)(.*?)(?=```\n))", re.DOTALL)
_SHORT_LIST = re.compile(r"\[[^][{}]{1,60}\]")
_MEASURED = {"milliseconds", "seconds", "made", "bytes"}
_DIGITS = 3


def made_json(text: str) -> str:
    """A page with what its calls of `briefqa ... --json` print now, in the current folder."""
    return _CALL.sub(lambda found: f"{found[1]}{found[2]}{printed(*shlex.split(found[1]))}\n", text)


def printed(*arguments: str) -> str:
    """What a call with --json prints, for people, without what differs from run to run."""
    with pytest.MonkeyPatch.context() as patch, contextlib.ExitStack() as stack:
        patch.setattr(sys, "argv", ["briefqa", *arguments])
        out, err = stack.enter_context(_captured("stdout")), stack.enter_context(_captured("stderr"))
        main()
    text = json.dumps(_settled(json.loads(out.getvalue() or err.getvalue())), indent=2, ensure_ascii=False)
    return _SHORT_LIST.sub(lambda found: " ".join(found[0].split()).replace("[ ", "[").replace(" ]", "]"), text)


def made_python(text: str) -> str:
    """A page with what its blocks of Python print now, one after the other, in the current folder."""
    names: dict[str, Any] = {"__name__": "__main__"}

    def run(found: re.Match[str]) -> str:
        with _captured("stdout") as out:
            exec(compile(found[2], "docs/python.md", "exec"), names)
        if found[4] is None:
            assert out.getvalue() == "", f"what this prints is not on the page:\n{found[2]}"
            return found[0]
        return f"{found[1]}{found[2]}{found[3]}{found[4]}{out.getvalue()}"

    return _BLOCK.sub(run, text)


@contextlib.contextmanager
def small_index(folder: Path) -> Iterator[None]:
    """In `folder`, the small corpus and its index by the fake encoder, which is installed meanwhile."""
    encoders = FakeEncoders()
    for key, text in ARTICLES.items():
        path = folder / "corpus" / key
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        patch.setattr(InstalledEncoders, "find", lambda _, name: encoders.find(name))
        patch.setattr(InstalledEncoders, "load", lambda _, model, **how: encoders.load(model, **how))
        patch.setattr(InstalledEncoders, "open_for_passages", lambda _, path: encoders.open_for_passages(path))
        patch.setattr(InstalledEncoders, "open", lambda _, path: encoders.open(path))
        Path("briefqa.toml").write_text("top_k = 1\n", encoding="utf-8")
        printed("index", "--json")
        yield


@contextlib.contextmanager
def _captured(stream: str) -> Iterator[io.StringIO]:
    with pytest.MonkeyPatch.context() as patch:
        found = io.StringIO()
        patch.setattr(sys, stream, found)
        yield found


def _settled(value: Any, *, name: str = "") -> Any:
    if isinstance(value, dict):
        return {key: _settled(inner, name=name if name in _MEASURED else key) for key, inner in value.items()}
    if isinstance(value, list):
        return [_settled(inner, name=name) for inner in value]
    if name in _MEASURED and isinstance(value, int | float):
        return 1
    return round(value, _DIGITS) if isinstance(value, float) else value
