"""Copies and versions in answers and searches: each thing is told once."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import briefqa
from briefqa.api import Index
from briefqa.config import Settings
from briefqa.index import reader
from tests.conftest import Build
from tests.stories import ADDED, DEAD_AFTER, DEAD_BEFORE, EXCERPT, HARBOUR, STORY, UPDATE, write_story

if TYPE_CHECKING:
    from briefqa.types import Answer, Citation, Copy, Hit
    from tests.fakes import FakeEncoders

KILLED = "How many people were killed near Velm?"
SWITCH = "What may have caused the accident?"

Open = Callable[..., Index]


@pytest.fixture
def opened(build: Build, encoders: FakeEncoders) -> Open:
    """`opened(**settings)`: the index of what stands in corpus/, asked by words."""

    def make(**settings: object) -> Index:
        build()
        values = {"retriever": "lexical", "min_confidence": 0.0, **settings}
        return briefqa.open(settings=Settings(**values), encoders=encoders)  # type: ignore[arg-type]

    return make


def keys(copies: tuple[Copy, ...]) -> list[str]:
    return [copy.document.key for copy in copies]


def told(hits: tuple[Hit, ...]) -> list[tuple[str, list[str]]]:
    return [(hit.document.key, keys(hit.also_in)) for hit in hits]


def of_story(answer: Answer, sentence: str) -> Citation:
    (found,) = (citation for citation in answer.citations if sentence in citation.quote)
    return found


def test_of_equal_passages_the_newest_is_kept(opened: Open, articles: Path) -> None:
    write_story(articles / "a.md", STORY, date="2024-05-01")
    write_story(articles / "b.md", STORY, date="2024-05-03")
    write_story(articles / "c.md", STORY)
    write_story(articles / "d.md", f"Editor’s note.\n\n{STORY}", date="2024-05-02")
    with opened() as index:
        hits = index.search(SWITCH).hits
        answer = index.ask(SWITCH)
    assert told(hits)[0] == ("b.md", ["d.md", "a.md", "c.md"])
    assert [hit.rank for hit in hits] == list(range(1, len(hits) + 1))
    assert sorted((hit.score for hit in hits), reverse=True) == [hit.score for hit in hits]
    citation = of_story(answer, "worn switch")
    assert citation.document.key == "b.md"
    assert keys(citation.also_in) == ["d.md", "a.md", "c.md"]
    assert citation.versions == ()
    for copy in citation.also_in:
        assert copy.document.text[copy.start : copy.end].startswith("Investigators said that a worn switch")
        assert copy.lines == {"a.md": (4, 4), "c.md": (1, 1), "d.md": (6, 6)}[copy.document.key]


def test_of_undated_copies_the_best_is_kept(opened: Open, articles: Path) -> None:
    write_story(articles / "a.md", STORY)
    write_story(articles / "b.md", STORY, title="A worn switch may have caused it")
    with opened() as index:
        hits = index.search(SWITCH).hits
    assert told(hits)[0] == ("b.md", ["a.md"])


def test_a_contradiction_is_shown_by_date_and_not_merged(opened: Open, articles: Path) -> None:
    write_story(articles / "a.md", STORY, date="2024-05-01")
    write_story(articles / "b.md", UPDATE, date="2024-05-02")
    write_story(articles / "c.md", EXCERPT, date="2024-05-01")
    with opened() as index:
        answer = index.ask(KILLED)
        hits = index.search(KILLED).hits
    assert answer.text == DEAD_AFTER
    citation = of_story(answer, DEAD_AFTER)
    assert (citation.marker, citation.document.key, citation.also_in) == (1, "b.md", ())
    assert [(version.document.key, version.quote, version.lines) for version in citation.versions] == [
        ("a.md", DEAD_BEFORE, (4, 4)),
        ("c.md", DEAD_BEFORE, (4, 4)),
    ]
    for version in citation.versions:
        assert version.document.text[version.start : version.end] == version.quote
    assert [entry.marker for entry in answer.citations] == list(range(1, len(answer.citations) + 1))
    assert len({(entry.document.id, entry.start) for entry in answer.citations}) == len(answer.citations)
    # The passages with the two numbers both stay; what they share besides is told once.
    with_number = [hit for hit in hits if "killed" in hit.passage.text]
    # The excerpt, which fits best, is less than four fifths of the first version's passage.
    assert [hit.document.key for hit in with_number] == ["c.md", "a.md", "b.md"]
    assert [hit.document.key for hit in hits if "forty trains" in hit.passage.text] == ["b.md"]


def test_what_only_the_update_says_is_quoted_from_it(opened: Open, articles: Path) -> None:
    write_story(articles / "a.md", STORY, date="2024-05-01")
    write_story(articles / "b.md", UPDATE, date="2024-05-02")
    with opened() as index:
        answer = index.ask("Who will visit the town tomorrow?")
    citation = of_story(answer, ADDED)
    assert (citation.document.key, citation.also_in, citation.versions) == ("b.md", (), ())


def test_a_later_version_that_was_not_found_is_named_but_not_quoted(opened: Open, articles: Path) -> None:
    """As if a filter had left it out: here, the lexical index does not find it."""
    before = "The bridge at Imber was closed by twelve guards from the garrison last night."
    rest = STORY.partition("\n\n")[2]
    write_story(articles / "a.md", f"{before} {rest}", date="2024-05-01")
    write_story(articles / "b.md", f"{before.replace('twelve', 'nine')} {rest}", date="2024-05-02")
    with opened(top_k=1) as index:
        opened_now = index._opened
        assert opened_now is not None
        index_reader = opened_now._reader
        numbers = {
            document.key: number for number in index_reader.numbers() for _, document in index_reader.passages([number])
        }
        search = index_reader.lexical_top
        index_reader.lexical_top = lambda words, k: [entry for entry in search(words, k) if entry[0] != numbers["b.md"]]  # type: ignore[method-assign]
        answer = index.ask("Who closed the bridge at Imber?")
    citation = of_story(answer, before)
    assert citation.document.key == "a.md"
    assert [(version.document.key, version.document.published) for version in citation.versions] == [
        ("b.md", "2024-05-02")
    ]


def test_as_many_different_hits_as_are_asked_for(opened: Open, articles: Path) -> None:
    """More copies than are looked at first, and all of them fit better than anything else."""
    for number in range(60):
        write_story(articles / f"copy{number:02}.md", HARBOUR)
    for number in range(4):
        filler = " ".join(f"word{number}{other}" for other in range(40))
        write_story(articles / f"other{number}.md", f"Of the harbour there is nothing here but {filler}.")
    with opened() as index:
        hits = index.search("harbour of Oster", top_k=5).hits
    assert len([hit for hit in hits if "dredged" in hit.passage.text]) == 1
    assert len(hits) == 5
    assert (hits[0].document.key[:4], len(hits[0].also_in)) == ("copy", 59)


def test_with_copies_each_is_a_hit(opened: Open, articles: Path) -> None:
    write_story(articles / "a.md", STORY, date="2024-05-01")
    write_story(articles / "b.md", UPDATE, date="2024-05-02")
    with opened(once=False) as index:
        hits = index.search(SWITCH).hits
        answer = index.ask(KILLED)
    assert [hit.document.key for hit in hits if "worn switch" in hit.passage.text] == ["a.md", "b.md"]
    assert all(hit.also_in == () for hit in hits)
    assert all((citation.also_in, citation.versions) == ((), ()) for citation in answer.citations)


def test_of_a_group_too_large_only_some_are_read(opened: Open, articles: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "_MOST_READ", 2)
    for number in range(4):
        write_story(articles / f"a{number}.md", STORY, date=f"2024-05-0{number + 1}")
    with opened() as index:
        answer = index.ask(SWITCH)
    citation = of_story(answer, "worn switch")
    assert (citation.document.key, citation.also_in) == ("a3.md", ())
    assert set(keys(answer.hits[0].also_in)) == {"a0.md", "a1.md", "a2.md"}


def test_where_nothing_is_alike_nothing_changes(opened: Open) -> None:
    with opened() as index, opened(once=False) as other:
        for question in (KILLED, "When did Georgia leave the commonwealth?"):
            first, second = index.ask(question), other.ask(question)
            assert (first.hits, first.citations, first.confidence) == (second.hits, second.citations, second.confidence)
