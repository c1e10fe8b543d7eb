"""The examples in docs/ are what comes of them. Written anew by: python -m tests.make_examples"""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from briefqa.rendering.schemas import load_schema
from tests.examples import DOCS, made_json, made_python, small_index
from tests.made_once import exported_once


def page(name: str) -> str:
    return (DOCS / name).read_text(encoding="utf-8")


def test_the_examples_of_json(tmp_path: Path) -> None:
    text = page("json.md")
    with small_index(tmp_path):
        assert made_json(text) == text
    shapes = []
    for found in re.findall(r"```json\n(.*?)```", text, re.DOTALL):
        value = json.loads(found)
        shapes.append(value["schema"])
        schema = load_schema(value["schema"])
        assert list(Draft202012Validator(schema).iter_errors(value)) == []
    assert shapes == ["briefqa.answer/1", "briefqa.answer/1", "briefqa.hits/1", "briefqa.status/1", "briefqa.error/1"]


@pytest.mark.model
def test_the_tutorial(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, exported: Path) -> None:
    monkeypatch.chdir(tmp_path)
    text = page("python.md")
    with exported_once(exported):
        assert made_python(text) == text
    assert text.count("```text\n") > 10


def test_a_block_that_prints_what_the_page_does_not_say_is_refused() -> None:
    with pytest.raises(AssertionError, match="what this prints is not on the page"):
        made_python("```python\nprint(1)\n```\n")
    assert made_python("```python\nx = 2\n```\n\n```python\nprint(x)\n```\n\n```text\n1\n```\n") == (
        "```python\nx = 2\n```\n\n```python\nprint(x)\n```\n\n```text\n2\n```\n"
    )
