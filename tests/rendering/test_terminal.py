from __future__ import annotations

import re
from dataclasses import replace

import pytest

from briefqa.rendering.style import Style
from briefqa.rendering.terminal import render_answer, render_hits, render_passages
from briefqa.types import Answer, Hits
from tests.rendering.builders import (
    make_answer,
    make_citation,
    make_document,
    make_hit,
    make_hits,
    make_passage,
)

PLAIN = Style()
FIRST, SECOND, THIRD = (
    "The alliance has six members.",
    "Azerbaijan, Moldova, Turkmenistan and Uzbekistan are in the CIS but outside the\nCSTO.",
    "Its seat is Moscow.",
)
NOTE = "The articles have changed since the index was made. Bring it up to date with: briefqa index"
LONG_TITLE = (
    "Commonwealth of Independent States Meet, Pledge to Strengthen Ties In The Face of A Rallying NATO, and Again"
)
# ESC (colour, title), BEL, CR, C1's CSI, NUL, DEL, bidi override and isolate, mark, line separator, lone surrogate.
HOSTILE = "a\x1b[31mb\x1b]0;x\x07c\rd\x9be\x00f\x7fg\u202eh\u2066i\u200fj\u2028k\ud800l\nm"
UNSAFE = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)


def answered() -> Answer:
    document = make_document()
    other = make_document(id="b8f01439bb81", key="x/other.txt", path="corpus/x/other.txt", title=None, published=None)
    bare = replace(other, source=None, authors=())
    return make_answer(
        make_citation(document, SECOND),
        make_citation(replace(document, source=None), FIRST, marker=2),
        make_citation(bare, THIRD, marker=3),
    )


def unanswered() -> Answer:
    hit = make_hit(make_document(), FIRST, SECOND)
    return make_answer(hits=(hit,), confidence=0.125, missing=("World", "Cup"))


def search() -> Hits:
    document = make_document()
    other = make_document(title="Other", source=None, published=None)
    return make_hits(
        make_hit(document, FIRST, SECOND, THIRD),
        make_hit(other, FIRST, rank=12, score=0.05),
        question="Moldova, Uzbekistan and the seat?",
    )


def test_an_answer() -> None:
    assert (
        render_answer(answered(), PLAIN)
        == """\
  Azerbaijan, Moldova, Turkmenistan and Uzbekistan are in the CIS but outside
  the CSTO. [1]

  [1] CIS security chiefs meet · commonspace.eu · 2018-11-22
      corpus/cis.md:7-8
      “Azerbaijan, Moldova, Turkmenistan and Uzbekistan are in the CIS but
      outside the CSTO.”

  [2] CIS security chiefs meet · Ann, Bob · 2018-11-22
      corpus/cis.md:7
      “The alliance has six members.”

  [3] x/other.txt
      corpus/x/other.txt:10
      “Its seat is Moscow.”

  confidence 0.94 · 3 quotes from 2 articles"""
    )


def test_a_single_quote_and_its_notes() -> None:
    answer = make_answer(make_citation(make_document(), THIRD), notes=(NOTE, "Another."), confidence=1.0)
    assert (
        render_answer(answer, PLAIN)
        == """\
  Its seat is Moscow. [1]

  [1] CIS security chiefs meet · commonspace.eu · 2018-11-22
      corpus/cis.md:10
      “Its seat is Moscow.”

  confidence 1.00 · 1 quote from 1 article

  Note: The articles have changed since the index was made. Bring it up to date
  with: briefqa index

  Note: Another."""
    )


def test_no_answer_shows_the_nearest_passage_and_why_it_is_not_enough() -> None:
    assert (
        render_answer(unanswered(), PLAIN)
        == """\
  Nothing in these articles answers this.

  nearest: CIS security chiefs meet · commonspace.eu · 2018-11-22
      corpus/cis.md:7-8  9b270744d984
      “Azerbaijan, Moldova, Turkmenistan and Uzbekistan are in the CIS but
      outside the CSTO.”

  Not enough: it says nothing of “World” or “Cup”.

  confidence 0.12"""
    )


@pytest.mark.parametrize(
    ("missing", "why"),
    [
        ((), "Not enough: it shares the question's words, but no sentence in it brings them\n  together."),
        (("Cup",), "Not enough: it says nothing of “Cup”."),
        (("a", "b", "c"), "Not enough: it says nothing of “a”, “b” or “c”."),
        (tuple("abcdefgh"), "Not enough: it says nothing of “a”, “b”, “c”, “d”, “e” or “f”."),
    ],
)
def test_why_it_is_not_enough(missing: tuple[str, ...], why: str) -> None:
    text = render_answer(replace(unanswered(), missing=missing), PLAIN)
    assert text.endswith(f"”\n\n  {why}\n\n  confidence 0.12")


def test_no_answer_and_no_passage() -> None:
    assert (
        render_answer(make_answer(confidence=0.0, notes=("None.",)), PLAIN)
        == """\
  Nothing in these articles answers this.

  confidence 0.00

  Note: None."""
    )


def test_hits_show_the_sentence_that_fits_best() -> None:
    assert (
        render_hits(search(), PLAIN)
        == """\
  1  0.912  CIS security chiefs meet · commonspace.eu · 2018-11-22
            corpus/cis.md:7-10  9b270744d984
            Azerbaijan, Moldova, Turkmenistan and Uzbekistan are in the CIS but
            outside the CSTO.

 12  0.050  Other · Ann, Bob
            corpus/cis.md:7  9b270744d984
            The alliance has six members."""
    )


def test_hits_without_sentences_show_the_whole_passage() -> None:
    hit = make_hit(make_document(), THIRD)
    hit = replace(hit, passage=replace(hit.passage, sentences=()))
    assert render_hits(make_hits(hit), PLAIN).endswith("\n            Its seat is Moscow.")


def test_no_hits() -> None:
    assert (
        render_hits(make_hits(notes=("None of it.",)), PLAIN)
        == """\
  No passage of these articles shares anything with this question.

  Note: None of it."""
    )


def test_a_note_stands_one_line_below_the_hits() -> None:
    text = render_hits(make_hits(make_hit(make_document(), THIRD), notes=("So.",)), PLAIN)
    assert text.endswith("Its seat is Moscow.\n\n  Note: So.")


def test_passages_are_numbered_lines_with_the_one_asked_for_marked() -> None:
    document = make_document()
    passages = [
        make_passage(document, FIRST, SECOND, identity="111111111111"),
        make_passage(document, THIRD, identity="222222222222"),
    ]
    assert (
        render_passages(document, passages, "222222222222", PLAIN)
        == """\
CIS security chiefs meet · commonspace.eu · 2018-11-22
corpus/cis.md

passage 111111111111 · lines 7-8
   7  The alliance has six members. Azerbaijan, Moldova, Turkmenistan and Uzbekistan are in the CIS but outside the
   8  CSTO.

passage 222222222222 · line 10
> 10  Its seat is Moscow."""
    )


def test_a_document_marks_no_passage_and_blank_lines_end_at_their_number() -> None:
    document = make_document(title="T", source=None, authors=(), published=None)
    assert (
        render_passages(document, [make_passage(document, "CSTO.", THIRD)], None, PLAIN)
        == """\
T
corpus/cis.md

passage 9b270744d984 · lines 8-10
   8  CSTO.
   9
  10  Its seat is Moscow."""
    )


@pytest.mark.parametrize("width", [50, 60, 80, 100])
@pytest.mark.parametrize("title", [LONG_TITLE, "x" * 300, "Short"])
def test_nothing_is_wider_than_asked_for(width: int, title: str) -> None:
    style = Style(width=width)
    document = make_document(title=title)
    answer = make_answer(make_citation(document, SECOND), notes=(NOTE,))
    near = make_answer(hits=(make_hit(document, SECOND),), missing=("abcdefghijkl",) * 6, notes=(NOTE,))
    for text in (render_answer(answer, style), render_answer(near, style)):
        assert max(map(len, text.split("\n"))) <= width
    shown = render_hits(make_hits(make_hit(document, SECOND), notes=(NOTE,)), style).split("\n")
    assert max(len(line) for line in shown if "9b270744d984" not in line) <= width


def test_a_wide_style_uses_its_width() -> None:
    lines = render_answer(answered(), Style(width=100)).split("\n")
    assert lines[0] == ("  Azerbaijan, Moldova, Turkmenistan and Uzbekistan are in the CIS but outside the CSTO. [1]")


def test_a_long_title_goes_on_below_its_beginning() -> None:
    document = make_document(title=LONG_TITLE)
    text = render_answer(make_answer(make_citation(document, THIRD)), PLAIN)
    assert (
        """
  [1] Commonwealth of Independent States Meet, Pledge to Strengthen Ties In The
      Face of A Rallying NATO, and Again · commonspace.eu · 2018-11-22
      corpus/cis.md:10
"""
        in text
    )
    assert render_hits(make_hits(make_hit(document, THIRD)), PLAIN).startswith("""\
  1  0.912  Commonwealth of Independent States Meet, Pledge to Strengthen Ties
            In The Face of A Rallying NATO, and Again · commonspace.eu ·
            2018-11-22
            corpus/cis.md:10  9b270744d984
""")


def test_without_colour_and_links_there_is_no_escape_code() -> None:
    passages = render_passages(make_document(), [make_passage(make_document(), THIRD)], None, PLAIN)
    for text in (
        render_answer(answered(), PLAIN),
        render_answer(unanswered(), PLAIN),
        render_hits(search(), PLAIN),
        passages,
    ):
        assert "\x1b" not in text


def test_colour_sets_off_what_the_question_shares_and_nothing_else() -> None:
    answer = make_answer(make_citation(make_document(), SECOND), question="Is the member Moldova outside of it?")
    text = render_answer(answer, Style(color=True))
    assert re.findall(r"\x1b\[1;33m(.*?)\x1b\[22;39m", text) == ["Moldova", "outside"]
    assert "\x1b[36m[1]\x1b[39m \x1b[1mCIS security chiefs meet · commonspace.eu · 2018-11-22\x1b[22m" in text
    assert "\x1b[2m  confidence 0.94 · 1 quote from 1 article\x1b[22m" in text
    assert "\x1b]8" not in text


def test_colour_changes_no_word_and_no_line() -> None:
    for render, subject in ((render_answer, answered()), (render_answer, unanswered())):
        colored = render(subject, Style(color=True))
        assert re.sub(r"\x1b\[[\d;]*m", "", colored) == render(subject, PLAIN)
        assert colored != render(subject, PLAIN)
    assert re.sub(r"\x1b\[[\d;]*m", "", render_hits(search(), Style(color=True))) == render_hits(search(), PLAIN)


def test_links_lead_to_the_file_and_only_where_they_are_wanted() -> None:
    document = make_document(path="/corpus/a b\u202e\x1b.md")
    answer = make_answer(make_citation(document, THIRD))
    text = render_answer(answer, Style(links=True))
    address = "file:///corpus/a%20b%E2%80%AE%1B.md"
    assert f"      \x1b]8;;{address}\x1b\\/corpus/a b\ufffd\ufffd.md:10\x1b]8;;\x1b\\" in text
    page = "https://example.org/cis#:~:text=Its%20seat%20is%20Moscow."
    assert f" · \x1b]8;;{page}\x1b\\on its page\x1b]8;;\x1b\\\n" in text
    assert text.count("\x1b") == 8
    assert "file:" not in render_answer(answer, Style(color=True))


@pytest.mark.parametrize("style", [PLAIN, Style(width=40)])
def test_no_hostile_text_comes_through(style: Style) -> None:
    text = f"{HOSTILE} was said. It {HOSTILE}."
    document = make_document(
        text=text, title=HOSTILE, source=HOSTILE, published=HOSTILE, path=f"corpus/{HOSTILE}.md", key=HOSTILE
    )
    answer = make_answer(make_citation(document, text), notes=(HOSTILE,), question=HOSTILE)
    hit = make_hit(document, f"{HOSTILE} was said.")
    near = make_answer(hits=(hit,), missing=(HOSTILE,), question=HOSTILE)
    passages = [make_passage(document, f"{HOSTILE} was said.")]
    for rendered in (
        render_answer(answer, style),
        render_answer(near, style),
        render_hits(make_hits(hit, notes=(HOSTILE,), question=HOSTILE), style),
        render_passages(document, passages, None, style),
    ):
        assert UNSAFE.search(rendered) is None
        assert "a\ufffd[31mb\ufffd]0;x\ufffdc\ufffdd\ufffde" in rendered


def test_a_title_stays_on_its_line() -> None:
    document = make_document(title="One\nTwo\n\n  [2] Three", source=None, authors=(), published=None)
    lines = render_answer(make_answer(make_citation(document, THIRD)), PLAIN).split("\n")
    assert lines[2] == "  [1] One Two [2] Three"
    assert lines[3] == "      corpus/cis.md:10"


def test_hostile_text_is_defused_before_it_is_coloured() -> None:
    document = make_document(title=HOSTILE, text=f"Moldova {HOSTILE}.")
    answer = make_answer(make_citation(document, f"Moldova {HOSTILE}."), question="Moldova?")
    text = render_answer(answer, Style(color=True))
    assert UNSAFE.search(re.sub(r"\x1b\[(1|2|22|36|39|1;33|22;39)m", "", text)) is None


def test_words_are_set_off_as_the_article_s_language_forms_them() -> None:
    german = replace(make_document(), text="Es war still. Die Häuser brannten.", language="de")
    hits = make_hits(make_hit(german, "Es war still.", "Die Häuser brannten."), question="Wer kennt das Haus?")
    shown = render_hits(hits, Style(color=True))
    assert "Die \x1b[1;33mHäuser\x1b[22;39m brannten." in shown
    assert "Es war still." not in shown
    english = render_hits(
        replace(hits, hits=(make_hit(replace(german, language="en"), "Die Häuser brannten."),)), Style(color=True)
    )
    assert "\x1b[1;33m" not in english
