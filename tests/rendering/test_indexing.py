from __future__ import annotations

import pytest

from briefqa.rendering.indexing import render_index_report, render_notes, render_remarks, render_status
from briefqa.reports import Remark
from tests.rendering.builders import make_report, make_status


def test_a_run_that_changed_something() -> None:
    assert (
        render_index_report(make_report(), "index")
        == """\
Indexed 36 documents, 1,412 passages into index in 12.3 s.
Articles: 5 new, 1 removed, 31 unchanged. Passages: 40 encoded with all-MiniLM-L6-v2, 1,372 reused."""
    )


def test_a_run_that_encoded_nothing_names_no_encoder() -> None:
    report = make_report(documents=1, passages=1, added=0, changed=2, kept=0, removed=0, encoded=0, reused=1)
    assert (
        render_index_report(report, "my\nindex\x1b")
        == """\
Indexed 1 document, 1 passage into my index\ufffd in 12.3 s.
Articles: 2 changed. Passages: 0 encoded, 1 reused."""
    )


def test_a_run_that_changed_nothing() -> None:
    report = make_report(changed_index=False, seconds=0.123)
    assert render_index_report(report, "index") == (
        "Nothing changed: index holds 36 documents, 1,412 passages (0.12 s)."
    )


def test_an_encoder_may_be_named_by_anybody() -> None:
    assert "\x1b" not in render_index_report(make_report(encoder="a\x1b[31m"), "index")
    assert "\x1b" not in render_status(make_status(encoder="a\x1b[31m", index="i\x1b", sources=("\x1b",)))


def test_remarks_name_failures_first_and_never_break_a_line() -> None:
    remarks = [
        Remark("a.md", "its date is odd", indexed=True),
        Remark("b\n\x1b.md", "it is\nempty", indexed=False),
    ]
    assert (
        render_remarks(remarks)
        == """\
not indexed: b \ufffd.md: it is empty
warning: a.md: its date is odd"""
    )


def test_at_most_twenty_remarks_of_a_kind_are_listed() -> None:
    failed = [Remark(f"{number:02}.md", "it is empty", indexed=False) for number in range(1021)]
    warned = [Remark(f"{number:02}.md", "odd", indexed=True) for number in range(20)]
    lines = render_remarks([*failed, *warned]).split("\n")
    assert len(lines) == 20 + 1 + 20
    assert lines[0] == "not indexed: 00.md: it is empty"
    assert lines[19:22] == ["not indexed: 19.md: it is empty", "  and 1,001 more", "warning: 00.md: odd"]
    assert lines[-1] == "warning: 19.md: odd"


def test_a_fresh_index() -> None:
    assert (
        render_status(make_status())
        == """\
index         index, generation 3, made 2018-11-22 00:00 UTC
holds         36 documents, 1 passage, 1.2 MB
articles      corpus, notes.md
encoder       all-MiniLM-L6-v2 (384 dimensions, fp32)
passages      of at most 200 tokens; the encoder reads 256
articles now  as indexed"""
    )


def test_a_reranker_has_a_line() -> None:
    lines = render_status(make_status(reranker="models/r\x1b", reranker_window=512)).split("\n")
    assert lines[3:5] == [
        "encoder       all-MiniLM-L6-v2 (384 dimensions, fp32)",
        "reranker      models/r\ufffd (reads 512 tokens)",
    ]


def test_languages_have_a_line_if_any_is_known_and_notes_come_last() -> None:
    status = make_status(languages=(("de", 1200), ("en", 30), (None, 6), ("z\x1b", 1)), notes=("Odd\nnote.",))
    lines = render_status(status).split("\n")
    assert lines[2:4] == [
        "languages     German 1,200, English 30, unknown 6, “z\ufffd” 1",
        "articles      corpus, notes.md",
    ]
    assert lines[-1] == "note: Odd note."
    assert "languages" not in render_status(make_status(languages=((None, 36),)))
    assert render_notes(("One.", "Two\x1b.")) == "note: One.\nnote: Two\ufffd."


def test_articles_that_moved_on() -> None:
    status = make_status(
        new=("n\n1.md", "n2.md"),
        removed=("r.md",),
        overlap_tokens=20,
        remarks=(Remark("e.md", "it is empty", indexed=False),),
    )
    assert render_status(status).split("\n")[4:] == [
        "passages      of at most 200 tokens, 20 shared; the encoder reads 256",
        "articles now  2 new, 1 removed: run briefqa index",
        "  new      n 1.md",
        "  new      n2.md",
        "  removed  r.md",
        "not indexed: e.md: it is empty",
    ]


def test_at_most_twenty_articles_of_a_kind_are_listed() -> None:
    lines = render_status(make_status(changed=tuple(f"{number}.md" for number in range(22)))).split("\n")
    assert lines[5:7] == ["articles now  22 changed: run briefqa index", "  changed  0.md"]
    assert lines[-2:] == ["  changed  19.md", "  and 2 more"]


def test_articles_that_are_not_there() -> None:
    status = make_status(missing_sources=("corpus", "x\x1b"))
    assert render_status(status).split("\n")[-1] == "articles now  not found on this machine: corpus, x\ufffd"


@pytest.mark.parametrize(
    ("size", "text"),
    [(999, "999 B"), (1000, "1.0 kB"), (999_949, "999.9 kB"), (1_500_000, "1.5 MB"), (2_340_000_000, "2.3 GB")],
)
def test_sizes(size: int, text: str) -> None:
    assert render_status(make_status(bytes=size)).split("\n")[1] == f"holds         36 documents, 1 passage, {text}"
