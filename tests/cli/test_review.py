from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.runner import Runner

GOLD = {"document": "nested/cis.md", "quote": "Georgia left the commonwealth in 2009."}
RECORD = {"id": "q9", "question": "Which members has the alliance?", "tags": [], "gold": [GOLD]}
CSTO = "The Collective Security Treaty Organisation has six members."
UNION = "The Union State joins Russia and Belarus. Its treaty was signed in 1999."
HELP = """\
Does the passage answer the question as well as the gold does? Type the numbers
of the sentences that do (2, or 2-3 for neighbours; y if there is one), n if
none does, s to skip it, q to stop.
"""


def write(*records: object) -> None:
    Path("q.jsonl").write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")


def question(identity: str, text: str, *golds: dict[str, str]) -> dict[str, object]:
    return {"id": identity, "question": text, "tags": [], "gold": list(golds)}


def review(indexed: Runner, typed: str, *options: str) -> tuple[int, str, str]:
    outcome = indexed("eval", "review", "q.jsonl", "-r", "lexical", *options, stdin=typed.encode())
    return outcome.code, outcome.out, outcome.err


def golds() -> list[list[dict[str, str]]]:
    return [json.loads(line)["gold"] for line in Path("q.jsonl").read_text(encoding="utf-8").splitlines()]


def judged() -> list[dict[str, object]]:
    path = Path("q.judged.jsonl")
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()] if path.exists() else []


def test_no_is_kept_and_nobody_is_asked_again(indexed: Runner) -> None:
    write(question("q1", "Union State treaty", GOLD))
    before = Path("q.jsonl").read_bytes()
    code, out, err = review(indexed, "n\n", "--depth", "1")
    assert (code, out) == (0, "0 golds added, 1 passage refused, 0 left to judge\n")
    assert err == (
        f"{HELP}\n"
        "[1/1] q1 Union State treaty\n"
        "  “Georgia left the commonwealth in 2009.” (nested/cis.md)\n\n"
        "  union.text\n"
        "  corpus/union.text:1  rank 1\n"
        "   1  The Union State joins Russia and Belarus.\n"
        "   2  Its treaty was signed in 1999.\n"
        "Answers it: "
    )
    assert judged() == [{"question": "q1", "document": "union.text", "passage": UNION, "relevant": False}]
    assert Path("q.jsonl").read_bytes() == before
    assert review(indexed, "", "--depth", "1") == (0, "0 golds added, 0 passages refused, 0 left to judge\n", "")


def test_yes_adds_a_gold(indexed: Runner) -> None:
    write(question("q1", "Union State treaty", GOLD), question("q2", "members belong", GOLD))
    code, out, _ = review(indexed, "y\n0\n2\nq\n", "--depth", "1")
    assert (code, out) == (0, "1 gold added, 0 passages refused, 1 left to judge\n")
    assert golds() == [[GOLD, {"document": "union.text", "quote": "Its treaty was signed in 1999."}], [GOLD]]
    assert judged() == []
    # The passage holds a gold now.
    assert review(indexed, "q\n", "--depth", "1")[1] == "0 golds added, 0 passages refused, 1 left to judge\n"
    assert indexed("eval", "q.jsonl").code == 0


def test_y_is_enough_for_the_only_sentence(indexed: Runner, articles: Path) -> None:
    (articles / "one.md").write_text("Zebras sleep standing.\n", encoding="utf-8")
    assert indexed("index").code == 0
    write(question("q1", "zebras", GOLD))
    assert review(indexed, "y\n", "--depth", "1")[1] == "1 gold added, 0 passages refused, 0 left to judge\n"
    assert golds() == [[GOLD, {"document": "one.md", "quote": "Zebras sleep standing."}]]


def test_several_golds_at_once_and_no_more_than_three(indexed: Runner) -> None:
    write(question("q1", "Georgia commonwealth Minsk", {"document": "union.text", "quote": "signed in 1999"}))
    code, out, err = review(indexed, "1,2,3\n1,4\n", "--depth", "5")
    assert code == 0
    assert "Answers it: 3 golds are too many; choose the 2 that matter most\nAnswers it: " in err
    # The question has three golds now: what is left of it needs no judging.
    assert out == "2 golds added, 0 passages refused, 0 left to judge\n"
    assert [gold["quote"] for gold in golds()[0]] == [
        "signed in 1999",
        "The commonwealth was founded in December 1991.",
        "Its executive committee sits in Minsk.",
    ]


def test_skipped_passages_come_again(indexed: Runner) -> None:
    write(question("q1", "Union State treaty", GOLD))
    assert review(indexed, "s\n", "--depth", "1")[1] == "0 golds added, 0 passages refused, 1 left to judge\n"
    assert "[1/1] q1" in review(indexed, "q\n", "--depth", "1")[2]


def test_the_limit_and_the_best_ranks_first(indexed: Runner) -> None:
    write(question("q1", "treaty signed soldiers", GOLD), question("q2", "exercise soldiers treaty", GOLD))
    code, out, err = review(indexed, "n\nn\nn\n", "--limit", "2", "--depth", "2")
    assert code == 0
    assert out == "0 golds added, 2 passages refused, 2 left to judge\n"
    assert [line for line in err.splitlines() if line.startswith("[")] == [
        "[1/2] q1 treaty signed soldiers",
        "[2/2] q2 exercise soldiers treaty",
    ]
    assert "rank 2" not in err


def test_questions_without_gold_or_with_enough_are_not_asked_for(indexed: Runner) -> None:
    three = [GOLD, {"document": "union.text", "quote": "1999"}, {"document": "csto.md", "quote": CSTO}]
    write(question("q1", "Union State treaty"), question("q2", "Minsk Group", *three))
    assert review(indexed, "") == (0, "0 golds added, 0 passages refused, 0 left to judge\n", "")


def test_json(indexed: Runner) -> None:
    write(question("q1", "Union State treaty", GOLD), question("q2", "members belong", GOLD))
    code, out, _ = review(indexed, "1\nn\n", "--depth", "1", "--json")
    assert code == 0
    assert json.loads(out) == {
        "schema": "briefqa.review/1",
        "path": "q.jsonl",
        "added": [
            {
                "question": "q1",
                "gold": {"document": "union.text", "quote": "The Union State joins Russia and Belarus."},
            }
        ],
        "refused": [{"question": "q2", "document": "csto.md"}],
        "left": 0,
    }


def test_csv(indexed: Runner) -> None:
    write(question("q1", "Union State treaty", GOLD), question("q2", "members belong", GOLD))
    code, out, _ = review(indexed, "1\nn\n", "--depth", "1", "--csv")
    assert (code, out) == (
        0,
        "verdict,question,document,quote\n"
        "added,q1,union.text,The Union State joins Russia and Belarus.\n"
        "refused,q2,csto.md,\n",
    )
    assert review(indexed, "", "--depth", "1", "--csv") == (0, "verdict,question,document,quote\n", "")


def test_the_end_of_stdin_keeps_what_was_said(indexed: Runner) -> None:
    write(question("q1", "Union State treaty", GOLD), question("q2", "members belong", GOLD))
    code, out, _ = review(indexed, "n\n", "--depth", "1", "--json")
    assert code == 0
    assert (json.loads(out)["refused"], json.loads(out)["left"]) == (
        [{"question": "q1", "document": "union.text"}],
        1,
    )
    assert len(judged()) == 1


def test_kept_runs_are_pooled(indexed: Runner) -> None:
    write(question("q1", "Union State treaty", GOLD))
    for name, retriever in (("one", "lexical"), ("two", "dense")):
        assert indexed("eval", "run", "q.jsonl", "-r", retriever, "--name", name).code == 0
    found = {
        name: json.loads(Path("runs", name, "outcomes.jsonl").read_text(encoding="utf-8"))["hits"]
        for name in ("one", "two")
    }
    wanted = {hit["id"] for hits in found.values() for hit in hits[:2] if not hit["golds"]}
    code, out, err = review(indexed, "n\n" * 9, "--run", "one", "--run", "runs/two", "--depth", "2")
    assert code == 0
    assert out == f"0 golds added, {len(wanted)} passages refused, 0 left to judge\n"
    assert len(wanted) >= 2
    assert err.count("Answers it: ") == len(wanted)
    # Alone, neither has anything left.
    assert review(indexed, "", "--run", "two", "--depth", "2")[1].endswith(", 0 left to judge\n")


def test_passages_that_changed_since_the_run_are_left_out(indexed: Runner, articles: Path) -> None:
    write(question("q1", "Union State treaty", GOLD))
    assert indexed("eval", "run", "q.jsonl", "-r", "lexical", "--name", "one").code == 0
    (articles / "union.text").write_text("The Union State joined Russia. Its treaty was signed.\n", encoding="utf-8")
    assert indexed("index").code == 0
    code, out, err = review(indexed, "q\n", "--run", "one", "--depth", "1")
    assert (code, out) == (0, "0 golds added, 0 passages refused, 0 left to judge\n")
    assert err == "1 passage of the runs changed since, or went; left out.\n"


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--run", "none"], "error: there is no whole run in none; make one with: briefqa eval run --name NAME\n"),
        (["--run", "one"], "error: the run one asked none of these questions; give a run of this set\n"),
    ],
)
def test_runs_that_are_no_good(indexed: Runner, options: list[str], message: str) -> None:
    write(RECORD)
    assert indexed("eval", "run", "q.jsonl", "-r", "lexical", "--name", "one").code == 0
    write({**RECORD, "question": "Another?"})
    assert review(indexed, "", *options) == (2, "", message)


def test_sets_and_judgements_that_are_no_good(indexed: Runner) -> None:
    code, out, err = review(indexed, "")
    assert (code, out) == (2, "")
    assert err.startswith("error: q.jsonl: can't read the question set")
    write(question("q1", "Union?", {"document": "no.md", "quote": "x"}))
    assert review(indexed, "") == (
        2,
        "",
        "error: q.jsonl: 1 problem in the question set; correct it and run again\n"
        "q.jsonl:1: question 'q1': the document 'no.md' is not in the index (quote 'x')\n",
    )
    write(RECORD)
    Path("q.judged.jsonl").write_text("x\n", encoding="utf-8")
    assert review(indexed, "") == (
        2,
        "",
        "error: q.judged.jsonl:1: this is no judgement; correct the line, or take it out\n",
    )


def test_hostile_text_steers_nothing(indexed: Runner, articles: Path) -> None:
    (articles / "evil.md").write_text("Evil \x1b[2J zebras \u202e sleep here.\n", encoding="utf-8")
    assert indexed("index").code == 0
    write(question("q\x1b1", "zebras \x1b[1m?", GOLD))
    code, out, err = review(indexed, "n\n", "--depth", "1", "--json")
    assert code == 0
    assert not {"\x1b", "\u202e"} & set(out + err)
    assert judged()[0]["passage"] == "Evil \x1b[2J zebras \u202e sleep here."
