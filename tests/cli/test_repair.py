"""`briefqa repair`, and `briefqa verify --deep`."""

from __future__ import annotations

from pathlib import Path

from tests.cli.runner import Runner


def test_a_whole_index_is_left_alone(indexed: Runner) -> None:
    outcome = indexed("repair")
    assert (outcome.code, outcome.out, outcome.err) == (0, "Nothing to mend: index is whole.\n", "")


def test_what_was_mended_is_named(indexed: Runner) -> None:
    Path("index/gen-000001/duplicates.npy").unlink()
    outcome = indexed("verify")
    assert (outcome.code, outcome.err.count("Mend what can be mended with: briefqa repair.")) == (3, 1)
    outcome = indexed("repair")
    assert (outcome.code, outcome.out) == (
        0,
        "Mended index, which is whole again (generation 2):\n  gen-000001/duplicates.npy\n",
    )
    assert indexed("verify").code == 0
    assert indexed("repair", "--json").json == {"schema": "briefqa.repair/1", "generation": 2, "mended": []}


def test_what_can_not_be_mended_is_told(indexed: Runner) -> None:
    Path("index/gen-000001/seg-000001/catalog.sqlite").unlink()
    outcome = indexed("repair")
    assert (outcome.code, outcome.out) == (3, "")
    assert outcome.err.endswith(" Make the index again with: briefqa index --rebuild\n")


def test_articles_are_read_again(indexed: Runner, articles: Path) -> None:
    (articles / "osce.txt").unlink()
    (articles / "peace.md").write_text("Other.\n", encoding="utf-8")
    outcome = indexed("verify", "--deep")
    assert (outcome.code, outcome.err) == (0, "")
    assert outcome.out.splitlines()[1:] == [
        "Read again, and where they are cited: 3 files, 4 passages, 16 sentences.",
        "changed since: corpus/peace.md",
        "gone since: corpus/osce.txt",
    ]
    found = indexed("verify", "--deep", "--json").json["reread"]
    assert found == {
        "files": 3,
        "passages": 4,
        "sentences": 16,
        "changed": ["corpus/peace.md"],
        "gone": ["corpus/osce.txt"],
    }
