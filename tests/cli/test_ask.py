from __future__ import annotations

import hashlib
import re
import shutil
from pathlib import Path

import pytest

from tests.cli.runner import Runner

# One passage holds both words; one sentence of it holds both, by words alone.
QUESTION = "When did Georgia leave the commonwealth?"
SURE = ("--retriever", "lexical", "--min-confidence", "0", "--quotes", "1")
UNSURE = ("--retriever", "lexical", "--min-confidence", "1")
# printf '../corpus\0nested/cis.md' | sha256sum | cut -c -12
DOCUMENT_ID = hashlib.sha256(b"../corpus\0nested/cis.md").hexdigest()[:12]
EMPTY = 'The question is empty. Type one, for example: briefqa ask "Who leads the CSTO?"'
STALE_NOTE = (
    "1 new, 0 changed, 1 removed since the index was made: bring it up to date with briefqa index,"
    " or ask with --refresh."
)


def test_an_answer(indexed: Runner) -> None:
    outcome = indexed("ask", QUESTION, *SURE)
    assert (outcome.code, outcome.err) == (0, "")
    assert (
        re.sub(r"0\.\d\d", "0.xx", outcome.out)
        == """\
  Georgia left the commonwealth in 2009. [1]

  [1] The Commonwealth of Independent States
      corpus/nested/cis.md:3
      “Georgia left the commonwealth in 2009.”

  confidence 0.xx · 1 quote from 1 article
"""
    )


def test_an_answer_as_json(indexed: Runner) -> None:
    outcome = indexed("ask", QUESTION, *SURE, "--json")
    assert outcome.code == 0
    answer = outcome.json
    assert (answer["schema"], answer["question"], answer["status"]) == ("briefqa.answer/1", QUESTION, "answered")
    assert 0.0 < answer["confidence"] < 1.0
    assert answer["answer"] == {"text": "Georgia left the commonwealth in 2009.", "markers": [1]}
    document: dict[str, object] = {
        "id": DOCUMENT_ID,
        "path": "corpus/nested/cis.md",
        "title": "The Commonwealth of Independent States",
        "source": None,
        "authors": [],
        "published": None,
        "updated": None,
        "url": None,
        "language": "en",
        "tags": [],
        "lines_of": "file",
        "collection": None,
    }
    # The heading has 40 characters, and two line ends; the first sentence 46, and a space.
    assert answer["citations"] == [
        {
            "marker": 1,
            "passage_id": answer["hits"][0]["passage_id"],
            "quote": "Georgia left the commonwealth in 2009.",
            "sha256": hashlib.sha256(b"Georgia left the commonwealth in 2009.").hexdigest(),
            "start": 40 + 2 + 46 + 1,
            "end": 40 + 2 + 46 + 1 + 38,
            "lines": [3, 3],
            "page": None,
            "link": None,
            "relative_dates": [],
            "file_state": "as indexed",
            "document": document,
            "also_in": [],
            "versions": [],
        }
    ]
    assert [(hit["rank"], hit["document"], hit["lines"]) for hit in answer["hits"]] == [(1, document, [1, 8])]
    assert (answer["missing"], answer["notes"]) == ([], [])
    assert answer["index"] == {
        "generation": 1,
        "documents": 5,
        "passages": 6,
        "encoder": "all-MiniLM-L6-v2",
        "stale": False,
        "changes": {"new": 0, "changed": 0, "removed": 0},
    }
    assert list(answer["milliseconds"]) == ["load", "retrieve", "answer", "total"]


def test_lines_count_the_front_matter(indexed: Runner) -> None:
    answer = indexed("ask", "Who followed as secretary, Khachaturov of Armenia?", *SURE, "--json").json
    (citation,) = answer["citations"]
    lines = Path("corpus/csto.md").read_text(encoding="utf-8").split("\n")
    first, last = citation["lines"]
    assert "Khachaturov" in citation["quote"]
    assert citation["quote"] in "\n".join(lines[first - 1 : last])
    assert citation["document"]["authors"] == ["Anna Petrosyan", "Boris Ivanov"]


def test_no_answer(indexed: Runner) -> None:
    outcome = indexed("ask", QUESTION, *UNSURE)
    assert (outcome.code, outcome.err) == (1, "")
    assert (
        re.sub(r"0\.\d\d", "0.xx", outcome.out)
        == """\
  Nothing in these articles answers this.

  nearest: The Commonwealth of Independent States
      corpus/nested/cis.md:1-8  {id}
      “Georgia left the commonwealth in 2009.”

  Not enough: it says nothing of “leave”.

  confidence 0.xx
""".replace("{id}", indexed("search", QUESTION, "-r", "lexical", "--json").json["hits"][0]["passage_id"])
    )


def test_no_answer_as_json_has_the_same_keys(indexed: Runner) -> None:
    outcome = indexed("ask", QUESTION, *UNSURE, "--json")
    assert outcome.code == 1
    answer = outcome.json
    assert list(answer) == list(indexed("ask", QUESTION, *SURE, "--json").json)
    assert (answer["status"], answer["answer"], answer["citations"], answer["missing"]) == (
        "no_answer",
        None,
        [],
        ["leave"],
    )
    assert [hit["document"]["path"] for hit in answer["hits"]] == ["corpus/nested/cis.md"]


@pytest.mark.parametrize("retriever", ["dense", "lexical", "hybrid"])
def test_every_retriever_answers(indexed: Runner, retriever: str) -> None:
    outcome = indexed("ask", QUESTION, "-r", retriever, "--min-confidence", "0", "-n", "20", "--json")
    assert outcome.code == 0
    quotes = [citation["quote"] for citation in outcome.json["citations"]]
    assert "Georgia left the commonwealth in 2009." in quotes
    assert len(quotes) == len(set(quotes))


def test_another_script_is_a_question_that_nothing_answers(indexed: Runner) -> None:
    question = "ვინ ხელმძღვანელობს ორგანიზაციას?"
    outcome = indexed("ask", question)
    assert (outcome.code, outcome.err) == (1, "")
    assert outcome.out.startswith("  Nothing in these articles answers this.\n")
    assert "it says nothing of “ვინ”, “ხელმძღვანელობს” or “ორგანიზაციას”" in outcome.out
    assert outcome.out.endswith("\n  Note: None of the question's words stands in these articles.\n")
    answer = indexed("ask", question, "--retriever", "lexical", "--json").json
    assert (answer["question"], answer["hits"], answer["confidence"]) == (question, [], 0.0)


@pytest.mark.parametrize("question", ["", " ", "\n\t ", "\u2003"])
def test_an_empty_question(indexed: Runner, question: str) -> None:
    outcome = indexed("ask", question)
    assert (outcome.code, outcome.out, outcome.err) == (2, "", f"error: {EMPTY}\n")
    outcome = indexed("ask", "--json", "--", question)
    assert outcome.code == 2
    assert outcome.json_error == {
        "schema": "briefqa.error/1",
        "error": "UsageError",
        "message": EMPTY,
        "exit_code": 2,
    }


def test_ten_thousand_words(indexed: Runner) -> None:
    outcome = indexed("ask", " ".join(["commonwealth"] * 10_000))
    assert (outcome.code, outcome.out) == (2, "")
    assert outcome.err == (  # 10,000 words of 12 letters, and 9,999 spaces
        "error: The question is 129,999 characters long and may have 2,000 at most."
        " Ask for what you want to know, not with the whole text.\n"
    )


def test_a_long_question_is_judged_by_its_beginning(indexed: Runner) -> None:
    answer = indexed("ask", " ".join(["commonwealth"] * 100), "--json").json
    assert answer["notes"] == ["The question is 102 tokens long; its meaning is judged by the first 64."]


def test_the_question_on_stdin(indexed: Runner) -> None:
    asked = indexed("ask", "-", *SURE, "--json", stdin=f"\n  {QUESTION}\n\n".encode())
    assert asked.code == 0
    assert asked.json["question"] == QUESTION
    assert asked.json["citations"] == indexed("ask", QUESTION, *SURE, "--json").json["citations"]


@pytest.mark.parametrize(
    ("stdin", "message"),
    [
        (b"", EMPTY),
        (b" \n", EMPTY),
        (b"caf\xe9?", "The question on stdin is not UTF-8 (byte 3)."),
        (b"\xff", "The question on stdin is not UTF-8 (byte 0)."),
    ],
)
def test_stdin_that_holds_no_question(indexed: Runner, stdin: bytes, message: str) -> None:
    outcome = indexed("ask", "-", stdin=stdin)
    assert (outcome.code, outcome.out, outcome.err) == (2, "", f"error: {message}\n")
    assert indexed("ask", "-", "--json", stdin=stdin).json_error["message"] == message


def test_a_byte_that_is_no_text_in_an_argument(indexed: Runner) -> None:
    outcome = indexed("ask", "caf\udce9 commonwealth?", *SURE, "--json")
    assert outcome.code == 0
    assert outcome.json["question"] == "caf? commonwealth?"


@pytest.mark.parametrize("command", ["ask", "search"])
def test_no_index(run: Runner, articles: Path, command: str) -> None:
    outcome = run(command, QUESTION)
    message = "There is no index in index. Make one with: briefqa index"
    assert (outcome.code, outcome.out, outcome.err) == (3, "", f"error: {message}\n")
    outcome = run(command, QUESTION, "--json", "-i", "no/where")
    assert outcome.code == 3
    assert outcome.json_error == {
        "schema": "briefqa.error/1",
        "error": "IndexMissing",
        "message": "There is no index in no/where. Make one with: briefqa index",
        "exit_code": 3,
    }


@pytest.mark.parametrize("command", ["ask", "search"])
def test_an_index_made_with_another_encoder(indexed: Runner, command: str) -> None:
    message = (
        "The index in index was made with the encoder all-MiniLM-L6-v2, and fake-other is asked for."
        " Ask without it, or make the index anew with: briefqa index --encoder fake-other"
    )
    outcome = indexed(command, QUESTION, "--encoder", "fake-other")
    assert (outcome.code, outcome.out, outcome.err) == (3, "", f"error: {message}\n")
    assert indexed(command, QUESTION, "--encoder", "fake-other", "--json").json_error == {
        "schema": "briefqa.error/1",
        "error": "IndexMismatch",
        "message": message,
        "exit_code": 3,
    }
    assert indexed(command, "Georgia", "--encoder", "sentence-transformers/all-MiniLM-L6-v2").code in (0, 1)


@pytest.mark.parametrize("command", ["ask", "search"])
def test_strict_refuses_a_stale_index(indexed: Runner, articles: Path, command: str) -> None:
    options = SURE if command == "ask" else ("-r", "lexical")
    assert indexed(command, QUESTION, *options, "--strict").code == 0
    (articles / "new.md").write_text("New.\n", encoding="utf-8")
    (articles / "union.text").unlink()
    message = (
        "The articles have moved on since the index was made (1 new, 0 changed, 1 removed)."
        " Bring it up to date with: briefqa index, or ask with --refresh"
    )
    outcome = indexed(command, QUESTION, *options, "--strict")
    assert (outcome.code, outcome.out, outcome.err) == (3, "", f"error: {message}\n")
    assert indexed(command, QUESTION, *options, "--strict", "--json").json_error == {
        "schema": "briefqa.error/1",
        "error": "IndexStale",
        "message": message,
        "exit_code": 3,
    }
    relaxed = indexed(command, QUESTION, *options, "--json")
    assert relaxed.code == 0
    assert (relaxed.json["index"]["stale"], relaxed.json["notes"]) == (True, [STALE_NOTE])
    assert indexed("index").code == 0
    assert indexed(command, QUESTION, *options, "--strict").code == 0


def test_strict_refuses_an_index_without_its_articles(indexed: Runner, articles: Path) -> None:
    shutil.rmtree(articles)
    outcome = indexed("ask", QUESTION, *SURE, "--strict")
    assert (outcome.code, outcome.out) == (3, "")
    assert outcome.err == (
        "error: The articles that the index was made from are not there (corpus), so nobody can tell whether it is"
        " up to date. Ask without --strict, or make the index anew with: briefqa index FOLDER\n"
    )
    relaxed = indexed("ask", QUESTION, *SURE, "--json")
    assert (relaxed.code, relaxed.json["index"]["stale"], relaxed.json["notes"]) == (0, None, [])


def test_an_index_can_be_asked_from_another_folder(
    indexed: Runner, articles: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(articles)
    answer = indexed("ask", QUESTION, *SURE, "--index", "../index", "--json").json
    assert answer["citations"][0]["document"]["path"] == "nested/cis.md"


def test_unknown_retriever(indexed: Runner) -> None:
    outcome = indexed("ask", QUESTION, "--retriever", "sparse")
    assert (outcome.code, outcome.out) == (2, "")
    assert outcome.err == "error: retriever is 'sparse'; it must be dense, lexical or hybrid.\n"


@pytest.mark.parametrize(
    ("file", "damage", "message"),
    [
        ("CURRENT", b"what?\n", "index/CURRENT is damaged."),
        ("gen-000001/manifest.json", b"{", "index/gen-000001/manifest.json is damaged."),
        (
            "gen-000001/seg-000001/catalog.sqlite",
            b"",
            "index/gen-000001/seg-000001/catalog.sqlite has 0 bytes and should have ",
        ),
        (
            "gen-000001/seg-000001/dense.faiss",
            None,
            "index/gen-000001/seg-000001/dense.faiss is missing or unreadable.",
        ),
    ],
)
def test_a_damaged_index(indexed: Runner, file: str, damage: bytes | None, message: str) -> None:
    path = Path("index", file)
    if damage is None:
        path.unlink()
    else:
        path.write_bytes(damage)
    outcome = indexed("ask", QUESTION)
    assert (outcome.code, outcome.out) == (3, "")
    assert outcome.err.startswith(f"error: {message}")
    assert outcome.err.endswith(" Make the index again with: briefqa index --rebuild\n")
    error = indexed("ask", QUESTION, "--json").json_error
    assert (error["error"], error["exit_code"]) == ("IndexDamaged", 3)


def test_hostile_articles_and_questions_steer_no_terminal(
    run: Runner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("corpus").mkdir()
    title = "T\x1b]0;owned\x07\u202e\x9b31m"
    body = "Georgia\x1b[2J left\u202e the \x9b31mcommonwealth.\n" + "Plain words follow. " * 40
    Path("corpus/a.txt").write_text(f"{title}\n\n{body}\n", encoding="utf-8")
    assert run("index").code == 0
    for arguments in (
        ("ask", "Georgia commonwealth", *SURE),
        ("ask", "Georgia \x1b[31m\u202e commonwealth", *UNSURE),
        ("search", "Georgia"),
        ("ask", "Georgia commonwealth\u202e", *SURE, "--json"),
        ("search", "Georgia\x9b", "--json"),
        ("ask", "Georgia", "-i", "\x1b[31m\x9b\u202e"),
        ("ask", "Georgia", "-i", "\x1b[31m\x9b\u202e", "--json"),
    ):
        outcome = run(*arguments)
        assert re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]", outcome.out + outcome.err) is None
    quote = run("ask", "Georgia commonwealth", *SURE, "--json").json["citations"][0]["quote"]
    assert quote == "Georgia\x1b[2J left\u202e the \x9b31mcommonwealth."
