from __future__ import annotations

from briefqa.evaluation import significance
from briefqa.rendering.columns import FEW, clip, columns, padded, wrapped


def test_columns_are_those_of_a_terminal() -> None:
    assert columns("abc") == 3
    assert columns("日本") == 4
    assert columns("e\u0301\u200b") == 1
    assert padded("日", 4) == "日  "
    assert padded("long", 2) == "long"


def test_clipping() -> None:
    assert clip("abc", 3) == "abc"
    assert clip("abcd", 3) == "ab…"
    assert clip("日本語", 5) == "日本…"
    assert clip("a\x1b[1m\n b", 9) == "a\ufffd[1m b"
    assert clip("", 3) == ""


def test_wrapping() -> None:
    assert wrapped("word " * 20, indent=2) == ["  " + "word " * 14 + "word", "  word word word word word"]
    assert wrapped("\u202eword\n  word") == ["\ufffdword word"]
    assert [columns(line) for line in wrapped("日" * 60)] == [79]
    assert wrapped("") == []


def test_few_are_few_to_statistics_too() -> None:
    assert FEW == significance.FEW == 30
