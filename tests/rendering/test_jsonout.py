from __future__ import annotations

from dataclasses import replace

from briefqa.errors import BriefqaError, IndexStale, UsageError
from briefqa.filters import Filter, Filtered
from briefqa.rendering.jsonout import (
    answer_json,
    error_json,
    hits_json,
    index_json,
    passages_json,
    status_json,
    verify_json,
)
from briefqa.reports import Remark
from briefqa.types import Evidence, Scores
from tests.rendering.builders import (
    SHA256,
    make_answer,
    make_citation,
    make_document,
    make_explanation,
    make_hit,
    make_hits,
    make_passage,
    make_report,
    make_status,
)

DOCUMENT = {
    "id": "a8f01439bb81",
    "path": "corpus/cis.md",
    "title": "CIS security chiefs meet",
    "source": "commonspace.eu",
    "authors": ["Ann", "Bob"],
    "published": "2018-11-22",
    "updated": None,
    "url": "https://example.org/cis",
    "language": None,
    "tags": [],
    "lines_of": "file",
    "collection": None,
}
HIT = {
    "rank": 1,
    "score": 0.912346,
    "passage_id": "9b270744d984",
    "text": "Its seat is Moscow.",
    "start": 118,
    "end": 137,
    "lines": [10, 10],
    "page": None,
    "scores": {
        "dense": 0.5,
        "lexical": 2.0,
        "dense_share": 1.0,
        "lexical_share": 0.25,
        "fused": None,
        "evidence": None,
        "rerank": None,
        "relevance": None,
        "recency": None,
    },
    "document": DOCUMENT,
    "also_in": [],
}
INDEX = {
    "generation": 7,
    "documents": 36,
    "passages": 412,
    "encoder": "all-MiniLM-L6-v2",
    "stale": False,
    "changes": None,
}


def test_an_answer() -> None:
    document = make_document()
    answer = make_answer(
        make_citation(document, "Its seat is Moscow."),
        hits=(make_hit(document, "Its seat is Moscow."),),
        notes=("So.",),
    )
    assert answer_json(answer) == {
        "schema": "briefqa.answer/1",
        "question": "Which CIS members are outside the CSTO?",
        "status": "answered",
        "confidence": 0.9432,
        "answer": {"text": "Its seat is Moscow.", "markers": [1]},
        "citations": [
            {
                "marker": 1,
                "passage_id": "9b270744d984",
                "quote": "Its seat is Moscow.",
                "sha256": SHA256,
                "start": 118,
                "end": 137,
                "lines": [10, 10],
                "page": None,
                "link": "https://example.org/cis#:~:text=Its%20seat%20is%20Moscow.",
                "relative_dates": [],
                "file_state": "unknown",
                "document": DOCUMENT,
                "also_in": [],
                "versions": [],
            }
        ],
        "hits": [HIT],
        "missing": [],
        "notes": ["So."],
        "index": INDEX,
        "filter": None,
        "milliseconds": {"load": 1.0, "retrieve": 2.5, "answer": 0.25, "total": 3.75},
        "explanation": None,
    }


def test_no_answer_has_the_same_keys() -> None:
    nothing = answer_json(make_answer(confidence=0.0, missing=("Cup",)))
    assert list(nothing) == list(answer_json(make_answer(make_citation(make_document(), "Its seat is Moscow."))))
    assert (nothing["status"], nothing["answer"], nothing["citations"], nothing["hits"], nothing["missing"]) == (
        "no_answer",
        None,
        [],
        [],
        ["Cup"],
    )


def test_hits() -> None:
    hits = make_hits(make_hit(make_document(), "Its seat is Moscow."), notes=("So.",))
    assert hits_json(hits) == {
        "schema": "briefqa.hits/1",
        "question": "seat",
        "hits": [HIT],
        "notes": ["So."],
        "index": INDEX,
        "filter": None,
        "milliseconds": {"load": 1.0, "retrieve": 2.0, "total": 3.0},
        "explanation": None,
    }
    assert hits_json(make_hits())["hits"] == []


def test_what_a_filter_asked_for_and_left() -> None:
    filtered = Filtered(Filter(since="2018", paths=("a*", "b*")), documents=4, undated=2)
    told = {
        "since": "2018",
        "before": None,
        "sources": [],
        "paths": ["a*", "b*"],
        "tags": [],
        "languages": [],
        "collections": [],
        "documents": 4,
        "undated": 2,
    }
    assert answer_json(make_answer(filtered=filtered))["filter"] == told
    assert hits_json(replace(make_hits(), filtered=filtered))["filter"] == told


def test_scores_are_rounded_and_evidence_is_an_object() -> None:
    evidence = Evidence(2 / 3, 0.1234564)
    scores = Scores(
        1 / 3, 2 / 3, 1.0, 0.0, fused=1 / 9, evidence=evidence, rerank=-1.23456789, relevance=0.5, recency=1 / 6
    )
    hit = replace(make_hit(make_document(), "Its seat is Moscow."), scores=scores)
    assert hits_json(make_hits(hit))["hits"][0]["scores"] == {
        "dense": 0.333333,
        "lexical": 0.666667,
        "dense_share": 1.0,
        "lexical_share": 0.0,
        "fused": 0.111111,
        "evidence": {
            "pair_coverage": 0.666667,
            "sentence_cosine": 0.123456,
        },
        "rerank": -1.234568,
        "relevance": 0.5,
        "recency": 0.166667,
    }


def test_an_explanation() -> None:
    explanation = make_explanation()
    told = answer_json(make_answer(explanation=explanation))["explanation"]
    assert told == {
        "terms": [
            {"word": "seat", "weight": 0.75, "exact": False, "seen": True, "counted": True},
            {"word": "Bonn", "weight": 0.25, "exact": True, "seen": False, "counted": True},
        ],
        "hits": [
            {
                "rank": 1,
                "passage_id": "9b270744d984",
                "parts": [
                    {"name": "dense_share", "value": 1.0, "weight": 0.6, "contribution": 0.6},
                    {"name": "lexical_share", "value": 0.25, "weight": 0.4, "contribution": 0.1},
                    {"name": "pair_coverage", "value": 0.75, "weight": 2.0, "contribution": 1.5},
                ],
                "holds": ["seat"],
                "lacks": ["Bonn"],
            }
        ],
        "confidence": {
            "parts": [
                {"name": "score_lead", "value": 0.3, "weight": 0.0, "contribution": 0.0},
                {"name": "exact_coverage", "value": 0.5, "weight": -1.0, "contribution": -0.5},
                {"name": "quote_coverage", "value": 0.75, "weight": 4.0, "contribution": 3.0},
            ],
            "bias": -1.5,
            "logit": 1.0,
            "probability": 0.731059,
            "threshold": 0.4,
        },
    }
    left_out = replace(explanation, terms=(replace(explanation.terms[1], weight=0.0, counted=False),))
    assert answer_json(make_answer(explanation=left_out))["explanation"]["terms"] == [
        {"word": "Bonn", "weight": 0.0, "exact": True, "seen": False, "counted": False}
    ]
    search = replace(explanation, confidence=None)
    assert hits_json(replace(make_hits(), explanation=search))["explanation"] == {**told, "confidence": None}


def test_passages() -> None:
    document = make_document(authors=(), url=None)
    assert passages_json(document, [make_passage(document, "CSTO.", "Its seat is Moscow.")], "9b270744d984") == {
        "schema": "briefqa.passages/1",
        "passage_id": "9b270744d984",
        "document": {**DOCUMENT, "authors": [], "url": None, "metadata": {"basis": "article"}, "found_in": {}},
        "passages": [
            {
                "passage_id": "9b270744d984",
                "text": "CSTO.\n\nIts seat is Moscow.",
                "start": 111,
                "end": 137,
                "lines": [8, 10],
                "page": None,
            }
        ],
        "cuts": None,
    }


def test_an_index_run() -> None:
    report = make_report(remarks=(Remark("a.md", "it is empty", indexed=False),), notes=("Odd.",))
    assert index_json(report) == {
        "schema": "briefqa.index/1",
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
        "encoder": "all-MiniLM-L6-v2",
        "seconds": 12.345,
        "complete": False,
        "remarks": [{"key": "a.md", "text": "it is empty", "indexed": False}],
        "notes": ["Odd."],
    }
    assert index_json(make_report(remarks=(Remark("a.md", "odd", indexed=True),)))["complete"] is True
    assert index_json(make_report(seconds=0.12345))["seconds"] == 0.123


def test_a_status() -> None:
    remarks = (Remark("e.md", "it is empty", indexed=False),)
    told = make_status(new=("n.md",), remarks=remarks, languages=(("de", 30), (None, 6)), notes=("Odd.",))
    status = status_json(told)
    assert status == {
        "schema": "briefqa.status/1",
        "stale": True,
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
        "sources": ["corpus", "notes.md"],
        "missing_sources": [],
        "new": ["n.md"],
        "changed": [],
        "removed": [],
        "remarks": [{"key": "e.md", "text": "it is empty", "indexed": False}],
        "languages": [{"language": "de", "documents": 30}, {"language": None, "documents": 6}],
        "notes": ["Odd."],
    }
    assert status_json(make_status())["stale"] is False
    assert status_json(make_status(missing_sources=("corpus",)))["stale"] is None


def test_a_whole_index() -> None:
    assert verify_json(3, 36, 412) == {
        "schema": "briefqa.verify/1",
        "whole": True,
        "generation": 3,
        "documents": 36,
        "passages": 412,
        "reread": None,
    }


def test_errors_carry_their_kind_and_exit_code() -> None:
    assert error_json(IndexStale("Too old.")) == {
        "schema": "briefqa.error/1",
        "error": "IndexStale",
        "message": "Too old.",
        "exit_code": 3,
    }
    assert error_json(UsageError("x"))["exit_code"] == 2
    assert error_json(BriefqaError("x"))["error"] == "BriefqaError"
