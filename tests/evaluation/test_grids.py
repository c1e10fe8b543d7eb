from __future__ import annotations

from dataclasses import replace

import pytest

from briefqa.config import Settings
from briefqa.errors import UsageError
from briefqa.evaluation.grids import AXES, Configuration, configurations

NAMES = "chunk, overlap, encoder, retriever, weight, rerank, candidates, quotes, confidence"


def labels(*grid: str, base: Settings | None = None) -> list[str]:
    return [found.label for found in configurations(grid, base or Settings())]


def test_every_combination_in_order_over_the_settings_that_are_there() -> None:
    base = Settings(index="here", questions="q.jsonl", max_quotes=3)
    assert configurations(["chunk=120,180", "retriever=dense,lexical"], base) == [
        Configuration("chunk=120,retriever=dense", "chunk=120", replace(base, passage_tokens=120, retriever="dense")),
        Configuration(
            "chunk=120,retriever=lexical", "chunk=120", replace(base, passage_tokens=120, retriever="lexical")
        ),
        Configuration("chunk=180,retriever=dense", "chunk=180", replace(base, passage_tokens=180, retriever="dense")),
        Configuration(
            "chunk=180,retriever=lexical", "chunk=180", replace(base, passage_tokens=180, retriever="lexical")
        ),
    ]


@pytest.mark.parametrize(
    ("entry", "values"),
    [
        ("chunk=120,180", [120, 180]),
        ("overlap=0,16", [0, 16]),
        ("encoder=a,b", ["a", "b"]),
        ("retriever=dense,lexical,hybrid", ["dense", "lexical", "hybrid"]),
        ("weight=.3,1", [0.3, 1.0]),
        ("rerank=no,yes", [False, True]),
        ("quotes=1,5", [1, 5]),
        ("confidence=0,.6", [0.0, 0.6]),
    ],
)
def test_every_axis_by_both_its_names(entry: str, values: list[object]) -> None:
    name, listed = entry.split("=")
    found = configurations([entry], Settings())
    assert [getattr(entry.settings, AXES[name]) for entry in found] == values
    assert [entry.label for entry in found] == [f"{name}={text}" for text in listed.split(",")]
    of_index = name in ("chunk", "overlap", "encoder")
    assert [entry.index_label for entry in found] == [entry.label if of_index else "" for entry in found]
    assert configurations([f"{AXES[name]}={listed}"], Settings()) == found


def test_white_space_around_values_says_nothing() -> None:
    assert labels("weight= .3 , .5 ") == ["weight=.3", "weight=.5"]


def test_what_has_no_effect_is_tried_once() -> None:
    assert labels("retriever=dense,hybrid,lexical", "weight=.3,.7") == [
        "retriever=dense",
        "retriever=hybrid,weight=.3",
        "retriever=hybrid,weight=.7",
        "retriever=lexical",
    ]
    assert labels("candidates=10,20", "rerank=no,yes") == [
        "rerank=no",
        "candidates=10,rerank=yes",
        "candidates=20,rerank=yes",
    ]
    # By the settings that are there, too: the weight of the dense retriever alone is none.
    assert labels("weight=.3,.7", "quotes=1", base=Settings(retriever="dense")) == ["quotes=1"]
    assert labels("candidates=10,20", base=Settings(rerank=True)) == ["candidates=10", "candidates=20"]


def test_the_same_value_in_other_words_is_tried_once() -> None:
    assert labels("weight=.5,0.5,5e-1,.50", "rerank=yes,true,no,0") == [
        "weight=.5,rerank=yes",
        "weight=.5,rerank=no",
    ]
    assert labels("chunk=120,120,0120") == ["chunk=120"]


def test_labels_are_fit_for_folders() -> None:
    (found,) = configurations([r"encoder=../models/é b\c:1", "chunk=16"], Settings())
    assert found.label == found.index_label == "encoder=.._models___b_c_1,chunk=16"
    assert found.settings.encoder == r"../models/é b\c:1"


@pytest.mark.parametrize(
    ("grid", "message"),
    [
        ([], "name each setting of the grid once, as in --grid chunk=120,180 --grid retriever=dense,hybrid"),
        (
            ["chunk=120", "chunk=180"],
            "name each setting of the grid once, as in --grid chunk=120,180 --grid retriever=dense,hybrid",
        ),
        (
            ["chunk=120", "passage_tokens=180"],
            "name each setting of the grid once, as in --grid chunk=120,180 --grid retriever=dense,hybrid",
        ),
        (["chunks=1"], f"'chunks=1' is no part of a grid; write NAME=VALUE,VALUE with one of {NAMES}"),
        (["top_k=1"], f"'top_k=1' is no part of a grid; write NAME=VALUE,VALUE with one of {NAMES}"),
        (["chunk"], f"'chunk' is no part of a grid; write NAME=VALUE,VALUE with one of {NAMES}"),
        (["chunk="], f"'chunk=' is no part of a grid; write NAME=VALUE,VALUE with one of {NAMES}"),
        (["chunk=120,,180"], f"'chunk=120,,180' is no part of a grid; write NAME=VALUE,VALUE with one of {NAMES}"),
        (["=1"], f"'=1' is no part of a grid; write NAME=VALUE,VALUE with one of {NAMES}"),
        ([""], f"'' is no part of a grid; write NAME=VALUE,VALUE with one of {NAMES}"),
        (["chunk=long"], "--grid chunk: passage_tokens is 'long'; it must be a whole number."),
        (["weight=a"], "--grid weight: dense_weight is 'a'; it must be a number."),
        (["rerank=maybe"], "--grid rerank: rerank is 'maybe'; it must be true or false."),
        (["chunk=120,15"], "passage_tokens is 15; it must be a whole number of at least 16."),
        (["weight=1.5"], "dense_weight is 1.5; it must be a number from 0 to 1."),
        (["weight=nan"], "dense_weight is nan; it must be a number from 0 to 1."),
        (["retriever=bm25"], "retriever is 'bm25'; it must be dense, lexical or hybrid."),
        (
            ["encoder=a/b,a_b"],
            "--grid encoder: two values would both be called 'a_b'; write one of them otherwise",
        ),
        (
            ["chunk=16,32", "overlap=8,16"],
            "passages of 16 tokens can't overlap by 16; take one of the two out of the grid",
        ),
        (
            [f"encoder={'e' * 193}"],
            f"'encoder={'e' * 193}' is too long to name a run: at most 200 characters; give shorter values",
        ),
    ],
)
def test_what_is_no_grid(grid: list[str], message: str) -> None:
    with pytest.raises(UsageError) as caught:
        configurations(grid, Settings())
    assert str(caught.value) == message


def test_the_longest_label() -> None:
    assert labels(f"encoder={'e' * 192}") == [f"encoder={'e' * 192}"]
