from __future__ import annotations

import os
from dataclasses import FrozenInstanceError, fields
from pathlib import Path
from typing import Any

import pytest

from briefqa.config import Settings, load_settings
from briefqa.errors import UsageError

NAMES = (
    "clean, collections, corpus, dense_index, dense_weight, encoder, gitignore, index, max_quotes, "
    "min_confidence, once, overlap_tokens, passage_tokens, precision, questions, recency, recency_half_life, "
    "rerank, rerank_candidates, reranker, retriever, top_k"
)


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def toml(folder: Path, text: str) -> Path:
    path = folder / "briefqa.toml"
    path.write_text(text, encoding="utf-8")
    return path


def refused(folder: Path, environ: dict[str, str] | None = None, **given: Any) -> str:
    with pytest.raises(UsageError) as caught:
        load_settings(folder, environ or {}, **given)
    assert caught.value.exit_code == 2
    return str(caught.value)


def test_the_defaults(here: Path) -> None:
    settings = load_settings(here, {})
    assert settings == Settings()
    values = {field.name: getattr(settings, field.name) for field in fields(settings)}
    assert values == {
        "corpus": ("corpus",),
        "collections": (),
        "gitignore": True,
        "clean": None,
        "index": "index",
        "questions": "evals/briefs.jsonl",
        "encoder": None,
        "precision": None,
        "reranker": None,
        "passage_tokens": None,
        "overlap_tokens": None,
        "dense_index": None,
        "retriever": "hybrid",
        "dense_weight": 0.5,
        "rerank": False,
        "rerank_candidates": 20,
        "recency": 0.0,
        "recency_half_life": 365,
        "top_k": 5,
        "max_quotes": 5,
        "min_confidence": 0.6,
        "once": True,
    }


def test_settings_do_not_change() -> None:
    with pytest.raises(FrozenInstanceError):
        Settings().top_k = 9  # type: ignore[misc]


def test_what_is_nearer_to_the_call_wins(here: Path) -> None:
    toml(here, "top_k = 2\nmax_quotes = 2\nmin_confidence = 0.2\n")
    environ = {"BRIEFQA_MAX_QUOTES": "3", "BRIEFQA_MIN_CONFIDENCE": "0.3", "PATH": "/bin", "briefqa_top_k": "9"}
    settings = load_settings(here, environ, min_confidence=0.45, dense_weight=None)
    assert (settings.dense_weight, settings.top_k, settings.max_quotes, settings.min_confidence) == (0.5, 2, 3, 0.45)


def test_the_environment_of_the_process_is_the_default(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BRIEFQA_TOP_K", "7")
    assert load_settings(here).top_k == 7
    assert load_settings(here, {}).top_k == 5


def test_none_is_not_said_and_zero_is(here: Path) -> None:
    toml(here, "overlap_tokens = 10\nmin_confidence = 0.9\n")
    settings = load_settings(here, {}, overlap_tokens=0, min_confidence=0.0, top_k=None)
    assert (settings.overlap_tokens, settings.min_confidence, settings.top_k) == (0, 0.0, 5)


def test_every_setting_can_come_from_the_file_and_from_the_environment(here: Path) -> None:
    expected = Settings(
        corpus=("a",),
        index="i",
        questions="q.jsonl",
        encoder="e",
        reranker="c",
        passage_tokens=100,
        overlap_tokens=10,
        dense_index="int8",
        retriever="dense",
        dense_weight=0.7,
        rerank=True,
        rerank_candidates=30,
        top_k=9,
        max_quotes=3,
        min_confidence=0.25,
    )
    environ = {
        "BRIEFQA_CORPUS": "a",
        "BRIEFQA_INDEX": "i",
        "BRIEFQA_QUESTIONS": "q.jsonl",
        "BRIEFQA_ENCODER": "e",
        "BRIEFQA_RERANKER": "c",
        "BRIEFQA_PASSAGE_TOKENS": "100",
        "BRIEFQA_OVERLAP_TOKENS": "10",
        "BRIEFQA_DENSE_INDEX": "int8",
        "BRIEFQA_RETRIEVER": "dense",
        "BRIEFQA_DENSE_WEIGHT": "0.7",
        "BRIEFQA_RERANK": "true",
        "BRIEFQA_RERANK_CANDIDATES": "30",
        "BRIEFQA_TOP_K": "9",
        "BRIEFQA_MAX_QUOTES": "3",
        "BRIEFQA_MIN_CONFIDENCE": ".25",
    }
    assert load_settings(here, environ) == expected
    toml(
        here,
        'corpus = ["a"]\nindex = "i"\nquestions = "q.jsonl"\nencoder = "e"\npassage_tokens = 100\noverlap_tokens = 10\n'
        'dense_index = "int8"\nreranker = "c"\nrerank = true\nrerank_candidates = 30\n'
        'retriever = "dense"\ndense_weight = 0.7\ntop_k = 9.0\nmax_quotes = 3\nmin_confidence = 0.25\n',
    )
    loaded = load_settings(here, {})
    assert loaded == expected
    assert isinstance(loaded.top_k, int)


@pytest.mark.parametrize(
    ("text", "meant"),
    [("true", True), ("Yes", True), ("1", True), ("false", False), ("NO", False), ("0", False)],
)
def test_yes_and_no_from_the_environment(here: Path, text: str, meant: bool) -> None:
    toml(here, f"rerank = {str(not meant).lower()}\n")
    assert load_settings(here, {"BRIEFQA_RERANK": text}).rerank is meant
    assert load_settings(here, {}).rerank is not meant
    assert load_settings(here, {"BRIEFQA_RERANK": text}, rerank=not meant).rerank is not meant


def test_no_reranker_is_said_with_an_empty_name_too(here: Path) -> None:
    toml(here, 'reranker = "c"\n')
    assert load_settings(here, {}, reranker="").reranker == ""
    assert load_settings(here, {"BRIEFQA_RERANKER": ""}).reranker == ""


def test_a_whole_weight_is_a_number(here: Path) -> None:
    toml(here, 'dense_weight = 1\ncorpus = "articles"\n')
    settings = load_settings(here, {})
    assert (settings.dense_weight, type(settings.dense_weight)) == (1.0, float)
    assert settings.corpus == ("articles",)


def test_paths_in_the_file_are_relative_to_the_file(here: Path) -> None:
    project = here / "project"
    project.mkdir()
    toml(project, 'corpus = ["articles", "../more"]\nindex = "made/index"\nquestions = "q.jsonl"\nencoder = "model"\n')
    settings = load_settings(project, {"BRIEFQA_INDEX": "elsewhere"}, questions="given.jsonl")
    assert settings.corpus == (os.path.join("project", "articles"), "more")
    assert (settings.index, settings.questions, settings.encoder) == ("elsewhere", "given.jsonl", "model")
    assert load_settings(project, {}).index == os.path.join("project", "made", "index")


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("top_k = 'many'", "top_k is 'many'; it must be a whole number."),
        ("top_k = 2.5", "top_k is 2.5; it must be a whole number."),
        ("top_k = true", "top_k is True; it must be a whole number."),
        ("top_k = [1]", "top_k is [1]; it must be a whole number."),
        ("passage_tokens = 'x'", "passage_tokens is 'x'; it must be a whole number."),
        ("dense_weight = 'half'", "dense_weight is 'half'; it must be a number."),
        ("index = ['a']", "index is ['a']; it must be a text."),
        ("encoder = false", "encoder is False; it must be a text."),
        ("rerank = 1", "rerank is 1; it must be true or false."),
        ("rerank = [true]", "rerank is [True]; it must be true or false."),
        ("rerank_candidates = true", "rerank_candidates is True; it must be a whole number."),
        ("reranker = false", "reranker is False; it must be a text."),
        ("corpus = 5", "corpus is 5; it must be a text, or a list of them."),
        ("corpus = [5]", "corpus is [5]; it must be a text, or a list of them."),
        ("corpus = {a = 1}", "corpus is {'a': 1}; it must be a text, or a list of them."),
        ("topk = 5", f"there is no setting 'topk'. Did you mean top_k? There are: {NAMES}."),
        ("[ask]\ntop_k = 5", f"there is no setting 'ask'. There are: {NAMES}."),
    ],
)
def test_a_wrong_value_in_the_file_is_told_with_its_place(here: Path, line: str, told: str) -> None:
    path = toml(here, line)
    assert refused(here) == f"{path}: {told}"


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("BRIEFQA_TOP_K", "many", "top_k is 'many'; it must be a whole number."),
        ("BRIEFQA_TOP_K", "2.5", "top_k is '2.5'; it must be a whole number."),
        ("BRIEFQA_TOP_K", "", "top_k is ''; it must be a whole number."),
        ("BRIEFQA_MIN_CONFIDENCE", "sure", "min_confidence is 'sure'; it must be a number."),
        ("BRIEFQA_RERANK", "perhaps", "rerank is 'perhaps'; it must be true or false."),
        ("BRIEFQA_TOPK", "5", f"there is no setting 'topk'. Did you mean top_k? There are: {NAMES}."),
    ],
)
def test_a_wrong_value_in_the_environment_is_told_with_its_name(here: Path, name: str, value: str, told: str) -> None:
    assert refused(here, {name: value}) == f"{name}: {told}"


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"recency": -0.1}, "recency is -0.1; it must be a number from 0 to 1."),
        ({"recency": 1.5}, "recency is 1.5; it must be a number from 0 to 1."),
        ({"recency_half_life": 0}, "recency_half_life is 0; it must be a whole number of days, at least 1."),
        ({"rerank_candidates": 0}, "rerank_candidates is 0; it must be a whole number from 1 to 200."),
        ({"rerank_candidates": 201}, "rerank_candidates is 201; it must be a whole number from 1 to 200."),
        ({"dense_index": "hnsw"}, "dense_index is 'hnsw'; it must be auto, flat or int8."),
        ({"retriever": "bm25"}, "retriever is 'bm25'; it must be dense, lexical or hybrid."),
        ({"dense_weight": 1.01}, "dense_weight is 1.01; it must be a number from 0 to 1."),
        ({"dense_weight": -0.01}, "dense_weight is -0.01; it must be a number from 0 to 1."),
        ({"dense_weight": float("nan")}, "dense_weight is nan; it must be a number from 0 to 1."),
        ({"min_confidence": 2.0}, "min_confidence is 2.0; it must be a number from 0 to 1."),
        ({"top_k": 0}, "top_k is 0; it must be a whole number from 1 to 1000."),
        ({"top_k": 1001}, "top_k is 1001; it must be a whole number from 1 to 1000."),
        ({"max_quotes": 0}, "max_quotes is 0; it must be a whole number from 1 to 20."),
        ({"max_quotes": 21}, "max_quotes is 21; it must be a whole number from 1 to 20."),
        ({"passage_tokens": 15}, "passage_tokens is 15; it must be a whole number of at least 16."),
        ({"precision": "fp16"}, "precision is 'fp16'; it must be auto, fp32 or bf16."),
        ({"overlap_tokens": -1}, "overlap_tokens is -1; it must be a whole number of at least 0."),
    ],
)
def test_a_value_out_of_range_is_refused_wherever_it_comes_from(here: Path, given: dict[str, Any], told: str) -> None:
    assert refused(here, None, **given) == told
    ((name, value),) = given.items()
    assert refused(here, {f"BRIEFQA_{name.upper()}": str(value)}) == told


@pytest.mark.parametrize(
    "given",
    [
        {"dense_weight": 0.0, "min_confidence": 0.0, "top_k": 1, "max_quotes": 1},
        {"passage_tokens": 16, "overlap_tokens": 0},
        {"dense_weight": 1.0, "min_confidence": 1.0, "top_k": 1000, "max_quotes": 20, "retriever": "lexical"},
    ],
)
def test_the_ends_of_the_ranges_are_fine(given: dict[str, Any]) -> None:
    settings = Settings(**given)
    assert {name: getattr(settings, name) for name in given} == given


def test_a_file_that_is_not_toml_is_refused(here: Path) -> None:
    path = toml(here, "top_k = \n")
    told = refused(here)
    assert told.startswith(f"{path} can't be read as settings: Invalid value (at line 1, column ")
    path.write_bytes(b"index = '\xff'")
    assert refused(here).startswith(f"{path} can't be read as settings: 'utf-8' codec can't decode byte 0xff")
    path.unlink()
    path.mkdir()
    assert refused(here).startswith(f"{path} can't be read as settings: ")
