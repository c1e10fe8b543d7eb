"""Copies and versions as terminal text."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from briefqa.rendering.copies import render_also_in, render_duplicates, render_versions
from briefqa.rendering.style import Style
from briefqa.rendering.terminal import render_answer, render_hits
from briefqa.reports import DuplicateGroups, GroupMember
from briefqa.types import Copy, Version
from tests.rendering.builders import INDEX, make_answer, make_citation, make_document, make_hit

if TYPE_CHECKING:
    from typing import Any

STYLE = Style(width=100)
QUOTE = "Its seat is Moscow."


def copy(key: str, line: int = 3, **known: Any) -> Copy:
    document = make_document(path=f"corpus/{key}", id=key, **known)
    return Copy(document, 0, 10, (line, line), None)


def version(quote: str, published: str | None, *, key: str = "old.md") -> Version:
    document = make_document(path=f"corpus/{key}", id=key, published=published)
    return Version(document, quote, 0, 10, (3, 4), None)


def test_copies_are_named() -> None:
    assert render_also_in((), STYLE, indent=6) == []
    assert render_also_in((copy("a.md"), copy("b.md", 7)), STYLE, indent=6) == [
        "      also in: corpus/a.md:3, corpus/b.md:7"
    ]
    many = tuple(copy(f"{name}.md") for name in "abcdefg")
    assert render_also_in(many, STYLE, indent=2) == ["  also in: corpus/a.md:3, corpus/b.md:3, corpus/c.md:3, 4 more"]
    assert render_also_in((copy("a\x1b[31m.md", lines_of="text"),), STYLE, indent=0) == [
        "also in: corpus/a�[31m.md, line 3 of its text"
    ]


@pytest.mark.parametrize(
    ("published", "cited", "expected"),
    [
        ("2018-11-21", "2018-11-22", "earlier version of 2018-11-21"),
        ("2018-12", "2018-11-22", "later version of 2018-12"),
        ("2018-11", "2018-11-22", "another version of 2018-11"),
        ("2018-11-22", "2018-11-22", "another version of 2018-11-22"),
        ("2018-11-22", None, "another version of 2018-11-22"),
        (None, "2018-11-22", "another version, without a date,"),
    ],
)
def test_versions_are_told_by_their_date(published: str | None, cited: str | None, expected: str) -> None:
    citation = make_citation(make_document(published=cited), QUOTE)
    citation = replace(citation, versions=(version("Its seat is\nMinsk.", published),))
    assert render_versions(citation, STYLE, indent=6) == [
        f"      {expected} says: “Its seat is Minsk.” (corpus/old.md:3-4)"
    ]


def test_versions_that_say_the_same_are_told_once() -> None:
    told = [version(f"Its seat is {town}.", "2017", key=f"{town}.md") for town in ("Minsk", "Baku", "Oster", "Velm")]
    citation = make_citation(make_document(), QUOTE)
    citation = replace(citation, versions=(*told, *(version("Its seat is Minsk.", "2016") for _ in range(2))))
    assert render_versions(citation, STYLE, indent=0) == [
        "earlier version of 2017 says: “Its seat is Minsk.” (corpus/Minsk.md:3-4 and 2 other articles)",
        "earlier version of 2017 says: “Its seat is Baku.” (corpus/Baku.md:3-4)",
        "earlier version of 2017 says: “Its seat is Oster.” (corpus/Oster.md:3-4)",
        "and 1 more version with other words",
    ]
    assert render_versions(make_citation(make_document(), QUOTE), STYLE, indent=0) == []


def test_answers_and_hits_show_them() -> None:
    document = make_document()
    citation = replace(
        make_citation(document, QUOTE), also_in=(copy("a.md"),), versions=(version("Its seat is Minsk.", "2017"),)
    )
    lines = render_answer(make_answer(citation), STYLE).splitlines()
    place = lines.index("      “Its seat is Moscow.”")
    assert lines[place + 1 : place + 3] == [
        "      also in: corpus/a.md:3",
        "      earlier version of 2017 says: “Its seat is Minsk.” (corpus/old.md:3-4)",
    ]
    hit = replace(make_hit(document, QUOTE), also_in=(copy("a.md"),))
    from briefqa.types import Hits  # noqa: PLC0415

    assert render_hits(Hits("seat", (hit,), (), INDEX, {}), STYLE).splitlines()[-1] == (
        "            also in: corpus/a.md:3"
    )


def member(path: str, share: float, published: str | None = None) -> GroupMember:
    return GroupMember(path, None, published, share)


def test_groups() -> None:
    groups = ((member("b.md", 1.0, "2024-05-02"), member("a.md", 0.875, "2024-05"), member("c\x1b.md", 2 / 3)),)
    assert render_duplicates(DuplicateGroups("index", 3, 1200, groups)) == (
        "index, generation 3: 1,200 documents, 3 of them in 1 group of copies.\n"
        "\n"
        "  first  2024-05-02  b.md\n"
        "    88%  2024-05     a.md\n"
        "    67%  no date     c�.md"
    )
    assert render_duplicates(DuplicateGroups("index", 1, 1, ())) == (
        "index, generation 1: 1 document, none of them a copy of another."
    )


def test_many_groups_and_large_ones_are_cut_short() -> None:
    large = tuple(member(f"{number}.md", 1.0) for number in range(25))
    pair = large[:2]
    lines = render_duplicates(DuplicateGroups("index", 1, 99, (large, *[pair] * 22))).splitlines()
    assert lines[0] == "index, generation 1: 99 documents, 69 of them in 23 groups of copies."
    assert lines[21:25] == ["    100%  no date     19.md"[1:], "  and 5 more", "", "  first  no date     0.md"]
    assert lines[-1] == "and 3 more groups: briefqa status --duplicates --json lists all."
