from __future__ import annotations

import builtins
import json
import os
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from briefqa.cli import dialogue
from briefqa.evaluation import locking
from briefqa.evaluation.datasets import Question
from briefqa.evaluation.question_files import append_question
from tests.cli.runner import Runner

GEORGIA = {"document": "nested/cis.md", "quote": "Georgia left the commonwealth in 2009."}
OLD = '{"id": "q7", "question": "Who flew the zeppelin?", "tags": ["none"], "gold": []}\n'
HELP = """\
Type the numbers of the sentences that answer it: 2, or 2-3 for neighbours as
one quote, or 1,4 for two quotes. Or: s WORDS to search with other words, n if
nothing answers it, q to stop; an empty line leaves the question out.
"""


def add(indexed: Runner, typed: str, *options: str) -> tuple[int, str, str]:
    outcome = indexed("eval", "add", "q.jsonl", "-r", "lexical", *options, stdin=typed.encode())
    return outcome.code, outcome.out, outcome.err


def records() -> list[dict[str, object]]:
    return [json.loads(line) for line in Path("q.jsonl").read_text(encoding="utf-8").splitlines()]


def test_a_session(indexed: Runner) -> None:
    Path("q.jsonl").write_text(OLD, encoding="utf-8")
    code, out, err = add(indexed, "When did Georgia leave the commonwealth?\n2\ndate, fact,date\n\n", "-k", "1")
    assert code == 0
    assert out == (
        "q8 When did Georgia leave the commonwealth? [date, fact]\n"
        "  “Georgia left the commonwealth in 2009.” (nested/cis.md)\n"
    )
    assert err == (
        f"{HELP}\nQuestion: "
        "  The Commonwealth of Independent States\n"
        "  corpus/nested/cis.md:1-8\n"
        "   1  The commonwealth was founded in December 1991.\n"
        "   2  Georgia left the commonwealth in 2009.\n"
        "   3  Its council of heads of state meets every year.\n"
        "   4  Its executive committee sits in Minsk.\n"
        "   5  Azerbaijan is a member of the commonwealth and of no military alliance of\n"
        "      Russia.\n\n"
        "Gold: Tags so far: none\n"
        "Tags, separated by commas, or none: "
        "\nQuestion: "
    )
    assert Path("q.jsonl").read_text(encoding="utf-8") == (
        f'{OLD}{{"id": "q8", "question": "When did Georgia leave the commonwealth?", "tags": ["date", "fact"],'
        f' "gold": [{json.dumps(GEORGIA)}]}}\n'
    )
    assert indexed("eval", "q.jsonl").code == 0


def test_the_set_is_made(indexed: Runner) -> None:
    code, out, _ = add(indexed, "Who flew  the\tzeppelin?\nn\n\nWhich members?\nq\n")
    assert (code, out) == (0, "q001 Who flew the zeppelin?\n  nothing answers it\n")
    assert records() == [{"id": "q001", "question": "Who flew the zeppelin?", "tags": [], "gold": []}]


def test_numbers_go_on_from_search_to_search(indexed: Runner) -> None:
    typed = "Georgia commonwealth\ns Union State joins\ns\n1,6\n\n\n"
    code, _, err = add(indexed, typed, "-k", "1")
    assert code == 0
    shown = [line[:40] for line in err.splitlines() if line[:4].strip().isdigit()]
    assert shown == [
        *(first := ["   1  The commonwealth was founded in De", "   2  Georgia left the commonwealth in 2"]),
        *(rest := ["   3  Its council of heads of state meet", "   4  Its executive committee sits in Mi"]),
        (last := "   5  Azerbaijan is a member of the comm"),
        "   6  The Union State joins Russia and B",
        "   7  Its treaty was signed in 1999.",
        *first,
        *rest,
        last,
    ]
    (record,) = records()
    assert record["gold"] == [
        {"document": "nested/cis.md", "quote": "The commonwealth was founded in December 1991."},
        {"document": "union.text", "quote": "The Union State joins Russia and Belarus."},
    ]


def test_neighbours_are_one_quote_with_single_spaces(indexed: Runner) -> None:
    add(indexed, "six members belong\n1-2\n\n\n", "-k", "1")
    (record,) = records()
    assert record["gold"] == [
        {
            "document": "csto.md",
            "quote": "The Collective Security Treaty Organisation has six members. Armenia, Belarus, Kazakhstan,"
            " Kyrgyzstan, Russia and Tajikistan belong to it.",
        }
    ]


def test_a_quote_that_stands_earlier_too_is_widened(indexed: Runner, articles: Path) -> None:
    (articles / "twice.md").write_text(
        "Zebras sleep. They rest. Lions sleep. They rest. Hyenas wake.\n", encoding="utf-8"
    )
    assert indexed("index").code == 0
    code, out, _ = add(indexed, "zebras lions hyenas\n4\n\n\n", "-k", "1")
    assert (code, out) == (0, "q001 zebras lions hyenas\n  “Lions sleep. They rest.” (twice.md)\n")


def test_what_is_no_selection_is_asked_again(indexed: Runner) -> None:
    code, _, err = add(indexed, "Georgia commonwealth\n77\n2-\nx\n3-2\n2\n\n\n", "-k", "1")
    assert code == 0
    assert "Gold: '77' is none of the numbers 1 to 5; type for example 2, 2-3 or 1,4\nGold: " in err
    assert "3-2 runs backwards; type 2-3\n" in err
    assert records()[0]["gold"] == [GEORGIA]


def test_a_question_left_out_and_a_stop(indexed: Runner) -> None:
    code, out, err = add(indexed, "Georgia commonwealth\n\nGeorgia?\nq\nn\n")
    assert (code, out) == (0, "")
    assert "Gold: Left out.\n\nQuestion: " in err
    assert not Path("q.jsonl").exists()


def test_near_duplicates_are_pointed_out(indexed: Runner) -> None:
    Path("q.jsonl").write_text(OLD, encoding="utf-8")
    _, _, err = add(indexed, "who flew the zeppelin\nq\n")
    assert "Much like q7: Who flew the zeppelin?\n" in err
    _, _, err = add(indexed, "When was the charter signed?\nq\n")
    assert "Much like" not in err


def test_one_question(indexed: Runner) -> None:
    outcome = indexed(
        "eval", "add", "q.jsonl", "-k", "1", "--question", " When did Georgia leave? ", stdin=b"2\ndate\n"
    )
    assert outcome.code == 0
    assert "Question:" not in outcome.err
    assert records() == [{"id": "q001", "question": "When did Georgia leave?", "tags": ["date"], "gold": [GEORGIA]}]
    outcome = indexed("eval", "add", "q.jsonl", "--question", " ")
    assert (outcome.code, outcome.out) == (2, "")
    assert outcome.err == "error: The question is empty; give one behind --question, or leave it out to be asked.\n"


def test_an_overlong_question_can_be_searched_for_with_other_words(indexed: Runner) -> None:
    code, _, err = add(indexed, f"{'x' * 2001}\ns Georgia commonwealth\n2\n\n\n", "-k", "1")
    assert code == 0
    assert "The question is 2,001 characters long and may have 2,000 at most." in err
    assert records()[0]["gold"] == [GEORGIA]


def test_json(indexed: Runner) -> None:
    outcome = indexed("eval", "add", "q.jsonl", "-k", "1", "--json", stdin=b"Georgia left?\n2\n\nZeppelins?\nn\na\n\n")
    assert outcome.code == 0
    assert json.loads(outcome.out) == {
        "schema": "briefqa.add/1",
        "path": "q.jsonl",
        "questions": [
            {"id": "q001", "question": "Georgia left?", "tags": [], "gold": [GEORGIA]},
            {"id": "q002", "question": "Zeppelins?", "tags": ["a"], "gold": []},
        ],
    }


def test_csv_is_a_table_that_can_be_imported(indexed: Runner) -> None:
    typed = "Georgia left, or not?\n1,4\na,b c\nZeppelins?\nn\n\n\n"
    code, out, err = add(indexed, typed, "-k", "1", "--csv")
    assert code == 0
    assert out == (
        "id,question,tags,document,quote\n"
        'q001,"Georgia left, or not?",a|b c,nested/cis.md,The commonwealth was founded in December 1991.\n'
        'q001,"Georgia left, or not?",a|b c,nested/cis.md,Its executive committee sits in Minsk.\n'
        "q002,Zeppelins?,,,\n"
    )
    assert "q001" not in err
    Path("t.csv").write_text(out, encoding="utf-8")
    assert indexed("eval", "import", "csv", "t.csv").code == 0
    assert Path("t.jsonl").read_bytes() == Path("q.jsonl").read_bytes()
    assert add(indexed, "", "--csv")[:2] == (0, "id,question,tags,document,quote\n")


@pytest.mark.parametrize(
    ("typed", "added"),
    [
        (b"", 0),
        (b"Georgia commonwealth\n", 0),
        (b"Georgia commonwealth\n2", 1),  # the gold was told, its tags were not
        (b"Georgia commonwealth\n2\ndate", 1),
        (b"Georgia commonwealth\n2\ndate\nZeppelins?\n", 1),
    ],
)
def test_the_end_of_stdin_ends_it(indexed: Runner, typed: bytes, added: int) -> None:
    outcome = indexed("eval", "add", "q.jsonl", "-k", "1", "--json", stdin=typed)
    assert outcome.code == 0
    assert len(json.loads(outcome.out)["questions"]) == added
    assert (len(records()) if added else Path("q.jsonl").exists()) == added


@pytest.fixture
def typed_at_a_terminal(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str | BaseException]]:
    """What is typed line by line at a terminal, and what is raised then."""
    lines: list[str | BaseException] = []

    def read(prompt: str) -> str:
        line = lines.pop(0)
        if isinstance(line, BaseException):
            raise line
        return line

    monkeypatch.setattr(dialogue, "at_terminal", lambda: True)
    monkeypatch.setattr(builtins, "input", read)
    yield lines
    assert lines == []


def test_an_interruption_keeps_what_was_confirmed(
    indexed: Runner, typed_at_a_terminal: list[str | BaseException]
) -> None:
    typed_at_a_terminal += ["Georgia commonwealth", " 2 ", "date", "Zeppelins?", KeyboardInterrupt()]
    outcome = indexed("eval", "add", "q.jsonl", "-k", "1", "--json")
    assert outcome.code == 130
    assert json.loads(outcome.err.splitlines()[-1])["error"] == "Interrupted"
    assert [question["question"] for question in json.loads(outcome.out)["questions"]] == ["Georgia commonwealth"]
    assert records() == [{"id": "q001", "question": "Georgia commonwealth", "tags": ["date"], "gold": [GEORGIA]}]


def test_an_interruption_among_the_tags_leaves_no_half(
    indexed: Runner, typed_at_a_terminal: list[str | BaseException]
) -> None:
    Path("q.jsonl").write_text(OLD, encoding="utf-8")
    typed_at_a_terminal += ["Georgia commonwealth", "2", KeyboardInterrupt()]
    assert indexed("eval", "add", "q.jsonl", "-k", "1").code == 130
    assert Path("q.jsonl").read_text(encoding="utf-8") == OLD


def test_what_can_not_be_written_is_said_and_asked_again(indexed: Runner, monkeypatch: pytest.MonkeyPatch) -> None:
    Path("q.jsonl").write_text(OLD, encoding="utf-8")

    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", fail)
    code, out, err = add(indexed, "Georgia commonwealth\n2\n\n", "-k", "1")
    assert (code, out) == (0, "")
    assert "q.jsonl: can't write the question set (No space left on device), and left it as it was;" in err
    assert Path("q.jsonl").read_text(encoding="utf-8") == OLD
    assert sorted(path.name for path in Path().iterdir()) == ["corpus", "index", "q.jsonl"]


def test_another_writer_is_told_and_the_gold_asked_for_again(
    indexed: Runner, monkeypatch: pytest.MonkeyPatch, busy: str
) -> None:
    monkeypatch.setattr(locking, "_PATIENCE", 0.05)
    Path("q.jsonl").write_text(OLD, encoding="utf-8")
    code, out, err = add(indexed, "Georgia commonwealth\n2\n\n", "-k", "1")
    assert (code, out) == (0, "")
    assert f"none: {busy}\nGold: " in err
    assert Path("q.jsonl").read_text(encoding="utf-8") == OLD


def test_what_another_writer_added_meanwhile_stays(indexed: Runner, monkeypatch: pytest.MonkeyPatch) -> None:
    Path("q.jsonl").write_text(OLD, encoding="utf-8")
    real = dialogue.Dialogue.ask

    def ask(self: dialogue.Dialogue, prompt: str, *, known: Sequence[str] = ()) -> str:
        if prompt.startswith("Tags"):
            append_question("q.jsonl", Question("", "Who sank the ship?", (), (), 1))
        return real(self, prompt, known=known)

    monkeypatch.setattr(dialogue.Dialogue, "ask", ask)
    code, out, _ = add(indexed, "Georgia commonwealth\n2\n\n\n", "-k", "1")
    assert (code, out.splitlines()[0]) == (0, "q9 Georgia commonwealth")
    assert [record["id"] for record in records()] == ["q7", "q8", "q9"]


def test_a_set_that_is_no_good_is_refused_first(indexed: Runner) -> None:
    Path("q.jsonl").write_text("{}\n", encoding="utf-8")
    code, out, err = add(indexed, "Who?\n")
    assert (code, out) == (2, "")
    assert err.startswith("error: q.jsonl: 4 problems in the question set; correct it and run again\n")
    assert "Question:" not in err


def test_bytes_that_are_no_text(indexed: Runner) -> None:
    outcome = indexed("eval", "add", "q.jsonl", stdin=b"Gen\xe8ve?\n")
    assert outcome.code == 2
    assert outcome.err.endswith("error: What stands on stdin is not UTF-8 (byte 3). Save it as UTF-8 and run again.\n")


def test_no_index(run: Runner, articles: Path) -> None:
    outcome = run("eval", "add", "q.jsonl", stdin=b"Who?\n")
    assert (outcome.code, outcome.out) == (3, "")
    assert outcome.err == "error: There is no index in index. Make one with: briefqa index\n"


def test_a_stale_index_is_told(indexed: Runner, articles: Path) -> None:
    (articles / "new.md").write_text("New.\n", encoding="utf-8")
    _, _, err = add(indexed, "")
    assert err.startswith("Note: the articles have changed since the index was made; this looks at the index.\n")


def test_a_document_that_is_there_twice_can_hold_no_gold(indexed: Runner, tmp_path: Path) -> None:
    other = tmp_path / "other" / "nested"
    other.mkdir(parents=True)
    (other / "cis.md").write_text("Something else stands here.\n", encoding="utf-8")
    assert indexed("index", "corpus", "other").code == 0
    code, out, err = add(indexed, "Georgia commonwealth\n2\n", "-k", "1")
    assert (code, out) == (0, "")
    assert "the index holds more than one document of that name" in err
    assert not Path("q.jsonl").exists()


def test_hostile_text_steers_nothing(indexed: Runner, articles: Path) -> None:
    (articles / "evil.md").write_text("Evil \x1b[2J zebras \u202e sleep here.\n", encoding="utf-8")
    assert indexed("index").code == 0
    question = "Evil zebras \x1b]0;x\x07?"
    code, out, err = add(indexed, f"{question}\n1\n\x1b[2J\n\n", "-k", "1")
    assert code == 0
    assert not {"\x1b", "\u202e", "\x07"} & set(out + err)
    assert "   1  Evil \ufffd[2J zebras \ufffd sleep here.\n" in err
    assert records()[0]["question"] == question
    assert records()[0]["gold"] == [{"document": "evil.md", "quote": "Evil \x1b[2J zebras \u202e sleep here."}]
