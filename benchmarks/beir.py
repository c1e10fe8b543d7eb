"""Data sets in the BEIR layout with evidence (corpus, queries, qrels, evidence), indexed by briefqa itself."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from briefqa.config import Settings
from briefqa.encoders.factory import INSTALLED
from briefqa.encoders.remembering import RememberingEncoder
from briefqa.evaluation.datasets import Question, load_questions
from briefqa.evaluation.gold import require_gold, resolve_gold
from briefqa.index.reader import GenerationReader, open_generation
from briefqa.index.update import update
from briefqa.protocols import PassageStore, QuestionEncoder
from briefqa.types import Document, Passage, Span

if TYPE_CHECKING:
    from briefqa.protocols import Vectors, Word

Gold = tuple[str, Span]


@dataclass(frozen=True, slots=True)
class BenchmarkQuestion:
    """A question, the keys of its relevant documents, and the (document key, span) of what answers it, where the set
    has evidence. Without relevant documents nothing answers it. `odd` splits a set in halves: by the number in the
    id where the ids are numbers, else by place."""

    id: str
    text: str
    documents: tuple[str, ...]
    gold: tuple[Gold, ...]
    odd: bool


class Bench:
    """A data set, or a question set of the project's own, on its index."""

    def __init__(self, name: str, settings: Settings, questions: Sequence[BenchmarkQuestion]) -> None:
        self.name, self.settings = name, settings
        self.questions: Sequence[BenchmarkQuestion] = questions
        self.reader: GenerationReader = open_generation(Path(settings.index))
        self.encoder: QuestionEncoder = RememberingEncoder(INSTALLED.open(self.reader.encoder_folder))

    @cached_property
    def all_passages(self) -> list[tuple[Passage, Document]]:
        """Every passage, by number."""
        return self.reader.passages(self.reader.numbers())

    def told(self, question: BenchmarkQuestion) -> str:
        """The texts of the documents that answer the question."""
        found = {document.key: document.text for _, document in self.all_passages if document.key in question.documents}
        return "\n".join(found.values())

    def gold_passages(self, question: BenchmarkQuestion) -> set[int]:
        """The numbers of the passages that hold any of what answers the question."""
        return {
            number
            for number, (passage, document) in enumerate(self.all_passages)
            if any(key == document.key and overlap(passage, span) > 0 for key, span in question.gold)
        }


def overlap(passage: Passage, span: Span) -> int:
    """How many characters the passage and the span, in the same document, share; below 1 for none."""
    return min(passage.end, span[1]) - max(passage.start, span[0])


class Hiding(PassageStore):
    """An index in which some passages are not found, as if their text had never been there."""

    def __init__(self, store: PassageStore, hidden: Iterable[int]) -> None:
        self._store, self._hidden = store, frozenset(hidden)

    def __len__(self) -> int:
        return len(self._store)

    def dense_top(self, vector: Vectors, k: int) -> list[tuple[int, float]]:
        """See PassageStore."""
        return self._visible(self._store.dense_top(vector, k + len(self._hidden)), k)

    @property
    def analyzers(self) -> Sequence[str]:
        """See PassageStore."""
        return self._store.analyzers

    def lexical_top(self, words: Sequence[Word], k: int) -> list[tuple[int, float]]:
        """See PassageStore."""
        return self._visible(self._store.lexical_top(words, k + len(self._hidden)), k)

    def _visible(self, found: list[tuple[int, float]], k: int) -> list[tuple[int, float]]:
        return [entry for entry in found if entry[0] not in self._hidden][:k]

    def dense_scores(self, vector: Vectors, numbers: Sequence[int]) -> list[float]:
        """See PassageStore."""
        return self._store.dense_scores(vector, numbers)

    def dense_median(self, vector: Vectors) -> float:
        """See PassageStore."""
        return self._store.dense_median(vector)

    def sentence_cosines(self, vector: Vectors, numbers: Sequence[int]) -> list[list[float]]:
        """See PassageStore."""
        return self._store.sentence_cosines(vector, numbers)

    def document_frequency(self, word: Word) -> int:
        """See PassageStore."""
        return self._store.document_frequency(word)

    def passage_ids(self, numbers: Sequence[int]) -> list[str]:
        """See PassageStore."""
        return self._store.passage_ids(numbers)

    def passages(self, numbers: Sequence[int]) -> list[tuple[Passage, Document]]:
        """See PassageStore."""
        return self._store.passages(numbers)


def open_dataset(dataset: Path, cache: Path, **settings: Any) -> Bench:
    """The data set, written as Markdown files into `cache` and indexed there, unless it is already."""
    place = cache / "-".join([dataset.name, *(f"{name}={value}" for name, value in settings.items())])
    articles = cache / dataset.name
    articles.mkdir(parents=True, exist_ok=True)
    texts: dict[str, str] = {}
    for row in _rows(dataset / "corpus.jsonl"):
        path = articles / key(row["_id"])
        content = f"---\ntitle: {json.dumps(row.get('title') or None)}\n---\n{row['text']}\n"
        if not path.exists() or path.read_text(encoding="utf-8") != content:
            path.write_text(content, encoding="utf-8")
        texts[path.name] = row["text"]
    chosen = Settings(corpus=(str(articles),), index=str(place / "index"), **settings)
    update(chosen)
    bench = Bench(dataset.name, chosen, ())
    # Where in the document that briefqa made of it a text begins: after the line that ends the front matter.
    begins = {document.key: document.text.index(texts[document.key]) for document in bench.reader.documents()}
    bench.questions = _questions(dataset, begins)
    return bench


def open_own(settings: Settings | None = None) -> Bench:
    """The project's own questions on the index of its briefs, which must have been made."""
    chosen = settings or Settings()
    bench = Bench("evals", chosen, ())
    questions = load_questions(chosen.questions)
    found = resolve_gold(questions, lambda: (document for document in bench.reader.documents()), path=chosen.questions)
    require_gold(found, path=chosen.questions, drift_allowed=False)
    bench.questions = [
        _own(
            question,
            place,
            [(found.documents[span.document_id].key, (span.start, span.end)) for span in found.spans[question.id]],
        )
        for place, question in enumerate(questions)
    ]
    return bench


def _own(question: Question, place: int, gold: Sequence[Gold]) -> BenchmarkQuestion:
    documents = tuple(dict.fromkeys(key for key, _ in gold))
    return BenchmarkQuestion(question.id, question.text, documents, tuple(gold), place % 2 == 1)


def _questions(dataset: Path, begins: Mapping[str, int]) -> list[BenchmarkQuestion]:
    gold: dict[str, list[Gold]] = {}
    for row in _rows(dataset / "evidence.jsonl"):
        document = key(row["doc_id"])
        span = (begins[document] + row["start"], begins[document] + row["end"])
        gold.setdefault(row["query_id"], []).append((document, span))
    relevant: dict[str, list[str]] = {}
    for line in (dataset / "qrels.tsv").read_text(encoding="utf-8").splitlines()[1:]:
        identity, document, gain = line.split("\t")
        if int(gain) > 0:
            relevant.setdefault(identity, []).append(key(document))
    return [
        BenchmarkQuestion(
            identity := row["_id"],
            row["text"],
            tuple(relevant.get(identity, ())),
            tuple(gold.get(identity, ())),
            (int(identity) if identity.isdigit() else place) % 2 == 1,
        )
        for place, row in enumerate(_rows(dataset / "queries.jsonl"))
    ]


def key(document: str) -> str:
    """The file name for a document's id."""
    return document.replace("/", "_") + ".md"


def _rows(path: Path) -> list[dict[str, Any]]:
    with path.open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines if line.strip()]
