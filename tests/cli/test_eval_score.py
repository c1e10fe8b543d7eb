from __future__ import annotations

import csv
import io
import random
from math import log2
from pathlib import Path
from typing import Any

import ir_measures
import pytest

from briefqa.evaluation.metrics import METRICS
from tests.cli.runner import Runner
from tests.evaluation.test_metrics_as_trec_eval import Gains, Scored, worlds

QRELS = "q1 0 a 1\nq1 0 b 0\nq1 0 c 2\nq2 0 a 1\nq3 0 z 1\n"
ONE = "q1 Q0 c 1 .9 t\nq1 Q0 b 2 .8 t\nq1 Q0 a 3 .7 t\nq2 Q0 b 1 .9 t\nq2 Q0 a 2 .8 t\nq4 Q0 x 1 1 t\n"
TWO = "q1 Q0 a 1 .9 t\nq2 Q0 a 1 .9 t\nq3 Q0 z 1 .9 t\n"
FILES = ["--qrels", "t.qrels", "--run", "one.run"]
BOTH = [*FILES, "--run", "two.run"]


@pytest.fixture(autouse=True)
def _files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name, text in (("t.qrels", QRELS), ("one.run", ONE), ("two.run", TWO)):
        Path(name).write_text(text, encoding="utf-8")


def score(run: Runner, *arguments: str) -> Any:
    outcome = run("eval", "score", *arguments, "--json")
    assert outcome.code == 0
    return outcome.json


def rows(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text)))


def write_world(qrels: Gains, scored: Scored, draw: random.Random) -> None:
    """The world as files, in any order of lines, parted by blanks and tabs in any form."""
    lines = {
        "w.qrels": [f"{q} 0 {unit} {gain}" for q, gains in qrels.items() for unit, gain in gains.items()],
        "w.run": [f"{q}\tQ0  {unit} 0\t{found!r} t" for q, scores in scored.items() for unit, found in scores.items()],
    }
    for name, found in lines.items():
        draw.shuffle(found)
        end = draw.choice(["\n", "\r\n"])
        Path(name).write_bytes((draw.choice(["", "\ufeff"]) + end.join(found) + end).encode())


def test_equal_to_ir_measures(run: Runner) -> None:
    draw = random.Random(5)
    names = [f"{name}@{k}" for name in METRICS for k in (1, 3, 10)]
    options = [part for name in names for part in ("-m", name)]
    compared = 0
    for qrels, found_by_question in worlds():
        scored = {q.replace(" ", "_"): found for q, found in found_by_question.items()}
        if not qrels.keys() & scored.keys():
            continue
        write_world(qrels, scored, draw)
        (found,) = score(run, "--qrels", "w.qrels", "--run", "w.run", *options)["runs"]
        assert list(found["measures"]) == list(found["scores"]) == names
        for name in names:
            # Cut, ir_measures takes RR from another tool, which breaks ties in its own way; uncut it is trec_eval's.
            kind, k = name.split("@")
            measure = ir_measures.parse_measure("RR" if kind == "RR" else name)
            theirs = {entry.query_id: entry.value for entry in ir_measures.iter_calc([measure], qrels, scored)}
            if kind == "RR":
                theirs = {q: value if value * int(k) >= 1 - 1e-9 else 0.0 for q, value in theirs.items()}
            # trec_eval leaves out questions that the run lacks; they count 0.
            expected = {q: theirs.get(q, 0.0) for q in qrels}
            assert found["scores"][name] == {q: pytest.approx(value, abs=1e-9) for q, value in expected.items()}
            mean = sum(expected.values()) / len(expected)
            assert found["measures"][name]["value"] == pytest.approx(mean, abs=1e-9)
            compared += len(theirs)
        assert found["missing"] == len(qrels.keys() - scored.keys())
        assert found["unjudged"] == len(scored.keys() - qrels.keys())
    assert compared > 5000


def test_by_hand(run: Runner) -> None:
    found = score(run, *BOTH, "-m", "rr@10", "-m", "ndcg@10", "-m", "recall@1")
    assert (found["schema"], found["qrels"], found["questions"], found["few"]) == (
        "briefqa.score/1",
        "t.qrels",
        3,
        True,
    )
    one, two = found["runs"]
    assert (one["run"], one["missing"], one["unjudged"], one["against_first"]) == ("one.run", 1, 1, {})
    assert (two["run"], two["missing"], two["unjudged"]) == ("two.run", 0, 0)
    ideal = 2 + 1 / log2(3)
    assert one["scores"] == {
        "RR@10": {"q1": 1.0, "q2": 0.5, "q3": 0.0},
        "nDCG@10": {"q1": pytest.approx(2.5 / ideal), "q2": pytest.approx(1 / log2(3)), "q3": 0.0},
        "R@1": {"q1": 0.5, "q2": 0.0, "q3": 0.0},
    }
    assert two["scores"] == {
        "RR@10": {"q1": 1.0, "q2": 1.0, "q3": 1.0},
        "nDCG@10": {"q1": pytest.approx(1 / ideal), "q2": 1.0, "q3": 1.0},
        "R@1": {"q1": 0.5, "q2": 1.0, "q3": 1.0},
    }
    assert two["measures"]["RR@10"] == {
        "value": 1.0, "low": pytest.approx(3 / (3 + 1.959964**2), abs=1e-6), "high": 1.0, "n": 3, "interval": "wilson",
    }  # fmt: skip
    # Two differ, and two of the four assignments of signs reach the sum. Holm: three times that, at most 1.
    rr = two["against_first"]["RR@10"]
    assert (rr["n"], rr["baseline"], rr["other"], rr["difference"], rr["p"], rr["p_holm"]) == (
        3,
        0.5,
        1.0,
        0.5,
        0.5,
        1.0,
    )
    assert (rr["higher"], rr["lower"], rr["ties"]) == (2, 0, 1)
    ndcg = two["against_first"]["nDCG@10"]
    assert ndcg["difference"] == pytest.approx((1 / ideal + 2 - 2.5 / ideal - 1 / log2(3)) / 3)
    assert (ndcg["higher"], ndcg["lower"], ndcg["ties"]) == (2, 1, 0)
    assert found["method"] == {"level": 0.95, "resamples": 2000, "permutations": 10000, "seed": 20020}


def test_holm_goes_over_all_runs_and_measures(run: Runner) -> None:
    qrels = "".join(f"q{number} 0 a 1\n" for number in range(8))
    good, bad = (
        "".join(f"q{number} Q0 {unit} 1 1 t\nq{number} Q0 b 2 0 t\n" for number in range(8)) for unit in ("a", "c")
    )
    for name, text in (("n.qrels", qrels), ("good.run", good), ("bad.run", bad)):
        Path(name).write_text(text, encoding="utf-8")
    arguments = ["--qrels", "n.qrels", "--run", "bad.run", "--run", "good.run", "--run", "bad.run"]
    _, good_one, same = score(run, *arguments, "-m", "RR@10", "-m", "P@1")["runs"]
    # Eight of eight alike: 2 / 256. Four are compared: the least two cost 4 and 3 times as much, and at least as much
    # as the one before; those without any difference are 1.
    assert [good_one["against_first"][name]["p"] for name in ("RR@10", "P@1")] == [2 / 256] * 2
    assert [good_one["against_first"][name]["p_holm"] for name in ("RR@10", "P@1")] == [8 / 256] * 2
    assert [same["against_first"][name]["p_holm"] for name in ("RR@10", "P@1")] == [1.0] * 2
    assert [same["against_first"][name]["ties"] for name in ("RR@10", "P@1")] == [8] * 2


def test_text(run: Runner) -> None:
    outcome = run("eval", "score", *BOTH, "-m", "RR@10", "-m", "R@1", "-m", "Success@10000000000")
    assert (outcome.code, outcome.err) == (0, "")
    assert outcome.out == (
        "one.run\n"
        "  measure         value    95% interval      n\n"
        "  RR@10           0.500  0.000 to 1.000      3\n"
        "  R@1             0.167  0.000 to 0.500      3\n"
        "  Success@10000000000\n"
        "                  0.667  0.208 to 0.939      3\n"
        "  1 judged question not in the run: scored 0.\n"
        "  1 question of the run not judged: left out.\n"
        "\n"
        "two.run\n"
        "  measure         value    95% interval      n to first      p             +/-/=\n"
        "  RR@10           1.000  0.439 to 1.000      3   +0.500  1.000             2/0/1\n"
        "  R@1             0.833  0.500 to 1.000      3   +0.667  1.000             2/0/1\n"
        "  Success@10000000000\n"
        "                  1.000  0.439 to 1.000      3   +0.333  1.000             1/0/2\n"
        "\n"
        "Intervals: 95%, percentile bootstrap over questions (2000 resamples); Wilson\n"
        "where all are 0 or 1 or alike. p: paired randomisation test against the first\n"
        "run (10000 exchanges, or all where few differ), adjusted by Holm for all that is\n"
        "compared. +/-/=: questions that score higher, lower, alike. Seed 20020. Only 3\n"
        "questions: small differences mean nothing.\n"
    )


def test_thirty_questions_are_not_few(run: Runner) -> None:
    for count, few in ((29, True), (30, False)):
        Path("n.qrels").write_text("".join(f"q{number} 0 a 1\n" for number in range(count)), encoding="utf-8")
        arguments = ["--qrels", "n.qrels", "--run", "one.run", "-m", "RR@10"]
        assert score(run, *arguments)["few"] is few
        assert (f"Only {count} questions" in run("eval", "score", *arguments).out) is few


def test_many_questions_and_long_or_hostile_names_keep_to_eighty_columns(run: Runner) -> None:
    draw = random.Random(2)
    name = "x" * 120 + "\x1b[2J\u202e.run"
    Path("n.qrels").write_text("".join(f"q{number} 0 a 1\n" for number in range(12000)), encoding="utf-8")
    for path, chance in (("n.run", 0.5), (name, 0.4)):
        ranked = (f"q{number} Q0 {'a' if draw.random() < chance else 'b'} 1 1 t\n" for number in range(12000))
        Path(path).write_text("".join(ranked), encoding="utf-8")
    outcome = run("eval", "score", "--qrels", "n.qrels", "--run", "n.run", "--run", name, "-m", "P@1")
    lines = outcome.out.split("\n")
    assert max(map(len, lines)) <= 80
    assert lines[4:6] == ["x" * 80, "x" * 40 + "\ufffd[2J\ufffd.run"]
    cells = next(line for line in lines[6:] if line.startswith("  P@1")).split()
    assert cells[0] == "P@1"
    assert cells[5:8] == ["12000", cells[6], "<.001"]
    assert sum(map(int, cells[8].split("/"))) == 12000
    assert all(int(part) > 1000 for part in cells[8].split("/"))


def test_colour_is_bold_alone(run: Runner, monkeypatch: pytest.MonkeyPatch) -> None:
    plain = run("eval", "score", *BOTH).out
    assert "\x1b" not in plain
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("NO_COLOR", raising=False)
    bold = run("eval", "score", *BOTH).out
    assert "\x1b[1mone.run\x1b[0m\n" in bold
    assert bold.replace("\x1b[1m", "").replace("\x1b[0m", "") == plain


def test_csv(run: Runner) -> None:
    found = rows(run("eval", "score", *BOTH, "-m", "RR@10", "--csv").out)
    assert [row[:3] + row[5:7] + row[9:] for row in found] == [
        ["run", "measure", "value", "n", "difference", "p_holm"],
        ["one.run", "RR@10", "0.5", "3", "", ""],
        ["two.run", "RR@10", "1.0", "3", "0.5", "0.5"],
    ]
    assert found[0][3:5] == ["low", "high"]
    assert found[1][3:5] == ["0.0", "1.0"]
    assert found[0][7:9] == ["difference_low", "difference_high"]
    assert found[1][7:9] == ["", ""]
    # All three draws from 0, .5 and 1 are 0 with a chance of 1 in 27, which is more than 2.5%, and all 1 as often.
    assert [float(cell) for cell in found[2][7:9]] == [0.0, 1.0]


def test_csv_by_question_and_what_a_spreadsheet_would_run(run: Runner) -> None:
    Path("=1+1.run").write_text("=cmd() Q0 a 1 1 t\n+q Q0 b 1 1 t\n", encoding="utf-8")
    Path("f.qrels").write_text("=cmd() 0 a 1\n+q 0 a 1\n@q 0 a 1\n-q 0 a 1\nq=1 0 a 1\n", encoding="utf-8")
    arguments = ["--qrels", "f.qrels", "--run", "=1+1.run", "-m", "RR@1", "-m", "P@2", "--csv"]
    assert rows(run("eval", "score", *arguments, "--by-question").out) == [
        ["run", "question", "RR@1", "P@2"],
        ["'=1+1.run", "'=cmd()", "1.0", "0.5"],
        ["'=1+1.run", "'+q", "0.0", "0.0"],
        ["'=1+1.run", "'@q", "0.0", "0.0"],
        ["'=1+1.run", "'-q", "0.0", "0.0"],
        ["'=1+1.run", "q=1", "0.0", "0.0"],
    ]
    assert [row[0] for row in rows(run("eval", "score", *arguments).out)] == ["run", "'=1+1.run", "'=1+1.run"]


def test_without_a_measure_there_are_six(run: Runner) -> None:
    assert list(score(run, *FILES)["runs"][0]["measures"]) == ["nDCG@10", "RR@10", "AP@100", "P@10", "R@10", "R@100"]
    assert list(score(run, *FILES, "-m", "MRR@5", "-m", "rr@5")["runs"][0]["measures"]) == ["RR@5"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--qrels", "no", "--run", "one.run"], "no: can't read it (No such file or directory)"),
        (["--qrels", "t.qrels", "--run", "no"], "no: can't read it (No such file or directory)"),
        (
            ["--qrels", "one.run", "--run", "t.qrels"],
            "one.run:1: 6 columns where 4 belong: question 0 document gain",
        ),
        (
            ["--qrels", "t.qrels", "--run", "one.run", "--run", "t.qrels"],
            "t.qrels:1: 4 columns where 6 belong: question Q0 document rank score tag",
        ),
        (
            [*FILES, "-m", "nDCG"],
            "'nDCG' names no measure; write one of nDCG@K, RR@K, AP@K, P@K, R@K, Success@K",
        ),
        ([*FILES, "--by-question"], "--by-question belongs to --csv; --json has the questions anyway"),
        (
            ["--qrels", "t.qrels", "--run", "other.run"],
            "other.run: none of its questions is in t.qrels; give a run and judgements of the same set",
        ),
    ],
)
def test_what_is_wrong(run: Runner, arguments: list[str], message: str) -> None:
    Path("other.run").write_text("Q1 Q0 a 1 1 t\n", encoding="utf-8")
    outcome = run("eval", "score", *arguments)
    assert (outcome.code, outcome.out, outcome.err) == (2, "", f"error: {message}\n")
    error = run("eval", "score", *arguments, "--json").json_error
    assert (error["message"], error["exit_code"]) == (message, 2)


def test_a_message_does_not_steer_the_terminal(run: Runner) -> None:
    Path("t.qrels").write_bytes(b"q \x1b[2J a 1\nq 0 \x1b[31m x\n")
    outcome = run("eval", "score", *FILES)
    assert outcome.code == 2
    assert outcome.err == "error: t.qrels:2: the gain 'x' is no whole number of at most nine digits\n"
    Path("t.qrels").write_bytes(b"q 0 a \x1b[2J\n")
    assert "\x1b" not in run("eval", "score", *FILES).err


def test_both_files_are_wanted(run: Runner) -> None:
    assert "'--qrels'" in run("eval", "score", "--run", "one.run").err
    assert "'--run'" in run("eval", "score", "--qrels", "t.qrels").err
