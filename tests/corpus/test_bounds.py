from __future__ import annotations

from briefqa.corpus.article import Article
from briefqa.corpus.bounds import bounded, encodable
from briefqa.types import Cut

LONG = "a" * 1_001


def test_an_article_within_the_bounds_stays_as_it_is() -> None:
    article = Article("Text. " * 1_000, title="a" * 1_000, authors=("Ann",), url="https://a.example/", warnings=("w",))
    assert bounded(article) is article


def test_what_is_too_long_is_cut_and_told() -> None:
    found = bounded(Article("Text.", title=LONG, authors=("Ann", LONG), url="a" * 4_001, metadata={LONG: LONG}))
    short = "a" * 999 + "…"
    assert (found.title, found.authors, found.url, found.metadata) == (
        short,
        ("Ann", short),
        None,
        {"a" * 1_000: short},
    )
    assert found.warnings == ("its title, authors, url, metadata are too long, and cut or left out",)


def test_what_is_too_many_is_left_out_and_told() -> None:
    tags = tuple(map(str, range(101)))
    found = bounded(Article("Text.", tags=tags, metadata=dict.fromkeys(tags, "x"), warnings=tags))
    assert (found.tags, len(found.metadata), found.warnings[:100]) == (tags[:100], 100, tags[:100])
    assert found.warnings[100:] == ("its tags, metadata are too long, and cut or left out",)


def test_what_can_not_be_written_is_replaced_in_its_place() -> None:
    article = Article(
        "a\ud800b", authors=("\udfff", "Ann"), metadata={"\ud800": "\ud800"}, cuts=(Cut("\ud800c", "x", None),)
    )
    found = encodable(article)
    assert (found.text, found.authors, found.metadata, found.cuts) == (
        "a?b", ("?", "Ann"), {"?": "?"}, (Cut("?c", "x", None),),
    )  # fmt: skip
    sound = Article("Łódź 😀", authors=("Ann",))
    assert encodable(sound) is sound
