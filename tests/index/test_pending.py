from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from briefqa.errors import IndexDamaged
from briefqa.index.pending import Pending, PendingPassages

ENTRIES = [
    Pending(0, "A title\nThe csto has six members.", ((8, 33),)),
    Pending(3, "", ()),
    Pending(4, "Łódź 😀. \ud800 Ends.", ((0, 7), (10, 15))),
    Pending(2**40, "x" * 100_000, ((0, 1), (5, 100_000))),
]


def test_what_is_added_is_read_again_as_often_as_wanted(tmp_path: Path) -> None:
    pending = PendingPassages(tmp_path)
    assert (len(pending), list(pending)) == (0, [])
    for entry in ENTRIES:
        pending.add(entry)
    assert list(pending) == list(pending) == ENTRIES
    assert list(tmp_path.iterdir()) == []  # the file has no name
    pending.close()
    assert len(pending) == 4


def test_a_key_is_of_the_text_and_of_where_its_sentences_stand() -> None:
    text = hashlib.sha256(b"ab").digest()
    spans = b"\x00" * 8 + b"\x02" + b"\x00" * 7
    assert Pending(7, "ab", ((0, 2),)).key == hashlib.sha256(text + spans).digest()[:16]
    assert Pending(8, "ab", ((0, 2),)).key == Pending(7, "ab", ((0, 2),)).key
    others = [Pending(7, "ac", ((0, 2),)), Pending(7, "ab", ((0, 1),)), Pending(7, "ab", ())]
    assert len({entry.key for entry in [Pending(7, "ab", ((0, 2),)), *others]}) == 4


def test_a_file_that_is_shorter_than_it_was_is_told(tmp_path: Path) -> None:
    pending = PendingPassages(tmp_path)
    for entry in ENTRIES:
        pending.add(entry)
    pending._file.truncate(100)
    with pytest.raises(IndexDamaged, match=r"^What was to be encoded can't be read again"):
        list(pending)
    pending.close()
