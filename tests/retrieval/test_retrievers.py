"""The contract that every retriever keeps, over a real index made with the fake encoder."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from briefqa.config import Settings
from briefqa.encoders.models import DEFAULT_ENCODER
from briefqa.index.reader import GenerationReader, open_generation
from briefqa.retrieval import retrievers
from briefqa.retrieval.evidence import EvidenceRetriever
from briefqa.retrieval.retrievers import DenseRetriever, LexicalRetriever, make_retriever
from briefqa.types import Scores
from tests.conftest import Build
from tests.fakes import FakeEncoders, bag_of_words

if TYPE_CHECKING:
    from briefqa.protocols import Retriever

NAMES = ["dense", "lexical", "hybrid"]
QUESTION = "Who held the exercise in Kyrgyzstan with soldiers of Russia?"
COPIES = [f"copy{number}.txt" for number in range(9)]


def retriever(reader: GenerationReader, encoders: FakeEncoders, name: str, *, weight: float = 0.5) -> Retriever:
    settings = Settings(retriever=name, dense_weight=weight)  # type: ignore[arg-type]
    return make_retriever(settings, reader, lambda: encoders.open(reader.encoder_folder))


@pytest.fixture
def reader(build: Build, articles: Path) -> Iterator[GenerationReader]:
    """The small corpus and nine documents that are word by word the same."""
    for name in COPIES:
        (articles / name).write_text("A treaty on twin towns.\n", encoding="utf-8")
    build()
    opened = open_generation(Path("index"))
    yield opened
    opened.close()


@pytest.fixture(params=NAMES)
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def any_retriever(reader: GenerationReader, encoders: FakeEncoders, name: str) -> Retriever:
    return retriever(reader, encoders, name)


def test_settings_choose_the_retriever(reader: GenerationReader, encoders: FakeEncoders) -> None:
    kinds = {name: type(retriever(reader, encoders, name)) for name in NAMES}
    assert kinds == {"dense": DenseRetriever, "lexical": LexicalRetriever, "hybrid": EvidenceRetriever}


def test_lexical_retrieval_needs_no_encoder(reader: GenerationReader, encoders: FakeEncoders) -> None:
    retriever(reader, encoders, "lexical").retrieve(QUESTION, 5)
    assert encoders.opened == []


def test_a_passage_is_the_best_answer_to_itself(any_retriever: Retriever, reader: GenerationReader, name: str) -> None:
    for number, (passage, document) in enumerate(reader.passages(range(len(reader)))):
        if document.key in COPIES:
            continue
        text = f"{document.title}\n{passage.text}" if document.title else passage.text
        best = any_retriever.retrieve(text, 3)[0]
        assert (best.number, best.passage_id) == (number, passage.id)
        if name != "lexical":
            assert best.scores.dense == pytest.approx(1.0, abs=1e-5)
        if name == "dense":
            assert best.score == pytest.approx(1.0, abs=1e-5)
        if name == "hybrid":
            assert best.scores.fused == pytest.approx(1.0, abs=1e-5)


def test_scores_fall_and_equal_ones_go_by_id(any_retriever: Retriever) -> None:
    for question in (QUESTION, "treaty on twin towns", "Armenia", "members of the commonwealth"):
        found = any_retriever.retrieve(question, 100)
        order = [(-candidate.score, candidate.passage_id) for candidate in found]
        assert order == sorted(order)
        assert len({candidate.number for candidate in found}) == len(found)


@pytest.mark.parametrize("k", [1, 2, 5, 15, 1000])
def test_at_most_k_come_and_fewer_are_the_first_of_more(
    any_retriever: Retriever, reader: GenerationReader, k: int
) -> None:
    everything = any_retriever.retrieve("treaty on twin towns", 100)
    assert any_retriever.retrieve("treaty on twin towns", k) == everything[:k]
    assert len(everything) <= len(reader) == 15


def test_ids_belong_to_numbers(any_retriever: Retriever, reader: GenerationReader) -> None:
    found = any_retriever.retrieve(QUESTION, 100)
    assert [candidate.passage_id for candidate in found] == reader.passage_ids(
        [candidate.number for candidate in found]
    )


@pytest.mark.parametrize("question", ["", " \n\t", "\u2003"])
def test_an_empty_question_finds_nothing(any_retriever: Retriever, question: str) -> None:
    assert any_retriever.retrieve(question, 5) == []


def test_words_that_stand_nowhere(reader: GenerationReader, encoders: FakeEncoders) -> None:
    assert retriever(reader, encoders, "lexical").retrieve("zebra of the", 5) == []
    dense, hybrid = (retriever(reader, encoders, name).retrieve("zebra", 5) for name in ("dense", "hybrid"))
    assert [candidate.number for candidate in hybrid] == [candidate.number for candidate in dense]
    assert all((candidate.scores.lexical, candidate.scores.lexical_share) == (0.0, 0.0) for candidate in hybrid)


@pytest.mark.parametrize("k", [1, 4, 9])
def test_of_equal_passages_those_with_the_lowest_ids_come(
    any_retriever: Retriever, reader: GenerationReader, k: int
) -> None:
    copies = sorted(passage.id for passage, document in reader.passages(range(15)) if document.key in COPIES)
    assert len(copies) == 9
    found = any_retriever.retrieve("A treaty on twin towns.", k)
    assert [candidate.passage_id for candidate in found] == copies[:k]
    assert len({candidate.score for candidate in found}) == 1


def test_dense_scores_are_cosines(reader: GenerationReader, encoders: FakeEncoders) -> None:
    found = retriever(reader, encoders, "dense").retrieve(QUESTION, 15)
    cosines = reader.segments.vectors(range(15)) @ bag_of_words(QUESTION, DEFAULT_ENCODER)
    assert len(found) == 15
    for candidate in found:
        assert candidate.score == pytest.approx(float(cosines[candidate.number]), abs=1e-6)
        assert candidate.scores == Scores(dense=candidate.score)


def test_lexical_scores_are_those_of_the_index(reader: GenerationReader, encoders: FakeEncoders) -> None:
    found = retriever(reader, encoders, "lexical").retrieve("soldiers in Kyrgyzstan", 15)
    expected = dict(reader.lexical_top(["soldier", "kyrgyzstan"], 15))
    assert {candidate.number: candidate.score for candidate in found} == expected
    assert all(candidate.scores == Scores(lexical=candidate.score) for candidate in found)


@pytest.mark.parametrize("weight", [0.0, 0.3, 0.5, 1.0])
def test_hybrid_scores_are_worked_out_from_both(
    reader: GenerationReader, encoders: FakeEncoders, weight: float
) -> None:
    found = retriever(reader, encoders, "hybrid", weight=weight).retrieve("soldiers in Kyrgyzstan", 15)
    vector = bag_of_words("soldiers in Kyrgyzstan", DEFAULT_ENCODER)
    cosines = (reader.segments.vectors(range(15)) @ vector).tolist()
    words = dict(reader.lexical_top(["soldier", "kyrgyzstan"], 15))
    median, best = float(np.median(cosines)), max(cosines)
    assert len(found) == 15
    for candidate in found:
        dense = max(0.0, (cosines[candidate.number] - median) / (best - median))
        lexical = words.get(candidate.number, 0.0) / max(words.values())
        assert candidate.scores.fused == pytest.approx(weight * dense + (1 - weight) * lexical, abs=1e-5)
        assert candidate.scores.evidence is not None
        assert candidate.scores.dense == pytest.approx(cosines[candidate.number], abs=1e-6)
        assert candidate.scores.lexical == pytest.approx(words.get(candidate.number, 0.0), abs=1e-6)
        assert candidate.scores.dense_share == pytest.approx(dense, abs=1e-5)
        assert candidate.scores.lexical_share == pytest.approx(lexical, abs=1e-6)


def test_a_passage_that_only_words_find_gets_its_cosine(
    reader: GenerationReader, encoders: FakeEncoders, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retrievers, "_FUSION_DEPTH", 2)
    question = "soldiers treaty"
    vector = bag_of_words(question, DEFAULT_ENCODER)
    found = retriever(reader, encoders, "hybrid", weight=0.3).retrieve(question, 2)
    by_meaning = {number for number, _ in reader.dense_top(vector, 2)}
    lexical = retriever(reader, encoders, "lexical").retrieve(question, 1)[0]
    assert lexical.number in {candidate.number for candidate in found}
    assert lexical.number not in by_meaning
    (candidate,) = [candidate for candidate in found if candidate.number == lexical.number]
    assert abs(reader.dense_scores(vector, [lexical.number])[0]) > 0.01
    assert candidate.scores.dense == pytest.approx(reader.dense_scores(vector, [lexical.number])[0], abs=1e-6)


PROGRAM = """
from pathlib import Path
from briefqa.config import Settings
from briefqa.index.reader import open_generation
from briefqa.retrieval.retrievers import make_retriever
from tests.fakes import FakeEncoders

reader = open_generation(Path("index"))
for name in ("dense", "lexical", "hybrid"):
    retriever = make_retriever(Settings(retriever=name), reader, lambda: FakeEncoders().open(reader.encoder_folder))
    for question in ("treaty on twin towns", "soldiers in Kyrgyzstan", "zebra"):
        print(name, question, [(c.passage_id, c.score) for c in retriever.retrieve(question, 6)])
"""


def test_results_do_not_depend_on_the_hash_seed(reader: GenerationReader) -> None:
    assert len(reader) == 15
    root = Path(__file__).parents[2]
    path = os.pathsep.join([str(root / "src"), str(root)])
    printed = {
        subprocess.run(
            [sys.executable, "-c", PROGRAM],
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": path},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(printed) == 1
    assert printed.pop().count("\n") == 9
