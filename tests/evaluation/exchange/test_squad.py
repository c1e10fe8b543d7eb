"""Question sets in the format of SQuAD."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from briefqa.errors import DatasetError
from briefqa.evaluation.datasets import Gold, Question
from briefqa.evaluation.exchange.articles import Article
from briefqa.evaluation.exchange.squad import read_squad

FIRST = "The Panthers gave up 308 points.\r\nAllen had 136 sacks."
SECOND = "Denver won. In 2015 the team gave up 308 points, and Denver won."


def entry(identity: str, *answers: tuple[str, int], **more: Any) -> dict[str, Any]:
    found = [{"text": text, "answer_start": start} for text, start in answers]
    return {"id": identity, "question": f" {identity}? ", "answers": found, **more}


def paragraph(context: str, *entries: dict[str, Any]) -> dict[str, Any]:
    return {"context": context, "qas": list(entries)}


def write(*topics: tuple[str, list[dict[str, Any]]]) -> Path:
    data = [{"title": title, "paragraphs": paragraphs} for title, paragraphs in topics]
    path = Path("s.json")
    path.write_text(json.dumps({"version": "v2.0", "data": data}), encoding="utf-8")
    return path


@pytest.fixture(autouse=True)
def _there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_an_article_a_title_and_the_answers_as_gold() -> None:
    path = write(
        (
            "Super_Bowl_50%3F",
            [
                paragraph(FIRST, entry("a", ("136", 44)), entry("b", ("308", 21))),
                paragraph(
                    SECOND,
                    entry("c", ("308", 37)),  # it stands before: its sentence is the gold
                    entry("d", ("won", 60), ("Denver won", 53), ("Denver won", 53)),  # the commonest
                    entry("e", ("2015", 15), ("Denver", 0)),  # the first of equals
                    entry("f", is_impossible=True, plausible_answers=[{"text": "Denver", "answer_start": 0}]),
                    entry("g", ("Denver", 1)),
                    entry("h", ("", 3)),
                    entry("i", ("Denver", -7)),
                    entry("j"),
                    entry("k", ("wrong", 0), ("2015", 15), is_impossible=False),
                ),
            ],
        ),
        ("Rain", [paragraph("Rain fell.", entry("l", ("Rain", 0)))]),
        ("Rain", [paragraph("More rain fell.", entry("m", ("rain", 5)))]),
        ("Empty", [paragraph(" ", entry("n", ("Rain", 0)))]),
    )
    found = read_squad(path, longest=50)
    text = "The Panthers gave up 308 points.\nAllen had 136 sacks.\n\n" + SECOND
    assert found.articles == (
        Article("Super_Bowl_50%253F.md", "Super_Bowl_50%3F", "Super Bowl 50?", text),
        Article("Rain.md", "Rain", "Rain", "Rain fell."),
        Article("Rain (2).md", "Rain (2)", "Rain (2)", "More rain fell."),
        Article("Empty.md", "Empty", "Empty", "Empty"),
    )
    bowl = "Super_Bowl_50%253F.md"
    sentence = "In 2015 the team gave up 308 points, and Denver won."
    assert [(question.text, question.gold) for question in found.questions] == [
        ("a?", (Gold(bowl, "136"),)),
        ("b?", (Gold(bowl, "308"),)),
        ("c?", (Gold(bowl, sentence),)),
        ("d?", (Gold(bowl, sentence),)),
        ("e?", (Gold(bowl, "2015"),)),
        ("f?", ()),
        ("k?", (Gold(bowl, "2015"),)),
        ("l?", (Gold("Rain.md", "Rain"),)),
        ("m?", (Gold("Rain (2).md", "rain"),)),
    ]
    assert found.questions[0] == Question("a", "a?", (), (Gold(bowl, "136"),), 1)
    assert found.widened == {"c", "d"}
    assert found.dropped == {
        "its answer does not stand where it says": 4,
        "it has no answer, and does not say that there is none": 1,
    }


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ("[1]", "the file is not an object"),
        ("{}", 'the file has no "data"'),
        ('{"data": {}}', '"data" of the file is not a list'),
        ('{"data": [1]}', "data[0] is not an object"),
        ('{"data": [{"paragraphs": []}]}', 'data[0] has no "title"'),
        ('{"data": [{"title": "t", "paragraphs": [{"qas": []}]}]}', 'data[0].paragraphs[0] has no "context"'),
        (
            '{"data": [{"title": "t", "paragraphs": [{"context": "c", "qas": [{"id": 7, "question": "q"}]}]}]}',
            '"id" of data[0].paragraphs[0].qas[0] is not text',
        ),
        (
            '{"data": [{"title": "t", "paragraphs": [{"context": "c", "qas": [{"id": "7", "question": "q", '
            '"answers": [{"text": "c", "answer_start": true}]}]}]}]}',
            '"answer_start" of data[0].paragraphs[0].qas[0].answers[0] is not a whole number',
        ),
        ("{", "Expecting property name enclosed in double quotes: line 1 column 2 (char 1)"),
        ("[" * 100_000, "lists or objects are nested too deep"),
    ],
)
def test_other_forms_are_refused(content: str, problem: str) -> None:
    Path("s.json").write_text(content, encoding="utf-8")
    with pytest.raises(DatasetError) as caught:
        read_squad(Path("s.json"), longest=50)
    assert str(caught.value) == f"s.json is not in the format of SQuAD: {problem}"


def test_no_file_and_no_text() -> None:
    with pytest.raises(DatasetError, match=r"^no.json: can't read this file \(No such file or directory\)$"):
        read_squad(Path("no.json"), longest=50)
    Path("s.json").write_bytes(b'{"data": "\xff\xfe"}')
    with pytest.raises(DatasetError, match=r"^s\.json is not in the format of SQuAD: .*utf-8"):
        read_squad(Path("s.json"), longest=50)


def test_nothing_to_import() -> None:
    with pytest.raises(DatasetError) as caught:
        read_squad(write(("T", [paragraph("c", entry("a"))])), longest=50)
    assert str(caught.value) == (
        "s.json: there is no question to import; 1 left out: it has no answer, and does not say that there is none"
    )
