from __future__ import annotations

import gzip
import re
import zipfile
from io import BytesIO

import pytest

from briefqa.corpus.article import Article, LoadOptions
from briefqa.corpus.formats import FORMATS
from briefqa.corpus.loaders import archives
from briefqa.corpus.loaders.archives import load_gz, load_zip

MARKDOWN = b"---\ntitle: Rain\n---\nIt rained.\n"
RECORDS = b'{"text": "One."}\n{"text": "Two."}\n{"title": "none"}\n'


def zipped(*entries: tuple[str, bytes]) -> bytes:
    written = BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in entries:
            made.writestr(name, content)
    return written.getvalue()


def unzip(*entries: tuple[str, bytes]) -> list[Article]:
    return load_zip(zipped(*entries), LoadOptions("a.zip"))


def gz(name: str, content: bytes) -> list[Article]:
    return load_gz(gzip.compress(content), LoadOptions(name))


def test_each_member_of_a_known_format_is_read_by_its_own_loader() -> None:
    first, second, third, fourth = unzip(
        ("inner/a.md", MARKDOWN), ("picture.png", b"\x89PNG"), ("news.jsonl", RECORDS), ("b.TXT", b"A text.\n"),
        ("__MACOSX/inner/a.md", b"no"), (".hidden.txt", b"no"), ("inner/.git/x.md", b"no"),
    )  # fmt: skip
    assert (first.part, first.title, first.text.strip(), first.line_map) == (
        "inner/a.md",
        "Rain",
        "It rained.",
        ((0, 3),),
    )
    assert [(entry.part, entry.text) for entry in (second, third, fourth)] == [
        ("news.jsonl#1", "One."), ("news.jsonl#2", "Two."), ("b.TXT", "A text.\n"),
    ]  # fmt: skip
    assert (first.warnings, second.warnings) == ((), ("1 of its 3 records has no text",))


def test_what_can_not_be_read_is_told_and_the_rest_is_had() -> None:
    data = bytearray(
        zipped(("a.txt", b"First text."), ("b.txt", b"Second text."), ("c.txt", b"Third text."), ("d.txt", b""))
    )
    data[data.index(b"b.txt") + 7] ^= 0xFF  # in the packed bytes of b.txt
    first, third = load_zip(bytes(data), LoadOptions())
    assert (first.part, third.part) == ("a.txt", "c.txt")
    assert first.warnings == (
        "its 'b.txt' was left out: it holds 'b.txt', which is broken",
        "its 'd.txt' was left out: it is empty",
    )


def test_archives_in_archives_are_not_opened() -> None:
    [article] = unzip(("a.txt", b"A text."), ("b.zip", zipped(("c.txt", b"no"))), ("d.txt.gz", gzip.compress(b"no")))
    assert (article.part, article.warnings) == (
        "a.txt",
        ("its 'b.zip' is an archive in an archive, which is not opened",
         "its 'd.txt.gz' is an archive in an archive, which is not opened"),
    )  # fmt: skip


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_of_two_members_of_one_name_the_first_counts() -> None:
    [article] = unzip(("a.txt", b"First."), ("a.txt", b"Second."))
    assert (article.text, article.warnings) == ("First.", ("its 'a.txt' is there twice, and the first is taken",))


def test_options_reach_the_members() -> None:
    data = zipped(("a.csv", b"head,full\nT,One.\n"))
    [article] = load_zip(data, LoadOptions("a.zip", fields={"text": "full", "title": "head"}))
    assert (article.part, article.title, article.text) == ("a.csv#1", "T", "One.")


def test_all_members_together_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "LARGEST_TOTAL", 20)
    [article] = unzip(("a.txt", b"Fifteen letters"), ("b.txt", b"and fifteen more"))
    assert (article.text, article.warnings) == (
        "Fifteen letters",
        ("it unpacks to over 0 MB, and the rest was not read",),
    )


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "it is no zip file, or a broken one"),
        (zipped(("../a.txt", b"x")), "it holds a file '../a.txt', whose name leads out of it"),
        (zipped(("a.png", b"x")),
         f"it holds no file of a format that is read ({', '.join(sorted(FORMATS.keys() - {'.gz', '.zip'}))})"),
        (zipped(("a.txt", b" ")), "nothing in it can be read: its 'a.txt' was left out: it is empty"),
        (zipped(("a.txt", b"x" * 50_000_000)),
         "nothing in it can be read: its 'a.txt' was left out: it holds 'a.txt', which unpacks to over 200 times its "
         "size"),
    ],
    ids=["no zip", "leads out", "nothing known", "empty member", "bomb"],
)  # fmt: skip
def test_a_zip_without_articles_is_refused_with_a_reason(data: bytes, reason: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(reason)}$"):
        load_zip(data, LoadOptions())


def test_broken_members_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "_MOST_BROKEN", 2)
    data = bytearray(zipped(*((f"{name}.txt", b"Some text here.") for name in "abcd")))
    for name in (b"b.txt", b"c.txt"):
        data[data.index(name) + 7] ^= 0xFF
    [article] = load_zip(bytes(data), LoadOptions())
    assert article.part == "a.txt"
    assert article.warnings[-1] == "so many of its files are broken that the rest was not read"


def test_a_packed_file_is_read_by_the_name_that_it_has_unpacked() -> None:
    [article] = gz("a.md.gz", MARKDOWN)
    assert (article.part, article.title, article.text.strip()) == ("", "Rain", "It rained.")
    assert [entry.part for entry in gz("News.JSONL.GZ", RECORDS)] == ["1", "2"]
    [article] = load_gz(gzip.compress(b"One.\n\n") + gzip.compress(b"Two."), LoadOptions("a.txt.gz"))
    assert article.text == "One.\n\nTwo."


TAR = "it is a packed tar archive, which is not opened: unpack it first, or make it a zip"
UNNAMED = "its name does not say what it holds: it has to end like .html.gz or .jsonl.gz"


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("a.tar.gz", b"", TAR),
        ("a.TGZ", b"", TAR),
        ("a.zip.gz", b"", "it is an archive in an archive, which is not opened: unpack it first"),
        ("a.gz", b"", UNNAMED),
        ("a.png.gz", b"", UNNAMED),
        ("", b"", UNNAMED),
        ("a.txt.gz", b"plain", "it is no gzip file, or a broken one"),
        ("a.txt.gz", gzip.compress(b"Text.", mtime=0)[:-9], "it is no gzip file, or a broken one"),
        ("a.txt.gz", gzip.compress(b"Text.", mtime=0)[:-8] + b"\0" * 8, "it is no gzip file, or a broken one"),
        ("a.txt.gz", gzip.compress(b"", mtime=0), "it is empty"),
    ],
)
def test_a_packed_file_that_gives_no_article_is_refused_with_a_reason(name: str, data: bytes, reason: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(reason)}$"):
        load_gz(data, LoadOptions(name))


def test_a_packed_file_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "LARGEST_TOTAL", 1_000_000)
    with pytest.raises(ValueError, match=r"^it unpacks to over 1 MB$"):
        gz("a.txt.gz", b"x" * 3_000_000)
