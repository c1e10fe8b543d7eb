"""What is kept of an import, a part of it, and how it is written."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from briefqa.errors import UsageError
from briefqa.evaluation.datasets import Gold, Question, load_questions
from briefqa.evaluation.exchange.articles import Article
from briefqa.evaluation.exchange.imported import Collector, Imported, narrow
from briefqa.evaluation.exchange.writing import new_folder, write_import

ARTICLES = tuple(Article(f"a{number}.md", f"a{number}", None, f"Text {number}.") for number in range(20))
# Question n has its gold in article n, every fifth has none.
QUESTIONS = tuple(
    Question(f"q{number}", f"Who {number}?", (), (Gold(f"a{number}.md", "Text"),) if number % 5 else (), number + 1)
    for number in range(20)
)
WHOLE = Imported(ARTICLES, QUESTIONS, {}, frozenset({"q1", "q2", "q3"}))


@pytest.fixture(autouse=True)
def _there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def listing() -> list[str]:
    return sorted(path.as_posix() for path in Path().rglob("*"))


def test_golds_without_number_are_left_out() -> None:
    collector = Collector(longest=50)
    collector.add("q1", "Who?", gold=[Gold("a.md", str(number)) for number in range(1001)])
    collector.add("q2", "Who\x00  is\nit?", gold=[Gold("a.md", "x")] * 2, tags=[" a ", "a", "", "b\r\nc"])
    found = collector.imported(None, source="s")
    assert found.questions == (Question("q2", "Who is it?", ("a", "b\nc"), (Gold("a.md", "x"),), 1),)
    assert found.dropped == {"more than 1,000 golds answer it": 1}


def test_a_part_has_the_articles_of_its_gold() -> None:
    part = narrow(WHOLE, questions=6, documents=8, seed=5)
    assert part.articles is not None
    keys = [article.key for article in part.articles]
    assert (len(part.questions), len(keys)) == (6, 8)
    assert {gold.document for question in part.questions for gold in question.gold} <= set(keys)
    # In the order they had, and numbered anew.
    assert keys == [article.key for article in ARTICLES if article.key in keys]
    assert [question.id for question in part.questions] == [
        question.id for question in QUESTIONS if question.id in {entry.id for entry in part.questions}
    ]
    assert [question.line for question in part.questions] == [1, 2, 3, 4, 5, 6]
    assert part.widened == {"q1", "q2", "q3"} & {question.id for question in part.questions}
    assert part == narrow(WHOLE, questions=6, documents=8, seed=5)
    assert {narrow(WHOLE, questions=6, documents=8, seed=seed).questions for seed in range(5)} != {part.questions}


def test_more_than_there_is_is_all() -> None:
    assert narrow(WHOLE, questions=99, documents=99, seed=1) == WHOLE
    assert narrow(WHOLE, questions=None, documents=None, seed=1) == WHOLE


def test_fewer_articles_than_the_golds_name_are_refused() -> None:
    with pytest.raises(UsageError) as caught:
        narrow(WHOLE, questions=None, documents=15, seed=1)
    assert str(caught.value) == "the golds name 16 articles; ask for so many --documents or more, or --limit questions"
    assert narrow(WHOLE, questions=None, documents=16, seed=1).questions == QUESTIONS


def test_is_written_so_that_it_can_be_read() -> None:
    questions = [
        Question("q1", "Ob\u2028jektív?", ("é",), (Gold("n/a.md", "x"), Gold("n/a.md", None)), 1),
        QUESTIONS[0],
    ]
    write_import(
        [Article("n/a.md", "7", "T", "x")], questions, corpus=Path("new/articles"), question_set=Path("q/s.jsonl")
    )
    assert listing() == ["new", "new/articles", "new/articles/n", "new/articles/n/a.md", "q", "q/s.jsonl"]
    assert Path("new/articles/n/a.md").read_bytes() == b"---\ntitle: T\nid: '7'\n---\n\nx\n"
    assert [(entry.id, entry.text, entry.tags, entry.gold) for entry in load_questions("q/s.jsonl")] == [
        (entry.id, entry.text, entry.tags, entry.gold) for entry in questions
    ]
    assert json.loads(Path("q/s.jsonl").read_bytes().split(b"\n")[0])["gold"][1] == {
        "document": "n/a.md",
        "quote": None,
    }


def test_nothing_is_overwritten_unasked() -> None:
    Path("s.jsonl").write_text("mine")
    with pytest.raises(UsageError) as caught:
        write_import([ARTICLES[0]], QUESTIONS, corpus=Path("c"), question_set=Path("s.jsonl"))
    assert str(caught.value) == "s.jsonl is there already; choose another file with --questions, or --replace it"
    assert listing() == ["s.jsonl"]
    Path("c").mkdir()
    Path("c/mine.md").write_text("mine")
    with pytest.raises(UsageError) as caught:
        write_import([ARTICLES[0]], QUESTIONS, corpus=Path("c"), question_set=Path("s.jsonl"), replace=True)
    assert str(caught.value) == "c is not empty; choose a folder that is new or empty with --corpus"
    assert (listing(), Path("s.jsonl").read_text()) == (["c", "c/mine.md", "s.jsonl"], "mine")
    Path("c/mine.md").unlink()
    write_import([ARTICLES[0]], QUESTIONS, corpus=Path("c"), question_set=Path("s.jsonl"), replace=True)
    assert listing() == ["c", "c/a0.md", "s.jsonl"]
    assert len(load_questions("s.jsonl")) == 20


@pytest.mark.parametrize(
    ("corpus", "question_set", "message"),
    [
        ("f", "s.jsonl", "f is a file; choose a folder that is new or empty with --corpus"),
        ("c", "c/s.jsonl", "c/s.jsonl would stand among the articles; choose a file outside c with --questions"),
        ("c", "d", "d is there already; choose another file with --questions"),
        ("f/c", "s.jsonl", "can't write f/c (Not a directory); choose another place"),
        ("c", "f/s.jsonl", "can't write f/s.jsonl (File exists); choose another place"),
    ],
)
def test_places_that_can_not_be_written(corpus: str, question_set: str, message: str) -> None:
    Path("f").write_text("mine")
    Path("d").mkdir()
    with pytest.raises(UsageError) as caught:
        write_import(ARTICLES, QUESTIONS, corpus=Path(corpus), question_set=Path(question_set), replace=True)
    assert str(caught.value) == message
    assert listing() == ["d", "f"]


def test_what_is_imported_is_not_replaced() -> None:
    Path("d").mkdir()
    Path("d/queries.jsonl").write_text("mine")
    sources = [Path("d/evidence.jsonl"), Path("d/queries.jsonl")]
    with pytest.raises(UsageError) as caught:
        write_import(
            ARTICLES,
            QUESTIONS,
            corpus=Path("c"),
            question_set=Path("d/../d/queries.jsonl"),
            replace=True,
            sources=sources,
        )
    assert str(caught.value) == "d/../d/queries.jsonl is what is imported; choose another file with --questions"
    assert (listing(), Path("d/queries.jsonl").read_text()) == (["d", "d/queries.jsonl"], "mine")
    write_import(ARTICLES, QUESTIONS, corpus=Path("c"), question_set=Path("d/evidence.jsonl"), sources=sources)
    assert len(load_questions("d/evidence.jsonl")) == 20


@pytest.mark.parametrize("failing", ["a7.md", "c", "s.jsonl"])
def test_a_failure_leaves_nothing(monkeypatch: pytest.MonkeyPatch, failing: str) -> None:
    Path("s.jsonl").write_text("mine")
    real: dict[str, Any] = {"write_text": Path.write_text, "rename": Path.rename, "replace": os.replace}

    def fail(name: str) -> Any:
        def call(self: Path, *arguments: Any, **options: Any) -> Any:
            target = self if name == "write_text" else arguments[0]
            if Path(target).name == failing:
                raise OSError(28, os.strerror(28))
            return real[name](self, *arguments, **options)

        return call

    monkeypatch.setattr(Path, "write_text", fail("write_text"))
    monkeypatch.setattr(Path, "rename", fail("rename"))
    monkeypatch.setattr(os, "replace", fail("replace"))
    with pytest.raises(UsageError, match=r"^can't write (c|s\.jsonl) \(No space left on device\)"):
        write_import(ARTICLES, QUESTIONS, corpus=Path("c"), question_set=Path("s.jsonl"), replace=True)
    assert listing() == ["s.jsonl"]
    assert Path("s.jsonl").read_text() == "mine"


def test_a_folder_that_is_not_finished_is_not_there() -> None:
    def interrupted() -> None:
        with new_folder(Path("c")) as folder:
            (folder / "x").write_text("x")
            assert not Path("c").exists()
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert listing() == []
