"""The measure of extraction against numbers worked out by hand, and the target on the pages, where they are."""

from __future__ import annotations

import gzip
import json
import sys
from collections import Counter
from pathlib import Path

import pytest

import extraction
from extraction import Scored, f1, interval, measured, ours, overall, read_pages, runs, score

PAGES = Path(__file__).parents[2] / "shared" / "datasets" / "article_extraction"
TARGET = 0.96


def test_runs_are_counted_with_their_repetitions() -> None:
    assert runs("a b, c d. A b c d a b c d") == Counter(
        {
            ("a", "b", "c", "d"): 2, ("b", "c", "d", "A"): 1, ("c", "d", "A", "b"): 1, ("d", "A", "b", "c"): 1,
            ("A", "b", "c", "d"): 1, ("b", "c", "d", "a"): 1, ("c", "d", "a", "b"): 1, ("d", "a", "b", "c"): 1,
        }
    )  # fmt: skip
    assert runs("a b c") == Counter({("a", "b", "c"): 1})
    assert runs(" … ") == Counter()


def test_precision_and_recall_of_a_page() -> None:
    assert score("a b c d e", "a b c d e") == Scored(1.0, 1.0)
    # abcd bcde | abcd bcdx cdxy: one in three, one in two
    assert score("a b c d e", "a b c d x y") == Scored(1 / 3, 1 / 2)
    # the run stands once in the article: its second telling is wrong
    assert score("a b c d", "a b c d a b c d") == Scored(1 / 5, 1.0)
    assert score("a b c d", "") == Scored(None, 0.0)
    assert score("", "a b c d") == Scored(0.0, None)


def test_f1_is_of_the_means() -> None:
    assert f1(0.5, 1.0) == pytest.approx(2 / 3)
    assert f1(0.0, 0.0) == 0.0
    assert overall([Scored(1.0, 0.5), Scored(0.5, 1.0), Scored(None, 0.0)]) == pytest.approx((0.75, 0.5, 0.6))


def test_the_interval_holds_the_value_and_is_none_wide_for_equal_pages() -> None:
    assert interval([Scored(0.5, 1.0)] * 3, resamples=20) == pytest.approx((2 / 3, 2 / 3))
    low, high = interval([Scored(0.2, 0.2), Scored(1.0, 1.0)] * 20, resamples=300)
    assert 0.2 < low < 0.6 < high < 1.0


def test_the_table_is_printed_and_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    text = "The council met on Monday and agreed on a budget for all of the bridges in the region."
    (tmp_path / "a.html.gz").write_bytes(gzip.compress(f"<article><p>{text}</p></article>".encode()))
    page = {"_id": "a", "url": "https://news.example/a", "html": "a.html.gz", "text": text}
    (tmp_path / "pages.jsonl").write_text(json.dumps(page) + "\n", encoding="utf-8")
    monkeypatch.setattr(extraction, "alternatives", lambda: {"briefqa": ours, "nothing": lambda html: ""})
    monkeypatch.setattr(sys, "argv", ["extraction.py", str(tmp_path), "--json", str(tmp_path / "out.json")])
    extraction.main()
    shown = capsys.readouterr().out
    assert "| briefqa | 1.000 | 1.000 | 1.000 [1.000, 1.000] | 1.000 | 0.000 |" in shown
    assert "| nothing | 0.000 | 0.000 | 0.000 [0.000, 0.000] | 0.000 | 0.000 |" in shown
    assert "| https://news.example/a | 1.000 | 1.000 |" in shown
    assert json.loads((tmp_path / "out.json").read_text(encoding="utf-8"))["systems"]["briefqa"]["f1"] == 1.0


@pytest.mark.shared
def test_the_article_is_told_from_the_rest_of_real_pages() -> None:
    if not PAGES.is_dir():
        pytest.skip(f"the shared pages are not here: {PAGES}")
    scores = measured(read_pages(PAGES), ours)
    assert len(scores) == 181
    _, recall, value = overall(scores)
    assert value >= TARGET
    assert recall >= 0.98
    assert min(overall(scores[start::2])[2] for start in (0, 1)) >= TARGET
