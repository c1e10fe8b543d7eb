"""Articles as files: what is written is read back as it was, under names that no text can choose."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefqa.corpus.loading import Unreadable, load
from briefqa.corpus.scan import ScannedFile
from briefqa.evaluation.exchange.articles import Article, clean, file_keys, make_article, to_markdown
from briefqa.types import Document

TEXTS = st.text(st.characters(exclude_categories=[]), max_size=60)


def read_back(article: Article) -> Document:
    content = to_markdown(article).encode()
    loaded = load(ScannedFile(0, article.key, article.key, len(content), 0), content, "corpus")
    assert not isinstance(loaded, Unreadable), loaded
    (entry,) = loaded
    assert entry.warnings == ()
    return entry.document


@given(origin=TEXTS.filter(lambda text: bool(text.strip())), title=TEXTS, text=TEXTS)
def test_whatever_is_written_is_read_back(origin: str, title: str, text: str) -> None:
    article = make_article(origin, title, text, key="a.md")
    if article is None:
        assert not clean(title + text).strip()
        return
    document = read_back(article)
    assert document.text.strip() == article.text.strip()
    assert document.title == (article.title or document.title)
    assert article.text.strip() == (clean(text).strip() or article.title)


@pytest.mark.parametrize("text", ["---\ntitle: other\n---\nBody.", "# Heading\n\n--- \n---\n", "  indented\n\n\ttext"])
def test_text_that_looks_like_front_matter(text: str) -> None:
    article = make_article("1", 'A: "quoted" title # 7', text, key="a.md")
    assert article is not None
    document = read_back(article)
    assert document.text.strip() == text.strip()
    assert (document.title, document.metadata) == ('A: "quoted" title # 7', {"id": "1"})


def test_clean() -> None:
    assert clean("a\r\nb\rc\n\x00d\x1f\te\x7f\ud800") == "a\nb\nc\n d \te \ufffd"


def test_the_title_stands_for_a_text_that_is_missing() -> None:
    article = make_article("1", " A\n title ", " \n", key="a.md")
    assert article == Article("a.md", "1", "A title", "A title")
    assert make_article("1", "", "\x00", key="a.md") is None
    assert make_article("1", None, "", key="a.md") is None


def test_plain_names_keep_their_form() -> None:
    assert file_keys(["4983", "nested/cis.md", "Super_Bowl_50", "osce.txt", "Élection 1.5 (b)"]) == {
        "4983": "4983.md",
        "nested/cis.md": "nested/cis.md",
        "Super_Bowl_50": "Super_Bowl_50.md",
        "osce.txt": "osce.txt.md",
        "Élection 1.5 (b)": "Élection 1.5 (b).md",
    }


@pytest.mark.parametrize(
    ("origin", "key"),
    [
        ("../../etc/passwd", "%2E.%2F..%2Fetc%2Fpasswd.md"),
        ("/etc/passwd", "%2Fetc%2Fpasswd.md"),
        (".hidden", "%2Ehidden.md"),
        (".", "%2E.md"),
        ("a//b", "a%2F%2Fb.md"),
        ("a/../b", "a%2F..%2Fb.md"),
        ("a.b/c", "a.b%2Fc.md"),
        ("<dbpedia:A>", "%3Cdbpedia%3AA%3E.md"),
        ("a%2Fb", "a%252Fb.md"),
        ("a\\b", "a%5Cb.md"),
        ("-rf", "-rf.md"),
    ],
)
def test_special_names_are_encoded(origin: str, key: str) -> None:
    assert file_keys([origin]) == {origin: key}


def test_names_that_a_disk_may_not_tell_apart() -> None:
    keys = file_keys(["a", "A", "a.md", "e\u0301", "\u00e9"])
    assert list(keys.values())[:1] == ["a.md"]
    assert keys["A"].startswith("A-")
    assert keys["a.md"].startswith("a-")
    assert len({key.casefold() for key in keys.values()}) == 5
    assert keys == file_keys(list(keys))


@given(st.lists(TEXTS.filter(lambda text: bool(text.strip())), unique=True, max_size=8))
def test_keys_are_safe_paths_below_the_folder(origins: list[str]) -> None:
    keys = file_keys(origins)
    assert len({key.casefold() for key in keys.values()}) == len(origins)
    for key in keys.values():
        parts = key.split("/")
        assert not any(part in {"", ".", ".."} or part.startswith(".") for part in parts)
        assert key.endswith(".md")
        assert key.isprintable()
        assert len(key.encode()) <= 255


def test_a_long_name_is_cut() -> None:
    one, other = file_keys(["x" * 500, "x" * 501]).values()
    assert one != other
    assert max(len(one), len(other)) < 200
