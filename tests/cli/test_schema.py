"""`briefqa schema`."""

from __future__ import annotations

import json
from importlib.resources import files

import pytest
from jsonschema import Draft202012Validator

from briefqa.rendering.schemas import load_schema, schema_names
from tests.cli.runner import Runner


def test_all_are_listed(run: Runner) -> None:
    outcome = run("schema")
    assert (outcome.code, outcome.err) == (0, "")
    lines = outcome.out.splitlines()
    assert [line.split()[0] for line in lines] == schema_names()
    assert "answer      briefqa.answer/1      The answer to a question" in lines
    assert "eval        briefqa.eval/2        " in outcome.out
    listed = run("schema", "--json").json
    assert list(Draft202012Validator(load_schema("schemas")).iter_errors(listed)) == []
    assert [entry["name"] for entry in listed["schemas"]] == schema_names()
    assert listed["schemas"][1] == {"name": "answer", "id": "briefqa.answer/1", "title": "The answer to a question"}


def test_one_is_printed(run: Runner) -> None:
    shipped = json.loads(files("briefqa").joinpath("schemas/answer.json").read_text(encoding="utf-8"))
    for name in ("answer", "briefqa.answer/1"):
        outcome = run("schema", name)
        assert (outcome.code, outcome.err) == (0, "")
        assert json.loads(outcome.out) == shipped
        assert outcome.out.startswith('{\n  "$schema": ')
        assert run("schema", name, "--json").json == shipped


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("anwser", "There is no schema 'anwser'. Did you mean 'answer'? There are: add, answer, "),
        ("xyzzy", "There is no schema 'xyzzy'. There are: add, answer, "),
        ("../schemas/answer", "There is no schema '../schemas/answer'. There are: "),
        ("briefqa.answer/2", "There is no schema 'briefqa.answer/2' here, but briefqa.answer/1. Print it with: "),
        ("", "There is no schema ''. There are: "),
    ],
)
def test_one_that_there_is_not(run: Runner, name: str, message: str) -> None:
    outcome = run("schema", name)
    assert (outcome.code, outcome.out) == (2, "")
    assert outcome.err.startswith(f"error: {message}")
    error = run("schema", name, "--json").json_error
    assert (error["error"], error["exit_code"]) == ("UsageError", 2)
    assert error["message"].startswith(message)
