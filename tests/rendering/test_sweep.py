from __future__ import annotations

import csv
import io
import json
from dataclasses import replace

import pytest

from briefqa.evaluation.sweep import Sweep, rank_runs
from briefqa.rendering.columns import columns
from briefqa.rendering.sweep import render_sweep, sweep_csv, sweep_json
from tests.evaluation.swept import scored

NDCG = "passages.nDCG@10"
LONG = "chunk=120,overlap=20,encoder=sentence-transformers_all-MiniLM-L6-v2,retriever=hybrid,weight=.5,rerank=yes"


def ranked(key: str = NDCG, **values: list[float]) -> Sweep:
    return rank_runs([scored(name, key, found) for name, found in values.items()], key)


def named(sweep: Sweep, *labels: str) -> Sweep:
    tried = tuple(replace(entry, label=label) for entry, label in zip(sweep.tried, labels, strict=True))
    return replace(sweep, tried=tried)


def test_a_winner_by_hand() -> None:
    found = named(ranked(a=[1.0] * 30, b=[0.0] * 30), "weight=.3", "weight=.5")
    # Wilson, 30 of 30 and 0 of 30: the ends are 30 / (30 + 1.96 ** 2) = .886 and the rest of 1.
    assert render_sweep(found) == (
        "By passages.nDCG@10, 30 questions\n"
        "\n"
        "configuration                         value     95% interval   to best       p\n"
        "weight=.3                             1.000   0.886 to 1.000      best\n"
        "weight=.5                             0.000   0.000 to 0.114    -1.000   <.001\n"
        "\n"
        "weight=.3 is better than the other here. The best of many looks better than it\n"
        "is: measure it again on questions that were not used to choose it.\n"
        "Intervals: 95%, percentile bootstrap over questions (2000 resamples); Wilson\n"
        "where all are 0 or 1 or alike. p: paired randomisation test (10000 exchanges, or\n"
        "all where few differ), adjusted by Holm. Seed 20020."
    )


def test_no_winner_by_hand() -> None:
    found = ranked(a=[1.0, 1.0, 1.0], b=[1.0, 1.0, 0.0], c=[0.0, 0.0, 0.0])
    text = render_sweep(found)
    # 0, 0 and -1 spread by .57735: (1.95996 + .84162) .57735 / sqrt(3) = .934.
    assert text.split("\n")[3:10] == [
        "a                                     1.000   0.439 to 1.000      best",
        "b                                     0.667   0.208 to 0.939    -0.333   1.000",
        "c                                     0.000   0.000 to 0.561    -1.000   0.500",
        "",
        "No clear winner: a has the best value, but this set can't tell it from 2 of the",
        "2 others. It would likely have shown a difference of 0.934. These are only 3",
        "questions: small differences mean nothing. The best of many looks better than it",
    ]


@pytest.mark.parametrize(
    ("sweep", "said"),
    [
        (ranked(a=[1.0] * 30, b=[0.0] * 30, c=[0.0] * 30), "a is better than every other here. The best of many"),
        (
            ranked(a=[1.0] * 30, b=[1.0] * 30, c=[0.0] * 30),
            "No clear winner: a has the best value, but this set can't tell it from 1 of the 2 others. The best",
        ),
        (
            ranked(a=[1.0] * 30, b=[1.0] * 30),
            "No clear winner: a has the best value, but this set can't tell it from the other. The best of many",
        ),
        (ranked(a=[1.0] * 30), "a was the only one tried. Intervals: "),
        (ranked(a=[1.0]), "a was the only one tried. This is only 1 question: small differences mean nothing. Inter"),
    ],
)
def test_verdicts(sweep: Sweep, said: str) -> None:
    assert said in " ".join(render_sweep(sweep).split())


def test_only_one() -> None:
    text = render_sweep(ranked(a=[0.25]))
    # Wilson, .25 of 1: the centre is (.25 + 1.92073) / 4.84146 = .448, and the half .434.
    assert text.split("\n")[:4] == [
        "By passages.nDCG@10, 1 question",
        "",
        "configuration                         value     95% interval   to best       p",
        "a                                     0.250   0.015 to 0.882      best",
    ]
    assert "p:" not in text


def test_lower_is_better_is_said() -> None:
    lines = render_sweep(ranked("false_answers", high=[1.0] * 4, low=[0.0] * 4)).split("\n")
    assert lines[0] == "By false_answers, lower is better, 4 questions"
    assert [line.split()[0] for line in lines[3:5]] == ["low", "high"]
    assert "  +1.000   0.125" in lines[4]  # 2 of 2 ** 4


def test_colour_is_bold_alone_and_says_nothing() -> None:
    found = ranked(a=[1.0] * 3, b=[0.0] * 3)
    plain, bold = render_sweep(found), render_sweep(found, color=True)
    assert bold.count("\x1b") == 2
    assert bold.replace("\x1b[1m", "").replace("\x1b[0m", "") == plain


CELLS = "  1.000   0.439 to 1.000      best"


@pytest.mark.parametrize(
    ("label", "rows"),
    [
        ("x" * 35, ["x" * 35 + " " + CELLS]),
        ("x" * 36, ["x" * 36, " " * 36 + CELLS]),
        ("x" * 100, ["x" * 80, "x" * 20, " " * 36 + CELLS]),
        ("a\nb\t\x1b[2Jc", ["a b \ufffd[2Jc" + " " * 27 + CELLS]),
        ("\u202egnol \u2028 line", ["\ufffdgnol \ufffd line" + " " * 24 + CELLS]),
        ("長" * 17, ["長" * 17 + "  " + CELLS]),
        ("長" * 18, ["長" * 18, " " * 36 + CELLS]),
        ("長" * 60, ["長" * 39 + "\u2026", " " * 36 + CELLS]),
    ],
)
def test_eighty_columns_whatever_the_labels_are(label: str, rows: list[str]) -> None:
    lines = render_sweep(named(ranked(a=[1.0] * 3, b=[0.0] * 3), label, f"{label}, too")).split("\n")
    assert lines[3 : 3 + len(rows)] == rows
    assert max(map(columns, lines)) <= 80
    assert all(letter.isprintable() for line in lines for letter in line)


def test_a_long_label_is_whole() -> None:
    lines = render_sweep(named(ranked(a=[1.0] * 3, b=[0.0] * 3), LONG, "b")).split("\n")
    row = next(number for number, line in enumerate(lines) if line.endswith("best"))
    assert "".join(lines[3:row]) == LONG


def test_csv() -> None:
    found = named(ranked(a=[1.0] * 4, b=[0.5, 0.5, 0.5, 0.25], c=[1.0, 0.0, 0.0, 0.0]), "a", "=b,c", 'c "d"')
    header, first, second, third = csv.reader(io.StringIO(sweep_csv(found)))
    assert header == [
        "configuration", "value", "low", "high", "n", "difference", "difference_low", "difference_high", "p_holm",
    ]  # fmt: skip
    assert (first[0], first[1], first[3:]) == ("a", "1.0", ["1.0", "4", "", "", "", ""])
    assert float(first[2]) == pytest.approx(4 / (4 + 1.959964**2), abs=1e-6)
    # By the signs of four: 2 of 16; twice that for two comparisons. Of three times -1: 2 of 8.
    assert (second[0], second[1], second[4], second[5], second[8]) == ("'=b,c", "0.4375", "4", "-0.5625", "0.25")
    assert (third[0], third[1], third[4], third[5], third[8]) == ('c "d"', "0.25", "4", "-0.75", "0.25")
    assert float(second[6]) <= -0.5625 <= float(second[7]) <= -0.5


def test_json() -> None:
    found = sweep_json(ranked(a=[1.0] * 7, b=[1.0] * 6 + [0.0], c=[0.0] * 7))
    assert json.loads(json.dumps(found)) == {
        "schema": "briefqa.sweep/1",
        "by": NDCG,
        "lower_is_better": False,
        "questions": 7,
        "few": True,
        "configurations": [
            {
                "configuration": "a",
                "measure": {
                    "value": 1.0, "low": pytest.approx(7 / (7 + 1.959964**2), abs=1e-6), "high": 1.0, "n": 7,
                    "interval": "wilson",
                },
                "to_best": None,
                "p_holm": None,
            },
            {
                "configuration": "b",
                "measure": {
                    "value": 6 / 7, "low": pytest.approx(0.487, abs=1e-3), "high": pytest.approx(0.974, abs=1e-3),
                    "n": 7, "interval": "wilson",
                },
                "to_best": {
                    "n": 7, "baseline": 1.0, "other": 6 / 7, "difference": -1 / 7,
                    "interval": [pytest.approx(-3 / 7), 0.0], "p": 1.0, "higher": 0, "lower": 1, "ties": 6,
                    # 2.801585 x sqrt(1 / 7) / sqrt(7)
                    "detectable": pytest.approx(2.801585 / 7, abs=1e-6),
                },
                "p_holm": 1.0,
            },
            {
                "configuration": "c",
                "measure": {
                    "value": 0.0, "low": 0.0, "high": pytest.approx(1 - 7 / (7 + 1.959964**2), abs=1e-6), "n": 7,
                    "interval": "wilson",
                },
                "to_best": {
                    "n": 7, "baseline": 1.0, "other": 0.0, "difference": -1.0, "interval": [-1.0, -1.0],
                    "p": 0.015625, "higher": 0, "lower": 7, "ties": 0, "detectable": None,
                },
                "p_holm": 0.03125,
            },
        ],
        "best": "a",
        "not_told_apart": ["b"],
        "method": {"level": 0.95, "resamples": 2000, "permutations": 10000, "seed": 20020},
    }  # fmt: skip
