from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from tests.cli.runner import Runner

WHEN = "When did Georgia leave the Yalta Group?"
ARTICLES = {
    "a.md": "Georgia left the Yalta Group in 2009.\n",
    "b.md": "Traders from Moldova bring copper kettles to harbour markets.\n",
}
HELP = "y adds the question to the set, e lets you edit it first, n or an empty line\npasses it over, q stops.\n"


@pytest.fixture
def small(run: Runner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Runner:
    """`run`, with an index of two articles, of which a pattern fits one."""
    monkeypatch.chdir(tmp_path)
    Path("corpus").mkdir()
    for key, text in ARTICLES.items():
        Path("corpus", key).write_text(text, encoding="utf-8")
    assert run("index").code == 0
    return run


def suggest(small: Runner, typed: str, *options: str) -> tuple[int, str, str]:
    outcome = small("eval", "suggest", "q.jsonl", *options, stdin=typed.encode())
    return outcome.code, outcome.out, outcome.err


def records() -> list[dict[str, object]]:
    return [json.loads(line) for line in Path("q.jsonl").read_text(encoding="utf-8").splitlines()]


ADDED = {
    "id": "q001",
    "question": WHEN,
    "tags": ["suggested", "when"],
    "gold": [{"document": "a.md", "quote": "Georgia left the Yalta Group in 2009."}],
}


def test_accepting(small: Runner) -> None:
    code, out, err = suggest(small, "y\nn\n")
    assert code == 0
    assert out == (f"q001 {WHEN} [suggested, when]\n  “Georgia left the Yalta Group in 2009.” (a.md)\n")
    assert err == (
        f"2 suggestions, seed 0.\n{HELP}\n"
        f"[1/2] {WHEN} [when]\n"
        "      “Georgia left the Yalta Group in 2009.”\n"
        "      a.md:1\n"
        "Add it: \n"
        "[2/2] moldova copper kettles harbour [keywords]\n"
        "      “Traders from Moldova bring copper kettles to harbour markets.”\n"
        "      b.md:1\n"
        "Add it: "
    )
    assert records() == [ADDED]
    assert small("eval", "q.jsonl").code == 0
    # Its sentence is gold now, and nothing is suggested twice.
    assert WHEN not in suggest(small, "", "--list")[1]


def test_editing(small: Runner) -> None:
    code, out, err = suggest(small, "e\n In which year  did Georgia leave?\nx\ny\nq\n")
    assert code == 0
    assert out.startswith("q001 In which year did Georgia leave? [suggested, when]\n")
    assert "Type y, e, n or q.\n" in err
    assert err.count("[1/2] In which year did Georgia leave? [when]\n") == 2
    assert records() == [{**ADDED, "question": "In which year did Georgia leave?"}]


def test_editing_nothing_and_near_duplicates(small: Runner) -> None:
    Path("q.jsonl").write_text(
        '{"id": "q9", "question": "Who left the Yalta Club?", "tags": [], "gold": []}\n', encoding="utf-8"
    )
    _, out, err = suggest(small, "e\n\ne\nwho left the yalta club\nq\n")
    assert out == ""
    assert err.count(f"[1/2] {WHEN} [when]\n") == 2
    assert "Much like q9: Who left the Yalta Club?\n" in err
    assert len(records()) == 1


@pytest.mark.parametrize("typed", ["", "q\n", "e\n", "n\nq\n", "\n\n"])
def test_nothing_is_written_unless_said(small: Runner, typed: str) -> None:
    code, out, _ = suggest(small, typed)
    assert (code, out) == (0, "")
    assert not Path("q.jsonl").exists()


def test_a_list(small: Runner) -> None:
    code, out, err = suggest(small, "", "--list", "--n", "1", "--seed", "5")
    assert (code, err) == (0, "")
    assert out == (
        f"  1. {WHEN} [when]\n      “Georgia left the Yalta Group in 2009.”\n      a.md:1\n\n1 suggestion, seed 5\n"
    )


def test_json_and_csv(small: Runner) -> None:
    outcome = small("eval", "suggest", "q.jsonl", "--json", "--n", "1")
    candidate = {"kind": "when", "question": WHEN, "gold": ADDED["gold"], "lines": [1, 1], "origin": None}
    assert outcome.json == {"schema": "briefqa.suggest/1", "seed": 0, "candidates": [candidate]}
    code, out, _ = suggest(small, "", "--csv", "--n", "1")
    assert code == 0
    assert list(csv.reader(io.StringIO(out))) == [
        ["kind", "question", "document", "first_line", "last_line", "quote", "origin"],
        ["when", WHEN, "a.md", "1", "1", "Georgia left the Yalta Group in 2009.", ""],
    ]


def test_the_seed_decides(indexed: Runner) -> None:
    first = indexed("eval", "suggest", "q.jsonl", "--json", "--seed", "1").out
    assert first == indexed("eval", "suggest", "q.jsonl", "--json", "--seed", "1").out
    assert len({indexed("eval", "suggest", "q.jsonl", "--json", "--seed", str(seed)).out for seed in range(4)}) > 1


def test_a_sentence_that_leans_on_another_is_not_asked_about(small: Runner) -> None:
    Path("corpus/a.md").write_text(
        "Georgia left the Yalta Group in 2009. It was followed by Moldova in 2011.\n", encoding="utf-8"
    )
    assert small("index").code == 0
    assert [entry["question"] for entry in json.loads(suggest(small, "", "--json")[1])["candidates"]] == [
        WHEN,
        "moldova copper kettles harbour",
    ]


def test_near_misses(small: Runner) -> None:
    code, out, err = suggest(small, "y\n", "--unanswerable")
    assert code == 0
    text = WHEN.replace("Georgia", "Moldova")
    assert out == f"q001 {text} [suggested, near miss]\n  nothing answers it\n"
    assert f"[1/1] {text} [near miss]\n      made of: {WHEN}\n" in err
    # What the index holds nearest is shown before one says so.
    assert "  corpus/a.md:1\n   1  Georgia left the Yalta Group in 2009.\n" in err
    assert records() == [{"id": "q001", "question": text, "tags": ["suggested", "near miss"], "gold": []}]
    assert suggest(small, "", "--unanswerable", "--json")[1] == (
        '{"schema": "briefqa.suggest/1", "seed": 0, "candidates": []}\n'
    )


def test_near_misses_of_the_set(small: Runner) -> None:
    record = {**ADDED, "question": "In which year did Georgia quit the club of Yalta?"}
    Path("q.jsonl").write_text(json.dumps(record) + "\n", encoding="utf-8")
    code, out, _ = suggest(small, "", "--unanswerable", "--csv")
    assert code == 0
    assert list(csv.reader(io.StringIO(out)))[1:] == [
        ["near miss", "In which year did Moldova quit the club of Yalta?", "", "", "", "", record["question"]]
    ]


def test_formulas_are_not_run_by_spreadsheets(small: Runner) -> None:
    record = {**ADDED, "question": "=Georgia quit?"}
    Path("q.jsonl").write_text(json.dumps(record) + "\n", encoding="utf-8")
    assert '\n"' not in suggest(small, "", "--unanswerable", "--csv")[1]
    assert "near miss,'=Moldova quit?,,,,,'=Georgia quit?\n" in suggest(small, "", "--unanswerable", "--csv")[1]


def test_nothing_to_suggest(small: Runner) -> None:
    Path("corpus/a.md").write_text("Hm.\n", encoding="utf-8")
    Path("corpus/b.md").unlink()
    assert small("index").code == 0
    assert suggest(small, "") == (0, "", "0 suggestions, seed 0.\n")
    assert suggest(small, "", "--list") == (0, "0 suggestions, seed 0\n", "")


def test_errors(small: Runner) -> None:
    outcome = small("eval", "suggest", "--n", "0")
    assert (outcome.code, outcome.out) == (2, "")
    Path("q.jsonl").write_text("x\n", encoding="utf-8")
    assert suggest(small, "y\n")[0] == 2
    outcome = small("eval", "suggest", "--index", "no")
    assert (outcome.code, outcome.err) == (
        3,
        "error: There is no index in no. Did you mean index? Or make one with: briefqa index\n",
    )


def test_hostile_text_steers_nothing(small: Runner) -> None:
    Path("corpus/a.md").write_text(
        "Three zebras \x1bc sleep \u202e near Yerevan beside quiet lakes.\n", encoding="utf-8"
    )
    assert small("index").code == 0
    for options in ([], ["--list"], ["--csv"], ["--json"]):
        code, out, err = suggest(small, "n\n", *options)
        assert code == 0
        assert "zebras" in out + err
        assert not {"\x1b", "\u202e"} & set(out + err)
