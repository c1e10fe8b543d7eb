"""The briefs and questions that come with the project: well-formed, of the promised kinds, and citable."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from pathlib import Path

import pytest

import briefqa
from briefqa.config import Settings
from briefqa.corpus.loading import Unreadable, load, read
from briefqa.corpus.scan import scan
from briefqa.evaluation.datasets import load_questions
from briefqa.evaluation.gold import resolve_gold
from briefqa.index.update import update
from briefqa.types import Document, Source
from tests.fakes import FakeEncoders

ROOT = Path(__file__).parents[1]
QUESTIONS = ROOT / "evals" / "briefs.jsonl"
SEEDS = ROOT.parent / "shared" / "seeds"
KINDS = {"fact", "number", "date", "list", "comparison", "paraphrase"}
COPIED_WORDS = 9


@pytest.fixture(scope="module")
def briefs() -> dict[str, Document]:
    documents: dict[str, Document] = {}
    for file in scan([Source("corpus", str(ROOT / "corpus"))]).files:
        data = read(file)
        assert isinstance(data, bytes)
        loaded = load(file, data, "corpus")
        assert not isinstance(loaded, Unreadable), loaded
        (entry,) = loaded
        assert (entry.warnings, entry.cuts) == ((), ())
        documents[entry.document.key] = entry.document
    return documents


def test_the_briefs_are_of_the_promised_number_and_length(briefs: dict[str, Document]) -> None:
    assert 30 <= len(briefs) <= 40
    lengths = {key: len(document.text.split()) for key, document in briefs.items()}
    assert {key: length for key, length in lengths.items() if not 150 <= length <= 500} == {}


def test_the_briefs_say_what_they_are(briefs: dict[str, Document]) -> None:
    for key, document in briefs.items():
        assert document.title, key
        assert document.published, key
        assert document.source or document.authors, key
        assert document.metadata["basis"] in {"article", "reference"}, key


def test_no_brief_repeats_the_words_of_an_article(briefs: dict[str, Document]) -> None:
    if not SEEDS.is_dir():
        pytest.skip(f"the shared articles are not here: {SEEDS}")
    articles = set[str]().union(*(_runs(path.read_text(encoding="utf-8")) for path in SEEDS.glob("*.txt")))
    assert articles
    assert {key: shared for key, document in briefs.items() if (shared := _runs(document.text) & articles)} == {}


def _runs(text: str) -> set[str]:
    words = ["".join(filter(str.isalnum, word)) for word in text.lower().split()]
    words = [word for word in words if word]
    return {" ".join(words[start : start + COPIED_WORDS]) for start in range(len(words) - COPIED_WORDS + 1)}


def test_the_questions_stand_on_the_briefs(briefs: dict[str, Document]) -> None:
    questions = load_questions(QUESTIONS)
    found = resolve_gold(questions, briefs.values, path=QUESTIONS)
    assert (found.drift, found.lost) == ((), ())
    assert all(len(found.spans[question.id]) == len(question.gold) for question in questions)
    assert {gold.document for question in questions for gold in question.gold} == set(briefs)


def test_the_questions_are_of_the_promised_kinds() -> None:
    questions = load_questions(QUESTIONS)
    answerable = [question for question in questions if question.gold]
    others = [question for question in questions if not question.gold]
    assert len(questions) >= 286
    assert len(answerable) >= 195
    assert len(others) >= 91
    assert {question.tags[0] for question in answerable} == KINDS
    kinds = Counter(question.tags[0] for question in others)
    assert set(kinds) == {"near_miss", "off_topic"}
    assert kinds["near_miss"] >= len(others) / 2
    for question in answerable:
        assert question.quoted, question.id
        assert len(question.gold) <= 3, question.id
        if "comparison" in question.tags:
            assert len({gold.document for gold in question.gold}) == 2, question.id


def test_the_questions_are_numbered_in_order_and_none_is_asked_twice() -> None:
    questions = load_questions(QUESTIONS)
    assert [question.id for question in questions] == [f"q{number:03}" for number in range(1, len(questions) + 1)]
    texts = Counter(" ".join(question.text.casefold().rstrip("?. ").split()) for question in questions)
    assert [text for text, times in texts.items() if times > 1] == []


def test_swapped_names_and_numbers_say_what_is_missing_and_have_twins_that_are_answered(
    briefs: dict[str, Document],
) -> None:
    questions = {question.id: question for question in load_questions(QUESTIONS)}
    records = map(json.loads, QUESTIONS.read_text(encoding="utf-8").splitlines())
    notes = {record["id"]: record.get("note", "") for record in records}
    swapped = [question for question in questions.values() if {"wrong_entity", "wrong_number"} & set(question.tags)]
    for question in swapped:
        assert question.tags[0] == "near_miss", question.id
        assert len({"wrong_entity", "wrong_number"} & set(question.tags)) == 1, question.id
        assert any(key in notes[question.id] for key in briefs), question.id
    kinds = Counter(question.tags[1] for question in swapped)
    assert kinds["wrong_entity"] >= 25
    assert kinds["wrong_number"] >= 15
    twins = [question for question in questions.values() if "twin" in question.tags]
    assert len(twins) >= 28
    for question in twins:
        assert question.gold, question.id
        other = questions[notes[question.id].removeprefix("Twin of ").removesuffix(".")]
        assert other.tags[0] == "near_miss", question.id


def test_every_citation_of_every_question_resolves_in_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, encoders: FakeEncoders
) -> None:
    monkeypatch.chdir(ROOT)
    settings = Settings(index=str(tmp_path / "index"), retriever="lexical", min_confidence=0.0)
    update(settings, encoders=encoders)
    checked = 0
    with briefqa.open(settings=settings, encoders=encoders) as index:
        for question in load_questions(QUESTIONS):
            for citation in index.ask(question.text).citations:
                first, last = citation.lines
                lines = Path(citation.document.path).read_text(encoding="utf-8").split("\n")[first - 1 : last]
                assert citation.quote in "\n".join(lines)
                assert lines[0].strip()
                assert hashlib.sha256(citation.quote.encode()).hexdigest() == citation.sha256
                checked += 1
    assert checked > 400
