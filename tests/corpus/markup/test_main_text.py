from __future__ import annotations

import pytest

from briefqa.corpus.markup import main_text
from briefqa.corpus.markup.main_text import parts_of
from briefqa.corpus.markup.parsing import parse
from briefqa.corpus.markup.visible import blocks_of

STORY = [f"Paragraph {number} tells at some length what the council said of bridges and what these cost."
         for number in ("one", "two", "three", "four", "five", "six", "seven")]  # fmt: skip


def kept(page: str, extracted: list[str], monkeypatch: pytest.MonkeyPatch, title: str | None = None) -> list[str]:
    """The article's blocks, where the extractor has found these lines."""
    monkeypatch.setattr(main_text, "_extracted", lambda page: extracted)
    tree, _ = parse(page)
    blocks = blocks_of(tree)
    return [blocks[number].text for number in sorted(parts_of(tree, blocks, title).article)]


def body(*paragraphs: str) -> str:
    return '<div class="grid"><div class="body">' + "".join(f"<p>{text}</p>" for text in paragraphs) + "</div></div>"


def test_paragraphs_that_stand_as_the_articles_do_are_its_too(monkeypatch: pytest.MonkeyPatch) -> None:
    page = body(*STORY[:3]) + "<div><p>Advertisement</p></div>" + body(*STORY[3:])
    assert kept(page, STORY[:3], monkeypatch) == STORY
    two_are_too_few = body(*STORY[:2]) + body(*STORY[2:])
    assert kept(two_are_too_few, STORY[:2], monkeypatch) == STORY[:2]


@pytest.mark.parametrize("between", ["<h1>The next story</h1>", "</article><article>"])
def test_but_not_those_of_the_next_story(between: str, monkeypatch: pytest.MonkeyPatch) -> None:
    page = f"<article>{body(*STORY[:3])}{between}{body(*STORY[3:])}</article>"
    assert kept(page, STORY[:3], monkeypatch) == STORY[:3]


def test_quotes_between_paragraphs_are_the_articles(monkeypatch: pytest.MonkeyPatch) -> None:
    page = (
        f"<div><p>{STORY[0]}</p><blockquote><p>We wait.</p></blockquote><p>{STORY[1]}</p></div>"
        "<aside><blockquote>Elsewhere.</blockquote></aside>"
    )
    assert kept(page, STORY[:2], monkeypatch) == [STORY[0], "We wait.", STORY[1]]


def test_the_title_at_the_top_is_no_text_but_other_headings_are(monkeypatch: pytest.MonkeyPatch) -> None:
    page = f"<h1>Bridges</h1><p>Bridges!</p><h2>Money</h2><p>{STORY[0]}</p><h2>Bridges</h2><p>{STORY[1]}</p>"
    lines = ["Bridges", "Bridges!", "Money", STORY[0], "Bridges", STORY[1]]
    assert kept(page, lines, monkeypatch, "Bridges") == ["Money", STORY[0], "Bridges", STORY[1]]
    assert kept(page, lines, monkeypatch) == lines


def test_headings_over_nothing_of_the_article_go(monkeypatch: pytest.MonkeyPatch) -> None:
    page = (
        f"<h2>Money</h2><h3>How much</h3><p>{STORY[0]}</p><h3>Read also</h3><p><a href=x>Lakes open</a></p>"
        f"<h2>Time</h2><p>{STORY[1]}</p><h2>More stories</h2><ul><li>Lakes</li></ul>"
    )
    lines = ["Money", "How much", STORY[0], "Read also", "Lakes open", "Time", STORY[1], "More stories"]
    assert kept(page, lines, monkeypatch) == ["Money", "How much", STORY[0], "Time", STORY[1]]


def test_links_go_but_sentences_and_rows_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    sentence = f"{STORY[1]} And so on, and so forth."
    row = "<tr><td><a href=x>Steel</a></td><td><a href=y>Twelve</a></td></tr>"
    page = (
        f"<p>{STORY[0]}</p><p>See: <a href=x>Lakes are open again</a></p><p><a href=y>{sentence}</a></p>"
        f"<table>{row}{row}</table>"
    )
    lines = [STORY[0], "See: Lakes are open again", sentence, "Steel | Twelve", "Steel | Twelve"]
    assert kept(page, lines, monkeypatch) == [STORY[0], sentence, "Steel | Twelve", "Steel | Twelve"]


def test_without_an_article_all_but_the_margins_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    page = "<nav><p>Menu</p></nav><p>Back at noon.</p><footer>Imprint</footer>"
    assert kept(page, [], monkeypatch) == ["Back at noon."]
    tree, _ = parse(page)
    assert not parts_of(tree, blocks_of(tree), None).told


def test_a_page_of_margins_only_is_kept_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    assert kept("<nav><p>Menu</p></nav>", [], monkeypatch) == ["Menu"]


def test_whatever_stops_the_extractor_does_not_stop_the_page(monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(*given: object, **named: object) -> str:
        raise RecursionError

    monkeypatch.setattr("trafilatura.extract", stop)
    tree, _ = parse(f"<p>{STORY[0]}</p>")
    assert parts_of(tree, blocks_of(tree), None).article == {0}
