from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.runner import Runner

GOOD: list[dict[str, object]] = [
    {
        "id": "q1",
        "question": "When did Georgia leave the commonwealth?",
        "tags": ["date"],
        "gold": [{"document": "nested/cis.md", "quote": "Georgia left the commonwealth in 2009."}],
    },
    {"id": "q2", "question": "Who flew the zeppelin?", "tags": ["none"], "gold": []},
]


def write(*records: object) -> str:
    Path("q.jsonl").write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")
    return "q.jsonl"


def test_a_table(indexed: Runner) -> None:
    outcome = indexed("eval", write(*GOOD), "--retriever", "lexical")
    assert (outcome.code, outcome.err) == (0, "")
    lines = outcome.out.split("\n")
    assert lines[:3] == [
        "Evaluation of q.jsonl",
        "2 questions: 1 answerable, 1 not",
        "Index: generation 1, 5 documents, 6 passages, encoder all-MiniLM-L6-v2",
    ]
    # One of one is found first: 1, with a Wilson interval of 1 / (1 + 1.96 ** 2) = .207 to 1.
    assert lines.count("  R@1                           1.000        0.207 to 1.000      1") == 2
    assert lines.count("  printed at all                1.000        0.207 to 1.000      1") == 1
    assert lines.count("  false answers                 0.000        0.000 to 0.793      1") == 1
    assert max(map(len, lines)) <= 80


def test_json(indexed: Runner) -> None:
    outcome = indexed("eval", write(*GOOD), "--json")
    assert outcome.code == 0
    report = outcome.json
    assert (report["schema"], report["path"]) == ("briefqa.eval/2", "q.jsonl")
    assert (report["questions"], report["answerable"], report["unanswerable"]) == (2, 1, 1)
    assert [entry["id"] for entry in report["outcomes"]] == ["q1", "q2"]
    assert report["measures"]["documents.R@1"]["value"] == 1.0
    assert list(report["tags"]) == ["date", "none"]
    assert report["settings"]["retriever"] == "hybrid"
    assert report["settings"]["top_k"] == 10


EDITED: list[dict[str, object]] = [
    {**GOOD[0], "gold": [{"document": "old/cis.md", "quote": "Georgia left the commonwealth in 2009."}]},
    {**GOOD[0], "id": "q3", "gold": [{"document": "nested/cis.md", "quote": "Georgia left the commonwealth in 2008."}]},
]


def test_gold_that_moved_or_changed_is_measured_and_told(indexed: Runner) -> None:
    outcome = indexed("eval", write(*EDITED), "--retriever", "lexical")
    assert (outcome.code, outcome.err) == (0, "")
    assert (
        """
Gold that moved or changed
  q3            edited, 84% alike           nested/cis.md
    … the commonwealth in [2008. -> 2009.]
  q1            moved                       nested/cis.md
    was in old/cis.md

"""
        in outcome.out
    )
    assert "  R@1                           1.000" in outcome.out
    drift = indexed("eval", "q.jsonl", "--json").json["drift"]
    assert [(entry["question_id"], entry["kind"]) for entry in drift] == [("q1", "moved"), ("q3", "edited")]
    assert indexed("eval", write(*GOOD), "--json").json["drift"] == []


def test_drift_can_be_refused(indexed: Runner) -> None:
    outcome = indexed("eval", write(*EDITED), "--no-drift")
    assert (outcome.code, outcome.out) == (2, "")
    assert outcome.err == (
        "error: q.jsonl: 2 problems in the question set; correct it and run again\n"
        "q.jsonl:1: question 'q1': the quote has moved from 'old/cis.md' to 'nested/cis.md'\n"
        "q.jsonl:2: question 'q3': the quote has changed in 'nested/cis.md':"
        " … the commonwealth in [2008. -> 2009.]\n"
    )
    assert indexed("eval", write(*GOOD), "--no-drift").code == 0


def test_a_stale_index_is_measured_as_it_is(indexed: Runner, articles: Path) -> None:
    (articles / "new.md").write_text("New.\n", encoding="utf-8")
    outcome = indexed("eval", write(*GOOD))
    assert outcome.code == 0
    assert outcome.err == "Note: the articles have changed since the index was made; this measures the index.\n"


@pytest.mark.parametrize(
    ("records", "message"),
    [
        (
            [{"id": "q1", "question": "Who?", "tags": []}],
            "q.jsonl: 1 problem in the question set; correct it and run again\n"
            'q.jsonl:1: the line lacks the key "gold"',
        ),
        (
            [GOOD[1], {**GOOD[0], "gold": [{"document": "csto.md", "quote": "Georgia left."}]}],
            "q.jsonl: 1 problem in the question set; correct it and run again\n"
            "q.jsonl:2: question 'q1': the quote 'Georgia left.' is not in the document 'csto.md'",
        ),
        (
            [{**GOOD[0], "gold": [{"document": "no.md", "quote": "x"}]}],
            "q.jsonl: 1 problem in the question set; correct it and run again\n"
            "q.jsonl:1: question 'q1': the document 'no.md' is not in the index (quote 'x')",
        ),
        (
            [],
            "q.jsonl: 1 problem in the question set; correct it and run again\n"
            "q.jsonl:1: there is no question in this file; write one JSON object a line",
        ),
    ],
)
def test_a_set_is_checked_first(indexed: Runner, records: list[object], message: str) -> None:
    outcome = indexed("eval", write(*records))
    assert (outcome.code, outcome.out, outcome.err) == (2, "", f"error: {message}\n")
    assert indexed("eval", "q.jsonl", "--json").json_error == {
        "schema": "briefqa.error/1",
        "error": "DatasetError",
        "message": message,
        "exit_code": 2,
    }


def test_the_usual_set_is_not_there(indexed: Runner) -> None:
    outcome = indexed("eval")
    assert (outcome.code, outcome.out) == (2, "")
    assert outcome.err == (
        "error: evals/briefs.jsonl: can't read the question set (No such file or directory);"
        " give a file of JSON lines\n"
    )


def test_no_index(run: Runner, articles: Path) -> None:
    outcome = run("eval", write(*GOOD))
    assert (outcome.code, outcome.out) == (3, "")
    assert outcome.err == "error: There is no index in index. Make one with: briefqa index\n"


def test_no_colour_unless_a_terminal_wants_it(
    indexed: Runner, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = write(*GOOD)
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("NO_COLOR", raising=False)
    assert "\x1b[1m" in indexed("eval", path).out
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b" not in indexed("eval", path).out
