"""Where the gold quotes of a question set stand in the documents."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from briefqa.evaluation.datasets import Gold, Question, refuse
from briefqa.types import Document

_QUOTE_SHOWN = 50


@dataclass(frozen=True, slots=True)
class GoldSpan:
    """A gold quote found in its document: `Document.text[start:end]` is the quote, white space aside. The whole text
    for a gold without a quote."""

    document_id: str
    start: int
    end: int


def resolve_gold(
    questions: Iterable[Question], documents_by_key: Mapping[str, Document], *, path: str | Path
) -> dict[str, tuple[GoldSpan, ...]]:
    """Question id -> the spans of its golds in `Document.text`, in their order; () if nothing answers it.

    A quote's first occurrence counts, and any run of white space equals any other. DatasetError names every gold
    whose document is not among `documents_by_key` or whose quote is not in it, with `path` and the line.
    """
    spans: dict[str, tuple[GoldSpan, ...]] = {}
    problems: list[str] = []
    for question in questions:
        found = []
        for gold in question.gold:
            span = _locate(gold, documents_by_key.get(gold.document))
            if isinstance(span, str):
                problems.append(f"{path}:{question.line}: question {question.id!r}: {span}")
            else:
                found.append(span)
        spans[question.id] = tuple(found)
    if problems:
        refuse(path, problems)
    return spans


def _locate(gold: Gold, document: Document | None) -> GoldSpan | str:
    """The gold's span, or what is wrong with it."""
    if gold.quote is None:
        missing = f"the document {gold.document!r} is not in the index"
        return GoldSpan(document.id, 0, len(document.text)) if document else missing
    start = " ".join(gold.quote.split())
    start = start if len(start) <= _QUOTE_SHOWN else start[:_QUOTE_SHOWN] + "..."
    if document is None:
        return f"the document {gold.document!r} is not in the index (quote {start!r})"
    pattern = r"\s+".join(re.escape(word) for word in gold.quote.split())
    match = re.search(pattern, document.text) if pattern else None
    if match is None:
        return f"the quote {start!r} is not in the document {gold.document!r}"
    return GoldSpan(document.id, match.start(), match.end())
