"""Text to the terms that the lexical index holds, and that questions and quotes are compared by.

Words are runs of letters and digits, lower-cased, without accents, without English function words, stemmed by
Snowball (Porter2). Change ANALYSIS_VERSION with the chain: an index keeps the version it was made with.
"""

from __future__ import annotations

from dataclasses import dataclass

import tantivy

ANALYSIS_VERSION = 1
# What apostrophes leave behind ("Russia's", "don't", "they've").
_REMNANTS = ["s", "t", "d", "ll", "m", "re", "ve"]


@dataclass(frozen=True, slots=True)
class Token:
    """A term and the span of the word that it stands for."""

    term: str
    start: int
    end: int


def build_analyzer() -> tantivy.TextAnalyzer:
    """The analyzer, to be registered with an index."""
    return (
        tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple())
        .filter(tantivy.Filter.remove_long(64))
        .filter(tantivy.Filter.lowercase())
        .filter(tantivy.Filter.ascii_fold())
        .filter(tantivy.Filter.stopword("english"))
        .filter(tantivy.Filter.custom_stopword(_REMNANTS))
        .filter(tantivy.Filter.stemmer("english"))
        .build()
    )


_ANALYZER = build_analyzer()


def _encodable(text: str) -> str:
    """`text`, of the same length, without the unpaired surrogates that Rust strings can't hold."""
    return text.encode("utf-8", "replace").decode("utf-8")


def terms(text: str) -> list[str]:
    """The terms of `text`, in order, repeated as they repeat."""
    return list(_ANALYZER.analyze(_encodable(text)))


def tokens(text: str) -> list[Token]:
    """The terms of `text` with the spans of their words."""
    return [
        Token(token.text, token.char_offset_from, token.char_offset_to)
        for token in _ANALYZER.pre_tokenize(_encodable(text)).tokens
    ]


# Words that ask, or are there for grammar: an article needn't hold them to answer. Analysed like any text.
_ASKING = frozenset(
    token.term
    for token in tokens(
        "who whom whose what which when where why how much many do does did done have has had having were been being"
        " am can could would should shall may might must i me my we us our you your he him his she her its them from"
        " about than then so please tell know find give name list say any some ever us also out up over through there"
        " happen mean article articles text according exactly actually still call called"
    )
)


def content_tokens(question: str) -> list[Token]:
    """The tokens of a question that say what it is about."""
    return [token for token in tokens(question) if token.term not in _ASKING]
