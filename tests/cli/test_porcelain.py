"""The records of --porcelain, which are a contract: docs/cli.md."""

from __future__ import annotations

import hashlib
import io
import re
import sys
from pathlib import Path

import pytest

from briefqa.cli.main import main
from briefqa.rendering.porcelain import escaped
from tests.cli.runner import Runner
from tests.cli.terminal import ROOT
from tests.corpus.cleaning.pasted import ARTICLE, HEADLINE

QUOTE = "Nikolai Bordyuzha held the post until 2016."
ASK = ("ask", "Who held the post until 2016?", "-r", "lexical", "--min-confidence", "0", "-n", "1", "--porcelain")
ABOUT = ["corpus/csto.md", "The CSTO at a glance", "Example Institute", "2018-11-22", "https://example.org/csto"]
OF_STATUS = {
    "stale", "index", "generation", "made", "documents", "passages", "bytes", "encoder", "encoder_sha256", "dimension",
    "window", "precision", "reranker", "reranker_sha256", "reranker_window", "passage_tokens", "overlap_tokens",
    "sources", "new", "removed", "languages",
}  # fmt: skip


def records(text: str) -> list[list[str]]:
    """As docs/cli.md says that a script may read them, the first one left out."""
    assert text.endswith("\n")
    first, *rest = [line.split("\t") for line in text[:-1].split("\n")]
    assert first == ["porcelain", "1"]
    return [[unescaped(field) for field in record] for record in rest]


def unescaped(field: str) -> str:
    short = {"\\\\": "\\", "\\t": "\t", "\\n": "\n", "\\r": "\r"}
    code = re.compile(r"\\(?:[\\tnr]|u[0-9a-f]{4}|U[0-9a-f]{8})")
    return code.sub(lambda found: short.get(found[0]) or chr(int(found[0][2:], 16)), field)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("plain – Łódź", "plain – Łódź"),
        ("a\tb\nc\rd\\e", r"a\tb\nc\rd\\e"),
        (r"\n", r"\\n"),
        ("\x1b[31m\x85\u2028\u202e", r"\u001b[31m\u0085\u2028\u202e"),
        ("\U000e0041\ud800", r"\U000e0041\ud800"),
    ],
)
def test_what_would_break_a_record_or_steer_a_terminal_is_escaped(text: str, expected: str) -> None:
    assert escaped(text) == expected
    assert unescaped(expected) == text
    assert len(escaped(text).splitlines()) == 1


def test_an_answer(indexed: Runner) -> None:
    outcome = indexed(*ASK)
    assert (outcome.code, outcome.err) == (0, "")
    answer, quote = records(outcome.out)
    assert answer[:2] == ["answer", "answered"]
    assert re.fullmatch(r"0\.\d{4}", answer[2])
    assert answer[3:] == [QUOTE]
    kind, marker, passage, *rest = quote
    # Its line is the 16th: 9 of front matter, an empty one, 2 of a paragraph, a heading between empty ones, and it.
    text = Path("corpus/csto.md").read_text(encoding="utf-8").split("---\n")[2]
    start = text.index(QUOTE)
    assert (kind, marker) == ("quote", "1")
    assert re.fullmatch("[0-9a-f]{12}", passage)
    sha256 = hashlib.sha256(QUOTE.encode()).hexdigest()
    assert rest == [*ABOUT, "16", "16", "", str(start), str(start + len(QUOTE)), QUOTE, sha256, "as indexed"]


def test_no_answer_names_the_nearest_hit_and_notes(indexed: Runner) -> None:
    Path("corpus/new.md").write_text("New.", encoding="utf-8")
    question = ("ask", "Who chairs the group?", "-r", "lexical", "--min-confidence", "1", "--porcelain")
    outcome = indexed(*question)
    assert (outcome.code, outcome.err) == (1, "")
    answer, hit, note = records(outcome.out)
    assert (answer[:2], answer[3]) == (["answer", "no_answer"], "")
    assert (hit[:2], hit[3:5]) == (["hit", "1"], ["corpus/osce.txt", "The OSCE Minsk Group"])
    assert note[0] == "note"
    assert note[1].startswith("1 new, 0 changed, 0 removed since the index was made: ")


def test_hits_hold_whole_passages_with_their_line_ends(indexed: Runner) -> None:
    search = ("search", "the secretary general of the exercise", "-r", "lexical", "-k", "2", "--porcelain")
    found = records(indexed(*search).out)
    wanted = indexed(*search[:-1], "--json").json["hits"]
    assert [entry[0] for entry in found] == ["hit"] * len(wanted)
    for entry, hit in zip(found, wanted, strict=True):
        assert entry[1:3] == [str(hit["rank"]), hit["passage_id"]]
        assert entry[8:14] == [*map(str, hit["lines"]), "", str(hit["start"]), str(hit["end"]), hit["text"]]
        assert float(entry[14]) == pytest.approx(hit["score"], abs=1e-6)
    assert any("\n" in entry[13] for entry in found)
    nothing = indexed("search", "zebras", "-r", "lexical", "--porcelain")
    assert (nothing.code, nothing.out.split("\n")[0]) == (1, "porcelain\t1")


def test_a_document_and_what_was_left_out_of_it(indexed: Runner) -> None:
    document = hashlib.sha256(b"../corpus\0csto.md").hexdigest()[:12]
    first, *passages = records(indexed("show", document, "--porcelain").out)
    assert first == ["document", document, *ABOUT, "Anna Petrosyan; Boris Ivanov", "en"]
    told = indexed("show", document, "--json").json["passages"]
    assert [entry[0] for entry in passages] == ["passage"] * len(told)
    for entry, passage in zip(passages, told, strict=True):
        place = [*map(str, passage["lines"]), "", str(passage["start"]), str(passage["end"])]
        assert entry[1:] == [passage["passage_id"], *place, passage["text"]]
    Path("corpus/cut.txt").write_text(f"{HEADLINE}\n\n{ARTICLE}", encoding="utf-8")
    assert indexed("index").code == 0
    cut = hashlib.sha256(b"../corpus\0cut.txt").hexdigest()[:12]
    shown = records(indexed("show", cut, "--cleaning", "--porcelain").out)
    assert [entry[0] for entry in shown].count("cut") == 1
    assert shown[-1] == ["cut", "3", "3", "repeated headline", HEADLINE]


def test_the_state_of_an_index(indexed: Runner) -> None:
    for name in ("one.md", "two.md"):
        Path("corpus", name).write_text("New.", encoding="utf-8")
    Path("corpus/union.text").unlink()
    found = records(indexed("status", "--porcelain").out)
    assert {entry[0] for entry in found} == {"status"}
    assert {entry[1] for entry in found} >= OF_STATUS
    told = [entry[1:] for entry in found]
    for fact in (["stale", "true"], ["documents", "5"], ["reranker", ""], ["languages", "en", "5"]):
        assert fact in told
    assert [entry[1] for entry in told if entry[0] == "new"] == ["one.md", "two.md"]
    assert [entry[1] for entry in told if entry[0] == "removed"] == ["union.text"]


def test_nothing_is_lost_where_stdout_cannot_take_it(indexed: Runner, monkeypatch: pytest.MonkeyPatch) -> None:
    Path("corpus/lodz.txt").write_text("The congress of Łódź met – late.\n", encoding="utf-8")
    assert indexed("index").code == 0
    raw = io.BytesIO()
    monkeypatch.setattr(sys, "argv", ["briefqa", "ask", "congress late?", *ASK[2:]])
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(raw, encoding="ascii"))
    assert main() == 0
    assert records(raw.getvalue().decode("ascii"))[0][3] == "The congress of Łódź met – late."


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["ask", "Who?", "--json", "--porcelain"], "give --json or --porcelain, not both"),
        (["search", "Who?", "--porcelain", "--json"], "give --json or --porcelain, not both"),
        (
            ["status", "--duplicates", "--porcelain"],
            "--porcelain tells of the index, not of --duplicates: give --duplicates with --json.",
        ),
    ],
)
def test_forms_that_do_not_go_together(indexed: Runner, arguments: list[str], message: str) -> None:
    outcome = indexed(*arguments)
    assert (outcome.code, outcome.out) == (2, "")
    assert message in outcome.err


def test_the_contract_is_what_is_printed(indexed: Runner) -> None:
    """Each record has as many fields as docs/cli.md lists."""
    page = (ROOT / "docs" / "cli.md").read_text(encoding="utf-8")
    listed = re.findall(r"^\| `(\w+)` \| (.*) \|$", page.partition("| record |")[2].partition("\n\n")[0], re.MULTILINE)
    fields = {kind: len(re.sub(r"\([^)]*\)", "", told).split(", ")) for kind, told in listed}
    assert list(fields) == ["answer", "quote", "hit", "note", "document", "passage", "cut", "status"]
    del fields["status"], fields["cut"]  # a status has two fields or three; a cut is counted above
    document = hashlib.sha256(b"../corpus\0csto.md").hexdigest()[:12]
    Path("corpus/new.md").write_text("New.", encoding="utf-8")
    seen = [
        *records(indexed(*ASK).out),
        *records(indexed("search", "the post", "-r", "lexical", "--porcelain").out),
        *records(indexed("show", document, "--porcelain").out),
    ]
    assert {entry[0]: len(entry) - 1 for entry in seen} == fields
