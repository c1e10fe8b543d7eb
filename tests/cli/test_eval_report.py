from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.runner import Runner
from tests.made_once import MadeOnce
from tests.rendering.page.pages import Page

RECORDS = [
    {
        "id": "q1",
        "question": "When did Georgia leave the commonwealth?",
        "tags": ["date"],
        "gold": [{"document": "nested/cis.md", "quote": "Georgia left the commonwealth in 2009."}],
    },
    {"id": "q2", "question": "Who flew the zeppelin?", "tags": ["none"], "gold": []},
]


@pytest.fixture
def kept(indexed: Runner, made_once: MadeOnce) -> Runner:
    """The command line in a folder with two runs of two questions: main, and lexical."""

    def make() -> None:
        Path("q.jsonl").write_text("".join(json.dumps(record) + "\n" for record in RECORDS), encoding="utf-8")
        assert indexed("eval", "run", "q.jsonl", "--name", "main").code == 0
        assert indexed("eval", "run", "q.jsonl", "--name", "lexical", "-r", "lexical").code == 0

    made_once("reports", make)
    return indexed


def test_a_page_in_the_folder_of_its_run(kept: Runner) -> None:
    outcome = kept("eval", "report", "main")
    assert (outcome.code, outcome.out) == (0, "")
    content = Path("runs/main/report.html").read_bytes()
    assert outcome.err == f"Wrote runs/main/report.html ({round(len(content) / 1000)} kB)\n"
    page = Page(content.decode())
    assert [heading.text for heading in page.all("h1")] == ["main"]
    assert [row.text for row in page.all("th", class_="id")] == ["q1", "q2"]
    assert {mark.text for mark in page.all("mark")} == {"Georgia left the commonwealth in 2009."}
    assert sorted(entry.name for entry in Path("runs/main").iterdir() if entry.name.startswith(".")) == []


def test_a_page_elsewhere_replaces_what_is_there_and_is_the_same_each_time(kept: Runner) -> None:
    Path("report.html").write_text("old", encoding="utf-8")
    assert kept("eval", "report", "runs/main", "-o", "report.html", "--against", "lexical").code == 0
    first = Path("report.html").read_bytes()
    assert kept("eval", "report", "main", "--output", "report.html", "--against", "runs/lexical").code == 0
    assert Path("report.html").read_bytes() == first
    columns = [header.text for header in Page(first.decode()).all("th", scope="col", class_="figure")]
    assert columns[2:4] == ["main", "lexical"]
    assert not Path("runs/main/report.html").exists()


def test_a_page_on_stdout(kept: Runner) -> None:
    outcome = kept("eval", "report", "main", "-o", "-")
    assert (outcome.code, outcome.err) == (0, "")
    assert kept("eval", "report", "main", "-o", "report.html").code == 0
    assert outcome.out == Path("report.html").read_text(encoding="utf-8")
    assert not Path("-").exists()


def test_the_measures_of_a_run_as_they_were_printed(kept: Runner) -> None:
    printed = kept("eval", "run", "q.jsonl", "--name", "again", "--json")
    assert kept("eval", "report", "again", "--json").out == printed.out
    outcome = kept("eval", "report", "again", "--csv")
    assert (outcome.code, outcome.err) == (0, "")
    lines = outcome.out.splitlines()
    assert lines[0] == "tag,measure,value,low,high,n,interval"
    # One of one, by Wilson: from 1 / (1 + 1.96 ** 2) on.
    assert lines[1].startswith(",passages.R@1,1.0,0.20654931437")
    assert [line.split(",")[1] for line in lines if line.startswith("date,")] == list(
        json.loads(printed.out)["tags"]["date"]["measures"]
    )
    assert not Path("runs/again/report.html").exists()


@pytest.mark.parametrize("options", [["--csv", "-o", "x.csv"], ["--json", "--against", "lexical"]])
def test_measures_are_those_of_one_run_on_stdout(kept: Runner, options: list[str]) -> None:
    outcome = kept("eval", "report", "main", *options)
    assert (outcome.code, outcome.out) == (2, "")
    said = "--json and --csv print the measures of one run: leave out -o and --against, or see briefqa eval compare"
    assert said in outcome.err
    assert not Path("x.csv").exists()


@pytest.mark.parametrize("arguments", [["no"], ["main", "--against", "no"]])
def test_no_run(kept: Runner, arguments: list[str]) -> None:
    outcome = kept("eval", "report", *arguments, "-o", "report.html")
    assert (outcome.code, outcome.out) == (2, "")
    assert outcome.err == "error: there is no whole run in no; make one with: briefqa eval run --name NAME\n"
    assert not Path("report.html").exists()


@pytest.mark.parametrize(
    ("output", "reason"),
    [
        ("no/report.html", "No such file or directory"),
        ("q.jsonl/report.html", "Not a directory"),
        ("runs", "Is a directory"),
    ],
)
def test_a_page_that_can_not_be_written(kept: Runner, output: str, reason: str) -> None:
    before = sorted(map(str, Path().rglob("*")))
    outcome = kept("eval", "report", "main", "-o", output)
    assert (outcome.code, outcome.out) == (2, "")
    assert outcome.err == f"error: can't write {output} ({reason}); name another file with -o\n"
    assert sorted(map(str, Path().rglob("*"))) == before
