"""Keeping a run: whole files that others can check, and interruptions at every moment."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path
from typing import Any

import ir_measures
import pytest

import briefqa.evaluation.run_writer
from briefqa.errors import DatasetError, UsageError
from briefqa.evaluation.results import RETRIEVAL
from briefqa.evaluation.run_writer import RunWriter
from briefqa.evaluation.runs import read_run
from tests.evaluation.keeping import QUESTIONS, RUNS, SETTINGS, Keeping, files, rows

WHOLE = [
    *("documents.qrels", "documents.run", "outcomes.jsonl", "passages.jsonl", "passages.qrels", "passages.run"),
    "run.json",
]
PARTIAL = Path("runs/main.partial")


def without_times(folder: Path) -> dict[str, bytes]:
    """The files of a run but for when it was made, and how long that took."""
    found = files(folder)
    record = json.loads(found.pop("run.json"))
    assert record.pop("seconds") >= 0
    record.pop("started")
    return {**found, "run.json": json.dumps(record).encode()}


def interrupt(keeping: Keeping, question: str, error: BaseException | None = None) -> None:
    """Make the run "main", and break off where the question is to be asked."""
    keeping.stop_at[question] = error or KeyboardInterrupt()
    with pytest.raises(type(keeping.stop_at[question])):
        keeping.keep("main")


def test_a_run_is_kept_whole(keeping: Keeping) -> None:
    folder = keeping.keep("main")
    assert folder == Path("runs/main")
    assert list(files(folder)) == WHOLE
    assert list(files(RUNS)) == [f"main/{name}" for name in WHOLE]
    assert [row["id"] for row in rows(folder / "outcomes.jsonl")] == ["q1", "q2", "q 3", "q4"]
    assert rows(folder / "passages.jsonl")[1] == {
        "id": "a b.md:24-62",
        "document": "a b.md",
        "title": "Élection",
        "text": "It chose a new chair. Nobody objected.",
    }


def test_the_rankings_and_the_gold_as_trec_eval_reads_them(keeping: Keeping) -> None:
    folder = keeping.keep("main")
    assert (folder / "passages.run").read_text() == (
        "q1 Q0 c.md:0-23 1 1 main\n"
        "q1 Q0 a%20b.md:24-62 2 0.5 main\n"
        "q1 Q0 a%20b.md:20-45 3 0.333333343 main\n"
        "q2 Q0 a%20b.md:0-23 1 1 main\n"
        "q2 Q0 c.md:24-43 2 0.5 main\n"
        "q%203 Q0 a%20b.md:0-23 1 0.5 main\n"
        "q%203 Q0 c.md:0-23 2 0.49999997 main\n"
        "q%203 Q0 c.md:24-43 3 0.333333343 main\n"
        "q4 Q0 a%20b.md:24-62 1 1 main\n"
    )
    # A document counts once, by its best passage.
    assert (folder / "documents.run").read_text() == (
        "q1 Q0 c.md 1 1 main\n"
        "q1 Q0 a%20b.md 2 0.5 main\n"
        "q2 Q0 a%20b.md 1 1 main\n"
        "q2 Q0 c.md 2 0.5 main\n"
        "q%203 Q0 a%20b.md 1 0.5 main\n"
        "q%203 Q0 c.md 2 0.49999997 main\n"
        "q4 Q0 a%20b.md 1 1 main\n"
    )
    # All passages that hold half of a gold, whether or not they were found; none for what nothing answers.
    assert (folder / "passages.qrels").read_text() == (
        "q1 0 a%20b.md:20-45 1\nq1 0 a%20b.md:24-62 1\nq2 0 a%20b.md:0-23 1\nq2 0 c.md:24-43 1\nq%203 0 c.md:0-23 1\n"
    )
    assert (folder / "documents.qrels").read_text() == (
        "q1 0 a%20b.md 1\nq2 0 a%20b.md 1\nq2 0 c.md 1\nq%203 0 c.md 1\n"
    )


@pytest.mark.parametrize("unit", ["documents", "passages"])
@pytest.mark.parametrize("name", RETRIEVAL)
def test_ir_measures_agrees(keeping: Keeping, name: str, unit: str) -> None:
    folder = keeping.keep("main")
    qrels = list(ir_measures.read_trec_qrels(str(folder / f"{unit}.qrels")))  # type: ignore[no-untyped-call]
    run = list(ir_measures.read_trec_run(str(folder / f"{unit}.run")))  # type: ignore[no-untyped-call]
    theirs = {
        entry.query_id: entry.value for entry in ir_measures.iter_calc([ir_measures.parse_measure(name)], qrels, run)
    }
    ours = {
        outcome.id.replace(" ", "%20"): outcome.measures[f"{unit}.{name}"]
        for outcome in read_run("main").report.outcomes
        if outcome.answerable
    }
    assert ours == {identity: pytest.approx(value, abs=1e-9) for identity, value in theirs.items()}


@pytest.mark.parametrize("error", [KeyboardInterrupt(), ZeroDivisionError(), DatasetError("x")])
@pytest.mark.parametrize("done", [1, 2, 3])
def test_an_interrupted_run_goes_on_where_it_was(keeping: Keeping, done: int, error: BaseException) -> None:
    expected = without_times(keeping.keep("main"))
    shutil.rmtree("runs")
    keeping.asked.clear()
    interrupt(keeping, QUESTIONS[done]["question"], error)
    assert [row["id"] for row in rows(PARTIAL / "outcomes.jsonl")] == ["q1", "q2", "q 3"][:done]
    assert not Path("runs/main").exists()
    keeping.keep("main")
    assert keeping.asked == [question["question"] for question in QUESTIONS]
    assert without_times(Path("runs/main")) == expected
    assert os.listdir("runs") == ["main"]


def test_an_interrupted_run_tells_what_is_done(keeping: Keeping) -> None:
    interrupt(keeping, "Where?")
    report = keeping.evaluate()
    with RunWriter(RUNS, keeping.record()) as writer:
        assert writer.earlier == {outcome.id: outcome for outcome in report.outcomes[:2]}


def test_interrupted_again_and_again(keeping: Keeping) -> None:
    expected = without_times(keeping.keep("main"))
    shutil.rmtree("runs")
    for question in QUESTIONS[1:]:
        interrupt(keeping, question["question"])
    keeping.keep("main")
    assert without_times(Path("runs/main")) == expected


@pytest.mark.parametrize("cut", [1, 40])
@pytest.mark.parametrize("name", ["outcomes.jsonl", "passages.jsonl"])
def test_a_half_written_last_line_is_written_again(keeping: Keeping, name: str, cut: int) -> None:
    expected = without_times(keeping.keep("main"))
    shutil.rmtree("runs")
    interrupt(keeping, "Where?")
    file = PARTIAL / name
    file.write_bytes(file.read_bytes()[:-cut])
    keeping.asked.clear()
    keeping.keep("main")
    # Without its passages an outcome is of no use: "When?" is asked again in both cases.
    assert keeping.asked == ["When?", "Where?", "Why?"]
    assert without_times(Path("runs/main")) == expected


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("run.json", b""),
        ("run.json", b"[]"),
        ("run.json", b"{}"),
        ("outcomes.jsonl", b"no JSON\n"),
        ("outcomes.jsonl", b"{}\n"),
        ("outcomes.jsonl", b"\xff\n"),
        ("passages.jsonl", b"[1]\n"),
    ],
)
def test_a_damaged_part_is_made_again_from_the_start(keeping: Keeping, name: str, content: bytes) -> None:
    interrupt(keeping, "Where?")
    (PARTIAL / name).write_bytes(content)
    keeping.asked.clear()
    keeping.keep("main")
    assert keeping.asked == [question["question"] for question in QUESTIONS]
    assert len(read_run("main").passages) == 5


def test_what_a_killed_process_was_writing_is_swept(keeping: Keeping) -> None:
    interrupt(keeping, "Where?")
    (PARTIAL / ".passages.run.123").write_text("q1 Q0")
    (PARTIAL / "outcomes.jsonl.unfinished").write_text("{")
    assert list(files(keeping.keep("main"))) == WHOLE


@pytest.mark.parametrize(
    "making",
    [
        {"settings": {**SETTINGS, "dense_weight": 0.25}},
        {"settings": {**SETTINGS, "top_k": 20}},
        {"index": {"corpus_sha256": "d" * 64, "passage_tokens": 200}},
        {"index": {"corpus_sha256": "c" * 64, "passage_tokens": 120}},
    ],
)
def test_a_run_of_another_making_starts_anew(keeping: Keeping, making: dict[str, Any]) -> None:
    interrupt(keeping, "Where?")
    keeping.asked.clear()
    keeping.keep("main", **making)
    assert keeping.asked == [question["question"] for question in QUESTIONS]
    record = read_run("main").record
    assert {"settings": record.settings, "index": record.index}.items() >= making.items()


def test_a_run_of_another_version_starts_anew(keeping: Keeping) -> None:
    interrupt(keeping, "Where?")
    record = PARTIAL / "run.json"
    record.write_text(record.read_text().replace("briefqa.run/2", "briefqa.run/1"))
    keeping.asked.clear()
    keeping.keep("main")
    assert keeping.asked == [question["question"] for question in QUESTIONS]


def test_a_run_of_other_questions_starts_anew(keeping: Keeping) -> None:
    interrupt(keeping, "Where?")
    keeping.write([*QUESTIONS[:3], {**QUESTIONS[3], "tags": ["off_topic"]}])
    keeping.asked.clear()
    keeping.keep("main")
    assert keeping.asked == [question["question"] for question in QUESTIONS]
    assert list(read_run("main").report.tags) == ["fact", "off_topic", "several"]


def test_runs_of_other_names_are_left_alone(keeping: Keeping) -> None:
    other = files(keeping.keep("other"))
    interrupt(keeping, "Where?")
    partial = files(PARTIAL)
    keeping.keep("third")
    assert (files(Path("runs/other")), files(PARTIAL)) == (other, partial)


@pytest.mark.parametrize("step", ["_write_lines", "_write_rankings", "_write_json"])
def test_an_end_while_the_last_files_are_written_costs_nothing(
    keeping: Keeping, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    expected = without_times(keeping.keep("main"))
    shutil.rmtree("runs")
    interrupt(keeping, "Why?")
    with monkeypatch.context() as patch, RunWriter(RUNS, keeping.record()) as writer:
        report = keeping.evaluate(writer)
        patch.setattr(briefqa.evaluation.run_writer, step, fail)
        with pytest.raises(UsageError, match=r"^can't keep a run in runs/main \(No space left on device\); "):
            writer.finish(report, keeping.passages_of)
    keeping.asked.clear()
    keeping.keep("main")
    assert keeping.asked == []
    assert without_times(Path("runs/main")) == expected


def test_an_end_within_the_last_writing_costs_nothing(keeping: Keeping, monkeypatch: pytest.MonkeyPatch) -> None:
    real = briefqa.evaluation.run_writer._append

    def append(path: Path, written: Any) -> None:
        first, *_ = written
        real(path, [first])
        raise KeyboardInterrupt

    with monkeypatch.context() as patch, RunWriter(RUNS, keeping.record()) as writer:
        report = keeping.evaluate(writer)
        patch.setattr(briefqa.evaluation.run_writer, "_append", append)
        with pytest.raises(KeyboardInterrupt):
            writer.finish(report, keeping.passages_of)
    keeping.asked.clear()
    keeping.keep("main")
    assert keeping.asked == []
    assert read_run("main").report == report


def test_a_full_disk_while_asking(keeping: Keeping, monkeypatch: pytest.MonkeyPatch) -> None:
    real = briefqa.evaluation.run_writer._append

    def append(path: Path, written: Any) -> None:
        if len(keeping.asked) > 2:
            raise OSError(28, "No space left on device")
        real(path, written)

    with monkeypatch.context() as patch:
        patch.setattr(briefqa.evaluation.run_writer, "_append", append)
        with pytest.raises(UsageError, match=r"^can't keep a run in runs/main \(No space left on device\); "):
            keeping.keep("main")
    keeping.asked.clear()
    keeping.keep("main")
    assert keeping.asked == ["Where?", "Why?"]


@pytest.mark.parametrize("error", [KeyboardInterrupt(), DatasetError("q.jsonl: 1 problem")])
def test_nothing_is_left_where_nothing_was_asked(keeping: Keeping, error: BaseException) -> None:
    interrupt(keeping, "Who was chosen?", error)
    assert os.listdir("runs") == []
