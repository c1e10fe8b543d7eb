from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefqa.addresses import Lines, file_of, line_at, lines_of, page_at
from briefqa.corpus.article import Article, keep
from briefqa.types import Cut, Document, Span

TEXT = "one\ntwo\nthree\nfour\nfive\n"
DOCUMENT = Document("id", "a.md", "corpus/a.md", TEXT, "0")


@pytest.mark.parametrize(
    ("start", "end", "lines"), [(0, 3, (1, 1)), (0, 4, (1, 1)), (0, 5, (1, 2)), (4, 24, (2, 5)), (23, 23, (5, 5))]
)
def test_lines_count_up_from_the_map(start: int, end: int, lines: Span) -> None:
    assert lines_of(DOCUMENT, start, end) == lines
    assert Lines(TEXT, DOCUMENT.line_map).of(start, end) == lines
    below = replace(DOCUMENT, line_map=((0, 11),))
    assert lines_of(below, start, end) == (lines[0] + 10, lines[1] + 10)


def test_a_map_of_several_parts() -> None:
    # "three" was on line 7 of the file, and what follows it comes from there on.
    document = replace(DOCUMENT, line_map=((0, 1), (8, 7)))
    assert [lines_of(document, TEXT.index(word), TEXT.index(word) + 1)[0] for word in TEXT.split()] == [1, 2, 7, 8, 9]
    assert lines_of(document, 0, len(TEXT)) == (1, 9)


def test_pages() -> None:
    assert page_at(DOCUMENT, 3) is None
    paged = replace(DOCUMENT, page_map=((0, 1), (8, 2), (14, 4)))
    assert [page_at(paged, offset) for offset in (0, 7, 8, 13, 14, 23)] == [1, 1, 2, 2, 4, 4]


def test_the_file_of_a_part() -> None:
    assert file_of(DOCUMENT) == "corpus/a.md"
    assert file_of(replace(DOCUMENT, path="corpus/b.zip#in/a#1.md", part="in/a#1.md")) == "corpus/b.zip"


def test_what_is_kept_keeps_its_lines_and_pages() -> None:
    cut = Cut("two\n", "teaser", (2, 2))
    article = Article(TEXT, page_map=((0, 1), (8, 2), (19, 3)))
    kept = keep(article, [(0, 4), (14, 24)], [cut])
    assert (kept.text, kept.cuts) == ("one\nfour\nfive\n", (cut,))
    assert kept.line_map == ((0, 1), (4, 4))
    assert kept.page_map == ((0, 1), (4, 2), (9, 3))
    again = keep(kept, [(4, 14)], [])
    assert (again.text, again.line_map, again.page_map) == ("four\nfive\n", ((0, 4),), ((0, 2), (5, 3)))


@given(
    st.lists(st.tuples(st.text("ab", max_size=3), st.booleans(), st.booleans()), max_size=12),
    st.integers(1, 9),
)
def test_every_line_that_is_kept_twice_over_is_what_it_was(rows: list[tuple[str, bool, bool]], first: int) -> None:
    numbered = [(word, first + row, one, two) for row, (word, one, two) in enumerate(rows)]
    article = Article("".join(f"{word}\n" for word, *_ in rows), line_map=((0, first),))
    for stage in (2, 3):
        spans, offset = [], 0
        for entry in numbered:
            end = offset + len(entry[0]) + 1
            if entry[stage]:
                spans.append((offset, end))
            offset = end
        article = keep(article, spans, [])
        numbered = [entry for entry in numbered if entry[stage]]
    assert article.text == "".join(f"{word}\n" for word, *_ in numbered)
    offset = 0
    for word, number, *_ in numbered:
        assert line_at(article.text, article.line_map, offset) == number
        offset += len(word) + 1
