from __future__ import annotations

import hashlib
import os
from pathlib import Path

import pytest

from briefqa.corpus import loading
from briefqa.corpus.article import Article, LoadOptions
from briefqa.corpus.loading import Job, Outcome, Unreadable, document_id, load, read, take_in
from briefqa.corpus.scan import ScannedFile
from briefqa.types import NO_RULES, Document, Rules


def scanned(path: Path, key: str | None = None) -> ScannedFile:
    return ScannedFile(0, key or path.name, str(path), 0, 0)


def loaded(path: Path, data: bytes) -> tuple[Document, tuple[str, ...]]:
    path.write_bytes(data)
    file = scanned(path)
    found = read(file)
    assert found == data
    result = load(file, data, "../corpus")
    assert not isinstance(result, Unreadable)
    (entry,) = result
    assert entry.cuts == ()
    return entry.document, entry.warnings


def test_a_document_holds_what_the_file_says(tmp_path: Path) -> None:
    data = b"---\r\ntitle: T\r\ndate: 2018-11\r\nauthor: Ann\r\nsource: S\r\nurl: u\r\nseries: x\r\n---\r\n\r\nOne.\r\n"
    document, warnings = loaded(tmp_path / "a.md", data)
    assert warnings == ()
    assert document.text.strip() == "One."
    assert (document.key, document.path, document.title) == ("a.md", "a.md", "T")
    assert (document.published, document.source, document.url) == ("2018-11", "S", "u")
    assert (document.authors, document.metadata) == (("Ann",), {"series": "x"})
    assert document.sha256 == hashlib.sha256(data).hexdigest()
    # Worked out with: printf '../corpus\0a.md' | sha256sum
    assert document.id == hashlib.sha256(b"../corpus\0a.md").hexdigest()[:12] == document_id("../corpus", "a.md")


def test_ids_tell_places_and_keys_apart() -> None:
    ids = {document_id(place, key) for place, key in [("a", "b"), ("ab", ""), ("a", "c"), ("b", "b"), ("", "ab")]}
    assert len(ids) == 5
    assert all(len(entry) == 12 and set(entry) <= set("0123456789abcdef") for entry in ids)


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize(
    ("name", "lines"),
    [
        ("a.md", ["---", "title: T", "---", "", "", "Sentence one.", "", "Sentence two."]),
        ("b.md", ["---", "title: T", "date: 2018", "---", "Sentence one.", "Sentence two."]),
        ("c.md", ["---", "title: [", "---", "", "Sentence one.", "Sentence two."]),
        ("d.md", ["", "", "Sentence one.", "# Heading", "Sentence two."]),
        ("e.md", ["---", "", "Sentence one.", "", "---", "", "Sentence two."]),
        ("f.txt", ["Headline", "", "Sentence one.", "page\fbreak", "Sentence two."]),
    ],
)
def test_lines_are_those_of_the_file(tmp_path: Path, name: str, lines: list[str], newline: str) -> None:
    document, _ = loaded(tmp_path / name, newline.join(lines).encode())
    for sentence in ("Sentence one.", "Sentence two."):
        above = document.text[: document.text.index(sentence)].count("\n")
        assert document.line_map[0][1] + above == lines.index(sentence) + 1


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "it is empty"),
        (b" \n\t\n", "it is empty"),
        (b"---\ntitle: T\n---\n", "it has front matter but no text"),
        (b"---\ntitle: T\n---\n\n \n", "it has front matter but no text"),
        (b"\x89PNG\0\0", "it looks like a binary file, not like text"),
        (b"\xff\xfea\0b", "its utf-16-le text is broken at byte 4"),
    ],
)
def test_a_file_without_text_gives_no_document_and_the_reason(data: bytes, reason: str) -> None:
    assert load(scanned(Path("x.md"), "sub/x.md"), data, "corpus") == Unreadable("sub/x.md", reason)


def test_warnings_come_with_the_document(tmp_path: Path) -> None:
    _, warnings = loaded(tmp_path / "a.md", b"---\ndate: soon\n---\nText.\n")
    assert warnings == ("its date 'soon' is not of the form 2018-11-22, 2018-11 or 2018, so its date is unknown",)


def test_a_guessed_encoding_is_told_before_other_warnings(tmp_path: Path) -> None:
    text = "---\ntitle: 'Cafés à Orléans'\ndate: soon\n---\nLes députés européens ont déclaré que c'était nécessaire.\n"
    document, warnings = loaded(tmp_path / "a.md", text.encode("cp1252"))
    assert (document.title, document.text.strip()) == ("Cafés à Orléans", text.split("---\n")[2].strip())
    assert warnings == (
        "it is not in UTF-8 and was read as cp1252, which is a guess: look at its accents",
        "its date 'soon' is not of the form 2018-11-22, 2018-11 or 2018, so its date is unknown",
    )


def test_the_suffix_decides_the_format_in_any_case(tmp_path: Path) -> None:
    for name, title in [("a.MD", "Head"), ("a.Markdown", "Head"), ("a.txt", "# Head"), ("a.TEXT", "# Head")]:
        assert loaded(tmp_path / name, b"# Head\n\nText.\n")[0].title == title


def test_a_file_that_is_gone_is_unreadable(tmp_path: Path) -> None:
    assert read(scanned(tmp_path / "gone.md")) == Unreadable("gone.md", "no such file or directory")


def taken(path: Path, rules: Rules = NO_RULES) -> Outcome:
    return take_in(Job(scanned(path), "../corpus", rules=rules))


def test_a_file_is_taken_in_with_its_size_and_time(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    path.write_bytes(b"Text.\n")
    os.utime(path, ns=(5, 1_234_567_890_123_456_789))
    outcome = taken(path)
    assert (outcome.size, outcome.mtime_ns, outcome.reason) == (6, 1_234_567_890_123_456_789, None)
    assert outcome.sha256 == hashlib.sha256(b"Text.\n").hexdigest()
    assert [entry.document.text for entry in outcome.documents] == ["Text.\n"]


def test_a_file_that_is_too_large_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    with path.open("wb") as file:
        file.truncate(200_000_001)
    outcome = taken(path)
    assert (outcome.sha256, outcome.documents, outcome.reason) == (None, [], "it is larger than 200 MB")


def test_a_file_that_is_written_to_meanwhile_is_read_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.md"
    path.write_bytes(b"First.\n")
    real, calls = os.fstat, 0

    def fstat(handle: int) -> os.stat_result:
        nonlocal calls
        calls += 1
        if calls == 2 or always:
            with path.open("ab") as file:
                file.write(b"More.\n")
            os.utime(path, ns=(5, calls))
        return real(handle)

    always = False
    monkeypatch.setattr(os, "fstat", fstat)
    outcome = taken(path)
    assert [entry.document.text for entry in outcome.documents] == ["First.\nMore.\n"]
    assert (outcome.size, calls) == (13, 4)
    always = True
    outcome = taken(path)
    assert (outcome.documents, outcome.sha256) == ([], None)
    assert outcome.reason == "it changes while it is read: index it when nobody writes to it"


def test_an_error_of_any_kind_in_a_loader_is_the_reason(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.md"
    path.write_bytes(b"Text.\n")

    def fail(data: bytes, options: LoadOptions) -> list[Article]:
        raise KeyError(f"no\n such {options.name}")

    monkeypatch.setattr(loading, "loader_for", lambda suffix: fail)
    outcome = taken(path)
    assert outcome.reason == "reading it failed (KeyError: 'no\\n such a.md')"
    assert outcome.sha256 == hashlib.sha256(b"Text.\n").hexdigest()


def test_rules_fill_what_a_file_does_not_say(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.md"
    path.write_bytes(b"---\nsource: The Desk\n---\nText.\n")
    rules = Rules("news", clean=False, source="Wire", language="en", tags=("x", "y"), fields=(("text", "body"),))
    (entry,) = taken(path, rules).documents
    document = entry.document
    assert (document.source, document.language, document.tags) == ("The Desk", "en", ("x", "y"))
    assert (document.collection, document.found_in) == (
        "news",
        {"source": "front matter", "language": "briefqa.toml", "tags": "briefqa.toml"},
    )

    def spy(data: bytes, options: LoadOptions) -> list[Article]:
        assert (options.name, options.clean, options.fields) == ("a.md", False, {"text": "body"})
        return [Article("Text.", language="fr", tags=("y", "z"), found_in={"language": "HTML"})]

    monkeypatch.setattr(loading, "loader_for", lambda suffix: spy)
    (entry,) = taken(path, rules).documents
    document = entry.document
    assert (document.source, document.language, document.tags) == ("Wire", "fr", ("y", "z", "x"))
    assert document.found_in == {"language": "HTML", "source": "briefqa.toml"}
