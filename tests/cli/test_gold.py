from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from briefqa.evaluation import locking
from tests.cli.runner import Runner
from tests.made_once import MadeOnce

LEFT = "Georgia left the commonwealth in 2009."
LINES = (
    '{"id": "q1", "question": "When did Georgia leave?",  "tags": [], "gold":'
    ' [{"document": "nested/cis.md", "quote": "Georgia left the commonwealth in 2009."}]}\n',
    '{"id": "q2", "question": "Where?", "tags": [], "gold": [{"document": "union.text", "quote": "signed in 1999"},'
    ' {"document": "nested/cis.md", "quote": "Its executive committee sits in Minsk."}]}\n',
)


@pytest.fixture
def changed(indexed: Runner, articles: Path, made_once: MadeOnce) -> Runner:
    """`indexed`, after one gold was edited and another moved."""

    def make() -> None:
        Path("q.jsonl").write_text("".join(LINES), encoding="utf-8")
        text = (articles / "nested/cis.md").read_text(encoding="utf-8")
        (articles / "nested/cis.md").write_text(text.replace("in 2009", "in 2008"), encoding="utf-8")
        (articles / "union.text").rename(articles / "state.text")
        assert indexed("index").code == 0

    made_once("gold changed", make)
    return indexed


def test_all_where_they_were(indexed: Runner) -> None:
    Path("q.jsonl").write_text("".join(LINES), encoding="utf-8")
    outcome = indexed("eval", "gold", "q.jsonl", "--fix")
    assert (outcome.code, outcome.err) == (0, "")
    assert outcome.out == "3 golds: 3 where they were, 0 moved or changed, 0 lost\n"
    assert Path("q.jsonl").read_text(encoding="utf-8") == "".join(LINES)


def test_what_moved_or_changed_is_listed(changed: Runner) -> None:
    outcome = changed("eval", "gold", "q.jsonl")
    assert (outcome.code, outcome.err) == (0, "")
    # One of six words and a mark that counts half: 1 - 1 / 6.5.
    assert outcome.out == (
        "q.jsonl:1: question q1: changed in nested/cis.md (85% alike)\n"
        "    … the commonwealth in [2009. -> 2008.]\n"
        "q.jsonl:2: question q2: moved from union.text to state.text\n"
        "    “signed in 1999”\n"
        "3 golds: 1 where they were, 2 moved or changed, 0 lost; write the places found\n"
        "with --fix\n"
    )
    assert Path("q.jsonl").read_text(encoding="utf-8") == "".join(LINES)


def test_they_are_written_back(changed: Runner) -> None:
    outcome = changed("eval", "gold", "q.jsonl", "--fix")
    assert outcome.code == 0
    assert "2 moved or changed, 0 lost; the places found were written to the set" in " ".join(outcome.out.split())
    # Byte for byte, but for the strings that had to change.
    assert Path("q.jsonl").read_text(encoding="utf-8") == (
        LINES[0].replace("in 2009.", "in 2008.") + LINES[1].replace("union.text", "state.text")
    )
    assert changed("eval", "gold", "q.jsonl").out == "3 golds: 3 where they were, 0 moved or changed, 0 lost\n"


def test_lost_gold(changed: Runner, articles: Path) -> None:
    (articles / "state.text").unlink()
    assert changed("index").code == 0
    outcome = changed("eval", "gold", "q.jsonl", "--fix")
    assert (outcome.code, outcome.err) == (2, "")
    assert (
        "q.jsonl:2: question q2: lost: the document 'union.text' is not in the index\n(quote 'signed in" in outcome.out
    )
    assert "1 where they were, 1 moved or changed, 1 lost; the places found were" in " ".join(outcome.out.split())
    assert Path("q.jsonl").read_text(encoding="utf-8") == LINES[0].replace("in 2009.", "in 2008.") + LINES[1]


def test_json(changed: Runner) -> None:
    value = changed("eval", "gold", "q.jsonl", "--json").json
    assert (value["schema"], value["path"], value["golds"], value["written"]) == ("briefqa.gold/1", "q.jsonl", 3, False)
    assert value["lost"] == []
    assert [(entry["line"], entry["kind"], entry["found_document"]) for entry in value["drift"]] == [
        (1, "edited", "nested/cis.md"),
        (2, "moved", "state.text"),
    ]
    assert changed("eval", "gold", "q.jsonl", "--fix", "--json").json["written"] is True


def test_another_writer_is_waited_for_and_told(changed: Runner, monkeypatch: pytest.MonkeyPatch, busy: str) -> None:
    monkeypatch.setattr(locking, "_PATIENCE", 0.05)
    outcome = changed("eval", "gold", "q.jsonl", "--fix")
    assert (outcome.code, outcome.out, outcome.err) == (2, "", f"error: {busy}\n")
    assert Path("q.jsonl").read_text(encoding="utf-8") == "".join(LINES)
    assert changed("eval", "gold", "q.jsonl").code == 0


def test_csv(changed: Runner, articles: Path) -> None:
    (articles / "state.text").unlink()
    assert changed("index").code == 0
    outcome = changed("eval", "gold", "q.jsonl", "--csv")
    assert outcome.code == 2
    header, edited, lost = csv.reader(io.StringIO(outcome.out))
    assert header == [
        "line", "question", "kind", "document", "quote", "found_document", "found_quote", "similarity", "reason",
    ]  # fmt: skip
    assert edited[:7] == ["1", "q1", "edited", "nested/cis.md", LEFT, "nested/cis.md", LEFT.replace("9.", "8.")]
    assert float(edited[7]) == pytest.approx(1 - 1 / 6.5)
    assert lost[:5] == ["2", "q2", "lost", "union.text", "signed in 1999"]
    assert lost[5:8] == ["", "", ""]
    assert lost[8].startswith("the document 'union.text' is not in the index")


def test_errors(indexed: Runner) -> None:
    outcome = indexed("eval", "gold", "no.jsonl")
    assert (outcome.code, outcome.out) == (2, "")
    assert outcome.err.startswith("error: no.jsonl: can't read the question set")
    assert indexed("eval", "gold", "q.jsonl", "--index", "no").code == 2
    Path("q.jsonl").write_text("".join(LINES), encoding="utf-8")
    assert indexed("eval", "gold", "q.jsonl", "--index", "no").code == 3


def test_hostile_text_steers_nothing(indexed: Runner) -> None:
    record = {"id": "q\x1b", "question": "?", "tags": [], "gold": [{"document": "\x1b[2J", "quote": "\u202e no"}]}
    Path("q.jsonl").write_text(json.dumps(record) + "\n", encoding="utf-8")
    for options in ([], ["--json"], ["--csv"]):
        outcome = indexed("eval", "gold", "q.jsonl", *options)
        assert outcome.code == 2
        assert not {"\x1b", "\u202e"} & set(outcome.out + outcome.err)
