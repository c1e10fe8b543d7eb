"""The pairs of benchmarks/claims.py, of a data set of two articles."""

from __future__ import annotations

import json
from pathlib import Path
from random import Random
from typing import Any

import pytest

import claims
from briefqa.prompting.support import Source

FIRST = (
    "The commonwealth lost Georgia in 2009, and Armenia stayed, as many had said."
    " Its council was to meet in Minsk later that summer."
)
SECOND = "The old zeppelin was sold to Norway in 1926 by its owner. A later flight ended in the snow near the pole."


def write(folder: Path, name: str, *entries: dict[str, Any]) -> None:
    (folder / name).write_text("".join(json.dumps(entry) + "\n" for entry in entries), encoding="utf-8")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write(
        tmp_path,
        "corpus.jsonl",
        {"_id": "a", "title": "One", "text": FIRST},
        {"_id": "b", "title": "Two", "text": SECOND},
    )
    write(
        tmp_path,
        "queries.jsonl",
        {"_id": "1", "text": "Who was lost in 2009?"},
        {"_id": "2", "text": "Who bought the zeppelin?"},
    )
    return tmp_path


def test_pairs_of_questions_and_sentences(folder: Path) -> None:
    write(
        folder,
        "evidence.jsonl",
        {"query_id": "1", "doc_id": "a", "quote": "Georgia", "start": 22, "end": 29},
        {"query_id": "2", "doc_id": "b", "quote": "Norway", "start": 29, "end": 35},
    )
    pairs = list(claims.squad(folder, Random(1)))
    told = {(pair.kind, pair.claim) for pair in pairs}
    assert ("right answer", "Who was lost in 2009: Georgia.") in told
    assert ("wrong answer", "Who was lost in 2009: Norway.") in told
    assert {pair.kind for pair in pairs if pair.held} <= {
        "right answer", "right answer, paragraph", "itself", "without its last clause",
    }  # fmt: skip
    [right, _] = [pair for pair in pairs if pair.kind == "right answer"]
    assert right.source == Source(FIRST[: FIRST.index(" Its")], "One", FIRST)
    assert [pair.odd for pair in pairs if pair.kind == "right answer"] == [False, True]


def test_pairs_of_experts_claims(folder: Path) -> None:
    place = {"doc_id": "a", "start": 0, "end": FIRST.index(" Its"), "quote": FIRST[: FIRST.index(" Its")]}
    write(
        folder,
        "evidence.jsonl",
        {"query_id": "1", "label": "SUPPORT", **place},
        {"query_id": "2", "label": "CONTRADICT", **place},
    )
    pairs = list(claims.scifact(folder, Random(1)))
    assert [(pair.kind, pair.held) for pair in pairs] == [
        ("support", True),
        ("other sentence", False),
        ("other article", False),
        ("contradict", False),
    ]


def test_measures_leave_out_exchanged_names() -> None:
    source = Source("Georgia left the commonwealth.")
    pairs = [
        claims.Pair("x", "itself", "Georgia left the commonwealth.", source, held=True, odd=False),
        claims.Pair("x", "other name", "Armenia lost a zeppelin.", source, held=False, odd=False),
        claims.Pair("x", claims.EXCHANGED, "The commonwealth left Georgia.", source, held=False, odd=False),
    ]
    found = claims.measure(pairs)
    assert (found["auroc"]["value"], found["auroc"]["n"]) == (1.0, 2)
    assert (found["held"]["value"], found["not_held"]["value"]) == (1.0, 1.0)
    assert found["kinds"][claims.EXCHANGED]["value"] == 1.0
