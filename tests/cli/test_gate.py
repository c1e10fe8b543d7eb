"""`briefqa eval compare` and `gate` on the small corpus: as it was indexed, and in passages far too short."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.runner import Runner
from tests.fakes import FakeEncoders
from tests.made_once import MadeOnce

COMMONWEALTH = (
    "The commonwealth was founded in December 1991. Georgia left the commonwealth in 2009. "
    "- Its council of heads of state meets every year. - Its executive committee sits in Minsk. "
    "Azerbaijan is a member of the commonwealth and of no military alliance of Russia."
)
# No passage of 20 tokens holds half of this gold; the whole article is one passage of the default size.
ASKED = [
    {"id": f"q{number}", "question": text, "tags": [], "gold": [{"document": "nested/cis.md", "quote": COMMONWEALTH}]}
    for number, text in enumerate(
        [
            "When was the commonwealth founded, and who left it?",
            "Where does the executive committee of the commonwealth sit?",
            "Which member of the commonwealth is in no military alliance?",
            "How often does the council of heads of state of the commonwealth meet?",
            "Did Georgia leave the commonwealth in 2009?",
            "Is Azerbaijan a member of the commonwealth?",
        ],
        1,
    )
]
NOBODY: dict[str, object] = {"id": "none", "question": "Who flew the zeppelin?", "tags": [], "gold": []}
CONDITIONS = ["--min", "recall@5=.9", "--max-drop", "nDCG@10=.01", "--max-drop", "documents.nDCG@10=0"]


def write(*records: object, path: str = "q.jsonl") -> str:
    Path(path).write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")
    return path


@pytest.fixture
def kept(indexed: Runner, made_once: MadeOnce) -> Runner:
    """`run`, where runs/main is kept of the question set q.jsonl."""

    def make() -> None:
        assert indexed("eval", "run", write(*ASKED, NOBODY), "--name", "main").code == 0

    made_once("gate", make)
    return indexed


@pytest.fixture
def spoiled(kept: Runner, made_once: MadeOnce) -> Runner:
    """`kept`, with the index made again in passages of 20 tokens."""

    def make() -> None:
        assert kept("index", "--passage-tokens", "20").code == 0

    made_once("gate spoiled", make)
    return kept


def test_the_same_index_passes_and_a_spoiled_one_fails(kept: Runner) -> None:
    first = kept("eval", "gate", "q.jsonl", "--baseline", "runs/main", *CONDITIONS)
    assert (first.code, first.err) == (0, "")
    lines = first.out.split("\n")
    assert lines[0] == "Gate: this run, against main, 7 questions of q.jsonl"
    assert "Settings that differ:" not in lines
    assert lines[5:10:2] == [
        "min passages.R@5                  0.900     1.000        0.610 to 1.000     pass",
        "max-drop passages.nDCG@10         0.010     0.000        0.000 to 0.000     pass",
        "max-drop documents.nDCG@10        0.000     0.000        0.000 to 0.000     pass",
    ]
    assert lines[-2:] == ["Passed: 3 conditions.", ""]
    assert kept("eval", "gate", "q.jsonl", "--baseline", "runs/main", *CONDITIONS) == first

    assert kept("index", "--passage-tokens", "20").code == 0
    failed = kept("eval", "gate", "q.jsonl", "--baseline", "runs/main", *CONDITIONS)
    assert (failed.code, failed.err) == (4, "")
    lines = failed.out.split("\n")
    assert lines[1:4] == [
        "Settings that differ:",
        "  index.passages              6 -> 15",
        "  index.passage_tokens        200 -> 20",
    ]
    # All six are lost, which comes about by chance in 2 of 64 cases; the article is still found.
    assert lines[8:14] == [
        "min passages.R@5                  0.900     0.000        0.000 to 0.390     FAIL",
        "  clear: the whole interval is on this side of the limit",
        "max-drop passages.nDCG@10         0.010     1.000        1.000 to 1.000     FAIL",
        "  a loss, not noise (p 0.031)",
        "max-drop documents.nDCG@10        0.000     0.000        0.000 to 0.000     pass",
        "  no loss",
    ]
    assert lines[-2:] == ["FAILED: 2 of 3 conditions.", ""]


def test_only_what_is_significant(kept: Runner) -> None:
    assert kept("index", "--passage-tokens", "20").code == 0
    few = write(*ASKED[:5], path="few.jsonl")
    drop = ["--max-drop", "nDCG@10=.01"]
    significant = ["eval", "gate", "q.jsonl", "-b", "main", *drop, "--only-significant"]
    assert kept(*significant).code == 4
    assert kept(*significant, "--max-drop", "recall@5=1").code == 4
    # Of five that are lost p is 2 / 32.
    other = ["eval", "gate", few, "-b", "main", "--other-corpus", *drop]
    assert kept(*other).code == 4
    outcome = kept(*other, "--only-significant")
    assert outcome.code == 0
    assert "  within noise: the loss may be chance (p 0.062)\n" in outcome.out


def test_json_and_csv_of_a_gate(spoiled: Runner) -> None:
    gate = ["eval", "gate", "q.jsonl", "-b", "main", *CONDITIONS, "--max", "false_answers=1"]
    outcome = spoiled(*gate, "--json")
    assert outcome.code == 4
    value = outcome.json
    assert (value["schema"], value["passed"], value["run"], value["baseline"]) == (
        "briefqa.gate/1", False, "this run", "main",
    )  # fmt: skip
    assert [(entry["condition"], entry["passed"]) for entry in value["conditions"]] == [
        ("min", False),
        ("max", True),
        ("max_drop", False),
        ("max_drop", True),
    ]
    outcome = spoiled(*gate, "--csv")
    assert (outcome.code, outcome.err) == (4, "")
    rows = outcome.out.split("\n")
    assert rows[1].startswith("min,passages.R@5,0.9,0.0,0.0,0.39")
    assert rows[3] == "max_drop,passages.nDCG@10,0.01,1.0,1.0,1.0,6,1.0,0.03125,,False,True,fail"


def test_a_run_that_is_kept_is_judged_without_asking(kept: Runner, installed_fake: FakeEncoders) -> None:
    drop = ["--max-drop", "nDCG@10=.01"]
    assert kept("index", "--passage-tokens", "20").code == 0
    named = kept("eval", "gate", "q.jsonl", "-b", "main", *drop, "--name", "short")
    assert (named.code, named.err) == (4, "Kept in runs/short\n")
    assert Path("runs/short/run.json").is_file()
    assert named.out.startswith("Gate: short, against main, 7 questions of q.jsonl\n")
    opened = len(installed_fake.opened)
    again = kept("eval", "gate", "-b", "main", "--run", "short", *drop)
    assert (again.code, again.out, again.err) == (4, named.out, "")
    assert len(installed_fake.opened) == opened
    assert kept("eval", "gate", "-b", "runs/short", "--run", "runs/main", *drop).code == 0
    again = kept("eval", "gate", "q.jsonl", "-b", "main", *drop, "--name", "short")
    assert (again.code, again.out) == (2, "")
    assert again.err == "error: runs/short is there already; give another --name, or --replace it\n"


def test_limits_need_no_baseline(kept: Runner) -> None:
    outcome = kept("eval", "gate", "q.jsonl", "--min", "documents.mrr@10=1", "--retrieval-only")
    assert (outcome.code, outcome.err) == (0, "")
    assert outcome.out.startswith("Gate: this run, 7 questions of q.jsonl\n")
    assert kept("eval", "gate", "--run", "main", "--min", "ndcg@10=1").code == 0


def test_gold_that_moved_can_be_refused(kept: Runner) -> None:
    moved = {**ASKED[0], "gold": [{"document": "old/cis.md", "quote": COMMONWEALTH}]}
    gate = ["eval", "gate", write(moved, path="moved.jsonl"), "--min", "recall@5=1"]
    assert kept(*gate).code == 0
    outcome = kept(*gate, "--no-drift", "--name", "moved")
    assert (outcome.code, outcome.out) == (2, "")
    assert outcome.err == (
        "error: moved.jsonl: 1 problem in the question set; correct it and run again\n"
        "moved.jsonl:1: question 'q1': the quote has moved from 'old/cis.md' to 'nested/cis.md'\n"
    )
    assert not Path("runs/moved").exists()
    assert kept("eval", "gate", "q.jsonl", "--min", "recall@5=1", "--no-drift").code == 0


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["-b", "main"], "there is no condition; give at least one --min, --max or --max-drop"),
        (["--max-drop", "nDCG@10=.01"], "--max-drop needs a run to compare with; give --baseline"),
        (["-b", "no", "--min", "r@5=.9"], "there is no whole run in no; make one with: briefqa eval run --name NAME"),
        (
            ["-b", "main", "--min", "recall@5"],
            "--min 'recall@5' has no limit; write it like --min recall@5=.90",
        ),
        (
            ["-b", "main", "--run", "main", "--min", "recall@5=.9", "-r", "dense"],
            "--run judges a run that was kept: leave out the question set and the options of asking",
        ),
        (
            ["-b", "main", "--run", "main", "--min", "recall@5=.9", "--no-drift"],
            "--run judges a run that was kept: leave out the question set and the options of asking",
        ),
        (
            ["q.jsonl", "-b", "main", "--retrieval-only", "--max-drop", "quote_hit=.1"],
            "--max-drop quote_hit: no question of this run has this measure, so nothing can be said; take the "
            "condition away, or ask questions that have it",
        ),
        (
            ["few.jsonl", "-b", "main", "--min", "recall@5=.9"],
            "main was asked 6 questions that this run was not, and 0 the other way round; ask both the same set, or "
            "compare the questions that both have with --other-corpus",
        ),
        (
            ["other.jsonl", "-b", "main", "--min", "recall@5=.9", "--other-corpus"],
            "main and this run have different questions, or different gold, under the ids 'q1'; make one of them "
            "again with the other's question set",
        ),
    ],
)
def test_calls_that_are_refused(kept: Runner, arguments: list[str], message: str) -> None:
    write(ASKED[0], path="few.jsonl")
    write({**ASKED[0], "question": "Who left?"}, *ASKED[1:], NOBODY, path="other.jsonl")
    outcome = kept("eval", "gate", *arguments)
    assert (outcome.code, outcome.out, outcome.err) == (2, "", f"error: {message}\n")


def test_other_articles_are_refused_before_anything_is_asked(
    kept: Runner, articles: Path, installed_fake: FakeEncoders
) -> None:
    (articles / "new.md").write_text("New.\n", encoding="utf-8")
    assert kept("index").code == 0
    gate = ["eval", "gate", "q.jsonl", "-b", "main", "--max-drop", "nDCG@10=.01"]
    opened = len(installed_fake.opened)
    outcome = kept(*gate, "--json")
    assert outcome.code == 2
    assert outcome.json_error["message"] == (
        "the index index was measured on other articles than the baseline; measure both on the same articles, or "
        "compare them nonetheless with --other-corpus"
    )
    assert len(installed_fake.opened) == opened
    assert kept(*gate, "--other-corpus").code == 0


def test_no_index(kept: Runner) -> None:
    outcome = kept("eval", "gate", "q.jsonl", "--index", "no", "--min", "recall@5=.9")
    assert (outcome.code, outcome.out) == (3, "")


def test_comparing(spoiled: Runner) -> None:
    assert spoiled("eval", "run", "q.jsonl", "--name", "short").code == 0
    outcome = spoiled("eval", "compare", "main", "runs/short", "--moved", "1")
    assert (outcome.code, outcome.err) == (0, "")
    lines = outcome.out.split("\n")
    assert lines[0] == "Baseline: main, 7 questions"
    assert lines[3:7] == [
        "",
        "short against main",
        "Settings that differ:",
        "  index.passages              6 -> 15",
    ]
    assert lines[9:13] == [
        "measure              baseline   other   change      95% interval      p",
        "passages.nDCG@10        1.000   0.000   -1.000  -1.000 to -1.000  0.031",
        "  worse; 0 wins, 6 losses, 0 ties",
        "passages.R@5            1.000   0.000   -1.000  -1.000 to -1.000  0.031",
    ]
    assert "  q1             1.000 -> 0.000   When was the commonwealth founded, and who le…" in lines
    assert max(map(len, lines)) <= 80


def test_json_and_csv_of_a_comparison(spoiled: Runner) -> None:
    assert spoiled("eval", "run", "q.jsonl", "--name", "short").code == 0
    value = spoiled("eval", "compare", "main", "short", "main", "-m", "recall@5", "-m", "mrr@10", "--json").json
    assert (value["schema"], value["baseline"], value["questions"]) == ("briefqa.compare/1", "runs/main", 7)
    assert [[entry["verdict"] for entry in run["measures"]] for run in value["runs"]] == [
        ["not_shown", "not_shown"],
        ["same", "same"],
    ]
    assert [entry["measure"] for entry in value["runs"][0]["measures"]] == ["passages.R@5", "passages.RR@10"]
    outcome = spoiled("eval", "compare", "main", "short", "--all", "--csv")
    assert (outcome.code, outcome.err) == (0, "")
    rows = outcome.out.split("\n")
    assert rows[1] == "short,passages.R@1,6,1.0,0.0,-1.0,-1.0,-1.0,0.03125,0.03125,0,6,0,,worse"
    # All of the 32 measures but AUROC and two of time: there are questions of both kinds.
    assert len(rows) - 2 == 18 + 3 + 3 + 2 + 1


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["main"], "one run can't be compared; name two or more, the baseline first"),
        (["main", "no"], "there is no whole run in no; make one with: briefqa eval run --name NAME"),
        (["main", "main", "--all", "-m", "recall@5"], "give --measure or --all, not both"),
        (
            ["main", "main", "--by", "auroc"],
            "auroc belongs to a whole set, so it can't be compared question by question; choose another measure",
        ),
    ],
)
def test_comparisons_that_are_refused(kept: Runner, arguments: list[str], message: str) -> None:
    outcome = kept("eval", "compare", *arguments)
    assert (outcome.code, outcome.out, outcome.err) == (2, "", f"error: {message}\n")


def test_runs_on_other_articles_are_not_compared(kept: Runner, articles: Path) -> None:
    (articles / "new.md").write_text("New.\n", encoding="utf-8")
    assert kept("index").code == 0
    assert kept("eval", "run", "q.jsonl", "--name", "more").code == 0
    outcome = kept("eval", "compare", "main", "more")
    assert (outcome.code, outcome.out) == (2, "")
    assert outcome.err.startswith("error: more was measured on other articles than the baseline; ")
    outcome = kept("eval", "compare", "main", "more", "--other-corpus")
    assert (outcome.code, outcome.err) == (0, "")
    assert "\n  index.corpus_sha256 " in outcome.out
