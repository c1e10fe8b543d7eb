"""`briefqa eval`: a command of commands, which is `briefqa eval run` where none of them is named."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from briefqa.cli.evaluation import app
from tests.cli.runner import Runner

RECORD = {"id": "q1", "question": "Who flew the zeppelin?", "tags": [], "gold": []}
COMMANDS = [command.name or "" for command in app.registered_commands]


@pytest.fixture
def run(indexed: Runner) -> Runner:
    """`indexed`, with a question set beside it."""
    Path("q.jsonl").write_text(json.dumps(RECORD) + "\n", encoding="utf-8")
    return indexed


def words(text: str) -> str:
    return " ".join(word for word in text.split() if not set(word) <= set("│╭╮╰╯─"))


def evaluated(run: Runner, *arguments: str) -> str:
    path: str = run("eval", *arguments, "--json").json["path"]
    return path


def test_without_a_command_it_runs(run: Runner) -> None:
    assert evaluated(run, "q.jsonl") == evaluated(run, "run", "q.jsonl") == "q.jsonl"
    Path("evals").mkdir()
    Path("q.jsonl").rename("evals/briefs.jsonl")
    assert run("eval").code == 0
    assert evaluated(run) == evaluated(run, "run") == "evals/briefs.jsonl"


@pytest.mark.parametrize(
    "arguments",
    [
        ["--runs", "kept", "q.jsonl"],  # an option much like a command
        ["-r", "dense", "q.jsonl"],
        ["--top-k", "12", "q.jsonl"],
        ["--", "q.jsonl"],
    ],
)
def test_options_may_come_first(run: Runner, arguments: list[str]) -> None:
    outcome = run("eval", *arguments)
    assert (outcome.code, outcome.err) == (0, "")
    assert outcome.out.startswith("Evaluation of q.jsonl\n")


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("rnu", "run"), ("swep", "sweep"), ("scroe", "score"), ("scores", "score"), ("sweeps", "sweep")],
)
def test_a_command_that_is_almost_one(run: Runner, typed: str, meant: str) -> None:
    outcome = run("eval", typed)
    assert (outcome.code, outcome.out) == (2, "")
    said = f"There is no command or question set '{typed}'. Did you mean '{meant}'?"
    assert outcome.err.startswith(f"error: {said}")
    assert outcome.err.endswith(" See: briefqa eval --help\n")
    error = run("eval", typed, "--json").json_error
    assert (error["error"], error["exit_code"]) == ("UsageError", 2)
    assert error["message"].startswith(said)


def test_a_question_set_that_is_not_there(run: Runner) -> None:
    outcome = run("eval", "questions.jsonl")
    assert outcome.code == 2
    assert outcome.err.startswith("error: questions.jsonl: can't read the question set (No such file or directory);")


def test_a_file_with_almost_the_name_of_a_command_is_a_question_set(run: Runner) -> None:
    Path("q.jsonl").rename("scores")
    assert evaluated(run, "scores") == "scores"


def test_a_file_with_the_name_of_a_command(run: Runner) -> None:
    Path("q.jsonl").rename("score")
    outcome = run("eval", "score")
    assert outcome.code == 2
    assert "Missing option '--qrels'" in outcome.err
    assert evaluated(run, "./score") == "./score"
    assert evaluated(run, "run", "score") == "score"


@pytest.mark.parametrize("option", ["--help", "-h"])
def test_help_of_the_group(run: Runner, option: str) -> None:
    outcome = run("eval", option)
    assert (outcome.code, outcome.err) == (0, "")
    text = words(outcome.out)
    assert "Usage: briefqa eval [OPTIONS] COMMAND [ARGS]..." in text
    assert {"run", "sweep", "score"} <= set(COMMANDS)
    for name in COMMANDS:
        assert f" {name} " in text
    assert max(map(len, outcome.out.split("\n"))) <= 80


@pytest.mark.parametrize("command", ["sweep", "score"])
@pytest.mark.parametrize("option", ["--help", "-h"])
def test_help_of_its_commands(run: Runner, command: str, option: str) -> None:
    outcome = run("eval", command, option)
    assert (outcome.code, outcome.err) == (0, "")
    text = words(outcome.out)
    assert f"Usage: briefqa eval {command} [OPTIONS]" in text
    assert f"\n  briefqa eval {command} " in outcome.out
    assert "--json" in text
    assert "--csv" in text


@pytest.mark.parametrize("options", [["--json", "--csv"], ["--csv", "--json"]])
@pytest.mark.parametrize(
    "command",
    [
        *COMMANDS,
        *(f"import {kind}" for kind in ("beir", "squad", "csv")),
        *(f"export {kind}" for kind in ("trec", "beir")),
    ],
)
def test_json_and_csv_together_are_refused(run: Runner, command: str, options: list[str]) -> None:
    error = run("eval", *command.split(), *options).json_error
    assert (error["error"], error["message"]) == ("UsageError", "give --json or --csv, not both")


@pytest.mark.parametrize("command", ["sweep", "score"])
def test_an_unknown_option(run: Runner, command: str) -> None:
    outcome = run("eval", command, "--xyzzy")
    assert (outcome.code, outcome.out) == (2, "")
    assert outcome.err == f"error: No such option: --xyzzy. See: briefqa eval {command} --help\n"
