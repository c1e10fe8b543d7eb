"""Text to the terms that the lexical index holds, and that questions and quotes are compared by, by language.

Words are runs of letters and digits, lower-cased, without accents, without function words, stemmed by Snowball (Porter2
for English). Languages without a stemmer keep the rest of that; those written without spaces have overlapping pairs of
characters in place of words (McNamee and Mayfield 2004, "Character N-Gram Tokenization for European Language Text
Retrieval", and Lucene's CJKAnalyzer). Terms begin with the name of their analyzer and a colon ("de:haus"), but for
English ones, so that terms of one language are never taken for those of another.

Change ANALYSIS_VERSION with the chains: an index keeps the version it was made with.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache
from typing import TYPE_CHECKING, NamedTuple

import tantivy

from briefqa.languages import (
    ENGLISH,
    FUNCTION_WORDS,
    STEMMERS,
    UNSPACED,
    UNSPACED_FUNCTION_WORDS,
    WITHOUT_STOP_WORDS,
    base_code,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from briefqa.types import Span

ANALYSIS_VERSION = 1
PLAIN = "plain"
"""The analyzer of languages without a stemmer."""
PAIRS = "pairs"
"""The analyzer of languages without spaces."""
ANALYZERS = (ENGLISH, *STEMMERS, PLAIN, PAIRS)
# What apostrophes leave behind ("Russia's", "don't", "they've").
_REMNANTS = ["s", "t", "d", "ll", "m", "re", "ve"]
_LONGEST = 64  # characters of a word; a longer one is none
_REMEMBERED_WORDS = 2**16

# Signs that stand inside of words, and that Python counts neither as letters nor as digits: accents that follow their
# letter, and the vowels of Hebrew, Arabic, and the scripts of India (without their full stops).
_MARKS = (
    "\u0300-\u036f\u0591-\u05bd\u05bf-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06dc\u0900-\u0963\u0966-\u0dff"
)
_UNSPACED_LETTERS = (
    "\u0e01-\u0e3a\u0e40-\u0e4e\u0e81-\u0ece\u1000-\u1049\u1780-\u17d3\u1100-\u11ff\u3005\u3041-\u309f\u30a1-\u30fa"
    "\u30fc-\u30ff\u3105-\u318e\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3\uf900-\ufaff\uff66-\uff9f"
    "\U00020000-\U0003ffff"
)
_STRAY = re.compile("[\u0300-\u036f]")
_WORD = re.compile(rf"[^\W_]+(?:[{_MARKS}]+[^\W_]*)*")
# In Turkish, what follows an apostrophe is the ending of a name.
_TURKISH_ENDING = re.compile(r"(?<=\w)['’]\w+")
# One letter each, so that spans stay what they are. Russian mostly does without Yo; the Turkish small I is dotless.
_LETTERS = {
    "ru": str.maketrans("\u0401\u0451", "\u0415\u0435"),
    "tr": str.maketrans("I\u0130", "\u0131i"),
}


class Token(NamedTuple):
    """A term and the span of the word that it stands for."""

    term: str
    start: int
    end: int


def analyzer_of(language: str | None) -> str:
    """The name of the analyzer for texts in `language`, an ISO 639-1 code: the code itself, if there is a stemmer for
    it, else PLAIN or PAIRS. What is no such code is taken for English, as None is, but for an analyzer's own name."""
    if language in (PLAIN, PAIRS):
        return str(language)
    code = base_code(language)
    if code in UNSPACED:
        return PAIRS
    if code in STEMMERS:
        return code
    return ENGLISH if code in (None, ENGLISH) or len(code) > 2 else PLAIN  # no "und"


def build_analyzer() -> tantivy.TextAnalyzer:
    """The English analyzer, to be registered with an index."""
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


def terms(text: str, language: str | None = None) -> list[str]:
    """The terms of `text`, in order, repeated as they repeat."""
    analyzer = analyzer_of(language)
    if analyzer == ENGLISH:
        return list(_ANALYZER.analyze(_encodable(text)))
    return [token.term for token in _tokens(text, analyzer)]


def tokens(text: str, language: str | None = None) -> list[Token]:
    """The terms of `text` with the spans of their words."""
    analyzer = analyzer_of(language)
    if analyzer == ENGLISH:
        return [
            Token(token.text, token.char_offset_from, token.char_offset_to)
            for token in _ANALYZER.pre_tokenize(_encodable(text)).tokens
        ]
    return list(_tokens(text, analyzer))


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


def content_tokens(question: str, language: str | None = None) -> list[Token]:
    """The tokens of a question that say what it is about."""
    return [token for token in tokens(question, language) if token.term not in _ASKING]


def word_spans(text: str) -> list[Span]:
    """Where the words of `text` stand, function words too, as all analyzers but that of pairs see them."""
    return [found.span() for found in _WORD.finditer(text)]


def is_unspaced(word: str) -> bool:
    """Whether a letter in `word` is of a script that is written without spaces."""
    return not word.isascii() and any(found["run"] for found in _runs().finditer(word))


@cache
def _runs() -> re.Pattern[str]:
    """Runs of the scripts without spaces, and words of others. 3 ms to compile, and most questions need none."""
    return re.compile(rf"(?P<run>[{_UNSPACED_LETTERS}]+)|(?:(?![{_UNSPACED_LETTERS}])[^\W_][{_MARKS}]*)+")


def _tokens(text: str, analyzer: str) -> Iterator[Token]:
    pieces = _pieces(_encodable(text)) if analyzer == PAIRS else _words(_encodable(text), analyzer)
    for piece, start, end in pieces:
        term = _term(piece, analyzer)
        if term:
            yield Token(term, start, end)


def _words(text: str, analyzer: str) -> Iterator[tuple[str, int, int]]:
    if analyzer == "tr":
        text = _TURKISH_ENDING.sub(lambda found: " " * len(found[0]), text)
    text = text.translate(_LETTERS.get(analyzer, {}))
    for found in _WORD.finditer(text):
        yield found[0], *found.span()


def _pieces(text: str) -> Iterator[tuple[str, int, int]]:
    """Pairs of neighbouring characters, a character that has no neighbour, and words of scripts with spaces."""
    for found in _runs().finditer(text):
        start, end = found.span()
        if found["run"] is None:
            yield found[0], start, end
            continue
        for place in range(start, max(start + 1, end - 1)):
            yield text[place : min(place + 2, end)], place, min(place + 2, end)


@lru_cache(_REMEMBERED_WORDS)
def _term(word: str, analyzer: str) -> str | None:
    """The term for a word; None for a function word."""
    if len(word) > _LONGEST:
        return None
    found = _chain(analyzer).analyze(_small(word))
    return f"{analyzer}:{found[0]}" if found else None


def _small(word: str) -> str:
    """The word in small letters, with those accents alone that make one character with their letter."""
    return _STRAY.sub("", unicodedata.normalize("NFKC", word).lower())


@cache
def _chain(analyzer: str) -> tantivy.TextAnalyzer:
    """What makes a term of a word in small letters. Accents go last, as stop words and stemmers are told by them."""
    builder = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.raw())
    own = UNSPACED_FUNCTION_WORDS if analyzer == PAIRS else FUNCTION_WORDS.get(analyzer, "")
    if own:
        builder = builder.filter(tantivy.Filter.custom_stopword(_function_words(own, analyzer)))
    if analyzer in STEMMERS:
        if analyzer not in WITHOUT_STOP_WORDS:
            builder = builder.filter(tantivy.Filter.stopword(STEMMERS[analyzer]))
        builder = builder.filter(tantivy.Filter.stemmer(STEMMERS[analyzer]))
    return builder.filter(tantivy.Filter.ascii_fold()).build()


def _function_words(listed: str, analyzer: str) -> list[str]:
    pieces = _pieces(listed) if analyzer == PAIRS else _words(listed, analyzer)
    return sorted({_small(piece) for piece, _, _ in pieces})
