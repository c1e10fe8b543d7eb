"""The text of a record, which may be HTML."""

from __future__ import annotations

import re

from briefqa.corpus.characters import tidy
from briefqa.corpus.markup.parsing import parse
from briefqa.corpus.markup.visible import blocks_of, text_of

_TAG = re.compile(
    r"</?(?:p|div|br|h[1-6]|ul|ol|li|blockquote|table|tr|td|a|b|i|em|strong|span|img|figure)\b[^<>]*>", re.I
)
_BLOCK_TAG = re.compile(r"</(?:p|div|h[1-6]|li|blockquote|tr)\s*>|<br\s*/?>|<p(?: [^<>]*)?>", re.I)
_FEWEST_TAGS = 2
_ANY_TAG = re.compile(r"<[^<>]*>")
_BLANK_LINES = re.compile(r"\n\s*\n")


def body_of(text: str) -> str:
    """`text` as the text of an article: of HTML what a reader sees, else itself, each paragraph's lines tidied."""
    text = text.encode("utf-8", "replace").decode().replace("\r\n", "\n").replace("\r", "\n")
    if _BLOCK_TAG.search(text) and len(_TAG.findall(text)) >= _FEWEST_TAGS:
        text = _seen(text)
    paragraphs = ("\n".join(filter(None, map(tidy, part.split("\n")))) for part in _BLANK_LINES.split(text))
    return "\n\n".join(filter(None, paragraphs))


def _seen(text: str) -> str:
    try:
        page, lost = parse(text)
    except ValueError:
        return _ANY_TAG.sub(" ", text)
    return _ANY_TAG.sub(" ", text) if lost else text_of(blocks_of(page))
