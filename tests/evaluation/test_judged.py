from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from briefqa.errors import DatasetError
from briefqa.evaluation.judged import Judged, Judgements
from briefqa.evaluation.whole_files import write_whole

LINE = '{"question": "q1", "document": "a.md", "passage": "One. Two lines.", "relevant": false}\n'


def test_judgements_stand_beside_the_set(tmp_path: Path) -> None:
    judgements = Judgements(tmp_path / "briefs.jsonl")
    assert judgements.path == tmp_path / "briefs.judged.jsonl"
    assert not judgements.knows("q1", ["One."])
    judgements.add(Judged("q1", "a.md", "One.\n Two\nlines."))
    assert judgements.path.read_text(encoding="utf-8") == LINE
    judgements.add(Judged("q2", "b.md", "Drei 😃 Wörter"))
    assert judgements.path.read_text(encoding="utf-8").split("\n") == [
        LINE.rstrip("\n"),
        '{"question": "q2", "document": "b.md", "passage": "Drei 😃 Wörter", "relevant": false}',
        "",
    ]
    assert list(tmp_path.iterdir()) == [judgements.path]


@pytest.mark.parametrize(
    ("question", "sentences", "known"),
    [
        ("q1", ["One."], True),
        ("q1", ["One.", "Two\n lines."], True),
        ("q1", ["One.", "Three."], False),
        ("q1", ["Two lines. Three."], False),
        ("q2", ["One."], False),
    ],
)
def test_what_is_known_is_told_by_sentences(tmp_path: Path, question: str, sentences: list[str], known: bool) -> None:
    (tmp_path / "q.judged.jsonl").write_text(LINE, encoding="utf-8")
    assert Judgements(tmp_path / "q.jsonl").knows(question, sentences) is known


def test_sentences_of_several_judgements_count_together(tmp_path: Path) -> None:
    judgements = Judgements(tmp_path / "q.jsonl")
    judgements.add(Judged("q1", "a.md", "One. Two."))
    judgements.add(Judged("q1", "a.md", "Three. Four."))
    assert judgements.knows("q1", ["Two.", "Three."])


def test_a_line_without_an_end_is_ended(tmp_path: Path) -> None:
    path = tmp_path / "q.judged.jsonl"
    path.write_text(LINE.rstrip("\n"), encoding="utf-8")
    Judgements(tmp_path / "q.jsonl").add(Judged("q1", "a.md", "Three."))
    assert [json.loads(line)["passage"] for line in path.read_text(encoding="utf-8").splitlines()] == [
        "One. Two lines.",
        "Three.",
    ]


@pytest.mark.parametrize(
    "line", ["x", "[]", "3", '{"question": "q1"}', LINE.replace("false", "true"), LINE.replace("false", "0"), "\x80"]
)
def test_lines_that_are_no_judgement(tmp_path: Path, line: str) -> None:
    path = tmp_path / "q.judged.jsonl"
    path.write_bytes(b"\n" + LINE.encode() + line.encode("latin-1"))
    with pytest.raises(DatasetError) as caught:
        Judgements(tmp_path / "q.jsonl")
    assert str(caught.value) == f"{path}:3: this is no judgement; correct the line, or take it out"


def test_a_file_that_is_a_folder(tmp_path: Path) -> None:
    path = tmp_path / "q.judged.jsonl"
    path.mkdir()
    with pytest.raises(DatasetError) as caught:
        Judgements(tmp_path / "q.jsonl")
    assert str(caught.value) == (
        f"{path}: can't read the judgements (Is a directory); move the file away to judge anew"
    )


def test_what_can_not_be_written_leaves_the_file_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "q.judged.jsonl"
    path.write_text(LINE, encoding="utf-8")
    judgements = Judgements(tmp_path / "q.jsonl")

    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", fail)
    with pytest.raises(DatasetError) as caught:
        judgements.add(Judged("q2", "a.md", "Three."))
    assert str(caught.value) == (
        f"{path}: can't write the judgements (No space left on device); see that its folder can be written"
    )
    assert path.read_text(encoding="utf-8") == LINE
    assert list(tmp_path.iterdir()) == [path]
    assert not judgements.knows("q2", ["Three."])


def test_a_file_keeps_its_mode_and_its_link(tmp_path: Path) -> None:
    path = tmp_path / "real.txt"
    path.write_bytes(b"old")
    path.chmod(0o640)
    link = tmp_path / "link.txt"
    link.symlink_to(path)
    write_whole(link, b"new")
    assert link.is_symlink()
    assert path.read_bytes() == b"new"
    assert path.stat().st_mode & 0o777 == 0o640
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["link.txt", "real.txt"]
