"""What recurs in a source is left out of all its articles, also of those that were there before it did."""

from __future__ import annotations

from pathlib import Path

import pytest

from briefqa.config import Settings
from briefqa.errors import IndexDamaged
from briefqa.index import merging
from briefqa.index.generation import CLUTTER_FILE
from briefqa.index.merging import Limits
from briefqa.index.reader import open_generation
from briefqa.index.recurring import read_clutter
from briefqa.index.repair import repair
from briefqa.index.rereading import reread
from briefqa.index.verify import verify
from tests.conftest import Build
from tests.fakes import FakeEncoders
from tests.index.folders import INDEX
from tests.index.meaning import meaning

NOTICE = "The Lowhaven Courier is printed on paper from the county's own woods."
WORDS = ["amber", "bronze", "copper", "diamond", "emerald", "flint", "granite", "helium"]


def write(articles: Path, number: int, *, notice: bool = True, source: str = "Lowhaven Courier") -> None:
    word = WORDS[number]
    told = [
        f"The {word} story",
        f"It was {word} that was found.",
        f"Nobody had seen {word} before.",
        f"So {word} ends.",
    ]
    front = f"---\nsource: {source}\n---\n"
    text = "\n\n".join([*told, *([NOTICE] if notice else [])])
    (articles / f"story{number}.md").write_text(f"{front}{text}\n", encoding="utf-8")


def holding(index: Path = INDEX) -> set[str]:
    """The keys of the documents that hold the notice."""
    reader = open_generation(index)
    try:
        return {document.key for document in reader.documents() if NOTICE in document.text}
    finally:
        reader.close()


@pytest.mark.parametrize("whole", [4096, 3], ids=["written whole", "appended"])
def test_a_notice_goes_from_all_articles_once_five_have_it(
    build: Build, articles: Path, monkeypatch: pytest.MonkeyPatch, whole: int
) -> None:
    monkeypatch.setattr(merging, "LIMITS", Limits(whole=whole, least=0, factor=0, dead_share=1.0))
    for number in range(4):
        write(articles, number)
    write(articles, 5, source="Another Paper")
    build()
    assert holding() == {*(f"story{number}.md" for number in range(4)), "story5.md"}
    write(articles, 4)
    report = build()
    assert (report.added, report.changed, report.removed) == (1, 0, 0)
    assert holding() == {"story5.md"}
    assert verify(INDEX)[1] == []
    reader = open_generation(INDEX)
    document = next(entry for entry in reader.documents() if entry.key == "story2.md")
    (cut,) = reader.cuts(document)
    reader.close()
    assert (cut.text, cut.reason, cut.lines) == (NOTICE, "recurs in 5 documents of Lowhaven Courier", (12, 12))
    # It stays clutter, and is known to be some from then on.
    write(articles, 6)
    (articles / "story0.md").unlink()
    build()
    assert holding() == {"story5.md"}
    grown = meaning()
    assert not build().changed_index
    write(articles, 7, notice=False)
    build()
    (articles / "story7.md").unlink()
    build()
    assert meaning() == grown


def test_nothing_is_left_out_without_cleaning(build: Build, articles: Path) -> None:
    for number in range(6):
        write(articles, number)
    build(clean=False)
    assert len(holding()) == 6
    build()  # as the index was made
    assert len(holding()) == 6
    build(clean=True)
    assert holding() == set()
    build(clean=False)
    assert len(holding()) == 6


def test_a_damaged_list_is_told(build: Build, articles: Path) -> None:
    build()
    path = INDEX / "gen-000001" / CLUTTER_FILE
    assert read_clutter(path.parent) == {}
    path.write_text("[]", encoding="utf-8")
    with pytest.raises(IndexDamaged, match=r"clutter\.json is damaged\. Make the index again with: "):
        read_clutter(path.parent)
    path.write_text("[]\n", encoding="utf-8")
    (articles / "osce.txt").unlink()
    with pytest.raises(IndexDamaged, match=r"clutter\.json is altered: .*\. Make the index again with: "):
        build()
    assert not (INDEX / "gen-000002").exists()


@pytest.mark.parametrize("whole", [4096, 3], ids=["written whole", "appended"])
def test_clutter_is_mended_from_what_was_cut_and_held_against_the_articles(
    build: Build, articles: Path, encoders: FakeEncoders, monkeypatch: pytest.MonkeyPatch, whole: int
) -> None:
    monkeypatch.setattr(merging, "LIMITS", Limits(whole=whole, least=0, factor=0, dead_share=1.0))
    for number in range(5):
        write(articles, number)
    build()
    for number in range(2):  # three are left: too few to show by themselves what recurs
        (articles / f"story{number}.md").unlink()
    build()
    folder = INDEX / "gen-000002"
    expected = read_clutter(folder)
    assert [list(entries.values()) for entries in expected.values()] == [[5]]
    (folder / CLUTTER_FILE).write_text("{}\n", encoding="utf-8")
    report = repair(Settings(), progress=lambda stage, done, total: None, encoders=encoders)
    assert (report.generation, report.mended) == (3, (f"gen-000002/{CLUTTER_FILE}",))
    folder = INDEX / "gen-000003"
    assert read_clutter(folder) == expected
    reader = open_generation(INDEX)
    assert len(list(reader.segments.blocks())) == 8
    reader.close()
    # Five files of tests/conftest.py, and three that have the notice.
    found, wrong = reread(INDEX, progress=lambda stage, done, total: None)
    assert (found.files, wrong) == (8, [])
    assert not build().changed_index
    write(articles, 6)
    build()
    assert holding() == set()
