from __future__ import annotations

import csv
import hashlib
import io
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from briefqa.api import Index
from briefqa.evaluation.runs import read_run
from briefqa.index.verify import verify
from tests.cli.runner import Outcome, Runner
from tests.fakes import OTHER_ENCODER, RERANKER, FakeEncoders, FakeQuestionEncoder
from tests.index.folders import snapshot

RECORDS: list[dict[str, object]] = [
    {
        "id": "q1",
        "question": "When did Georgia leave the commonwealth?",
        "tags": [],
        "gold": [{"document": "nested/cis.md", "quote": "Georgia left the commonwealth in 2009."}],
    },
    {
        "id": "q2",
        "question": "Who held the post of secretary general until 2016?",
        "tags": [],
        "gold": [{"document": "csto.md", "quote": "Nikolai Bordyuzha held the post until 2016."}],
    },
    {"id": "q3", "question": "Who flew the zeppelin?", "tags": [], "gold": []},
]
GRID = ["--grid", "chunk=16,40", "--grid", "retriever=lexical,hybrid"]
LABELS = [
    "chunk=16,retriever=lexical",
    "chunk=16,retriever=hybrid",
    "chunk=40,retriever=lexical",
    "chunk=40,retriever=hybrid",
]
FOLDER = Path("runs/sweep")
ANNOUNCED = "".join(f"[{number}/4] {label}\n" for number, label in enumerate(LABELS, 1))


def write(*records: dict[str, object]) -> None:
    Path("q.jsonl").write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")


@pytest.fixture
def run(indexed: Runner) -> Runner:
    """`indexed`, with a question set beside it."""
    write(*RECORDS)
    return indexed


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    """What is asked of an index, as (what, question)."""
    found: list[tuple[str, str]] = []

    def spy(name: str) -> Callable[..., Any]:
        real = getattr(Index, name)

        def call(index: Index, question: str, **options: Any) -> Any:
            found.append((name, question))
            return real(index, question, **options)

        return call

    for name in ("ask", "search"):
        monkeypatch.setattr(Index, name, spy(name))
    return found


def sweep(run: Runner, *arguments: str) -> Outcome:
    return run("eval", "sweep", "q.jsonl", *arguments)


def found_by(run: Runner, *arguments: str) -> Any:
    return json.loads(sweep(run, *arguments, "--json").out)


def bytes_of(folder: Path) -> dict[str, str]:
    return {str(path): hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.rglob("*") if path.is_file()}


def test_indexes_and_runs(run: Runner, installed_fake: FakeEncoders) -> None:
    before, files = snapshot(), bytes_of(Path("index"))
    passages, exported = list(installed_fake.passages), list(installed_fake.exported)
    outcome = sweep(run, *GRID)
    assert (outcome.code, outcome.err) == (0, ANNOUNCED)
    assert outcome.out.startswith("By passages.nDCG@10, 2 questions\n")
    assert sorted(os.listdir("runs")) == ["sweep"]
    assert sorted(os.listdir(FOLDER)) == sorted([*LABELS, "indexes"])
    assert sorted(os.listdir(FOLDER / "indexes")) == ["chunk=16", "chunk=40"]
    for tokens in (16, 40):
        manifest, wrong = verify(FOLDER / f"indexes/chunk={tokens}")
        assert (manifest.documents, manifest.chunking.passage_tokens, wrong) == (5, tokens, [])
        found = read_run(FOLDER / f"chunk={tokens},retriever=hybrid").record
        assert (found.index["passage_tokens"], found.settings["retriever"]) == (tokens, "hybrid")
    corpora = {read_run(FOLDER / label).record.index["corpus_sha256"] for label in LABELS}
    assert len(corpora) == 1
    # The index itself is as it was, and what it shares with the others was not made again.
    assert (snapshot(), bytes_of(Path("index"))) == (before, files)
    assert installed_fake.exported == exported
    assert exported == ["all-MiniLM-L6-v2"]
    assert installed_fake.encoded > len(passages)
    assert not set(passages) & set(installed_fake.passages[len(passages) :])


def test_each_run_is_what_eval_run_keeps(run: Runner) -> None:
    assert sweep(run, "--grid", "retriever=dense,hybrid", "--grid", "weight=.25").code == 0
    for label, options in (
        ("retriever=dense", ["-r", "dense"]),
        ("retriever=hybrid,weight=.25", ["--dense-weight", ".25"]),
    ):
        assert run("eval", "run", "q.jsonl", *options, "--name", "same", "--replace").code == 0
        ours, theirs = read_run(FOLDER / label), read_run("same")
        assert ours.record.same_making(theirs.record)
        assert [outcome.hits for outcome in ours.report.outcomes] == [
            outcome.hits for outcome in theirs.report.outcomes
        ]
    assert not (FOLDER / "indexes").exists()


def test_by_hand(run: Runner) -> None:
    found = found_by(run, "--grid", "confidence=0,1", "--by", "false_answers")
    assert (found["by"], found["lower_is_better"]) == ("false_answers", True)
    assert (found["questions"], found["few"]) == (1, True)
    assert (found["best"], found["not_told_apart"]) == ("confidence=1", ["confidence=0"])
    best, other = found["configurations"]
    assert (best["measure"]["value"], other["measure"]["value"]) == (0.0, 1.0)
    assert (other["to_best"]["difference"], other["p_holm"]) == (1.0, 1.0)
    outcome = sweep(run, "--grid", "confidence=0,1", "--by", "false_answers", "--csv")
    assert [row[:2] + row[4:6] for row in csv.reader(io.StringIO(outcome.out))] == [
        ["configuration", "value", "n", "difference"],
        ["confidence=1", "0.0", "1", ""],
        ["confidence=0", "1.0", "1", "1.0"],
    ]
    text = sweep(run, "--grid", "confidence=0,1", "--by", "false_answers").out
    assert text.split("\n")[3:7] == [
        "confidence=1                          0.000   0.000 to 0.793      best",
        "confidence=0                          1.000   0.207 to 1.000    +1.000   1.000",
        "",
        "No clear winner: confidence=1 has the best value, but this set can't tell it",
    ]


def test_a_second_time_nothing_is_done_again(
    run: Runner, installed_fake: FakeEncoders, asked: list[tuple[str, str]]
) -> None:
    first = sweep(run, *GRID)
    assert len(asked) == 4 * 3
    kept, made, encoded = snapshot(FOLDER), bytes_of(FOLDER), installed_fake.encoded
    second = sweep(run, *GRID)
    assert (second.code, second.out, second.err) == (0, first.out, ANNOUNCED)
    assert (len(asked), installed_fake.encoded) == (4 * 3, encoded)
    assert {name: found for name, found in snapshot(FOLDER).items() if not name.endswith(".lock")} == {
        name: found for name, found in kept.items() if not name.endswith(".lock")
    }
    assert bytes_of(FOLDER) == made
    # A grid that reaches further makes only what is new.
    assert sweep(run, "--grid", "chunk=16,40", "--grid", "retriever=lexical,hybrid,dense").code == 0
    assert (len(asked), installed_fake.encoded) == (6 * 3, encoded)


@pytest.mark.parametrize("done", [0, 1, 5])
def test_interrupted_while_encoding(
    run: Runner, installed_fake: FakeEncoders, asked: list[tuple[str, str]], done: int
) -> None:
    installed_fake.fail_with(KeyboardInterrupt(), after=done)
    outcome = sweep(run, *GRID)
    assert (outcome.code, outcome.out, outcome.err) == (130, "", f"[1/4] {LABELS[0]}\nInterrupted.\n")
    assert asked == []
    installed_fake.failure = None
    outcome = sweep(run, *GRID)
    assert (outcome.code, len(asked)) == (0, 12)
    assert installed_fake.exported == ["all-MiniLM-L6-v2"]
    manifest, wrong = verify(FOLDER / "indexes/chunk=16")
    assert (manifest.documents, wrong) == (5, [])


def test_interrupted_between_two_indexes(
    run: Runner, installed_fake: FakeEncoders, asked: list[tuple[str, str]]
) -> None:
    before = installed_fake.encoded
    assert sweep(run, "--grid", "chunk=16", "--name", "short").code == 0
    of_short, before = installed_fake.encoded - before, installed_fake.encoded
    expected = sweep(run, *GRID, "--name", "whole").out
    of_both = installed_fake.encoded - before
    del asked[:]
    installed_fake.fail_with(KeyboardInterrupt(), after=of_short)
    outcome = sweep(run, *GRID)
    assert (outcome.code, outcome.out) == (130, "")
    assert len(asked) == 6
    installed_fake.failure, before = None, installed_fake.encoded
    assert sweep(run, *GRID).out == expected
    assert len(asked) == 12
    assert installed_fake.encoded - before == of_both - of_short


@pytest.mark.parametrize("done", [1, 3, 5, 11])
def test_interrupted_while_asking(
    run: Runner, monkeypatch: pytest.MonkeyPatch, asked: list[tuple[str, str]], done: int
) -> None:
    expected = sweep(run, *GRID, "--name", "whole").out
    del asked[:]
    counted = Index.ask

    def ask(index: Index, question: str, **options: Any) -> Any:
        if len(asked) == done:
            raise KeyboardInterrupt
        return counted(index, question, **options)

    with monkeypatch.context() as patch:
        patch.setattr(Index, "ask", ask)
        assert sweep(run, *GRID).code == 130
    assert len(asked) == done
    outcome = sweep(run, *GRID)
    assert (outcome.code, outcome.out) == (0, expected)
    assert [question for _, question in asked] == 4 * [record["question"] for record in RECORDS]
    assert ("Going on with an interrupted run" in outcome.err) == bool(done % 3)
    assert sorted(os.listdir(FOLDER)) == sorted([*LABELS, "indexes"])


def test_changed_articles_are_measured_anew(
    run: Runner, installed_fake: FakeEncoders, asked: list[tuple[str, str]], articles: Path
) -> None:
    assert sweep(run, *GRID).code == 0
    encoded = installed_fake.encoded
    before = read_run(FOLDER / LABELS[0]).record.index["corpus_sha256"]
    (articles / "new.md").write_text("A zeppelin flew over the lake.\n", encoding="utf-8")
    assert run("index").code == 0
    assert sweep(run, *GRID).code == 0
    assert len(asked) == 2 * 12
    # By the index itself, and by the two of the sweep; what stood there before is not encoded again.
    assert installed_fake.passages[encoded:] == ["A zeppelin flew over the lake."] * 3
    assert {read_run(FOLDER / label).record.index["documents"] for label in LABELS} == {6}
    after = {read_run(FOLDER / label).record.index["corpus_sha256"] for label in LABELS}
    assert len(after) == 1
    assert before not in after


def test_changed_questions_are_measured_anew(run: Runner, asked: list[tuple[str, str]]) -> None:
    grid = ["--grid", "retriever=lexical,dense"]
    assert sweep(run, *grid).code == 0
    write(*RECORDS[:2], {**RECORDS[2], "question": "Who flew the balloon?"})
    assert sweep(run, *grid).code == 0
    assert [question for _, question in asked[6:]] == 2 * [
        RECORDS[0]["question"], RECORDS[1]["question"], "Who flew the balloon?",
    ]  # fmt: skip
    assert sweep(run, *grid, "--top-k", "11").code == 0
    assert len(asked) == 18


def test_other_models_of_the_index_are_taken_up(run: Runner, installed_fake: FakeEncoders) -> None:
    grid = ["--grid", "chunk=40", "--grid", "rerank=no,yes"]
    outcome = sweep(run, *grid)
    assert (outcome.code, outcome.out) == (3, "")
    assert "has no reranker, and reranking is asked for. Add one with: briefqa index --reranker NAME\n" in outcome.err
    assert run("index", "--reranker", RERANKER).code == 0
    assert sweep(run, *grid).code == 0
    assert run("index", "--encoder", OTHER_ENCODER).code == 0
    assert sweep(run, *grid).code == 0
    for label in ("chunk=40,rerank=no", "chunk=40,rerank=yes"):
        found = read_run(FOLDER / label).record.index
        assert found["encoder"] == OTHER_ENCODER
        assert found["reranker_sha256"] == installed_fake.find_reranker(RERANKER).sha256


def test_encoders_are_tried_each_on_an_index_of_its_own(run: Runner, installed_fake: FakeEncoders) -> None:
    found = found_by(run, "--grid", f"encoder=all-MiniLM-L6-v2,{OTHER_ENCODER}")
    labels = ["encoder=all-MiniLM-L6-v2", f"encoder={OTHER_ENCODER}"]
    assert sorted(entry["configuration"] for entry in found["configurations"]) == labels
    assert [read_run(FOLDER / label).record.index["encoder"] for label in labels] == [
        "all-MiniLM-L6-v2",
        OTHER_ENCODER,
    ]
    assert installed_fake.exported == ["all-MiniLM-L6-v2", OTHER_ENCODER]
    assert installed_fake.encoded == 12


def test_the_articles_are_those_of_the_index(run: Runner, installed_fake: FakeEncoders, articles: Path) -> None:
    articles.rename("elsewhere")
    assert run("index", "elsewhere", "--index", "other").code == 0
    Path("corpus").mkdir()
    Path("corpus/another.md").write_text("Another one.\n", encoding="utf-8")
    assert sweep(run, "--index", "other", *GRID).code == 0
    assert [read_run(FOLDER / label).record.index["documents"] for label in LABELS] == [5] * 4
    assert "Another one.\n" not in installed_fake.passages


def test_retrieval_alone(run: Runner, monkeypatch: pytest.MonkeyPatch, asked: list[tuple[str, str]]) -> None:
    encoded: list[list[str]] = []
    real = FakeQuestionEncoder.encode_questions

    def encode(encoder: FakeQuestionEncoder, texts: Any) -> Any:
        encoded.append(list(texts))
        return real(encoder, texts)

    monkeypatch.setattr(FakeQuestionEncoder, "encode_questions", encode)
    whole = {entry["configuration"]: entry["measure"] for entry in found_by(run, *GRID)["configurations"]}
    del asked[:], encoded[:]
    alone = found_by(run, *GRID, "--retrieval-only", "--name", "alone")
    assert {entry["configuration"]: entry["measure"] for entry in alone["configurations"]} == whole
    assert {what for what, _ in asked} == {"search"}
    # The questions are encoded once, together, for both indexes.
    assert encoded == [[record["question"] for record in RECORDS]]
    assert sorted(os.listdir("runs/alone")) == sorted([*LABELS, "indexes", ".questions"])
    outcome = sweep(run, "--grid", "retriever=dense,lexical", "--retrieval-only", "--by", "quote_hit")
    assert (outcome.code, outcome.out) == (2, "")
    assert outcome.err == (
        "error: quote_hit can't rank configurations: it is no measure of single questions here; choose another --by\n"
    )


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (
            [],
            2,
            "name each setting of the grid once, as in --grid chunk=120,180 --grid retriever=dense,hybrid",
        ),
        (["--grid", "retriever=bm25"], 2, "retriever is 'bm25'; it must be dense, lexical or hybrid."),
        (
            ["--grid", "chunk=16", "--by", "ms_p95"],
            2,
            "ms_p95 can't rank configurations: it is no measure of single questions here; choose another --by",
        ),
        (
            ["--grid", "chunk=16", "--index", "no"],
            3,
            "There is no index in no. Did you mean index? Or make one with: briefqa index",
        ),
        (
            ["--grid", "quotes=1", "--index", "no"],
            3,
            "There is no index in no. Did you mean index? Or make one with: briefqa index",
        ),
        (["--grid", "encoder=no"], 2, "There is no encoder 'no' here."),
    ],
)
def test_what_is_wrong(
    run: Runner,
    installed_fake: FakeEncoders,
    asked: list[tuple[str, str]],
    arguments: list[str],
    code: int,
    message: str,
) -> None:
    encoded = installed_fake.encoded
    outcome = sweep(run, *arguments)
    assert (outcome.code, outcome.out) == (code, "")
    assert outcome.err.split("\n")[-2] == f"error: {message}"
    assert outcome.err.count("error: ") == 1
    assert (installed_fake.encoded, asked) == (encoded, [])


def test_another_measure_is_told_at_once(run: Runner) -> None:
    outcome = sweep(run, *GRID, "--by", "quote")
    assert outcome.code == 2
    assert outcome.err.startswith("error: there is no measure 'quote'; there are: passages.R@1, ")
    assert not Path("runs").exists()


def test_the_questions_are_read_before_anything_is_made(run: Runner, installed_fake: FakeEncoders) -> None:
    Path("q.jsonl").unlink()
    outcome = sweep(run, *GRID)
    assert (outcome.code, outcome.out) == (2, "")
    assert outcome.err == (
        "error: q.jsonl: can't read the question set (No such file or directory); give a file of JSON lines\n"
    )
    assert not Path("runs").exists()
    write(RECORDS[2])
    outcome = sweep(run, *GRID)
    assert outcome.code == 2
    assert outcome.err.startswith("error: passages.nDCG@10 can't rank configurations: ")
    assert not Path("runs").exists()


def test_a_run_is_no_place_for_a_sweep(run: Runner) -> None:
    assert run("eval", "run", "q.jsonl", "--name", "main").code == 0
    before = bytes_of(Path("runs"))
    outcome = sweep(run, "--grid", "quotes=1", "--name", "main")
    assert (outcome.code, outcome.out) == (2, "")
    assert outcome.err == "error: runs/main is a run; give the sweep another --name\n"
    assert bytes_of(Path("runs")) == before


def test_another_place(run: Runner) -> None:
    assert sweep(run, "--grid", "chunk=16", "--runs", "kept", "--name", "sizes").code == 0
    assert sorted(os.listdir("kept/sizes")) == ["chunk=16", "indexes"]
    assert not Path("runs").exists()


def test_eighty_columns_and_no_colour(run: Runner) -> None:
    grid = [
        "chunk=16", "overlap=4", f"encoder={OTHER_ENCODER},all-MiniLM-L6-v2", "retriever=hybrid", "weight=.125,.75",
    ]  # fmt: skip
    outcome = sweep(run, *(part for axis in grid for part in ("--grid", axis)))
    assert outcome.code == 0
    lines = outcome.out.split("\n")
    assert max(map(len, lines)) <= 80
    assert "\x1b" not in outcome.out
    assert "chunk=16,overlap=4,encoder=fake-other,retriever=hybrid,weight=.125" in lines


def test_help(run: Runner) -> None:
    outcome = run("eval", "sweep", "--help")
    assert (outcome.code, outcome.err) == (0, "")
    text = " ".join(word for word in outcome.out.replace("│", " ").split())
    assert "Usage: briefqa eval sweep [OPTIONS] [QUESTIONS]" in text
    for option in ("--grid", "--by", "--name", "--runs", "--index", "--top-k", "--retrieval-only", "--json", "--csv"):
        assert f" {option} " in text
