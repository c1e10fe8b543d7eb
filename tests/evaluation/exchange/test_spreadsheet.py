"""Question sets from tables, as people and their spreadsheets write them."""

from __future__ import annotations

from pathlib import Path

import pytest

from briefqa.errors import BriefqaError, DatasetError, UsageError
from briefqa.evaluation.datasets import Gold, Question
from briefqa.evaluation.exchange.spreadsheet import read_table


@pytest.fixture(autouse=True)
def _there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def read(content: str | bytes, **columns: str) -> tuple[Question, ...]:
    Path("t.csv").write_bytes(content.encode() if isinstance(content, str) else content)
    return read_table(Path("t.csv"), columns=columns, longest=50).questions


def error_of(content: str | bytes, kind: type[BriefqaError] = DatasetError, **columns: str) -> str:
    with pytest.raises(kind) as caught:
        read(content, **columns)
    return str(caught.value)


def test_a_table_with_all_columns() -> None:
    content = (
        "\ufeffID,Question,Document,Quote,Tags,Remark\r\n"
        'a,"Who, then?",x.md," Boris\r\nIvanov ""the""  Great",fact| who ,seen\r\n'
        "\r\n"
        "b,Nothing?,,,none,\r\n"
        "c,Where?,y.md,,\r\n"
        'a,"Who, then?",y.md,Boris,who|more,again\r\n'
        'a,"Who, then?",y.md,Boris,,the same\r\n'
    )
    assert read(content) == (
        Question(
            "a",
            "Who, then?",
            ("fact", "who", "more"),
            (Gold("x.md", 'Boris Ivanov "the" Great'), Gold("y.md", "Boris")),
            1,
        ),
        Question("b", "Nothing?", ("none",), (), 2),
        Question("c", "Where?", (), (Gold("y.md", None),), 3),
    )


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_what_parts_the_cells_is_found(separator: str) -> None:
    content = "Question,Document,Quote\nWho?,x.md,A\nWhen?,x.md,B\nWho?,y.md,C\n".replace(",", separator)
    assert read(content) == (
        Question("q001", "Who?", (), (Gold("x.md", "A"), Gold("y.md", "C")), 1),
        Question("q002", "When?", (), (Gold("x.md", "B"),), 2),
    )


def test_columns_of_other_names() -> None:
    content = "Frage;Datei;Zitat, wörtlich;question\nWer?;x.md;Ä;ignored\n"
    [question] = read(content, question="frage", document=" Datei", quote="ZITAT, WÖRTLICH")
    assert question == Question("q001", "Wer?", (), (Gold("x.md", "Ä"),), 1)


def test_every_wrong_row_is_told_with_its_line() -> None:
    content = (
        "id,question,document,quote\n"
        "a,,x.md,A\n"
        ",Who?,x.md,A\n"
        'b,Who?,,"A\nB"\n'
        "c,One?,x.md,A\n"
        "c,Two?,x.md,A\n"
        "d,None?,,\n"
        "d,None?,x.md,A\n"
        "e,Some?,x.md,A\n"
        "e,Some?,,\n"
    )
    assert error_of(content).splitlines() == [
        "t.csv: 6 problems in the table; correct it and run again",
        "t.csv:2: the question is missing",
        "t.csv:3: the id is missing",
        "t.csv:4: there is a quote, but no document that it stands in",
        "t.csv:7: another question has the id 'c' on line 6",
        "t.csv:9: line 8 and this one can't both be right: with a document, and without",
        "t.csv:11: line 10 and this one can't both be right: with a document, and without",
    ]


def test_questions_that_are_too_long_are_left_out() -> None:
    Path("t.csv").write_text(f"question,document,quote\nWho?,x.md,A\n{'x' * 51},x.md,A\n", encoding="utf-8")
    found = read_table(Path("t.csv"), columns={}, longest=50)
    assert [question.text for question in found.questions] == ["Who?"]
    assert found.dropped == {"it is longer than 50 characters, the most that can be asked": 1}
    assert found.articles is None


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "t.csv:1: there is no column 'question'; name the columns, or say --columns NAME=HEADER"),
        (
            "question,quote\nWho?,A\n",
            "t.csv:1: there is no column 'document'; name the columns, or say --columns NAME=HEADER",
        ),
        ("question,document,quote\n", "t.csv: there is no question to import"),
        (
            b"question,document,quote\nWho?,x.md,\xe9\n",
            "t.csv: byte 35 is not UTF-8; save the table as CSV in UTF-8",
        ),
        (
            'question,document,quote\nWho?,x.md,A\nWho?,"x.md,B\n',
            "t.csv:3: this row is no CSV (unexpected end of data)",
        ),
        (
            'question,document,quote\nWho?,"x.md"B,C\n',
            "t.csv:2: this row is no CSV (',' expected after '\"')",
        ),
    ],
)
def test_tables_that_can_not_be_read(content: str | bytes, message: str) -> None:
    assert error_of(content) == message


def test_columns_that_nobody_reads() -> None:
    assert error_of("question,document,quote\n", UsageError, answer="x") == (
        "'answer' is no column that is read; there are: question, document, quote, tags, id"
    )


def test_no_file() -> None:
    with pytest.raises(DatasetError, match=r"^no.csv: can't read this file \(No such file or directory\)$"):
        read_table(Path("no.csv"), columns={}, longest=50)
