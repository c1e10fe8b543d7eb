"""What a run keeps of encoded passages, and what of it the next one believes."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path

import numpy as np
import pytest

from briefqa.index import encoded
from briefqa.index.encoded import EncodedStore, discard, kept_passages

SHA256 = "ab" * 32
DIMENSION = 12
# Key, vector, two bytes a sentence.
SIZES = [8 + 16 + 48 + 2 * sentences for sentences in (2, 0, 3)]


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(encoded, "PATIENCE", 0.0)


def key(number: int) -> bytes:
    return bytes([number]) * 16


def made(number: int, sentences: int) -> tuple[bytes, np.ndarray, np.ndarray]:
    vector = np.arange(DIMENSION, dtype=np.float32) + number
    return key(number), vector, np.full((sentences, 2), number, dtype=np.uint8)


THREE = [made(1, 2), made(2, 0), made(3, 3)]


def store(index: Path, sha256: str = SHA256, precision: str = "fp32") -> EncodedStore:
    return EncodedStore(index, sha256, precision, dimension=DIMENSION)


def keep_three(index: Path) -> Path:
    kept = store(index)
    kept.add(THREE[:1])
    kept.add(THREE[1:])
    kept.close()
    (path,) = (index / "encoded").iterdir()
    assert path.stat().st_size == sum(SIZES)
    return path


def held(index: Path) -> list[int]:
    kept = store(index)
    found = [number for number in range(1, 5) if kept.find(key(number))]
    assert len(kept) == len(found)
    kept.close()
    return found


def test_what_is_added_is_found_by_this_run_and_the_next(tmp_path: Path) -> None:
    keep_three(tmp_path)
    kept = store(tmp_path)
    for identity, vector, codes in THREE:
        found = kept.find(identity)
        assert found is not None
        np.testing.assert_array_equal(found[0], vector)
        np.testing.assert_array_equal(found[1], codes)
        assert found[1].dtype == np.uint8
        assert found[1].shape == codes.shape
    assert kept.find(key(4)) is None
    kept.add([made(4, 1)])
    assert kept.find(key(4)) is not None
    assert kept.find(key(1)) is not None
    kept.close()
    assert held(tmp_path) == [1, 2, 3, 4]
    assert kept_passages(tmp_path) == 4


def test_nothing_is_written_in_the_first_seconds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(encoded, "PATIENCE", 5.0)
    now = 100.0
    monkeypatch.setattr("briefqa.index.encoded.time.monotonic", lambda: now)
    kept = store(tmp_path)
    kept.add(THREE[:1])
    now = 104.9
    kept.add(THREE[1:2])
    assert (list(tmp_path.iterdir()), len(kept)) == ([], 0)
    now = 105.0
    kept.add(THREE[2:])
    assert len(kept) == 3
    kept.close()
    assert held(tmp_path) == [1, 2, 3]


@pytest.mark.parametrize(("sha256", "precision"), [("cd" * 32, "fp32"), (SHA256, "bf16")])
def test_another_encoder_and_another_precision_see_nothing_of_it(tmp_path: Path, sha256: str, precision: str) -> None:
    keep_three(tmp_path)
    other = store(tmp_path, sha256, precision)
    assert (len(other), other.find(key(1))) == (0, None)
    other.close()


@pytest.mark.parametrize("lost", range(1, SIZES[2] + 1))
def test_a_torn_record_is_cut_off(tmp_path: Path, lost: int) -> None:
    path = keep_three(tmp_path)
    path.write_bytes(path.read_bytes()[:-lost])
    assert kept_passages(tmp_path) == 2
    kept = store(tmp_path)
    assert len(kept) == 2
    kept.add(THREE[2:])
    kept.close()
    assert held(tmp_path) == [1, 2, 3]


@pytest.mark.parametrize("place", [SIZES[0] + 8, SIZES[0] + 30, SIZES[0] + SIZES[1] - 1, SIZES[0] + 5])
def test_an_altered_record_counts_as_none_and_those_behind_it_stay(tmp_path: Path, place: int) -> None:
    path = keep_three(tmp_path)
    data = bytearray(path.read_bytes())
    data[place] ^= 1
    path.write_bytes(data)
    assert held(tmp_path) == [1, 3]


@pytest.mark.parametrize("length", [0, 15, 63, 65, 2**32 - 1])
def test_behind_a_length_that_can_t_be_everything_is_dropped(tmp_path: Path, length: int) -> None:
    path = keep_three(tmp_path)
    data = bytearray(path.read_bytes())
    data[SIZES[0] : SIZES[0] + 4] = struct.pack("<I", length)
    path.write_bytes(data)
    assert held(tmp_path) == [1]
    assert path.stat().st_size == SIZES[0]


def test_a_file_of_something_else_is_written_anew(tmp_path: Path) -> None:
    path = keep_three(tmp_path)
    path.write_bytes(b"not what was kept " * 100)
    kept = store(tmp_path)
    assert len(kept) == 0
    kept.add(THREE)
    kept.close()
    assert held(tmp_path) == [1, 2, 3]


def test_the_format(tmp_path: Path) -> None:
    path = keep_three(tmp_path)
    assert path.name == f"{SHA256}-fp32"
    payload = key(1) + struct.pack("<12f", *range(1, 13)) + bytes([1, 1, 1, 1])
    assert path.read_bytes()[: SIZES[0]] == struct.pack("<II", 68, zlib.crc32(payload)) + payload


def test_what_is_kept_is_counted_and_discarded(tmp_path: Path) -> None:
    assert kept_passages(tmp_path) == 0
    keep_three(tmp_path)
    assert kept_passages(tmp_path) == 3
    discard(tmp_path)
    assert list(tmp_path.iterdir()) == []
    discard(tmp_path)
    (tmp_path / "encoded").mkdir()
    assert kept_passages(tmp_path) == 0
