from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.runner import Runner

# Only one passage of the small corpus holds either word.
QUESTION = "border commission"
NO_WORD = "None of the question's words stands in these articles."
# As in `briefqa search`: the fake in the real encoders' place, in a process of its own.
SCRIPT = """
import sys
from briefqa.cli.main import main
from briefqa.encoders.factory import InstalledEncoders
from tests.fakes import FakeEncoders

fakes = FakeEncoders()
InstalledEncoders.find = lambda _, name: fakes.find(name)
InstalledEncoders.load = lambda _, model, **how: fakes.load(model, **how)
InstalledEncoders.open_for_passages = lambda _, folder: fakes.open_for_passages(folder)
InstalledEncoders.open = lambda _, folder: fakes.open(folder)
sys.exit(main())
"""


def test_hits(indexed: Runner) -> None:
    outcome = indexed("search", QUESTION, "--retriever", "lexical")
    (hit,) = indexed("search", QUESTION, "--retriever", "lexical", "--json").json["hits"]
    assert (outcome.code, outcome.err) == (0, "")
    assert (
        outcome.out
        == f"""\
  1  {hit["score"]:.3f}  Talks on a treaty · Clara Weiss · 2024-05
            corpus/peace.md:6-8  {hit["passage_id"]}
            The border commission met in April.
"""
    )


def test_hits_as_json(indexed: Runner) -> None:
    outcome = indexed("search", QUESTION, "--json")
    assert outcome.code == 0
    found = outcome.json
    keys = ["schema", "question", "hits", "notes", "index", "filter", "milliseconds", "explanation"]
    assert list(found) == keys
    assert (found["schema"], found["question"], found["notes"]) == ("briefqa.hits/1", QUESTION, [])
    assert [hit["rank"] for hit in found["hits"]] == [1, 2, 3, 4, 5]
    scores = [hit["score"] for hit in found["hits"]]
    assert scores == sorted(scores, reverse=True)
    first = found["hits"][0]
    text = Path("corpus/peace.md").read_text(encoding="utf-8").split("---", 2)[2]
    assert first["text"] == text[first["start"] : first["end"]] == text.strip()
    assert (first["lines"], first["document"]["published"]) == ([6, 8], "2024-05")
    # The one passage with a word of the question is the best by words.
    assert first["scores"]["lexical_share"] == 1.0
    parts = ["dense", "lexical", "dense_share", "lexical_share", "fused", "evidence", "rerank", "relevance", "recency"]
    assert list(first["scores"]) == parts
    assert all(hit["scores"]["lexical"] == 0.0 for hit in found["hits"][1:])


@pytest.mark.parametrize(("k", "count"), [("1", 1), ("3", 3), ("6", 6), ("1000", 6)])
def test_at_most_k(indexed: Runner, k: str, count: int) -> None:
    assert len(indexed("search", QUESTION, "-k", k, "--json").json["hits"]) == count


@pytest.mark.parametrize(
    ("retriever", "known"), [("dense", {"dense"}), ("lexical", {"lexical"}), ("hybrid", {"dense", "lexical"})]
)
def test_each_retriever_tells_its_scores(indexed: Runner, retriever: str, known: set[str]) -> None:
    hits = indexed("search", QUESTION, "-r", retriever, "--json").json["hits"]
    told = {name for name in ("dense", "lexical") if hits[0]["scores"][name] is not None}
    assert told == known
    assert hits[0]["document"]["path"] == "corpus/peace.md"


def test_nothing_found(indexed: Runner) -> None:
    outcome = indexed("search", "zeppelin", "--retriever", "lexical")
    assert (outcome.code, outcome.err) == (1, "")
    assert (
        outcome.out
        == f"""\
  No passage of these articles shares anything with this question.

  Note: {NO_WORD}
"""
    )
    nothing = indexed("search", "zeppelin", "--retriever", "lexical", "--json")
    assert nothing.code == 1
    assert (nothing.json["hits"], nothing.json["notes"]) == ([], [NO_WORD])
    assert list(nothing.json) == list(indexed("search", QUESTION, "--json").json)


def test_the_question_on_stdin(indexed: Runner) -> None:
    read = indexed("search", "-", "--json", stdin=b"border commission\n").json
    assert read["question"] == QUESTION
    assert read["hits"] == indexed("search", QUESTION, "--json").json["hits"]
    outcome = indexed("search", "-", stdin=b"\xc3")
    assert (outcome.code, outcome.out) == (2, "")
    assert outcome.err == "error: The question on stdin is not UTF-8 (byte 0).\n"


def test_an_empty_question(indexed: Runner) -> None:
    outcome = indexed("search", " ")
    assert (outcome.code, outcome.out) == (2, "")
    assert outcome.err.startswith("error: The question is empty. ")


@pytest.mark.parametrize("k", ["0", "-1", "1001", "many"])
def test_k_out_of_range(indexed: Runner, k: str) -> None:
    outcome = indexed("search", QUESTION, "-k", k)
    assert (outcome.code, outcome.out) == (2, "")
    assert outcome.err.startswith("error: Invalid value for '--top-k' / '-k': ")
    assert outcome.err.endswith(". See: briefqa search --help\n")


def test_the_same_again_and_in_other_processes(indexed: Runner) -> None:
    expected = indexed("search", "Russia and Armenia", "-k", "6").out
    assert indexed("search", "Russia and Armenia", "-k", "6").out == expected
    for seed in ("0", "1"):
        result = subprocess.run(
            [sys.executable, "-c", SCRIPT, "search", "Russia and Armenia", "-k", "6"],
            env={
                **os.environ,
                "PYTHONHASHSEED": seed,
                "PYTHONPATH": os.pathsep.join([str(Path(__file__).parents[2]), *sys.path]),
                "PYTHONIOENCODING": "utf-8",
            },
            capture_output=True,
            check=True,
            timeout=120,
        )
        assert result.stdout.decode() == expected
