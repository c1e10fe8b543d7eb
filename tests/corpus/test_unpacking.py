from __future__ import annotations

import zipfile
from io import BytesIO

import pytest

from briefqa.corpus import unpacking
from briefqa.corpus.unpacking import members


def zipped(*files: tuple[str, bytes], how: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", how) as archive:
        for name, content in files:
            archive.writestr(name, content)
    return buffer.getvalue()


@pytest.mark.parametrize("how", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_members_come_in_order_with_their_bytes(how: int) -> None:
    data = zipped(("b/two.txt", b"2"), ("b/", b""), ("a.txt", b"1" * 3000), how=how)
    assert list(members(data)) == [("b/two.txt", b"2"), ("a.txt", b"1" * 3000)]


def test_only_the_wanted_are_unpacked() -> None:
    data = zipped(("a.txt", b"1"), ("a.bin", b"2")).replace(b"2", b"3")  # a.bin no longer fits its checksum
    assert list(members(data, lambda name: name.endswith(".txt"))) == [("a.txt", b"1")]


@pytest.mark.parametrize("data", [b"", b"no zip at all", zipped(("a.txt", b"x" * 100))[:-30]])
def test_what_is_no_zip_is_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match=r"^it is no zip file, or a broken one$"):
        list(members(data))


def test_a_broken_member_is_named() -> None:
    data = zipped(("a.txt", b"Minsk"), how=zipfile.ZIP_STORED).replace(b"Minsk", b"Pinsk")
    with pytest.raises(ValueError, match=r"^it holds 'a\.txt', which is broken$"):
        list(members(data))


@pytest.mark.parametrize("name", ["../a.txt", "a/../../b.txt", "/etc/a.txt", "..\\a.txt", "C:\\a.txt"])
def test_a_name_that_leads_out_is_refused_wanted_or_not(name: str) -> None:
    with pytest.raises(ValueError, match=r"whose name leads out of it$"):
        list(members(zipped(("good.txt", b"1"), (name, b"2")), lambda name: name == "good.txt"))


def test_two_dots_in_a_name_are_fine() -> None:
    assert list(members(zipped(("a..b/c.txt", b"1")))) == [("a..b/c.txt", b"1")]


def test_a_member_without_a_name_is_passed_over() -> None:
    data = zipped(("a.txt", b"1"), ("b", b"2"))
    # Its name starts with a zero byte, which ends it.
    assert list(members(data.replace(b"a.txt", b"\0.txt"))) == [("b", b"2")]


def test_an_encrypted_member_is_refused() -> None:
    data = bytearray(zipped(("a.txt", b"1"), how=zipfile.ZIP_STORED))
    data[6] |= 1  # the flags in its own header
    data[data.index(b"PK\x01\x02") + 8] |= 1  # and in the directory
    with pytest.raises(ValueError, match=r"^it holds 'a\.txt' encrypted: unpack it with its password first$"):
        list(members(bytes(data)))


def test_a_method_that_is_not_known_is_refused() -> None:
    data = bytearray(zipped(("a.txt", b"1"), how=zipfile.ZIP_STORED))
    data[8] = 97
    data[data.index(b"PK\x01\x02") + 10] = 97
    with pytest.raises(ValueError, match=r"^it holds 'a\.txt', packed in a way that can't be read$"):
        list(members(bytes(data)))


def test_too_many_members_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unpacking, "MOST_MEMBERS", 2)
    assert len(list(members(zipped(("a", b""), ("b", b""))))) == 2
    with pytest.raises(ValueError, match=r"^it packs more than 2 files$"):
        list(members(zipped(("a", b""), ("b", b""), ("c", b""))))


def test_a_bomb_is_refused() -> None:
    data = zipped(("bomb.txt", b"\0" * 11_000_000))
    assert len(data) < 20_000
    with pytest.raises(ValueError, match=r"^it holds 'bomb\.txt', which unpacks to over 200 times its size$"):
        list(members(data))


def test_high_ratios_are_fine_while_small() -> None:
    [(_, content)] = members(zipped(("a.txt", b"\0" * 9_000_000)))
    assert len(content) == 9_000_000


def test_a_large_member_and_a_large_total_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unpacking, "LARGEST_MEMBER", 2_000_000)
    with pytest.raises(ValueError, match=r"^it holds 'a', which unpacks to over 2 MB$"):
        list(members(zipped(("a", b"\0" * 2_000_001))))
    monkeypatch.setattr(unpacking, "LARGEST_TOTAL", 3_000_000)
    pair = zipped(("a", b"\0" * 2_000_000), ("b", b"\0" * 1_000_001))
    taken = members(pair)
    assert next(taken)[0] == "a"
    with pytest.raises(ValueError, match=r"^it unpacks to over 3 MB$"):
        next(taken)


def test_a_stated_size_is_not_believed() -> None:
    data = bytearray(zipped(("a", b"\0" * 11_000_000)))
    directory = data.index(b"PK\x01\x02")
    data[directory + 24 : directory + 28] = (1).to_bytes(4, "little")
    with pytest.raises(ValueError, match=r"^it holds .a., which is broken$"):
        list(members(bytes(data)))
