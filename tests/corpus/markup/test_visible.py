from __future__ import annotations

import pytest

from briefqa.corpus.markup.parsing import parse
from briefqa.corpus.markup.visible import blocks_of, text_of


def text(page: str) -> str:
    return text_of(blocks_of(parse(page)[0]))


@pytest.mark.parametrize(
    ("page", "shown"),
    [
        ("<p>one</p>two<div>three</div>", "one\n\ntwo\n\nthree"),
        ("<p> a <b>bold</b>\n and<i> slanted</i>word </p>", "a bold and slantedword"),
        ("<p>a<br>b<br><br>c</p>", "a\nb\n\nc"),
        ("<pre>a\n  b</pre>", "a\nb"),
        ("<p>soft\u00adhyphen zero\u200bwidth</p>", "softhyphen zerowidth"),
        ("<p>a&nbsp;b</p>", "a b"),
        ("<p>a<script>x</script> <button>y</button>b<svg><text>z</text></svg></p>", "a b"),
        ("<p hidden>a</p><p style='display:none'>b</p><p>c</p>", "c"),
        ("<p>a<!-- b -->c</p>", "ac"),
        ("<ul><li>a</li><li><p>b</p><p>c</p></li></ul>", "- a\n- b\n\nc"),
        ("<ul><li>a<ol><li>b</li></ol></li><li>c</li></ul><ul><li>d</li></ul>", "- a\n- b\n- c\n\n- d"),
        ("<dl><dt>a</dt><dd>b</dd></dl>", "a\n\nb"),
        ("<table><tr><td>a</td><td>b</td></tr><tr><td>c</td><td> </td></tr></table>", "a | b\nc"),
        ("<table><caption>t</caption><tr><th>a<th>b<tr><td>c<td><p>d</p><p>e</p></table>", "t\na | b\nc | d e"),
        ("<table><tr><td><p>a</p><p>b</p></td></tr></table>", "a\n\nb"),
        ("<table><tr><td><table><tr><td>a</td><td>b</td></tr></table></td></tr></table>", "a\n\nb"),
        (f"<table><tr><td>menu</td><td>{'long ' * 50}</td></tr><tr><td>a</td><td>b</td></tr></table>",
         f"menu\n\n{('long ' * 50).strip()}\n\na\n\nb"),
    ],
)  # fmt: skip
def test_what_a_reader_sees(page: str, shown: str) -> None:
    assert text(page) == shown


def test_blocks_say_what_they_are_and_how_much_of_them_is_links() -> None:
    blocks = blocks_of(
        parse(
            "<h2><a href=x>Head</a></h2><p>One <a href=x>two</a></p><figure><figcaption>Seen</figcaption></figure>"
            "<ul><li>Item</li></ul>"
            "<table><tr><td><a href=x>ab</a></td><td>cd</td></tr><tr><td>e</td><td>f</td></tr></table>"
        )[0]
    )
    assert [(block.kind, block.text, block.linked) for block in blocks] == [
        ("heading", "Head", 1.0),
        ("paragraph", "One two", 0.5),
        ("caption", "Seen", 0.0),
        ("item", "Item", 0.0),
        ("row", "ab | cd", 0.5),
        ("row", "e | f", 0.0),
    ]
