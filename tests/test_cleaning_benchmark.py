"""How the benchmark of cleaning flattens pages and measures them, by hand."""

from __future__ import annotations

import gzip
import json
from collections import Counter
from pathlib import Path

import pytest

import cleaning
from briefqa.corpus.cleaning import region
from cleaning import Page
from flattening import flatten


def test_a_page_is_flattened_as_a_browser_copies_it() -> None:
    page = """<html><head><title>Not this</title></head><body><nav><ul><li>Home<li><a href=x>News</a></ul></nav>
      <script>nor()</script><div hidden>nor this</div><div style="Display: none">nor this</div><!-- nor this -->
      <h1>The  old
      ferry</h1><p>One <b>bold</b> word.</p><p>Two<br>lines</p><div>A<div>B</div>C</div>
      <table><tr><td>1</td><td>2</td></tr></table><noscript>nor this</noscript></body></html>"""
    assert flatten(page.encode()) == ("Home\nNews\n\nThe old ferry\n\nOne bold word.\n\nTwo\nlines\n\nA\nB\nC\n1 2\n")


def test_an_old_encoding_is_read_as_declared() -> None:
    assert flatten('<meta charset="iso-8859-2"><body>ł'.encode("iso-8859-2")) == "ł\n"
    assert flatten("<body>é".encode("cp1252")) == "é\n"


def test_runs_of_four_words() -> None:
    assert cleaning.runs("a b, c d e") == Counter([("a", "b", "c", "d"), ("b", "c", "d", "e")])
    assert cleaning.runs("a b") == Counter([("a", "b")])
    assert cleaning.runs("...") == Counter()


def test_a_page_is_measured() -> None:
    """Nothing is cut: of nine runs six are the article's (of seven, with one that the page lacks), and of three words
    of clutter none is gone."""
    page = Page(0, "x y z a b c d e f g h i", "a b c d e f g h i j")
    measured = cleaning.measure(page)
    assert measured.precision_before == measured.precision == pytest.approx(6 / 9)
    assert measured.recall_before == measured.recall == pytest.approx(6 / 7)
    assert (measured.kept, measured.clutter_gone) == (1.0, 0.0)


def test_f1_is_of_the_means() -> None:
    means = cleaning.report(
        [cleaning.measure(Page(0, "a b c d", "a b c d")), cleaning.measure(Page(1, "q r s t", "a b c d"))]
    )
    assert means["precision"]["value"] == means["recall"]["value"] == means["F1"]["value"] == 0.5
    assert cleaning.f1(0.0, 0.0) == 0.0


def test_the_curve_leaves_the_weights_as_they_were() -> None:
    before = region.MOST_WORDS
    points = cleaning.curve([Page(0, "a b c d", "a b c d")])
    assert [most for most, _ in points] == list(cleaning.MOST_WORDS)
    assert before == region.MOST_WORDS


def test_pages_of_a_half(tmp_path: Path) -> None:
    rows = [{"html": f"{number}.gz", "text": f"gold {number}"} for number in range(3)]
    (tmp_path / "pages.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    for number in range(3):
        (tmp_path / f"{number}.gz").write_bytes(gzip.compress(f"<body>page {number}".encode()))
    assert [page.number for page in cleaning.pages(tmp_path, "even")] == [0, 2]
    assert list(cleaning.pages(tmp_path, "odd")) == [Page(1, "page 1\n", "gold 1")]
    assert len(list(cleaning.pages(tmp_path, "all"))) == 3
