from __future__ import annotations

import codecs

import pytest

from briefqa.corpus.markup.parsing import decode_page, parse, parse_xml

TEXT = "Мост закрыт до весны"


def page(text: str, declared: str = "") -> str:
    meta = f'<meta charset="{declared}">' if declared else ""
    return f"<html><head>{meta}</head><body><p>{text}</p></body></html>"


@pytest.mark.parametrize(
    ("declared", "encoding"),
    [
        ("windows-1251", "cp1251"),
        ("KOI8-R", "koi8-r"),
        ("utf-8", "utf-8"),
        ("windows-1251", "utf-8"),  # UTF-8 all through is not what it is by chance
        ("utf-16", "utf-8"),  # what is declared in ASCII is not in UTF-16
        ("nonsense", "utf-8"),
    ],
)
def test_a_page_is_read_as_it_says_or_as_utf_8(declared: str, encoding: str) -> None:
    data = page(TEXT, declared).encode(encoding)
    assert decode_page(data) == (page(TEXT, declared), ())


@pytest.mark.parametrize(
    "head",
    [
        '<meta http-equiv="Content-Type" content="text/html; charset=windows-1251">',
        '<?xml version="1.0" encoding="windows-1251"?>',
        "<META CHARSET=windows-1251>",
    ],
)
def test_an_encoding_is_declared_in_several_ways(head: str) -> None:
    assert decode_page((head + TEXT).encode("cp1251")) == (head + TEXT, ())


def test_what_is_said_from_outside_goes_before_what_the_page_says() -> None:
    data = page(TEXT, "windows-1251").encode("koi8-r")
    assert decode_page(data, "koi8-r") == (page(TEXT, "windows-1251"), ())


def test_latin_1_is_read_as_browsers_do() -> None:
    assert decode_page(page("“naïve” €5", "iso-8859-1").encode("cp1252"))[0] == page("“naïve” €5", "iso-8859-1")


@pytest.mark.parametrize("mark", [codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE])
def test_a_byte_order_mark_decides(mark: bytes) -> None:
    encoding = {codecs.BOM_UTF8: "utf-8", codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}[mark]
    data = mark + page(TEXT, "windows-1251").encode(encoding)
    assert decode_page(data, "koi8-r") == (page(TEXT, "windows-1251"), ())


def test_a_few_broken_bytes_of_utf_8_are_told() -> None:
    data = page(TEXT, "utf-8").encode().replace("весны".encode(), b"\xff")
    assert decode_page(data) == (
        page("Мост закрыт до \ufffd", "utf-8"),
        ("its UTF-8 is broken in 1 place, where characters are lost",),
    )


def test_without_a_word_of_it_the_encoding_is_guessed() -> None:
    text = page("Le pont est fermé jusqu’au printemps, a déclaré la ministre à la presse étrangère.")
    assert decode_page(text.encode("cp1252")) == (
        text,
        ("it does not say its encoding and was read as cp1252, which is a guess: look at its accents",),
    )


def test_line_ends_become_newlines() -> None:
    assert decode_page(b"<p>a\r\nb\rc</p>")[0] == "<p>a\nb\nc</p>"


def test_xhtml_is_read_as_what_it_is() -> None:
    tree, _ = parse(
        '<html xmlns="http://www.w3.org/1999/xhtml"><head><title/></head><body><p>a&nbsp;b</p></body></html>'
    )
    assert [element.tag for element in tree.iter()] == ["html", "head", "title", "body", "p"]
    assert tree.findtext(".//p") == "a\u00a0b"


def test_broken_xhtml_is_read_as_html() -> None:
    tree, _ = parse('<html xmlns="http://www.w3.org/1999/xhtml"><body><p>a<br>b</body></html>')
    assert tree.find(".//p").text_content() == "ab"


def test_entities_that_grow_do_not() -> None:
    doctype = '<!DOCTYPE html [<!ENTITY a "lol"><!ENTITY b "' + "&a;" * 100 + '">]>'
    tree, _ = parse(f'{doctype}<html xmlns="http://www.w3.org/1999/xhtml"><body><p>&b;</p></body></html>')
    assert tree.find(".//p").text_content() == "&b;"


def test_xml_that_is_broken_is_refused() -> None:
    assert parse_xml("<a>b</a>").text == "b"
    for broken in ("<a>", "", b"\0"):
        with pytest.raises(ValueError, match=r"^it holds XML that is not well-formed$"):
            parse_xml(broken)
