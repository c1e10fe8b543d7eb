"""A small evaluation that can be kept as a run: two documents, four questions, and whoever is asked about them."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from briefqa.evaluation.datasets import load_questions
from briefqa.evaluation.evaluate import evaluate
from briefqa.evaluation.results import Report, Setting
from briefqa.evaluation.run_writer import RunWriter
from briefqa.evaluation.runs import RunRecord, new_record
from briefqa.types import Answer, Document, Hits, IndexInfo, Passage

RUNS = Path("runs")
FILE = "q.jsonl"
INDEX = IndexInfo(generation=7, documents=2, passages=9, encoder="fake", stale=False)
SETTINGS: dict[str, Setting] = {"retriever": "hybrid", "dense_weight": 0.5, "rerank": None}
IDENTITY: dict[str, Setting] = {"corpus_sha256": "c" * 64, "passage_tokens": 200}
A = "The council met in May. It chose a new chair. Nobody objected."
B = "Rain fell on the coast. The harbour closed."
# Where the passages of each document stand.
PASSAGES = {"a b.md": ((0, 23), (20, 45), (24, 62)), "c.md": ((0, 23), (24, 43))}
QUESTIONS: list[dict[str, Any]] = [
    {
        "id": "q1",
        "question": "Who was chosen?",
        "tags": ["fact"],
        "gold": [{"document": "a b.md", "quote": "It chose a new chair."}],
    },
    {
        "id": "q2",
        "question": "When?",
        "tags": ["several", "fact"],
        "gold": [
            {"document": "a b.md", "quote": "The council met in May."},
            {"document": "c.md", "quote": "The harbour closed."},
        ],
    },
    {
        "id": "q 3",
        "question": "Where?",
        "tags": [],
        "gold": [{"document": "c.md", "quote": "Rain fell on the coast."}],
    },
    {"id": "q4", "question": "Why?", "tags": ["none"], "gold": []},
]


class Keeping:
    """The evaluation. Its question set is written in the current folder, and its runs go into runs/.

    `asked` are the questions that were put so far. `stop_at` raises what it says, once, in the place of an answer.
    """

    def __init__(
        self,
        make_document: Callable[..., Document],
        make_hits: Callable[..., Any],
        make_citations: Callable[..., Any],
        make_answer: Callable[..., Answer],
    ) -> None:
        self.write(QUESTIONS)
        self._a, self._c = replace(make_document("a b.md", A), title="Élection"), make_document("c.md", B)
        a, c = self._a, self._c
        # The best two of "Where?" are equally good, so that their order is the ranking's and not the scores'.
        first, *others = make_hits((a, 0, 23), (c, 0, 23), (c, 24, 43))
        tied = (replace(first, score=0.5), *others)
        chosen, when = make_hits((c, 0, 23), (a, 24, 62), (a, 20, 45)), make_hits((a, 0, 23), (c, 24, 43))
        self._answers = {
            "Who was chosen?": make_answer(chosen, make_citations((a, 24, 45)), confidence=0.9),
            "When?": make_answer(when, make_citations((c, 0, 23), (a, 0, 23)), confidence=0.4),
            "Where?": make_answer(tied, make_citations((a, 0, 23)), confidence=0.625),
            "Why?": make_answer(make_hits((a, 24, 62)), (), status="no_answer", confidence=0.125),
        }
        self._passages = {
            document.id: [hit.passage for hit in make_hits(*((document, *span) for span in PASSAGES[document.key]))]
            for document in (a, c)
        }
        self.asked: list[str] = []
        self.stop_at: dict[str, BaseException] = {}

    def write(self, questions: Sequence[Mapping[str, Any]]) -> None:
        """Write the question set anew."""
        Path(FILE).write_text("".join(json.dumps(question) + "\n" for question in questions), encoding="utf-8")

    def ask(self, question: str, *, top_k: int) -> Answer:
        """The scripted answer."""
        if question in self.stop_at:
            raise self.stop_at.pop(question)
        self.asked.append(question)
        return self._answers[question]

    def search(self, question: str, *, top_k: int) -> Hits:
        """The scripted answer's hits."""
        answer = self.ask(question, top_k=top_k)
        return Hits(question, answer.hits, (), answer.index, answer.milliseconds)

    def documents(self) -> list[Document]:
        """Both."""
        return [self._a, self._c]

    def passages_of(self, document: str) -> list[Passage]:
        """All passages of the document."""
        return self._passages[document]

    def record(
        self,
        name: str = "main",
        *,
        settings: Mapping[str, Setting] | None = None,
        index: Mapping[str, Setting] | None = None,
    ) -> RunRecord:
        """The record of a run that begins now."""
        return new_record(
            name,
            FILE,
            briefqa="0.1.0",
            settings=settings or SETTINGS,
            index=index or IDENTITY,
        )

    def evaluate(self, writer: RunWriter | None = None, settings: Mapping[str, Setting] | None = None) -> Report:
        """Ask what `writer` has no outcome of, which keeps the rest."""
        report = evaluate(
            self,
            load_questions(FILE),
            path=FILE,
            settings=settings or SETTINGS,
            earlier=writer.earlier if writer else None,
            keep=writer.keep if writer else None,
        )
        return replace(report, index=INDEX)

    def keep(self, name: str = "main", *, replace: bool = False, **making: Any) -> Path:
        """Make a run and keep it; its folder."""
        with RunWriter(RUNS, self.record(name, **making), replace=replace) as writer:
            return writer.finish(self.evaluate(writer, making.get("settings")), self.passages_of)


def files(folder: Path) -> dict[str, bytes]:
    """Everything in a folder and below, by its path in it."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def rows(path: Path) -> list[Any]:
    """The lines of a file of JSON lines."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
