"""What an index is told by: its articles, and how they were indexed."""

from __future__ import annotations

import hashlib
import os
import shutil
from pathlib import Path

import briefqa
from briefqa.analysis import ANALYSIS_VERSION
from tests.conftest import ARTICLES, Build
from tests.fakes import RERANKER, FakeEncoders


def identity(encoders: FakeEncoders, index: str = "index") -> dict[str, str | int | None]:
    with briefqa.open(index, encoders=encoders) as opened:
        return opened.identity()


def test_an_identity_by_hand(build: Build, encoders: FakeEncoders) -> None:
    build()
    lines = sorted((key, hashlib.sha256(text.encode()).hexdigest()) for key, text in ARTICLES.items())
    articles = "".join(f"{sha256}  {key}\n" for key, sha256 in lines)
    found = identity(encoders)
    assert found.pop("corpus_sha256") == hashlib.sha256(articles.encode()).hexdigest()
    assert found == {
        "analysis": ANALYSIS_VERSION,
        "documents": 5,
        "passages": 6,
        "passage_tokens": 200,
        "overlap_tokens": 0,
        "encoder": "all-MiniLM-L6-v2",
        "encoder_sha256": encoders.find("all-MiniLM-L6-v2").sha256,
        "precision": "fp32",
        "reranker_sha256": None,
    }


def test_the_same_articles_elsewhere(build: Build, encoders: FakeEncoders, articles: Path) -> None:
    build()
    shutil.copytree(articles, "moved/articles")
    for number, path in enumerate(sorted(Path("moved").rglob("*.*"))):
        os.utime(path, (number, number))
    build(corpus=("moved/articles",), index="other/index")
    assert identity(encoders, "other/index") == identity(encoders)


def test_an_index_that_was_brought_up_to_date_is_told_like_one_made_at_once(
    build: Build, encoders: FakeEncoders, articles: Path
) -> None:
    text = (articles / "peace.md").read_text()
    (articles / "peace.md").unlink()
    (articles / "more.md").write_text("More.\n")
    build()
    (articles / "peace.md").write_text(text)
    (articles / "more.md").unlink()
    build()
    build(index="other")
    assert identity(encoders) == identity(encoders, "other")


def test_the_order_of_folders_does_not_matter(build: Build, encoders: FakeEncoders, articles: Path) -> None:
    Path("more").mkdir()
    (articles / "csto.md").rename("more/csto.md")
    build(corpus=("corpus", "more"))
    build(corpus=("more", "corpus"), index="other")
    assert identity(encoders, "other") == identity(encoders)


def test_the_same_articles_cut_otherwise(build: Build, encoders: FakeEncoders) -> None:
    build()
    build(index="short", passage_tokens=16)
    whole, short = identity(encoders), identity(encoders, "short")
    assert short["corpus_sha256"] == whole["corpus_sha256"]
    assert {key for key in whole if whole[key] != short[key]} == {"passages", "passage_tokens"}


def test_a_reranker_is_told(build: Build, encoders: FakeEncoders) -> None:
    build()
    build(index="other", reranker=RERANKER)
    whole, other = identity(encoders), identity(encoders, "other")
    assert other == {**whole, "reranker_sha256": encoders.find_reranker(RERANKER).sha256}


def test_another_article_or_another_name_is_another_corpus(
    build: Build, encoders: FakeEncoders, articles: Path
) -> None:
    build()
    found = {identity(encoders)["corpus_sha256"]}
    (articles / "peace.md").write_text((articles / "peace.md").read_text() + "Amen.\n")
    build()
    found.add(identity(encoders)["corpus_sha256"])
    (articles / "peace.md").rename(articles / "truce.md")
    build()
    found.add(identity(encoders)["corpus_sha256"])
    (articles / "truce.md").unlink()
    build()
    found.add(identity(encoders)["corpus_sha256"])
    assert len(found) == 4
