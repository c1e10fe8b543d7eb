"""What once took time or room without a bound."""

from __future__ import annotations

from pathlib import Path

from briefqa.chunking import chunk
from briefqa.corpus.article import LoadOptions
from briefqa.corpus.loaders.text import LONGEST_FRONT, load_markdown
from briefqa.corpus.scan import scan
from briefqa.types import Document, Source
from tests.hostile.targets import ENCODER


def passages(text: str) -> list[str]:
    document = Document(id="a" * 12, key="a", path="a", text=text, sha256="")
    return [entry.passage.text for entry in chunk(document, ENCODER, passage_tokens=40)]


def test_a_word_of_any_length_is_cut_though_an_encoder_counts_it_as_one() -> None:
    assert passages("a" * 100) == ["a" * 100]
    found = passages("a" * 100_000)
    assert "".join(found) == "a" * 100_000
    # 40 tokens of at most 32 characters, and what is left of the last one.
    assert max(map(len, found)) <= 40 * 32 + 31


def test_white_space_of_any_length_is_cut_though_it_costs_no_token() -> None:
    found = passages(f"It rained.{' ' * 100_000}Nobody went out.")
    assert [" ".join(text.split()) for text in found] == ["It rained.", "Nobody went out."]
    assert max(map(len, found)) <= 40 * 32 + 31


def test_patterns_that_take_long_to_match_are_passed_over(tmp_path: Path) -> None:
    name = f"{'a' * 200}.md"
    for file in (name, "b.md"):
        (tmp_path / file).write_text("Text.", encoding="utf-8")
    # The first would be tried for minutes on the long name; the others count.
    (tmp_path / ".gitignore").write_text(f"{'*a' * 12}b\n*b*.md\n", encoding="utf-8")
    assert [file.key for file in scan([Source("x", str(tmp_path))]).files] == [name]


def test_front_matter_that_is_too_long_is_told_and_the_article_had() -> None:
    front = "a: " + "b" * LONGEST_FRONT
    [article] = load_markdown(f"---\ntitle: Rain\n{front}\n---\nIt rained.\n".encode(), LoadOptions("a.md"))
    assert (article.text.strip(), article.metadata) == ("It rained.", {})
    assert article.warnings == ("its front matter is too long, so its title and date are unknown",)
