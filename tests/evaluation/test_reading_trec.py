"""Reading the runs and judgements of others: what is accepted, and what is said of the rest."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from briefqa.errors import DatasetError
from briefqa.evaluation.trec import read_qrels, read_run, write_qrels, write_run

Reader = Callable[[str], object]


@pytest.fixture(autouse=True)
def _there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def error_of(reader: Reader, content: bytes) -> str:
    Path("f").write_bytes(content)
    with pytest.raises(DatasetError) as caught:
        reader("f")
    return str(caught.value)


def test_a_run() -> None:
    Path("f").write_bytes(
        b"\xef\xbb\xbfq1 Q0 d1 1 2.5 tag\r\n  q1\tQ0\td2\t7 \t-1e3\ttag\t\r\n\nq2 iter caf\xc3\xa9\xc2\xa0x 0 .5 other"
    )
    assert read_run("f") == {"q1": {"d1": 2.5, "d2": -1000.0}, "q2": {"café\u00a0x": 0.5}}


def test_qrels() -> None:
    Path("f").write_bytes(b"q1 0 d1 1\nq1\t0\td2\t-2\n\nq2 0 d1 +3\n")
    assert read_qrels("f") == {"q1": {"d1": 1, "d2": -2}, "q2": {"d1": 3}}


def test_what_was_written_is_read_as_it_was() -> None:
    write_run(Path("r"), {"q 1": [("a b", 0.5), ("c", 0.5)], "q2": [("d", 1e-30)]}, tag="t")
    read = read_run("r")
    assert list(read) == ["q%201", "q2"]
    assert list(read["q%201"]) == ["a%20b", "c"]
    assert read["q%201"]["a%20b"] == 0.5
    # The second is lowered to the next number in single precision.
    assert np.float32(read["q%201"]["c"]) == np.float32(0.5 - 2**-25)
    write_qrels(Path("j"), {"q 1": ["a b", "c"], "q2": []})
    assert read_qrels("j") == {"q%201": {"a%20b": 1, "c": 1}}


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        (b"q1 Q0 d1 1 2.5", "5 columns, not 6; a line is: question Q0 document rank score tag"),
        (b"q1 Q0 d 1 1 2.5 t", "7 columns, not 6; a line is: question Q0 document rank score tag"),
        (b"q1", "1 column, not 6; a line is: question Q0 document rank score tag"),
        (b"q1 Q0 d1 1 high t", "the score 'high' is no number in the range of single precision"),
        (b"q1 Q0 d1 1 nan t", "the score 'nan' is no number in the range of single precision"),
        (b"q1 Q0 d1 1 inf t", "the score 'inf' is no number in the range of single precision"),
        (b"q1 Q0 d1 1 1e39 t", "the score '1e39' is no number in the range of single precision"),
        (b"q1 Q0 d1 1 1_0 t", "the score '1_0' is no number in the range of single precision"),
        (b"q0 Q0 d0 2 0.1 t", "the document 'd0' stands twice in the ranking of 'q0'"),
    ],
)
def test_a_wrong_line_of_a_run(line: bytes, problem: str) -> None:
    assert error_of(read_run, b"q0 Q0 d0 1 1 t\n\n" + line + b"\n") == (
        f"f: 1 problem in the run; correct it and run again\nf:3: {problem}"
    )


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        (b"q1\td1\t1", "3 columns, not 4; a line is: question 0 document gain"),
        (b"q1 0 d1 0.5", "the gain '0.5' is no whole number"),
        (b"q1 0 d1 -+5", "the gain '-+5' is no whole number"),
        (b"q1 0 d1 yes", "the gain 'yes' is no whole number"),
        (b"q0 0 d0 0", "the document 'd0' is judged twice for 'q0'"),
    ],
)
def test_a_wrong_line_of_qrels(line: bytes, problem: str) -> None:
    assert error_of(read_qrels, b"q0 0 d0 1\n" + line) == (
        f"f: 1 problem in the qrels; correct it and run again\nf:2: {problem}"
    )


def test_twenty_problems_are_told() -> None:
    lines = error_of(read_qrels, b"x\n" * 23).splitlines()
    assert lines[0] == "f: 23 problems in the qrels; correct it and run again"
    assert lines[20] == "f:20: 1 column, not 4; a line is: question 0 document gain"
    assert lines[21:] == ["... and 3 more"]


@pytest.mark.parametrize("content", [b"", b" \r\n\t\n"])
def test_nothing_to_read(content: bytes) -> None:
    assert error_of(read_run, content) == "f: there is no line in this file; give a file of TREC's run format"
    assert error_of(read_qrels, content) == "f: there is no line in this file; give a file of TREC's qrels format"


def test_bytes_that_are_no_text() -> None:
    message = "f:2: this is not UTF-8; give a text file in the format of TREC"
    assert error_of(read_run, b"q0 Q0 d0 1 1 t\nq0 Q0 d\xff 1 1 t\n") == message


def test_no_file() -> None:
    with pytest.raises(DatasetError, match=r"^no: can't read this file \(No such file or directory\)$"):
        read_run("no")
