"""`briefqa eval run`: the ways to call it, and runs that are kept, broken off, resumed and in the way."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import ir_measures
import pytest
from ir_measures import nDCG

from briefqa.api import Index
from briefqa.evaluation.runs import read_run
from briefqa.types import Answer
from tests.cli.runner import Runner

RECORDS: list[dict[str, Any]] = [
    {
        "id": "q1",
        "question": "When did Georgia leave the commonwealth?",
        "tags": ["date"],
        "gold": [{"document": "nested/cis.md", "quote": "Georgia left the commonwealth in 2009."}],
    },
    {
        "id": "q2",
        "question": "Who chairs the Minsk Group, and where does it meet?",
        "tags": ["several"],
        "gold": [
            {"document": "osce.txt", "quote": "France, Russia and the United States share its chair."},
            {"document": "osce.txt", "quote": "It meets in Vienna"},
        ],
    },
    {
        "id": "q3",
        "question": "Which states belong to Russia's treaty organisation or union?",
        "tags": ["several"],
        "gold": [
            {"document": "csto.md", "quote": "Russia and Tajikistan belong to it."},
            {"document": "union.text", "quote": "The Union State joins Russia and Belarus."},
        ],
    },
    {"id": "q4", "question": "Who flew the zeppelin over Moscow?", "tags": ["none"], "gold": []},
]


@pytest.fixture
def run(indexed: Runner) -> Runner:
    """The command line in a folder with an indexed corpus and the question sets q.jsonl and evals/briefs.jsonl."""
    write("q.jsonl", RECORDS)
    Path("evals").mkdir()
    write("evals/briefs.jsonl", RECORDS)
    return indexed


def write(path: str, records: list[dict[str, Any]]) -> None:
    Path(path).write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")


def without_times(report: dict[str, Any]) -> dict[str, Any]:
    """The JSON of an evaluation but for what is never twice the same."""
    for summary in (report, *report["tags"].values()):
        del summary["measures"]["ms_p50"], summary["measures"]["ms_p95"]
    for outcome in report["outcomes"]:
        del outcome["milliseconds"]
    return report


def interrupt(monkeypatch: pytest.MonkeyPatch, after: int) -> list[str]:
    """From now on, a question is an interruption once so many were answered; the questions that were put."""
    real = Index.ask
    asked: list[str] = []

    def ask(index: Index, question: str, **options: Any) -> Answer:
        if len(asked) == after:
            raise KeyboardInterrupt
        asked.append(question)
        return real(index, question, **options)

    monkeypatch.setattr(Index, "ask", ask)
    return asked


def test_the_ways_to_call_it_are_the_same(run: Runner) -> None:
    calls = [
        ["eval", "run", "evals/briefs.jsonl", "--json"],
        ["eval", "evals/briefs.jsonl", "--json"],
        ["eval", "run", "--json"],
        ["eval", "--json"],
        ["eval", "--json", "evals/briefs.jsonl"],
        ["eval", "--retriever", "hybrid", "--json"],
    ]
    first, *others = [without_times(run(*call).json) for call in calls]
    assert first["path"] == "evals/briefs.jsonl"
    assert first["questions"] == 4
    assert others == [first] * 5


def test_a_question_set_may_be_called_like_a_command(run: Runner) -> None:
    Path("q.jsonl").rename("runn")
    assert run("eval", "runn", "--json").json["path"] == "runn"


@pytest.mark.parametrize("word", ["rnu", "runn", "rum"])
def test_a_command_that_is_misspelt(run: Runner, word: str) -> None:
    outcome = run("eval", word)
    assert (outcome.code, outcome.out) == (2, "")
    assert outcome.err == (
        f"error: There is no command or question set '{word}'. Did you mean 'run'? See: briefqa eval --help\n"
    )


def test_a_question_set_that_is_misspelt(run: Runner) -> None:
    outcome = run("eval", "qq.jsonl")
    assert (outcome.code, outcome.out) == (2, "")
    assert outcome.err.startswith("error: qq.jsonl: can't read the question set (No such file or directory); ")


@pytest.mark.parametrize("option", ["--help", "-h"])
def test_help_of_the_group(run: Runner, option: str) -> None:
    outcome = run("eval", option)
    assert (outcome.code, outcome.err) == (0, "")
    assert "Usage: briefqa eval [OPTIONS] COMMAND [ARGS]..." in outcome.out
    assert "Ask every question of a set" in outcome.out


def test_a_run_is_kept(run: Runner) -> None:
    outcome = run("eval", "run", "q.jsonl", "--name", "main", "--json")
    assert (outcome.code, outcome.err) == (0, "Kept in runs/main\n")
    told = json.loads(outcome.out)
    kept = read_run("main")
    assert {name: measure.value for name, measure in kept.report.overall.measures.items()} == {
        name: measure["value"] for name, measure in told["measures"].items()
    }
    assert [entry.confidence for entry in kept.report.outcomes] == [entry["confidence"] for entry in told["outcomes"]]
    record = kept.record
    assert (record.name, record.questions, record.briefqa) == ("main", "q.jsonl", "0.1.0")
    assert record.settings == told["settings"]
    assert record.index["encoder"] == "all-MiniLM-L6-v2"
    assert (record.index["documents"], record.index["passages"]) == (5, 6)
    assert all(kept.passages[hit.id].document == hit.document for entry in kept.report.outcomes for hit in entry.hits)
    # Gold, hits and quotes are where they were said to be.
    second = kept.report.outcomes[1]
    texts = {hit.document: Path("corpus", hit.document).read_text(encoding="utf-8") for hit in second.hits}
    assert [gold.text for gold in second.golds] == [gold["quote"] for gold in RECORDS[1]["gold"]]
    for quote in second.quotes:
        lines = texts[quote.document].split("\n")[quote.lines[0] - 1 : quote.lines[1]]
        assert " ".join(quote.text.split()) in " ".join(" ".join(lines).split())


def test_a_run_is_kept_elsewhere(run: Runner) -> None:
    outcome = run("eval", "q.jsonl", "--name", "a=1,b=2", "--runs", "kept/here")
    assert (outcome.code, outcome.err) == (0, "Kept in kept/here/a=1,b=2\n")
    assert read_run("kept/here/a=1,b=2").record.name == "a=1,b=2"
    assert not Path("runs").exists()


def test_nothing_is_kept_without_a_name(run: Runner) -> None:
    before = sorted(os.listdir())
    assert run("eval", "q.jsonl").code == 0
    assert sorted(os.listdir()) == before


@pytest.mark.parametrize("retriever", ["hybrid", "lexical"])
def test_ir_measures_reads_the_same_from_the_run(run: Runner, retriever: str) -> None:
    assert run("eval", "q.jsonl", "-r", retriever, "--name", "main").code == 0
    qrels = list(ir_measures.read_trec_qrels("runs/main/documents.qrels"))  # type: ignore[no-untyped-call]
    ranking = list(ir_measures.read_trec_run("runs/main/documents.run"))  # type: ignore[no-untyped-call]
    theirs = {entry.query_id: entry.value for entry in ir_measures.iter_calc([nDCG @ 10], qrels, ranking)}
    ours = {
        outcome.id: outcome.measures["documents.nDCG@10"]
        for outcome in read_run("main").report.outcomes
        if outcome.answerable
    }
    assert list(theirs) == ["q1", "q2", "q3"]
    assert ours == {identity: pytest.approx(value, abs=1e-9) for identity, value in theirs.items()}


def test_the_gold_passages_are_those_of_the_index(run: Runner) -> None:
    assert run("eval", "q.jsonl", "--name", "main").code == 0
    qrels: dict[str, set[str]] = {}
    for line in Path("runs/main/passages.qrels").read_text().splitlines():
        question, zero, passage, gain = line.split()
        assert (zero, gain) == ("0", "1")
        qrels.setdefault(question, set()).add(passage)
    assert sorted(qrels) == ["q1", "q2", "q3"]
    # With 5 short articles of 6 passages and a depth of 10, what holds gold is among the hits.
    assert qrels == {
        outcome.id: {hit.id for hit in outcome.hits if hit.golds}
        for outcome in read_run("main").report.outcomes
        if outcome.answerable
    }


def test_a_name_that_is_taken(run: Runner) -> None:
    assert run("eval", "q.jsonl", "--name", "main").code == 0
    before = {path: path.read_bytes() for path in Path("runs/main").iterdir()}
    outcome = run("eval", "q.jsonl", "-r", "lexical", "--name", "main")
    assert (outcome.code, outcome.out) == (2, "")
    assert outcome.err == "error: runs/main is there already; give another --name, or --replace it\n"
    assert {path: path.read_bytes() for path in Path("runs/main").iterdir()} == before
    assert os.listdir("runs") == ["main"]
    assert run("eval", "q.jsonl", "-r", "lexical", "--name", "main", "--replace").code == 0
    assert read_run("main").record.settings["retriever"] == "lexical"


@pytest.mark.parametrize("name", ["", "../up", "a/b", "a b", "main.partial"])
def test_a_name_that_is_none(run: Runner, name: str) -> None:
    outcome = run("eval", "q.jsonl", "--name", name)
    assert (outcome.code, outcome.out) == (2, "")
    assert outcome.err.startswith(f"error: {name!r} can't name a run; ")
    assert not Path("runs").exists()


def test_a_folder_that_is_no_run_is_not_replaced(run: Runner) -> None:
    outcome = run("eval", "q.jsonl", "--runs", ".", "--name", "corpus", "--replace")
    assert (outcome.code, outcome.out) == (2, "")
    assert outcome.err == "error: corpus is no run, so it is not replaced; give another --name\n"
    assert Path("corpus/csto.md").is_file()


def test_a_set_that_is_wrong_leaves_no_run(run: Runner) -> None:
    write("q.jsonl", [{**RECORDS[0], "gold": [{"document": "csto.md", "quote": "No such words."}]}])
    outcome = run("eval", "q.jsonl", "--name", "main")
    assert (outcome.code, outcome.out) == (2, "")
    assert "the quote 'No such words.' is not in the document 'csto.md'" in outcome.err
    assert os.listdir("runs") == []


@pytest.mark.parametrize("done", [1, 3, 4])
def test_an_interrupted_run_goes_on(run: Runner, monkeypatch: pytest.MonkeyPatch, done: int) -> None:
    whole = without_times(json.loads(run("eval", "q.jsonl", "--name", "whole", "--json").out))
    with monkeypatch.context() as patch:
        asked = interrupt(patch, done)
        if done == len(RECORDS):  # the end comes after the last question
            patch.setattr("briefqa.evaluation.run_writer.RunWriter.finish", _interrupted)
        outcome = run("eval", "q.jsonl", "--name", "main")
    assert (outcome.code, outcome.out, outcome.err.strip()) == (130, "", "Interrupted.")
    assert sorted(os.listdir("runs")) == ["main.partial", "whole"]
    with monkeypatch.context() as patch:
        rest = interrupt(patch, len(RECORDS) - done)
        outcome = run("eval", "q.jsonl", "--name", "main", "--json")
    assert outcome.code == 0
    assert outcome.err == f"Going on with an interrupted run: {done} questions are done.\nKept in runs/main\n"
    assert asked + rest == [record["question"] for record in RECORDS]
    assert without_times(json.loads(outcome.out)) == whole
    assert sorted(os.listdir("runs")) == ["main", "whole"]
    for name in ("documents.run", "documents.qrels", "passages.run", "passages.qrels", "passages.jsonl"):
        expected = Path("runs/whole", name).read_text(encoding="utf-8").replace(" whole\n", " main\n")
        assert Path("runs/main", name).read_text(encoding="utf-8") == expected


def _interrupted(*_: object) -> None:
    raise KeyboardInterrupt


@pytest.mark.parametrize(
    "change",
    [
        lambda run: ["-r", "lexical"],
        lambda run: ["--dense-weight", "0.25"],
        lambda run: ["--min-confidence", "0.25"],
        lambda run: ["-k", "11"],
        lambda run: write("q.jsonl", [*RECORDS[:3], {**RECORDS[3], "note": "It was a balloon."}]),
        lambda run: Path("corpus/new.md").write_text("New.\n") and run("index") and None,
        lambda run: run("index", "--passage-tokens", "40") and None,
    ],
)
def test_a_run_of_another_making_starts_anew(run: Runner, monkeypatch: pytest.MonkeyPatch, change: Any) -> None:
    with monkeypatch.context() as patch:
        interrupt(patch, 2)
        assert run("eval", "q.jsonl", "--name", "main").code == 130
    options = change(run) or []
    with monkeypatch.context() as patch:
        asked = interrupt(patch, len(RECORDS))
        outcome = run("eval", "q.jsonl", "--name", "main", *options)
    assert (outcome.code, outcome.err) == (0, "Kept in runs/main\n")
    assert len(asked) == 4
    assert len(read_run("main").report.outcomes) == 4


def test_an_index_that_was_only_made_again_goes_on(run: Runner, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        interrupt(patch, 2)
        assert run("eval", "q.jsonl", "--name", "main").code == 130
    assert run("index", "--rebuild").code == 0
    outcome = run("eval", "q.jsonl", "--name", "main", "--json")
    assert outcome.code == 0
    assert "2 questions are done" in outcome.err
    assert json.loads(outcome.out)["index"]["generation"] == 2


def test_the_threshold_decides_what_is_answered_and_no_ranking(run: Runner) -> None:
    def report_at(threshold: float) -> dict[str, Any]:
        return without_times(run("eval", "q.jsonl", "--min-confidence", repr(threshold), "--json").json)

    loose = report_at(0)
    confidences = [outcome["confidence"] for outcome in loose["outcomes"]]
    highest = max(confidences)
    assert 0 < min(confidences) < highest < 1
    strict = report_at((1 + highest) / 2)
    abstention = [
        [report["measures"][name]["value"] for name in ("missed_answers", "false_answers")]
        for report in (loose, strict)
    ]
    assert abstention == [[0.0, 1.0], [1.0, 0.0]]
    assert loose["measures"]["quote_hit"]["value"] > 0
    assert strict["measures"]["quote_hit"]["value"] == 0
    assert [outcome["status"] for outcome in strict["outcomes"]] == ["no_answer"] * 4
    decided = {"missed_answers", "false_answers", "quote_hit@1", "quote_hit@3", "quote_hit"}
    for name in loose["measures"].keys() - decided:
        assert strict["measures"][name] == loose["measures"][name]
    for key in ("hits", "right", "confidence"):
        assert [outcome[key] for outcome in strict["outcomes"]] == [outcome[key] for outcome in loose["outcomes"]]
    assert any(outcome["right"] for outcome in strict["outcomes"])
    # At the threshold itself a question is answered.
    assert [outcome["status"] for outcome in report_at(highest)["outcomes"]] == [
        "answered" if confidence == highest else "no_answer" for confidence in confidences
    ]


def test_the_threshold_may_stand_in_the_settings(run: Runner) -> None:
    Path("briefqa.toml").write_text("min_confidence = 1.0\n", encoding="utf-8")
    report = run("eval", "q.jsonl", "--json").json
    assert report["settings"]["min_confidence"] == 1.0
    assert report["measures"]["missed_answers"]["value"] == 1.0


# Makes the run "main" with the fake encoder; each question waits for a line on stdin.
CHILD = """
import sys
from briefqa.api import Index
from briefqa.cli.main import main
from briefqa.encoders.factory import InstalledEncoders
from tests.fakes import FakeEncoders

fakes = FakeEncoders()
InstalledEncoders.open = lambda _, folder: fakes.open(folder)
real = Index.ask

def ask(index, question, **options):
    print("asking", flush=True)
    sys.stdin.readline()
    return real(index, question, **options)

Index.ask = ask
sys.argv = ["briefqa", "eval", "run", "q.jsonl", "--name", "main"]
sys.exit(main())
"""


@contextmanager
def another_process(*, answered: int) -> Iterator[subprocess.Popen[str]]:
    """A process that makes the run "main", and has answered so many questions."""
    path = os.pathsep.join([str(Path(__file__).parents[2]), *sys.path])
    child = subprocess.Popen(
        [sys.executable, "-c", CHILD],
        env={**os.environ, "PYTHONPATH": path},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert child.stdin
    assert child.stdout
    try:
        for _ in range(answered):
            assert child.stdout.readline() == "asking\n"
            child.stdin.write("\n")
            child.stdin.flush()
        assert child.stdout.readline() == "asking\n"
        yield child
    finally:
        child.kill()
        child.communicate()


def test_two_processes_at_once_and_one_that_is_killed(run: Runner, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = without_times(json.loads(run("eval", "q.jsonl", "--name", "whole", "--json").out))
    with another_process(answered=2) as child:
        outcome = run("eval", "q.jsonl", "--name", "main")
        assert (outcome.code, outcome.out) == (2, "")
        assert outcome.err == ("error: another process is making runs/main; wait for it, or give another --name\n")
        child.kill()
        assert child.wait() == -signal.SIGKILL
    assert not Path("runs/main").exists()
    asked = interrupt(monkeypatch, 2)
    outcome = run("eval", "q.jsonl", "--name", "main", "--json")
    assert outcome.err == "Going on with an interrupted run: 2 questions are done.\nKept in runs/main\n"
    assert asked == [record["question"] for record in RECORDS[2:]]
    assert without_times(json.loads(outcome.out)) == whole
    assert sorted(os.listdir("runs")) == ["main", "whole"]
