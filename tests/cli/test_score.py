"""`briefqa eval score`: figures against those of ir_measures, and by hand."""

from __future__ import annotations

import csv
import io
import json
import random
from pathlib import Path

import ir_measures
import pytest

from briefqa.evaluation.metrics import METRICS
from briefqa.evaluation.significance import holm
from tests.cli.runner import Runner

NAMES = [f"{name}@{k}" for name in METRICS for k in (1, 3, 10, 100)]

# q1: d1 is relevant and second; q2 is found at once; q3 has nothing relevant; the run has q9, which nobody judged.
QRELS = "q1 0 d1 1\nq1 0 d2 0\nq2 0 d3 2\nq3 0 d9 0\n"
RUN = "q1 Q0 d2 1 2.0 t\nq1 Q0 d1 2 1 t\nq2 Q0 d3 9 .5 t\nq9 Q0 d1 1 1 t\n"
# q1 is found at once, and q2 is missing.
OTHER = "q1 Q0 d1 1 2.0 t\n"


@pytest.fixture(autouse=True)
def _files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name, text in {"qrels": QRELS, "run": RUN, "other": OTHER}.items():
        Path(name).write_text(text, encoding="utf-8")


def write_world(rng: random.Random) -> tuple[dict[str, dict[str, int]], dict[str, dict[str, float]]]:
    """Runs with ties, also such as only single precision has; questions that one side lacks; ids that nobody judged;
    gains of several grades, 0 and below it; questions with nothing relevant."""
    units = [f"d{number}" for number in range(rng.randint(5, 60))]
    questions = [f"q{number}" for number in range(rng.randint(3, 15))]
    grades = rng.choice([(0, 1), (-1, 0, 1, 2, 3), (0,), (1, 2)])
    near = [0.5, 0.5 + 1e-9, 0.25, 1.0, 16777217.0, 16777216.0]
    qrels = {q: {u: rng.choice(grades) for u in units if rng.random() < 0.4} for q in questions}
    run = {
        q: {u: rng.choice(near) if rng.random() < 0.5 else rng.random() for u in units if rng.random() < 0.7}
        for q in [*questions[1:], "only in the run"]
    }
    qrels = {q: gains for q, gains in qrels.items() if gains}
    run = {q.replace(" ", "-"): scores for q, scores in run.items() if scores}
    judged = [f"{q}\t0 {u}\t{gain}" for q, gains in qrels.items() for u, gain in gains.items()]
    ranked = [f"{q} Q0 {u} {rng.randint(0, 9)} {score!r} tag" for q, row in run.items() for u, score in row.items()]
    rng.shuffle(ranked)
    Path("j").write_text("\n".join(judged), encoding="utf-8")
    Path("r").write_text("\n".join(ranked), encoding="utf-8")
    return qrels, run


def test_equal_to_ir_measures(run: Runner) -> None:
    rng = random.Random(7)
    for _ in range(25):
        qrels, ranked = write_world(rng)
        options = [part for name in NAMES for part in ("-m", name)]
        scored = run("eval", "score", "--qrels", "j", "--run", "r", *options, "--json", "--by-question").json["runs"][0]
        assert scored["missing"] == [question for question in qrels if question not in ranked]
        ours = {
            (row["question"], entry["measure"]): entry["score"]
            for row in scored["by_question"]
            for entry in row["scores"]
        }
        assert len(ours) == len(qrels) * len(NAMES)
        # Cut, ir_measures takes RR from another tool, which breaks ties in its own way; uncut it is trec_eval's.
        cut = [name for name in NAMES if not name.startswith("RR")]
        wanted = {ir_measures.parse_measure(name): [name] for name in cut}
        wanted[ir_measures.RR] = ["RR@100"]
        found = {
            (metric.query_id, name): metric.value
            for metric in ir_measures.iter_calc(list(wanted), qrels, ranked)
            for name in wanted[metric.measure]
        }
        for question in qrels:
            for name in [*cut, "RR@100"]:
                assert ours[question, name] == pytest.approx(found.get((question, name), 0.0), abs=1e-9)
        for entry in scored["measures"]:
            values = [ours[question, entry["measure"]] for question in qrels]
            assert (entry["value"], entry["n"]) == (pytest.approx(sum(values) / len(qrels), abs=1e-12), len(qrels))


def test_a_table(run: Runner) -> None:
    outcome = run("eval", "score", "--qrels", "qrels", "--run", "run", "-m", "mrr@10", "-m", "ndcg@100")
    assert (outcome.code, outcome.err) == (0, "")
    # RR: 1/2, 1 and 0. nDCG: 1 / log2(3) = .631, 1 and 0.
    assert outcome.out.splitlines()[:12] == [
        "Judgements: qrels",
        "3 questions, 2 relevant",
        "1 question with nothing relevant, which count 0: q3",
        "Fewer than 30 questions: the intervals are wide, and small differences mean",
        "nothing.",
        "",
        "run",
        "1 question missing, which count 0: q3",
        "1 question that nobody judged, ignored: q9",
        "                 value        95% interval       n",
        "RR@10            0.500      0.000 to 1.000       3",
        "nDCG@100         0.544      0.000 to 1.000       3",
    ]
    assert "seed 20020" in outcome.out.replace("\n", " ")


def test_two_runs(run: Runner) -> None:
    outcome = run("eval", "score", "--qrels", "qrels", "--run", "run", "--run", "other", "-m", "RR@10", "-m", "R@1")
    # RR: q1 +1/2, q2 -1, q3 alike; of the four ways to sign these two, two are as far off. R@1: +1, -1, alike.
    lines = outcome.out.splitlines()
    at = lines.index("other against run")
    assert lines[at + 1 : at + 4] == [
        "               change       95% interval      p            wins  losses    ties",
        "RR@10          -0.167   -1.000 to +0.500  1.000               1       1       1",
        "R@1            +0.000   -1.000 to +1.000  1.000               1       1       1",
    ]
    assert max(map(len, lines)) <= 80


def test_three_runs_are_adjusted_by_holm(run: Runner) -> None:
    rng = random.Random(3)
    questions = [f"q{number}" for number in range(40)]
    Path("qrels").write_text("".join(f"{q} 0 good 1\n" for q in questions), encoding="utf-8")
    for name, share in (("a", 0.4), ("b", 0.7), ("c", 0.9)):
        best = [f"{q} Q0 {'good' if rng.random() < share else 'bad'} 1 1 t\n" for q in questions]
        Path(name).write_text("".join(best), encoding="utf-8")
    arguments = ["eval", "score", "--qrels", "qrels", "--run", "a", "--run", "b", "--run", "c", "-m", "R@1"]
    runs = run(*arguments, "--json").json["runs"]
    against = [entry["against_first"][0] for entry in runs[1:]]
    assert runs[0]["against_first"] == []
    assert [entry["p_holm"] for entry in against] == holm([entry["p"] for entry in against])
    assert against[0]["p"] < against[0]["p_holm"] or against[1]["p"] < against[1]["p_holm"]
    for entry, other in zip(against, runs[1:], strict=True):
        means = [measured["measures"][0]["value"] for measured in (runs[0], other)]
        assert entry["difference"] == pytest.approx(means[1] - means[0])
        assert entry["wins"] + entry["losses"] + entry["ties"] == 40
    text = run(*arguments).out
    assert "p Holm: adjusted for the 2 runs" in text.replace("\n", " ")
    assert "                 value        95% interval       n" in text
    assert max(map(len, text.splitlines())) <= 80


def test_csv(run: Runner) -> None:
    arguments = ["eval", "score", "--qrels", "qrels", "--run", "run", "--run", "other", "-m", "RR@10"]
    rows = list(csv.DictReader(io.StringIO(run(*arguments, "--csv").out)))
    assert [(row["run"], row["measure"], row["value"], row["n"]) for row in rows] == [
        ("run", "RR@10", "0.5", "3"),
        ("other", "RR@10", "0.3333333333333333", "3"),
    ]
    assert [(row["difference"], row["wins"], row["losses"], row["ties"]) for row in rows] == [
        ("", "", "", ""),
        ("-0.16666666666666666", "1", "1", "1"),
    ]
    assert run(*arguments, "--by-question").out == (
        "run,question,RR@10\nrun,q1,0.5\nrun,q2,1.0\nrun,q3,0.0\nother,q1,1.0\nother,q2,0.0\nother,q3,0.0\n"
    )


def test_json_has_single_questions_only_if_asked_for(run: Runner) -> None:
    value = run("eval", "score", "--qrels", "qrels", "--run", "run", "--json").json
    assert value["runs"][0]["by_question"] is None
    assert [entry["measure"] for entry in value["runs"][0]["measures"]] == [
        "nDCG@10", "RR@10", "AP@100", "P@10", "R@10", "R@100",
    ]  # fmt: skip
    assert (value["questions"], value["relevant"], value["without_relevant"]) == (3, 2, ["q3"])
    assert (value["runs"][0]["missing"], value["runs"][0]["unknown"]) == (["q3"], ["q9"])


def test_hostile_ids_are_escaped(run: Runner) -> None:
    Path("qrels").write_bytes("q1 0 d 1\n\x1b[2J\u202e{} 0 d 1\n".format("x" * 300).encode())
    Path("run").write_bytes(b"q1 Q0 d 1 1 t\n")
    out = run("eval", "score", "--qrels", "qrels", "--run", "run").out
    assert "\x1b" not in out
    assert "\u202e" not in out
    assert max(map(len, out.splitlines())) <= 80


def test_long_names_of_measures(run: Runner) -> None:
    out = run("eval", "score", "--qrels", "qrels", "--run", "run", "-m", "Success@123456789").out
    assert "Success@123456789\n                 0.667      0.208 to 0.939       3\n" in out


@pytest.mark.parametrize(
    ("arguments", "kind", "message"),
    [
        (["--run", "run"], "UsageError", "Missing option '--qrels'. See: briefqa eval score --help"),
        (["--qrels", "qrels"], "UsageError", "Missing option '--run'. See: briefqa eval score --help"),
        (
            ["--qrels", "qrels", "--run", "run", "--run", "run"],
            "UsageError",
            "a run is named twice; give each --run once",
        ),
        (
            ["--qrels", "qrels", "--run", "run", "-m", "F1"],
            "UsageError",
            "'F1' names no measure; write one of nDCG@K, RR@K, AP@K, P@K, R@K, Success@K",
        ),
        (
            ["--qrels", "qrels", "--run", "no"],
            "DatasetError",
            "no: can't read this file (No such file or directory)",
        ),
        (
            ["--qrels", "run", "--run", "run"],
            "DatasetError",
            "run: 4 problems in the qrels; correct it and run again\n"
            + "\n".join(f"run:{n}: 6 columns, not 4; a line is: question 0 document gain" for n in range(1, 5)),
        ),
    ],
)
def test_wrong_calls(run: Runner, arguments: list[str], kind: str, message: str) -> None:
    error = run("eval", "score", *arguments, "--json").json_error
    assert (error["error"], error["message"], error["exit_code"]) == (kind, message, 2)


def test_a_run_of_other_questions(run: Runner) -> None:
    Path("other").write_text("x1 Q0 d1 1 1 t\n", encoding="utf-8")
    outcome = run("eval", "score", "--qrels", "qrels", "--run", "run", "--run", "other")
    assert (outcome.code, outcome.out) == (2, "")
    assert outcome.err == (
        "error: other: no question of this run is among the judgements; give the run and qrels of one set\n"
    )


def test_the_same_twice_is_the_same(run: Runner) -> None:
    arguments = ["eval", "score", "--qrels", "qrels", "--run", "run", "--run", "other", "--json", "--by-question"]
    assert json.dumps(run(*arguments).json) == json.dumps(run(*arguments).json)
