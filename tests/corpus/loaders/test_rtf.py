from __future__ import annotations

import re

import pytest
from striprtf.striprtf import rtf_to_text

from briefqa.corpus.article import Article, LoadOptions
from briefqa.corpus.loaders.rtf import load_rtf

FONTS = rb"{\fonttbl{\f0\fswiss\fcharset0 Arial;}{\f1\fnil\fcharset204 Kyr;}{\f2\fcharset128 Kana;}}"


def load(body: bytes) -> Article:
    [article] = load_rtf(rb"{\rtf1\ansi\ansicpg1252\deff0" + FONTS + b"\n" + body + b"}", LoadOptions("a.rtf"))
    return article


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (rb"\pard One \b two\b0 , \i three\i0.\par Four.\par", "One two, three.\n\nFour."),
        (b"\\pard One\r\n two.\\\nThree.", "One two.\n\nThree."),
        (rb"Caf\'e9 na\u239?ve \uc0\u233 t\u233 \uc1 .", "Caf\u00e9 na\u00efve \u00e9t\u00e9."),
        (rb"\u-10179?\u-8704? and \u-10179?lone", "\U0001f600 and lone"),
        (rb"{\f1\'cf\'f0\'e8} or {\f2\'83\'65\'83X}", "\u041f\u0440\u0438 or \u30c6\u30b9"),
        (rb"\ldblquote So,\rdblquote\~she\emdash so.\line New line", "\u201cSo,\u201d she\u2014so.\nNew line"),
        (rb"co\-operate, non\_stop \{x\} \\", "cooperate, non-stop {x} \\"),
        (rb"Shown{\v hidden}{\deleted gone} here\v  not\plain , too.", "Shown here, too."),
        (rb"{\listtext\'b7\tab}one\par{\listtext\'b7\tab}two\par\pard Three.", "- one\n- two\n\nThree."),
        (rb"A claim.{\footnote A {\i source}.\par Two.} More.\par Next.", "A claim. More.\n\nA source.\nTwo.\n\nNext."),
        (rb"\trowd\pard\intbl a\par b\cell \cell c\cell\row\pard\intbl d\cell\row\pard End.", "a b | c\nd\n\nEnd."),
        (rb"\trowd\pard\intbl a\cell b\cell\pard End.", "a | b\n\nEnd."),
        (rb'{\field{\*\fldinst{HYPERLINK "http://a.b/"}}{\fldrslt a link}}.', "a link."),
        (rb"{\header Page head}{\footer\chpgn}{\*\generator Word;}{\*\unknown x}Text.", "Text."),
        (b"Text{\\pict\\wmetafile8 0102}{\\pict\\bin6 }}{{\\\\} more.", "Text more."),
        (rb"One.\sect Two.\page Three.", "One.\n\nTwo.\n\nThree."),
    ],
)  # fmt: skip
def test_the_text_that_a_reader_sees(body: bytes, text: str) -> None:
    article = load(body)
    assert article.text == text
    assert (article.lines_of, article.line_map, article.page_map) == ("text", ((0, 1),), ())
    assert article.warnings == ()


def test_another_reader_finds_the_same_words() -> None:
    body = rb"{\info{\title T}}\pard It rained {\f1\'cf\'f0} caf\'e9s \'93full\'94\par of \u1055?eople\par\tab End."
    data = rb"{\rtf1\ansi\ansicpg1252\deff0" + FONTS + body + b"}"
    [article] = load_rtf(data, LoadOptions())
    assert article.text.split() == rtf_to_text(data.decode("latin-1")).split()  # type: ignore[no-untyped-call]


@pytest.mark.parametrize(
    ("header", "text"),
    [
        (rb"\mac", "\u00e9"),
        (rb"\pc", "\u00c4"),
        (rb"\ansi\ansicpg1251", "\u040b"),
        (rb"\ansi\ansicpg99999", "\u017d"),
        (rb"\ansi\ansicpg65001", "\ufffd"),
    ],
)
def test_code_pages(header: bytes, text: str) -> None:
    [article] = load_rtf(rb"{\rtf1" + header + rb"\pard \'8e}", LoadOptions())
    assert article.text == text


def test_properties() -> None:
    article = load(
        rb"{\info{\title On ra\'efn}{\author Ann; Bob}{\keywords rain, water}{\creatim\yr2018\mo11\dy2\hr9}"
        rb"{\revtim\yr2019}{\operator Nobody}}Text."
    )
    assert (article.title, article.authors, article.tags) == ("On ra\u00efn", ("Ann", "Bob"), ("rain", "water"))
    assert article.metadata == {"created": "2018-11-02", "modified": "2019"}
    assert article.found_in == dict.fromkeys(("title", "authors", "tags"), "RTF properties")
    assert article.text == "Text."


@pytest.mark.parametrize("data", [rb"{\rtf1 Text.", rb"{\rtf1 {\b Text.", rb"{\rtf1 Text.\bin99999 x}"])
def test_a_file_that_breaks_off_gives_what_is_there(data: bytes) -> None:
    [article] = load_rtf(data, LoadOptions())
    assert article.text == "Text."
    assert article.warnings == ("it breaks off before its end, so text may be missing",)


def test_what_follows_the_end_is_no_text() -> None:
    [article] = load_rtf(rb"{\rtf1 Text.}}}{\par More.}", LoadOptions())
    assert (article.text, article.warnings) == ("Text.", ())


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "it is no RTF file"),
        (b"Text.", "it is no RTF file"),
        (b"{\\rtf1}", "it has no text"),
        (b"{\\rtf1 {\\*\\x y}\\par}", "it has no text"),
        (b"{\\rtf1 " + b"{" * 20_000, "it is nested too deep to be read"),
    ],
)
def test_what_gives_no_text_is_refused_with_a_reason(data: bytes, reason: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(reason)}$"):
        load_rtf(data, LoadOptions())


def test_odd_control_words_do_no_harm() -> None:
    odd = rb"\u\u99999999 x\uc-5\uc\f99999\fcharset\ansicpg\'zz\'e\bin-3\row\cell\trowd\yr9\ud\upr{\*}{\title no}"
    assert "Text." in load(rb"Text. " + odd).text
