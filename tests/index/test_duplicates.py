"""Groups of copies: found, kept through updates, and told when they are damaged."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from briefqa.config import Settings
from briefqa.corpus.duplicates import probe, shingles
from briefqa.errors import IndexDamaged
from briefqa.index import duplicates, grouping, merging, sketches
from briefqa.index.duplicate_groups import duplicate_groups
from briefqa.index.merging import Limits
from briefqa.index.reader import open_generation
from briefqa.index.verify import verify
from tests.conftest import Build
from tests.index.folders import INDEX
from tests.index.meaning import WORDS, meaning
from tests.stories import EXCERPT, HARBOUR, STORY, UPDATE, write_story

GENERATION = INDEX / "gen-000001"
AGAIN = "Make the index again with: briefqa index --rebuild"


def groups(index: Path = INDEX) -> list[list[str]]:
    """The keys of the documents of each group."""
    reader = open_generation(index)
    try:
        found = (reader.group(group) for group in reader.duplicates.groups())
        return sorted(sorted(document.key for document, _ in group) for group in found)
    finally:
        reader.close()


def test_copies_excerpts_and_versions_are_grouped(build: Build, articles: Path) -> None:
    for key, text in (("a.md", STORY), ("b.md", UPDATE), ("c.md", EXCERPT), ("d.md", HARBOUR)):
        write_story(articles / key, text)
    write_story(articles / "sub" / "e.md", HARBOUR.upper().replace(",", ""))
    build()
    assert groups() == [["a.md", "b.md", "c.md"], ["d.md", "sub/e.md"]]
    assert verify(INDEX)[1] == []


def test_an_index_with_nothing_alike_has_no_group(build: Build) -> None:
    build()
    assert groups() == []
    assert (GENERATION / "duplicates.npy").stat().st_size == 128
    assert duplicate_groups(Settings()).groups == ()


def test_the_newest_comes_first_and_the_share_of_equal_sentences_is_told(build: Build, articles: Path) -> None:
    write_story(articles / "a.md", STORY, date="2024-05-01")
    write_story(articles / "b.md", UPDATE, date="2024-05-02", title="The update")
    write_story(articles / "c.md", EXCERPT)
    write_story(articles / "d.md", STORY, date="2024-05-02")
    build()
    found = duplicate_groups(Settings())
    assert (found.index, found.generation, found.documents) == ("index", 1, 9)
    (group,) = found.groups
    # Of eight sentences the update changes one and adds one; the excerpt is the first three, one of them changed.
    assert [(Path(member.path).name, member.published, member.equal_sentences) for member in group] == [
        ("b.md", "2024-05-02", 1.0),
        ("d.md", "2024-05-02", 7 / 8),
        ("a.md", "2024-05-01", 7 / 8),
        ("c.md", None, 2 / 3),
    ]
    assert group[0].title == "The update"


def test_in_a_group_that_loses_its_link_nothing_hangs_together(build: Build, articles: Path) -> None:
    """Two articles that have nothing in common, and one that holds both."""
    write_story(articles / "a.md", STORY)
    write_story(articles / "b.md", HARBOUR)
    write_story(articles / "both.md", f"{STORY}\n\n{HARBOUR}")
    build()
    assert groups() == [["a.md", "b.md", "both.md"]]
    (articles / "both.md").unlink()
    build()
    assert groups() == []


def vary(text: str, chance: random.Random) -> str:
    """The text with some of its words changed, some of its lines exchanged, or with another one's."""
    words = text.split(" ")
    for place in chance.sample(range(len(words)), len(words) // 25):
        words[place] = chance.choice(WORDS)
    parts = " ".join(words).split("\n\n")
    chance.shuffle(parts)
    return "\n\n".join(parts)


@pytest.mark.parametrize("seed", range(3))
def test_updates_group_as_a_fresh_index_does(
    build: Build, articles: Path, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    monkeypatch.setattr(merging, "LIMITS", Limits(whole=3, least=8, factor=2, dead_share=0.3))
    chance = random.Random(seed)
    texts = [STORY, HARBOUR, UPDATE, f"{STORY}\n\n{HARBOUR}", "\n\n".join(chance.sample(STORY.split(". "), 6))]
    for step in range(6):
        for number in range(3):
            write_story(articles / f"s{step}-{number}.md", vary(chance.choice(texts), chance))
        written = sorted(articles.glob("s*.md"))
        for path in chance.sample(written, min(len(written), 2)) if step else []:
            path.unlink()
        changed = chance.choice(sorted(articles.glob("s*.md")))
        write_story(changed, vary(chance.choice(texts), chance))
        build()
    assert groups() != []
    build(index="fresh")
    assert meaning() == meaning(Path("fresh"))


def test_only_texts_of_new_pairs_are_read(build: Build, articles: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(merging, "LIMITS", Limits(whole=3, least=0, factor=0, dead_share=1.0))
    for key, text in (("a.md", STORY), ("b.md", UPDATE), ("d.md", HARBOUR)):
        write_story(articles / key, text)
    build()
    read: list[str] = []

    def noting(text: str) -> set[str]:
        read.append(text)
        return shingles(text)

    monkeypatch.setattr(grouping, "shingles", noting)
    write_story(articles / "e.md", "A text that is like no other one. It stands for itself.")
    build()
    assert read == []
    write_story(articles / "f.md", HARBOUR)
    build()
    assert (read, groups()) == ([], [["a.md", "b.md"], ["d.md", "f.md"]])
    write_story(articles / "g.md", f"{HARBOUR} It took four weeks.")
    build()
    assert len(read) == 2
    assert groups() == [["a.md", "b.md"], ["d.md", "f.md", "g.md"]]


def test_sketches_of_another_kind_are_all_made_anew(
    build: Build, articles: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(merging, "LIMITS", Limits(whole=3, least=0, factor=0, dead_share=1.0))
    write_story(articles / "a.md", STORY)
    build()
    monkeypatch.setattr(sketches, "probe", lambda: probe() + np.uint32(1))
    write_story(articles / "b.md", STORY)
    report = build()
    assert (report.encoded, groups()) == (0, [["a.md", "b.md"]])
    assert [folder.name for folder in sorted((INDEX / "gen-000002").glob("seg-*"))] == ["seg-000001"]


def rows(*pairs: tuple[int, int]) -> Callable[[], None]:
    return lambda: np.save(GENERATION / "duplicates.npy", np.array(pairs, dtype=np.int64).reshape(-1, 2))


@pytest.mark.parametrize(
    "spoil",
    [
        rows((1, 0), (0, 0)),
        rows((0, 1), (1, 1)),
        lambda: np.save(GENERATION / "duplicates.npy", np.zeros((2, 3), dtype=np.int64)),
        lambda: np.save(GENERATION / "duplicates.npy", np.zeros((2, 2), dtype=np.int32)),
        lambda: (GENERATION / "duplicates.npy").write_bytes(b""),
        lambda: (GENERATION / "duplicates.npy").unlink(),
    ],
)
def test_a_file_that_holds_no_groups_is_told(build: Build, spoil: Callable[[], None]) -> None:
    build()
    spoil()
    with pytest.raises(IndexDamaged, match=rf"^{GENERATION}/duplicates\.npy is damaged\. {AGAIN}$"):
        duplicates.read_duplicates(GENERATION)


def test_damage_is_told_by_verify(build: Build, articles: Path) -> None:
    write_story(articles / "a.md", STORY)
    write_story(articles / "b.md", UPDATE)
    build()
    for name in ("duplicates.npy", "seg-000001/sketches.npy"):
        path = GENERATION / name
        data = path.read_bytes()
        path.write_bytes(data[:-1] + bytes([data[-1] ^ 1]))
        assert verify(INDEX)[1] == [f"{path} is altered: its checksum is not the recorded one"]
        path.write_bytes(data[:-8])
        with pytest.raises(IndexDamaged, match=rf"^{path} has \d+ bytes and should have \d+\. {AGAIN}$"):
            open_generation(INDEX)
        path.write_bytes(data)
    assert verify(INDEX)[1] == []


@pytest.mark.parametrize(
    ("pairs", "group"), [([(0, 0)], 0), ([(1, 0), (2, 0)], 0), ([(0, 0), (1, 0), (5, 5), (70, 5)], 5)]
)
def test_groups_of_other_documents_are_told(build: Build, pairs: list[tuple[int, int]], group: int) -> None:
    build()
    found = duplicates.Duplicates(np.array(pairs, dtype=np.int64), GENERATION)
    expected = [f"the group {group} of duplicates.npy is none of documents that the index holds"]
    assert list(duplicates.wrong_groups(found, range(6))) == expected


def test_there_is_no_copy_among_the_briefs(build: Build) -> None:
    build(corpus=(str(Path(__file__).parents[2] / "corpus"),))
    assert groups() == []
