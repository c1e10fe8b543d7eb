"""Answers, hits and reports made by hand."""

from __future__ import annotations

from typing import Any

from briefqa.addresses import lines_of
from briefqa.explained import ExplainedConfidence, ExplainedHit, Explanation, Part, Term
from briefqa.reports import IndexReport, IndexStatus
from briefqa.types import Answer, Citation, Document, Hit, Hits, IndexInfo, Passage, Scores

INDEX = IndexInfo(generation=7, documents=36, passages=412, encoder="all-MiniLM-L6-v2", stale=False)
TEXT = """
The alliance has six members. Azerbaijan, Moldova, Turkmenistan and Uzbekistan are in the CIS but outside the
CSTO.

Its seat is Moscow.
"""
# sha256 of nothing: no rendering looks into it.
SHA256 = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


def make_document(**changes: Any) -> Document:
    values: dict[str, Any] = {
        "id": "a8f01439bb81",
        "key": "cis.md",
        "path": "corpus/cis.md",
        "text": TEXT,
        "line_map": ((0, 6),),
        "sha256": SHA256,
        "title": "CIS security chiefs meet",
        "source": "commonspace.eu",
        "authors": ("Ann", "Bob"),
        "published": "2018-11-22",
        "url": "https://example.org/cis",
        "metadata": {"basis": "article"},
    }
    return Document(**(values | changes))


def make_passage(document: Document, *sentences: str, identity: str = "9b270744d984") -> Passage:
    """From the first to the last of these sentences of the document."""
    spans = [(start := document.text.index(text), start + len(text)) for text in sentences]
    start, end = spans[0][0], spans[-1][1]
    text = document.text[start:end]
    return Passage(identity, document.id, start, end, text, lines_of(document, start, end), tuple(spans))


def make_hit(document: Document, *sentences: str, rank: int = 1, score: float = 0.91234567) -> Hit:
    passage = make_passage(document, *sentences)
    return Hit(rank, score, passage, document, Scores(dense=0.5, lexical=2.0, dense_share=1.0, lexical_share=0.25))


def make_citation(document: Document, quote: str, marker: int = 1) -> Citation:
    passage = make_passage(document, quote)
    return Citation(marker, passage.id, quote, SHA256, passage.start, passage.end, passage.lines, document)


def make_answer(*citations: Citation, hits: tuple[Hit, ...] = (), **changes: Any) -> Answer:
    values: dict[str, Any] = {
        "question": "Which CIS members are outside the CSTO?",
        "status": "answered" if citations else "no_answer",
        "confidence": 0.94321,
        "text": " ".join(citations[0].quote.split()) if citations else None,
        "citations": citations,
        "hits": hits,
        "missing": (),
        "notes": (),
        "index": INDEX,
        "milliseconds": {"load": 1.0, "retrieve": 2.5, "answer": 0.25, "total": 3.75},
    }
    return Answer(**(values | changes))


def make_hits(*hits: Hit, question: str = "seat", notes: tuple[str, ...] = ()) -> Hits:
    return Hits(question, hits, notes, INDEX, {"load": 1.0, "retrieve": 2.0, "total": 3.0})


def make_explanation() -> Explanation:
    """Of a hit with a score of .6 + .1 + 1.5, and a confidence of 1 / (1 + exp(-1)), from -1.5 - .5 + 3."""
    hit = ExplainedHit(
        1,
        "9b270744d984",
        (Part("dense_share", 1.0, 0.6), Part("lexical_share", 0.25, 0.4), Part("pair_coverage", 0.75, 2.0)),
        ("seat",),
        ("Bonn",),
    )
    parts = (Part("score_lead", 0.3, 0.0), Part("exact_coverage", 0.5, -1.0), Part("quote_coverage", 0.75, 4.0))
    sure = ExplainedConfidence(parts, -1.5, 1.0, 0.7310586, 0.4)
    terms = (Term("seat", 0.75, exact=False, seen=True), Term("Bonn", 0.25, exact=True, seen=False))
    return Explanation(terms, (hit,), sure)


def make_report(**changes: Any) -> IndexReport:
    values: dict[str, Any] = {
        "changed_index": True,
        "generation": 3,
        "documents": 36,
        "passages": 1412,
        "added": 5,
        "changed": 0,
        "removed": 1,
        "kept": 31,
        "encoded": 40,
        "reused": 1372,
        "remarks": (),
        "encoder": "all-MiniLM-L6-v2",
        "seconds": 12.345,
    }
    return IndexReport(**(values | changes))


def make_status(**changes: Any) -> IndexStatus:
    values: dict[str, Any] = {
        "index": "index",
        "generation": 3,
        "made": 1542844800,
        "documents": 36,
        "passages": 1,
        "bytes": 1234567,
        "encoder": "all-MiniLM-L6-v2",
        "encoder_sha256": SHA256,
        "dimension": 384,
        "window": 256,
        "precision": "fp32",
        "reranker": None,
        "reranker_sha256": None,
        "reranker_window": None,
        "passage_tokens": 200,
        "overlap_tokens": 0,
        "sources": ("corpus", "notes.md"),
        "missing_sources": (),
        "new": (),
        "changed": (),
        "removed": (),
        "remarks": (),
    }
    return IndexStatus(**(values | changes))
