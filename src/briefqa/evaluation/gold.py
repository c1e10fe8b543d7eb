"""Where the gold quotes of a question set stand in the documents, also after these were moved, renamed or edited."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from briefqa.errors import DatasetError
from briefqa.evaluation.alignment import Text, difference
from briefqa.evaluation.datasets import Gold, Question
from briefqa.evaluation.gold_search import Found, GoldSearch
from briefqa.evaluation.problems import refuse
from briefqa.evaluation.results import Drift, Lost
from briefqa.types import Document


@dataclass(frozen=True, slots=True)
class GoldSpan:
    """A gold quote found in its document: `Document.text[start:end]` is the quote, or what became of it; the whole text
    for a gold without a quote."""

    document_id: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Resolution:
    """Where the golds of a question set stand.

    `spans` are those of each question id, in the order of its golds, without the lost ones; () if nothing answers it.
    `documents` are those that the spans are in, by id. `drift` and `lost` are in the set's order; a gold that is in
    neither stands word for word in the document it names.
    """

    spans: Mapping[str, tuple[GoldSpan, ...]]
    documents: Mapping[str, Document]
    drift: tuple[Drift, ...]
    lost: tuple[Lost, ...]

    def located(self, question_id: str) -> list[tuple[GoldSpan, Document]]:
        """The spans of a question, each with its document."""
        return [(span, self.documents[span.document_id]) for span in self.spans[question_id]]


def resolve_gold(
    questions: Sequence[Question], documents: Callable[[], Iterable[Document]], *, path: str | Path
) -> Resolution:
    """Find the golds of all questions. Each call of `documents` gives every document; there is a second one only if a
    gold does not stand in the document it names. Only documents that golds name or stand in are kept.

    A gold is where its quote first stands word for word in its document: any run of white space equals any other, and
    so do the forms of quotation marks, dashes, ellipses and accents. Else it is looked for, in this order: word for
    word in another document, nearly so in its own, nearly so in another. What is found like this is drift. Of other
    documents that fit equally well, the only one of the same file name counts; where that does not decide, or where
    another gold of the question is in the place, the gold is lost, like one that nothing is similar to.

    DatasetError, naming `path`, if a gold names a document that the index holds more than once.
    """
    named, repeated = _named_documents(documents(), questions, path=path)
    texts = {key: Text(document.text) for key, document in named.items()}
    searches = {
        question.id: [GoldSearch(gold, named.get(gold.document), texts.get(gold.document)) for gold in question.gold]
        for question in questions
    }
    pending = [search for group in searches.values() for search in group if not search.exact]
    for document in documents() if pending else ():
        if document.key not in repeated:
            text = Text(document.text)
            for search in pending:
                search.look_in(document, text)
    return _resolution(questions, searches)


def require_gold(resolution: Resolution, *, path: str | Path, drift_allowed: bool = True) -> None:
    """Raise a DatasetError that lists, with `path` and line, the lost golds, and the drift unless it is allowed."""
    problems = [(lost.line, lost.question_id, lost.reason) for lost in resolution.lost]
    if not drift_allowed:
        problems += [(drift.line, drift.question_id, _told(drift)) for drift in resolution.drift]
    problems.sort(key=lambda problem: problem[0])
    if problems:
        refuse(path, [f"{path}:{line}: question {identity!r}: {text}" for line, identity, text in problems])


def _told(drift: Drift) -> str:
    if drift.kind == "edited":
        return f"the quote has changed in {drift.document!r}: {drift.difference}"
    moved = f"the quote has moved from {drift.document!r} to {drift.found_document!r}"
    return moved if drift.kind == "moved" else f"{moved} and changed: {drift.difference}"


def _named_documents(
    documents: Iterable[Document], questions: Iterable[Question], *, path: str | Path
) -> tuple[dict[str, Document], set[str]]:
    """The documents that golds name, by key, and the keys of more than one document, which no gold can name."""
    wanted = {gold.document for question in questions for gold in question.gold}
    named: dict[str, Document] = {}
    seen: set[str] = set()
    repeated: set[str] = set()
    for document in documents:
        (repeated if document.key in seen else seen).add(document.key)
        if document.key in wanted:
            named[document.key] = document
    ambiguous = sorted(repeated & wanted)
    if ambiguous:
        message = (
            f"{path}: a gold names {ambiguous[0]!r}, but the index holds more than one document of that name; "
            "index the folders apart, or rename one"
        )
        raise DatasetError(message)
    return named, repeated


def _resolution(questions: Iterable[Question], searches: Mapping[str, Sequence[GoldSearch]]) -> Resolution:
    spans: dict[str, tuple[GoldSpan, ...]] = {}
    documents: dict[str, Document] = {}
    drift: list[Drift] = []
    lost: list[Lost] = []
    for question in questions:
        places: list[GoldSpan] = []
        taken = {_span(search.exact) for search in searches[question.id] if search.exact}
        for search in searches[question.id]:
            found = search.exact or search.elsewhere()
            if isinstance(found, Found) and found is not search.exact and _span(found) in taken:
                found = search.reason("what is most like it is another gold of the question")
            if isinstance(found, str):
                lost.append(Lost(question.id, question.line, search.gold.document, search.gold.quote, found))
                continue
            if found is not search.exact:
                drift.append(_drift(question, search.gold, found))
            taken.add(_span(found))
            places.append(_span(found))
            documents[found.document.id] = found.document
        spans[question.id] = tuple(places)
    return Resolution(spans, documents, tuple(drift), tuple(lost))


def _span(found: Found) -> GoldSpan:
    return GoldSpan(found.document.id, *found.span)


def _drift(question: Question, gold: Gold, found: Found) -> Drift:
    start, end = found.span
    quote = " ".join(found.document.text[start:end].split())
    moved = found.document.key != gold.document
    return Drift(
        question_id=question.id,
        line=question.line,
        document=gold.document,
        quote=gold.quote or "",
        kind="moved" if found.verbatim else "moved and edited" if moved else "edited",
        found_document=found.document.key,
        found_quote=quote,
        similarity=found.similarity,
        difference="" if found.verbatim else difference(gold.quote or "", quote),
    )
