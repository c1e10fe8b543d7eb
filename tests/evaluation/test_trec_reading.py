from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import pytest

from briefqa.errors import DatasetError
from briefqa.evaluation.metrics import rank_scored
from briefqa.evaluation.trec import read_qrels, read_run, write_qrels, write_run

RUN = b"q1 Q0 b 1 2.5 tag\nq2 Q0 a 1 -1e-3 tag\nq1 Q0 a 2 +.5 tag\n"
QRELS = b"q1 0 a 1\nq2 0 a 0\nq1 0 b -2\nq1 0 c +3\n"
READ_RUN = {"q1": {"b": 2.5, "a": 0.5}, "q2": {"a": -0.001}}
READ_QRELS = {"q1": {"a": 1, "b": -2, "c": 3}, "q2": {"a": 0}}


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def run_of(content: bytes) -> dict[str, dict[str, float]]:
    Path("any.run").write_bytes(content)
    return read_run(Path("any.run"))


def qrels_of(content: bytes) -> dict[str, dict[str, int]]:
    Path("any.qrels").write_bytes(content)
    return read_qrels(Path("any.qrels"))


@pytest.mark.parametrize(
    "form",
    [
        lambda content: content,
        lambda content: b"\xef\xbb\xbf" + content,
        lambda content: content.replace(b"\n", b"\r\n"),
        lambda content: content.replace(b" ", b"\t"),
        lambda content: content.replace(b" ", b" \t  "),
        lambda content: b"\n \n" + content.replace(b"\n", b"  \n\n"),
        lambda content: content.rstrip(b"\n"),
        lambda content: content.replace(b"Q0", b"0").replace(b" 0 ", b" iter "),
    ],
)
def test_forms_that_are_read_alike(form: Callable[[bytes], bytes]) -> None:
    assert run_of(form(RUN)) == READ_RUN
    assert qrels_of(form(QRELS)) == READ_QRELS


def test_the_rank_says_nothing() -> None:
    assert run_of(b"q Q0 a 1 1 t\nq Q0 b first 2 t\nq Q0 c -7 3 t\n") == {"q": {"a": 1.0, "b": 2.0, "c": 3.0}}


def test_only_the_white_space_of_ascii_parts() -> None:
    ids = ["a\u00a0b", "a\u2028b", "a\x85b", "a\x1cb", "é", "a%20b", "#1", "\ufeffa"]
    lines = "".join(f"q\u3000 Q0 {identity} 1 {place} t\n" for place, identity in enumerate(ids))
    assert run_of(lines.encode()) == {"q\u3000": {identity: float(place) for place, identity in enumerate(ids)}}


COLUMNS = "columns where 6 belong: question Q0 document rank score tag"
NUMBER = "is no number that single precision can hold"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"q Q0 a 1 1 t\nq Q0 b 2 .5\n", f"any.run:2: 5 {COLUMNS}"),
        (b"q Q0 a 1 1 my tag\n", f"any.run:1: 7 {COLUMNS}"),
        (b"\n\nq\n", f"any.run:3: 1 {COLUMNS}"),
        (b"q 0 a 1\n", f"any.run:1: 4 {COLUMNS}"),
        (b"q Q0 a 1 high t\n", f"any.run:1: the score 'high' {NUMBER}"),
        (b"q Q0 a 1 nan t\n", f"any.run:1: the score 'nan' {NUMBER}"),
        (b"q Q0 a 1 inf t\n", f"any.run:1: the score 'inf' {NUMBER}"),
        (b"q Q0 a 1 1e39 t\n", f"any.run:1: the score '1e39' {NUMBER}"),
        (b"q Q0 a 1 -1e400 t\n", f"any.run:1: the score '-1e400' {NUMBER}"),
        (b"q Q0 a 1 1_000 t\n", f"any.run:1: the score '1_000' {NUMBER}"),
        (b"q Q0 a 1 0,5 t\n", f"any.run:1: the score '0,5' {NUMBER}"),
        (b"q Q0 a 1 1e t\n", f"any.run:1: the score '1e' {NUMBER}"),
        ("q Q0 a 1 \u0661 t\n".encode(), f"any.run:1: the score '\u0661' {NUMBER}"),
        (b"q Q0 a 1 1 t\np Q0 a 1 1 t\nq Q0 a 2 1 u\n", "any.run:3: 'a' stands twice for question 'q'"),
        (b"q Q0 a 1 1 t\nq Q0 caf\xe9 2 1 t\n", r"any.run:2: b'caf\xe9' is not UTF-8"),
        (b"", "any.run: there is nothing in it; a line is: question Q0 document rank score tag"),
        (b"\xef\xbb\xbf \n\r\n", "any.run: there is nothing in it; a line is: question Q0 document rank score tag"),
    ],
)
def test_what_is_no_run(content: bytes, message: str) -> None:
    with pytest.raises(DatasetError) as caught:
        run_of(content)
    assert str(caught.value) == message


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"q 0 a 1\nq 0 b\n", "any.qrels:2: 3 columns where 4 belong: question 0 document gain"),
        (RUN, "any.qrels:1: 6 columns where 4 belong: question 0 document gain"),
        (b"q 0 a 1.0\n", "any.qrels:1: the gain '1.0' is no whole number of at most nine digits"),
        (b"q 0 a yes\n", "any.qrels:1: the gain 'yes' is no whole number of at most nine digits"),
        (b"q 0 a 1_0\n", "any.qrels:1: the gain '1_0' is no whole number of at most nine digits"),
        (b"q 0 a 1234567890\n", "any.qrels:1: the gain '1234567890' is no whole number of at most nine digits"),
        ("q 0 a \u0661\n".encode(), "any.qrels:1: the gain '\u0661' is no whole number of at most nine digits"),
        (b"q 0 a 1\nq 0 a 1\n", "any.qrels:2: 'a' stands twice for question 'q'"),
        (b"\xff", r"any.qrels:1: b'\xff' is not UTF-8"),
        (b"\n", "any.qrels: there is nothing in it; a line is: question 0 document gain"),
    ],
)
def test_what_is_no_judgement(content: bytes, message: str) -> None:
    with pytest.raises(DatasetError) as caught:
        qrels_of(content)
    assert str(caught.value) == message


@pytest.mark.parametrize("read", [read_run, read_qrels])
def test_files_that_cannot_be_read(read: Callable[[Path], object]) -> None:
    with pytest.raises(DatasetError, match=r"^no\.txt: can't read it \(No such file or directory\)$"):
        read(Path("no.txt"))
    Path("folder").mkdir()
    with pytest.raises(DatasetError, match=r"^folder: can't read it \(Is a directory\)$"):
        read(Path("folder"))


def test_the_largest_scores() -> None:
    assert run_of(b"q Q0 a 1 3.4028234e38 t\nq Q0 b 1 -3.4028234e38 t\n") == {
        "q": {"a": 3.4028234e38, "b": -3.4028234e38}
    }


@pytest.mark.parametrize("scale", [1.0, 1e-30, 1e30])
def test_a_run_that_was_written_is_read_in_its_order(scale: float) -> None:
    draw = random.Random(11)
    rankings: dict[str, list[tuple[str, float]]] = {}
    for number in range(30):
        documents = draw.sample([f"d{place}" for place in range(40)], 15)
        # Many are equal, some only in single precision.
        scores = sorted((draw.choice([-1.0, 0.0, 0.25, 0.25 + 1e-12, 1.0]) * scale for _ in documents), reverse=True)
        rankings[f"q{number}"] = list(zip(documents, scores, strict=True))
    write_run(Path("any.run"), rankings, tag="t")
    found = read_run(Path("any.run"))
    assert {question: rank_scored(scores) for question, scores in found.items()} == {
        question: [document for document, _ in ranking] for question, ranking in rankings.items()
    }


def test_names_that_were_written_are_read_without_white_space() -> None:
    write_run(Path("any.run"), {"q 1": [("a\tb\n.md", 1.0), ("é\u00a0/c.md", 0.5)]}, tag="a b")
    assert read_run(Path("any.run")) == {"q%201": {"a%09b%0A.md": 1.0, "%C3%A9%C2%A0/c.md": 0.5}}
    write_qrels(Path("any.qrels"), {"q 1": {"a\tb\n.md": 1}, "q2": {"c.md": 1, "d.md": 1}})
    assert read_qrels(Path("any.qrels")) == {"q%201": {"a%09b%0A.md": 1}, "q2": {"c.md": 1, "d.md": 1}}
