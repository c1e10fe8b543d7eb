"""Which segments are merged, worked out by hand, and what a merge leaves."""

from __future__ import annotations

import math
import random
from pathlib import Path

import numpy as np
import pytest

from briefqa.errors import IndexDamaged
from briefqa.index import merging
from briefqa.index.merging import Limits, Size, plan_merges
from briefqa.index.reader import open_generation
from briefqa.index.segment import NUMBERS_FILE
from tests.conftest import Build
from tests.index.folders import INDEX
from tests.index.meaning import meaning, segment_sizes, write_article

FOUR = Limits(whole=0, least=0, factor=4, dead_share=0.2)


@pytest.mark.parametrize(
    ("live", "least", "expected"),
    [
        ([], 0, []),
        ([5], 0, []),
        ([5], 256, []),  # nothing follows it
        ([100, 5], 0, []),
        ([100, 5, 5], 0, [(1, 3)]),  # 5 < 4 * 5, and 100 >= 4 * 10
        ([100, 20, 5], 0, []),  # 20 >= 4 * 5, and 100 >= 4 * 25
        ([100, 20, 5, 1], 0, [(0, 4)]),  # 100 < 4 * 26, though 20 >= 4 * 6 fails too, and 5 >= 4 * 1
        ([104, 20, 5, 1], 0, [(1, 4)]),  # 20 < 4 * 6
        ([10, 100], 0, [(0, 2)]),
        ([1040, 255, 5], 256, [(1, 3)]),
        ([1024, 256, 5], 256, [(0, 3)]),  # 1024 < 4 * 261
        ([1044, 256, 5], 256, []),
        ([100, 0], 0, []),  # nothing lives after it
    ],
)
def test_segments_that_are_not_four_times_what_follows_are_merged(
    live: list[int], least: int, expected: list[tuple[int, int]]
) -> None:
    limits = Limits(whole=0, least=least, factor=4, dead_share=0.2)
    assert plan_merges([Size(count, 0) for count in live], limits) == expected


@pytest.mark.parametrize(
    ("sizes", "expected"),
    [
        ([Size(80, 20)], []),  # a fifth, and no more
        ([Size(79, 21)], [(0, 1)]),
        ([Size(79, 21), Size(5, 0)], [(0, 1)]),
        ([Size(79, 21), Size(19, 1), Size(5, 0)], [(0, 3)]),  # the second draws the first in
        ([Size(100, 0), Size(7, 3), Size(1, 0)], [(1, 2)]),
        ([Size(100, 0), Size(0, 5)], [(1, 2)]),
        ([Size(100, 0), Size(0, 5), Size(5, 0)], [(1, 3)]),
        ([Size(1000, 300), Size(3, 0), Size(3, 0)], [(0, 1), (1, 3)]),
    ],
)
def test_segments_of_which_much_is_deleted_are_written_anew(sizes: list[Size], expected: list[tuple[int, int]]) -> None:
    assert plan_merges(sizes, FOUR) == expected


def test_segments_stay_few_and_passages_are_copied_seldom() -> None:
    sizes, copied = [4000], 0
    for _ in range(2000):
        sizes.append(5)
        for start, end in reversed(plan_merges([Size(count, 0) for count in sizes], FOUR)):
            copied += sum(sizes[start:end])
            sizes[start:end] = [sum(sizes[start:end])]
        # Each is four times all that follow it: five times fewer passages with each segment.
        assert len(sizes) <= 1 + math.log(sum(sizes) / 5, 5)
    assert sum(sizes) == 14_000
    assert copied / 10_000 < 5 * math.log(14_000 / 5, 5)


def test_a_merge_leaves_out_what_is_deleted_and_keeps_the_numbers(
    build: Build, articles: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(merging, "LIMITS", Limits(whole=3, least=0, factor=0, dead_share=1.0))
    build()  # six passages: csto.md has two, and each other article one
    (articles / "new.txt").write_text("Amber and jade.\n", encoding="utf-8")
    (articles / "nested" / "cis.md").unlink()
    build()
    before = meaning()
    assert segment_sizes() == [(5, 6), (1, 1)]
    reader = open_generation(INDEX)
    assert reader.numbers() == [0, 1, 3, 4, 5, 6]
    reader.close()
    monkeypatch.setattr(merging, "LIMITS", Limits(whole=3, least=100, factor=0, dead_share=1.0))
    (articles / "empty.txt").write_text("", encoding="utf-8")
    report = build()
    assert (report.encoded, report.reused) == (0, 6)
    assert segment_sizes() == [(6, 6)]
    (folder,) = (INDEX / "gen-000003").glob("seg-*")
    assert np.load(folder / NUMBERS_FILE).tolist() == [0, 1, 3, 4, 5, 6]
    assert meaning() == before
    reader = open_generation(INDEX)
    assert reader.numbers() == [0, 1, 3, 4, 5, 6]
    assert len(reader.segments.tombstones.passages) == 0
    reader.close()
    # What was merged goes on to be deleted and merged.
    (articles / "osce.txt").unlink()
    (articles / "zeta.txt").write_text("Flint.\n", encoding="utf-8")
    build()
    assert segment_sizes() == [(6, 6)]
    reader = open_generation(INDEX)
    assert reader.numbers() == [0, 1, 4, 5, 6, 7]
    reader.close()
    build(index="fresh")
    assert meaning() == meaning(Path("fresh"))


@pytest.mark.parametrize("damage", ["order", "short", "outside", "no numbers"])
def test_damaged_numbers_are_told(build: Build, articles: Path, monkeypatch: pytest.MonkeyPatch, damage: str) -> None:
    monkeypatch.setattr(merging, "LIMITS", Limits(whole=3, least=0, factor=0, dead_share=0.1))
    build()
    (articles / "osce.txt").unlink()
    build()
    (path,) = INDEX.rglob(NUMBERS_FILE)
    numbers = np.load(path)
    assert numbers.tolist() == [0, 1, 2, 4, 5]
    changed = {
        "order": np.array([1, 0, 2, 4, 5]),
        "short": np.array([0, 1, 2, 4], dtype=np.int64),
        "outside": np.array([0, 1, 2, 4, 6]),
        "no numbers": np.array([0.0, 1.0, 2.0, 4.0, 5.0]),
    }[damage]
    np.save(path, changed)
    monkeypatch.setattr("briefqa.index.reader.require_whole", lambda *given, **how: None)
    with pytest.raises(IndexDamaged) as caught:
        open_generation(INDEX)
    assert str(caught.value) == f"{path} is damaged. Make the index again with: briefqa index --rebuild"


def test_a_damaged_segment_is_not_merged(build: Build, articles: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(merging, "LIMITS", Limits(whole=3, least=0, factor=0, dead_share=1.0))
    build()
    write_article(articles / "new.md", random.Random(3))
    build()
    path = INDEX / "gen-000002" / "seg-000002" / "dense.faiss"
    data = path.read_bytes()
    path.write_bytes(data[:-1] + bytes([data[-1] ^ 1]))
    monkeypatch.setattr(merging, "LIMITS", Limits(whole=3, least=100, factor=0, dead_share=1.0))
    write_article(articles / "newer.md", random.Random(4))
    with pytest.raises(IndexDamaged) as caught:
        build()
    assert str(caught.value) == (
        f"{path} is altered: its checksum is not the recorded one. Make the index again with: briefqa index --rebuild"
    )
    assert (INDEX / "CURRENT").read_text(encoding="utf-8") == "gen-000002\n"
    assert not list(INDEX.glob(".work-*"))
