"""Runs that were kept: what is read back, and what is said of those that can't be."""

from __future__ import annotations

import json
import re
import shutil
from dataclasses import fields, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from briefqa.errors import DatasetError, UsageError
from briefqa.evaluation.runs import KeptPassage, RunRecord, new_record, read_record, read_run
from tests.evaluation.keeping import IDENTITY, SETTINGS, A, B, Keeping


def test_a_run_is_read_back_as_it_was_reported(keeping: Keeping) -> None:
    report = keeping.evaluate()
    folder = keeping.keep("main")
    run = read_run(folder)
    assert run.report == report
    assert run.folder == folder == Path("runs/main")
    assert (run.record.name, run.record.briefqa, run.record.questions) == ("main", "0.1.0", "q.jsonl")
    assert (run.record.settings, run.record.index) == (SETTINGS, IDENTITY)
    assert run.record.seconds >= 0
    assert set(run.record.host) == {"machine", "system", "cores"}
    # Each passage once, in the order in which they were found.
    assert list(run.passages.values()) == [
        KeptPassage("c.md:0-23", "c.md", None, B[:23]),
        KeptPassage("a b.md:24-62", "a b.md", "Élection", A[24:]),
        KeptPassage("a b.md:20-45", "a b.md", "Élection", A[20:45]),
        KeptPassage("a b.md:0-23", "a b.md", "Élection", A[:23]),
        KeptPassage("c.md:24-43", "c.md", None, B[24:]),
    ]


def test_a_name_alone_means_the_folder_under_runs(keeping: Keeping) -> None:
    keeping.keep("main")
    assert read_run("main") == read_run("runs/main")
    assert read_run(Path("runs/main").absolute()).report == read_run("main").report
    Path("main").mkdir()  # a folder of that name that is no run is not in the way
    assert read_run("main").folder == Path("runs/main")
    keeping.keep("other")
    shutil.copytree("runs/other", "main", dirs_exist_ok=True)
    assert read_run("main").record.name == "other"


def test_the_record_of_a_new_run(keeping: Keeping) -> None:
    before = datetime.now(UTC).replace(microsecond=0)
    record = keeping.record()
    assert before <= datetime.fromisoformat(record.started) <= datetime.now(UTC)
    Path("q.jsonl").write_bytes(b"abc")
    # The published test vector of SHA-256.
    assert keeping.record().questions_sha256 == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


@pytest.mark.parametrize("name", ["a", "Z9", "0", "chunk=120,retriever=dense", "v1.2_b+c-d", "x" * 200])
def test_names_that_runs_may_have(keeping: Keeping, name: str) -> None:
    assert keeping.record(name).name == name


@pytest.mark.parametrize(
    "name",
    ["", ".", "..", ".hidden", "-x", "a/b", "a\\b", "a b", "a\n", "é", "x" * 201, "a.partial", "a.replaced.partial",
     "a.partial.lock"],
)  # fmt: skip
def test_names_that_runs_may_not_have(keeping: Keeping, name: str) -> None:
    with pytest.raises(UsageError) as caught:
        keeping.record(name)
    assert str(caught.value) == (
        f"{name!r} can't name a run; use at most 200 letters, digits, and any of . _ = , + - after the first,"
        " and no .partial"
    )


RECORD = RunRecord(
    name="main",
    started="2026-01-01T00:00:00+00:00",
    seconds=1.5,
    briefqa="0.1.0",
    questions="q.jsonl",
    questions_sha256="0" * 64,
    settings={"retriever": "dense", "top_k": 10},
    index={"corpus_sha256": "c" * 64},
    host={"cores": 2},
)


@pytest.mark.parametrize(
    ("changed", "same"),
    [
        ({"name": "other"}, True),
        ({"started": "2027-01-01T00:00:00+00:00"}, True),
        ({"seconds": 9.0}, True),
        ({"host": {"cores": 64}}, True),
        ({"briefqa": "0.2.0"}, False),
        ({"questions": "other.jsonl"}, False),
        ({"questions_sha256": "1" * 64}, False),
        ({"settings": {"retriever": "dense", "top_k": 20}}, False),
        ({"settings": {"retriever": "dense"}}, False),
        ({"index": {"corpus_sha256": "d" * 64}}, False),
    ],
)
def test_runs_of_the_same_making_differ_in_time_and_place_alone(changed: dict[str, Any], same: bool) -> None:
    other = replace(RECORD, **changed)
    assert RECORD.same_making(other) is other.same_making(RECORD) is same


def test_every_field_of_a_record_was_thought_of() -> None:
    assert [field.name for field in fields(RunRecord)] == [
        *("name", "started", "seconds", "briefqa", "questions", "questions_sha256", "settings", "index", "host")
    ]


def test_a_record_survives_its_json(keeping: Keeping) -> None:
    folder = keeping.keep()
    table = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    assert replace(read_record(table), seconds=0.0) == replace(keeping.record(), started=table["started"])
    assert table["schema"] == "briefqa.run/2"
    assert table["outcomes"] == 4
    assert table["info"] == {
        "generation": 7,
        "documents": 2,
        "passages": 9,
        "encoder": "fake",
        "stale": False,
        "changes": None,
    }
    assert table["intervals"] == {"level": 0.95, "resamples": 2000, "seed": 20020}


def test_new_record_is_checked_before_the_questions_are_read() -> None:
    with pytest.raises(UsageError, match=r"^'\.\./up' can't name a run; "):
        new_record("../up", "no.jsonl", briefqa="0.1.0", settings={}, index={})


@pytest.mark.parametrize("name", ["no", "runs/no", "runs", "q.jsonl"])
def test_there_is_no_run(keeping: Keeping, name: str) -> None:
    keeping.keep("main")
    with pytest.raises(UsageError) as caught:
        read_run(name)
    assert str(caught.value) == f"there is no whole run in {name}; make one with: briefqa eval run --name NAME"


def test_a_part_of_a_run_is_none(keeping: Keeping) -> None:
    keeping.stop_at["Why?"] = KeyboardInterrupt()
    with pytest.raises(KeyboardInterrupt):
        keeping.keep("main")
    assert Path("runs/main.partial/run.json").is_file()
    for name in ("main", "main.partial", "runs/main.partial"):
        with pytest.raises(UsageError, match=rf"^there is no whole run in {name}; make one with: "):
            read_run(name)
    # Not under another name either.
    Path("runs/main.partial").rename("runs/moved")
    with pytest.raises(DatasetError, match=r"^the run in runs/moved is damaged \(it lacks 'info'\); "):
        read_run("moved")


def test_a_run_of_another_version(keeping: Keeping) -> None:
    file = keeping.keep("main") / "run.json"
    file.write_text(file.read_text().replace("briefqa.run/2", "briefqa.run/1"))
    with pytest.raises(UsageError) as caught:
        read_run("main")
    assert str(caught.value) == (
        "runs/main was kept by another version of briefqa; make it again with: briefqa eval run"
    )


def _cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-30])


def _without_last_line(path: Path) -> None:
    path.write_bytes(b"".join(path.read_bytes().splitlines(keepends=True)[:-1]))


def _edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


DAMAGE: list[tuple[str, Any, str]] = [
    ("run.json", lambda path: path.write_text(""), "Expecting value: line 1 column 1 (char 0)"),
    ("run.json", _cut, "Expecting "),
    ("run.json", lambda path: path.write_text("[]"), "list indices must be integers or slices, not str"),
    ("run.json", lambda path: path.write_text('"run"'), "string indices must be integers, not 'str'"),
    ("run.json", lambda path: path.write_text("null"), "'NoneType' object is not subscriptable"),
    ("run.json", lambda path: path.write_bytes(b"\xff"), "'utf-8' codec can't decode byte 0xff"),
    ("run.json", lambda path: _edit(path, '"settings"', '"setings"'), "it lacks 'settings'"),
    ("run.json", lambda path: _edit(path, '"outcomes": 4', '"outcomes": 5'), "outcomes.jsonl holds 4 of 5 outcomes"),
    ("run.json", lambda path: _edit(path, '"generation"', '"number"'), "IndexInfo.__init__() got an unexpected"),
    ("outcomes.jsonl", Path.unlink, "outcomes.jsonl: No such file or directory"),
    ("outcomes.jsonl", lambda path: path.write_text(""), "outcomes.jsonl holds 0 of 4 outcomes"),
    ("outcomes.jsonl", _cut, "line 4 of outcomes.jsonl is no JSON"),
    ("outcomes.jsonl", _without_last_line, "outcomes.jsonl holds 3 of 4 outcomes"),
    ("outcomes.jsonl", lambda path: _edit(path, '"confidence"', '"sureness"'), "Outcome.__init__() got an unexpected"),
    ("outcomes.jsonl", lambda path: _edit(path, '"golds"', '"gold"'), "it lacks 'golds'"),
    ("outcomes.jsonl", lambda path: _edit(path, '"confidence": 0.9', '"confidence": "high"'), ""),
    ("outcomes.jsonl", lambda path: path.write_text("1\n2\n3\n4\n"), "'int' object is not"),
    ("passages.jsonl", Path.unlink, "passages.jsonl: No such file or directory"),
    ("passages.jsonl", _without_last_line, "passages.jsonl lacks passages that were found"),
    ("passages.jsonl", lambda path: _edit(path, '"title"', '"name"'), "KeptPassage.__init__() got an unexpected"),
]


@pytest.mark.parametrize(("name", "damage", "reason"), DAMAGE)
def test_a_damaged_run_says_so(keeping: Keeping, name: str, damage: Any, reason: str) -> None:
    damage(keeping.keep("main") / name)
    with pytest.raises(DatasetError) as caught:
        read_run("main")
    message = str(caught.value)
    assert message.startswith(f"the run in runs/main is damaged ({reason}")
    assert re.search(r"\); make it again with: briefqa eval run --replace$", message)


def test_the_trec_files_are_for_others(keeping: Keeping) -> None:
    folder = keeping.keep("main")
    whole = read_run("main")
    for path in (*folder.glob("*.run"), *folder.glob("*.qrels")):
        path.unlink()
    assert read_run("main") == whole
