"""The two articles of the first question set, which were pasted with half of the page: by their lines' numbers."""

from __future__ import annotations

from pathlib import Path

import pytest

from briefqa.addresses import line_at
from briefqa.corpus.article import Article, LoadOptions
from briefqa.corpus.cleaning.cleaning import clean
from briefqa.corpus.loaders.text import load_text

SEEDS = Path(__file__).parents[4] / "shared" / "seeds"

pytestmark = pytest.mark.shared


def cleaned(start: str) -> Article:
    if not SEEDS.is_dir():
        pytest.skip(f"the shared articles are not here: {SEEDS}")
    (path,) = SEEDS.glob(f"{start}*.txt")
    (article,) = load_text(path.read_bytes(), LoadOptions(path.name))
    return clean(article)


def kept_lines(article: Article) -> list[int]:
    offset, numbers = 0, []
    for line in article.text.split("\n"):
        if line.strip():
            numbers.append(line_at(article.text, article.line_map, offset))
        offset += len(line) + 1
    return numbers


def gone(article: Article) -> dict[str, list[tuple[int, int] | None]]:
    found: dict[str, list[tuple[int, int] | None]] = {}
    for cut in article.cuts:
        found.setdefault(cut.reason, []).append(cut.lines)
    return found


def test_the_ministers_meeting() -> None:
    article = cleaned("000")
    assert kept_lines(article) == [1, 6, 8, 10, 12, 14, 16, 18]
    cuts = gone(article)
    assert cuts["repeated headline"] == [(3, 3)]
    assert cuts["author box"] == [(21, 21)]
    assert cuts["share or sponsor line"] == [(22, 23)]
    assert cuts["teaser"] == [(31, 31), (35, 35), (39, 39), (43, 43)]


def test_the_security_councils_meeting() -> None:
    article = cleaned("002")
    assert kept_lines(article) == [1, 3, 5, 7, 9, 11, 13, 17, 19]
    cuts = gone(article)
    assert cuts["another story"] == [(29, 29), (36, 36)]
    assert (15, 15) in cuts["list of other articles"]
    assert (46, 46) in cuts["repeated block"]
