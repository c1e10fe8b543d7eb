from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

import pytest

from briefqa.corpus.formats import FORMATS
from briefqa.corpus.scan import Listing, scan
from briefqa.errors import CorpusError
from briefqa.types import Source

NOBODY = 65534


def source(path: Path, given: str | None = None) -> Source:
    return Source(given or path.name, str(path), os.path.isfile(path))


def write(path: Path, text: str = "Text.") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def keys(listing: Listing) -> list[tuple[int, str]]:
    return [(file.source, file.key) for file in listing.files]


def test_articles_are_listed_by_key_with_size_and_time(tmp_path: Path) -> None:
    for name in ("b.md", "a/z.txt", "a/B.MARKDOWN", "c.text"):
        write(tmp_path / name, name)
    os.utime(tmp_path / "b.md", ns=(5, 1234567891234567891))
    listing = scan([source(tmp_path)])
    assert keys(listing) == [(0, "a/B.MARKDOWN"), (0, "a/z.txt"), (0, "b.md"), (0, "c.text")]
    assert listing.unreadable == ()
    file = listing.files[2]
    assert (file.path, file.size, file.mtime_ns) == (tmp_path / "b.md", 4, 1234567891234567891)


def test_hidden_and_other_files_are_passed_over(tmp_path: Path) -> None:
    for name in (".hidden.md", ".git/a.md", "a/.b/c.md", "notes.png", "README", "md", "a.md.bak", ".md", "kept.md"):
        write(tmp_path / name)
    listing = scan([source(tmp_path)])
    assert (keys(listing), listing.unreadable) == ([(0, "kept.md")], ())


def test_links_out_of_the_folder_are_told_and_not_followed(tmp_path: Path) -> None:
    write(tmp_path / "secret" / "s.md")
    write(tmp_path / "corpus" / "a.md")
    (tmp_path / "corpus" / "out.md").symlink_to(tmp_path / "secret" / "s.md")
    (tmp_path / "corpus" / "linked").symlink_to(tmp_path / "secret")
    listing = scan([source(tmp_path / "corpus")])
    assert keys(listing) == [(0, "a.md")]
    assert listing.unreadable == (("out.md", "it is a link out of the folder"),)


def test_links_within_the_folder_give_the_file_once(tmp_path: Path) -> None:
    write(tmp_path / "corpus" / "b.md")
    (tmp_path / "corpus" / "c.md").symlink_to("b.md")
    os.link(tmp_path / "corpus" / "b.md", tmp_path / "corpus" / "d.md")
    assert keys(scan([source(tmp_path / "corpus")])) == [(0, "b.md")]


def test_broken_and_looping_links_are_told(tmp_path: Path) -> None:
    (tmp_path / "gone.md").symlink_to("nowhere.md")
    (tmp_path / "loop.md").symlink_to("loop.md")
    listing = scan([source(tmp_path)])
    assert listing.files == ()
    assert [key for key, _ in listing.unreadable] == ["gone.md", "loop.md"]
    assert listing.unreadable[0][1] == "no such file or directory"


def test_a_linked_source_folder_is_read(tmp_path: Path) -> None:
    write(tmp_path / "real" / "a.md")
    (tmp_path / "corpus").symlink_to("real")
    assert keys(scan([source(tmp_path / "corpus")])) == [(0, "a.md")]


@pytest.mark.skipif(sys.platform == "win32", reason="there are no named pipes of this kind")
def test_a_pipe_is_told_and_never_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.md")
    write(tmp_path / "a.md")
    listing = scan([source(tmp_path)])
    assert keys(listing) == [(0, "a.md")]
    assert listing.unreadable == (("pipe.md", "it is not a regular file"),)


def test_a_folder_named_as_an_article_is_walked(tmp_path: Path) -> None:
    write(tmp_path / "folder.md" / "a.md")
    assert keys(scan([source(tmp_path)])) == [(0, "folder.md/a.md")]


def test_a_single_file_is_a_source(tmp_path: Path) -> None:
    path = write(tmp_path / "deep" / "a.md")
    listing = scan([source(path, "deep/a.md")])
    assert [(file.key, file.path) for file in listing.files] == [("a.md", path)]


def test_a_file_in_two_sources_belongs_to_the_first(tmp_path: Path) -> None:
    first = write(tmp_path / "corpus" / "sub" / "a.md")
    write(tmp_path / "corpus" / "b.md")
    sources = [source(first), source(tmp_path / "corpus"), source(tmp_path / "corpus" / "sub")]
    assert keys(scan(sources)) == [(0, "a.md"), (1, "b.md")]
    assert keys(scan(sources[::-1])) == [(0, "a.md"), (1, "b.md")]


def test_a_missing_source_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(CorpusError) as caught:
        scan([source(tmp_path / "corpse", "../corpse")])
    assert str(caught.value) == "There is no folder or file ../corpse. Name the folder that holds your articles."


def test_a_file_of_another_kind_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(CorpusError) as caught:
        scan([source(write(tmp_path / "a.png"), "a.png")])
    assert str(caught.value) == f"a.png is not an article that briefqa reads ({', '.join(sorted(FORMATS))})."


@pytest.mark.skipif(sys.platform != "linux", reason="other systems refuse such names")
def test_a_name_that_is_not_utf_8_is_told(tmp_path: Path) -> None:
    Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9.md")).write_text("Text.", encoding="utf-8")
    write(tmp_path / "a.md")
    listing = scan([source(tmp_path)])
    assert keys(listing) == [(0, "a.md")]
    assert listing.unreadable == (("caf?.md", "its name is not valid UTF-8"),)


def as_nobody(path: Path) -> str:
    """What a scan of `path` says to a user who is not root, in a child process: root may read everything."""
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        try:
            os.setgid(NOBODY)
            os.setuid(NOBODY)
            said = repr([keys(listing := scan([source(path)])), listing.unreadable])
        except CorpusError as error:
            said = str(error)
        except BaseException as error:  # it has to reach the parent
            said = repr(error)
        os.write(writing, said.encode())
        os._exit(0)
    os.close(writing)
    os.waitpid(child, 0)
    with open(reading, encoding="utf-8") as told:
        return told.read()


@pytest.mark.skipif(not hasattr(os, "getuid") or os.getuid() != 0, reason="needs root, to step down from")
@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
def test_folders_that_may_not_be_read_are_told(tmp_path: Path) -> None:
    corpus = tmp_path / "corpus"
    write(corpus / "a.md")
    write(corpus / "closed" / "b.md")
    temporary = Path(tempfile.gettempdir())
    for folder in (corpus, *tmp_path.parents, tmp_path):
        if folder.stat().st_uid == os.getuid() and folder != temporary and folder.is_relative_to(temporary):
            folder.chmod(0o755)
    (corpus / "closed").chmod(0)
    assert as_nobody(corpus) == repr([[(0, "a.md")], ((str(corpus / "closed"), "permission denied"),)])
    assert as_nobody(corpus / "closed" / "b.md") == (
        "There is no folder or file b.md. Name the folder that holds your articles."
    )
