"""Collections in the layout of BEIR: what becomes gold, what is left out, and what is refused."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from briefqa.errors import BriefqaError, DatasetError, UsageError
from briefqa.evaluation.datasets import Gold, Question
from briefqa.evaluation.exchange.articles import Article
from briefqa.evaluation.exchange.beir import read_beir

Rows = list[dict[str, Any]]
CORPUS: Rows = [
    {"_id": "d1", "title": "One", "text": "It met in May. It rose.\r\nIt met in June. It fell."},
    {"_id": "d/2", "title": "", "text": "Rain fell.", "metadata": {}},
    {"_id": "d3", "title": "Only a title", "text": ""},
    {"_id": "d4", "title": "", "text": " "},
]
QUERIES: Rows = [
    {"_id": "q1", "text": "When did it meet again? "},
    {"_id": "q2", "text": "What fell?", "metadata": {"tags": ["rain", "fact"]}, "type": "claim"},
    {"_id": "q3", "text": "Who?", "type": "unanswerable"},
    {"_id": "q4", "text": "Of another split?"},
    {"_id": "q5", "text": "Both?", "type": "claim"},
    {"_id": "q6", "text": "Empty?"},
    {"_id": "q7", "text": "Gone?"},
    {"_id": "q8", "text": "Judged, with nothing relevant?"},
    {"_id": "q1", "text": "Again?"},
    {"_id": "q9", "text": " "},
    {"_id": "q10", "text": "x" * 51},
]
QRELS = [
    *(("q1", "d1", 1), ("q2", "d/2", 2), ("q2", "d1", 0), ("q5", "d3", 1), ("q5", "d1", 1), ("q6", "d4", 1)),
    *(("q7", "none", 1), ("q8", "d1", 0), ("q9", "d1", 1), ("q10", "d1", 1)),
]
# In d1, "It met in" stands at 0 and at 25 (24 once the line end is one character), "It fell." at 41.
EVIDENCE: Rows = [
    {"query_id": "q1", "doc_id": "d1", "quote": "It met in", "start": 25, "end": 34},
    {"query_id": "q1", "doc_id": "d1", "start": 41, "end": 49},
    {"query_id": "q5", "doc_id": "d1", "start": 15, "end": 24},
]


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Path]:
    """Write a collection, with what is said otherwise, into a new folder "c"."""
    monkeypatch.chdir(tmp_path)

    def lines(path: str, rows: Rows) -> None:
        Path(path).write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")

    def make(
        corpus: Rows = CORPUS, queries: Rows = QUERIES, evidence: Rows | None = EVIDENCE, qrels: str = "qrels/test.tsv"
    ) -> Path:
        folder = Path("c")
        (folder / "qrels").mkdir(parents=True)
        lines("c/corpus.jsonl", corpus)
        lines("c/queries.jsonl", queries)
        if evidence is not None:
            lines("c/evidence.jsonl", evidence)
        judged = "".join(f"{query}\t{document}\t{gain}\n" for query, document, gain in QRELS)
        (folder / qrels).write_text(f"query-id\tcorpus-id\tscore\n{judged}", encoding="utf-8")
        return folder

    return make


def error_of(kind: type[BriefqaError], folder: Path, **options: Any) -> str:
    with pytest.raises(kind) as caught:
        read_beir(folder, longest=50, **options)
    return str(caught.value)


def test_with_evidence(write: Callable[..., Path]) -> None:
    found = read_beir(write(), longest=50)
    assert found.articles == (
        Article("d1.md", "d1", "One", "It met in May. It rose.\nIt met in June. It fell."),
        Article("d/2.md", "d/2", None, "Rain fell."),
        Article("d3.md", "d3", "Only a title", "Only a title"),
    )
    assert found.questions == (
        # "It met in" stands before: the gold is the sentence around its second occurrence.
        Question(
            "q1",
            "When did it meet again?",
            (),
            (Gold("d1.md", "It met in June."), Gold("d1.md", "It fell.")),
            1,
        ),
        Question("q2", "What fell?", ("rain", "fact"), (Gold("d/2.md", None),), 2),
        Question("q3", "Who?", (), (), 3),
        Question("q5", "Both?", ("claim",), (Gold("d3.md", None), Gold("d1.md", "It rose.")), 4),
    )
    assert found.widened == {"q1"}
    assert found.dropped == {
        "no relevant document is known, and its type is not 'unanswerable'": 2,
        "a document that answers it is missing or empty": 2,
        "another question has its id": 1,
        "it has no text, or no id": 1,
        "it is longer than 50 characters, the most that can be asked": 1,
    }


def test_without_evidence_the_gold_are_whole_documents(write: Callable[..., Path]) -> None:
    found = read_beir(write(evidence=None), longest=50)
    assert [question.gold for question in found.questions] == [
        (Gold("d1.md", None),),
        (Gold("d/2.md", None),),
        (),
        (Gold("d3.md", None), Gold("d1.md", None)),
    ]


def test_other_places_and_forms_of_judgements(write: Callable[..., Path]) -> None:
    folder = write(qrels="qrels.tsv")
    assert len(read_beir(folder, longest=50).questions) == 4
    (folder / "qrels" / "dev.tsv").write_bytes(b"q4\td1\t1\r\n\r\n")  # no heading, other line ends
    found = read_beir(folder, split="dev", longest=50)
    # Evidence for what the split does not judge says nothing.
    assert [(question.id, question.gold) for question in found.questions] == [
        ("q3", ()),
        ("q4", (Gold("d1.md", None),)),
    ]


def test_what_is_missing(write: Callable[..., Path], tmp_path: Path) -> None:
    assert error_of(UsageError, Path("no")) == (
        "no is no collection in the layout of BEIR: it has no corpus.jsonl and no queries.jsonl"
    )
    folder = write()
    assert error_of(UsageError, folder, split="dev") == (
        "c has no judgements in qrels/dev.tsv; there are: test (--split)"
    )
    (folder / "qrels" / "test.tsv").unlink()
    assert error_of(UsageError, folder) == "c has no judgements in qrels/test.tsv and no qrels.tsv"
    (folder / "qrels" / "test.tsv").write_bytes(b"")
    (folder / "queries.jsonl").write_text(json.dumps(QUERIES[3]))
    assert error_of(DatasetError, folder) == (
        "c: there is no question to import; 1 left out: no relevant document is known, and its type is not"
        " 'unanswerable'"
    )


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        ({"_id": "d1", "text": "x"}, "c/corpus.jsonl:2: another document has the _id 'd1'"),
        ({"_id": " ", "text": "x"}, "c/corpus.jsonl:2: the _id is empty"),
    ],
)
def test_ids_must_tell_documents_apart(write: Callable[..., Path], row: dict[str, str], problem: str) -> None:
    message = error_of(DatasetError, write(corpus=[CORPUS[0], row]))
    assert message == f"c/corpus.jsonl: 1 problem in the file; correct it and run again\n{problem}"


def test_wrong_lines(write: Callable[..., Path]) -> None:
    folder = write()
    (folder / "corpus.jsonl").write_bytes(b'{"_id": 7, "text": "x"}\n\n[]\n{"_id": "a"\n{"_id": "b", "text": null}\n')
    assert error_of(DatasetError, folder).splitlines() == [
        "c/corpus.jsonl: 4 problems in the file; correct it and run again",
        'c/corpus.jsonl:3: there is no text "_id"',
        'c/corpus.jsonl:3: there is no text "text"',
        "c/corpus.jsonl:4: not JSON: Expecting ',' delimiter at column 12",
        'c/corpus.jsonl:5: there is no text "text"',
    ]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (
            b"q\td\t1\nq\td\n q d 1\nq\td\tx\n",
            "c/qrels/test.tsv: 3 problems in the judgements; correct it and run again\n"
            + "\n".join(
                f"c/qrels/test.tsv:{line}: not a query, a document and a whole number, with tabs between them"
                for line in (2, 3, 4)
            ),
        ),
        (b"q\td\xff\t1\n", "c/qrels/test.tsv: byte 4 is not UTF-8; save the file as UTF-8"),
    ],
)
def test_wrong_judgements(write: Callable[..., Path], content: bytes, message: str) -> None:
    folder = write()
    (folder / "qrels" / "test.tsv").write_bytes(content)
    assert error_of(DatasetError, folder) == message


@pytest.mark.parametrize(
    ("place", "problem"),
    [
        ({"start": 0, "end": 50}, "0 to 50 is no span of the document, which has 49 characters"),
        ({"start": 4, "end": 4}, "4 to 4 is no span of the document, which has 49 characters"),
        ({"start": -3, "end": 4}, "-3 to 4 is no span of the document, which has 49 characters"),
        ({"start": "0", "end": 4}, "'0' to 4 is no span of the document, which has 49 characters"),
        ({"end": 4}, "None to 4 is no span of the document, which has 49 characters"),
        ({"start": 0, "end": 6, "quote": "it met"}, "the document does not have the quote from 0 to 6"),
        ({"start": 23, "end": 25}, "no quote can stand for 23 to 24"),
    ],
)
def test_wrong_evidence(write: Callable[..., Path], place: dict[str, Any], problem: str) -> None:
    folder = write(evidence=[{"query_id": "q1", "doc_id": "d1", **place}])
    assert error_of(DatasetError, folder) == (
        f"c/evidence.jsonl: 1 problem in the evidence; correct it and run again\nc/evidence.jsonl:1: {problem}"
    )
