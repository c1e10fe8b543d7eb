"""Which language a text is in, by py3langid: character n-grams and naive Bayes (Lui and Baldwin 2012, langid.py).
English that nobody could mistake is told by its commonest words, without the model, which takes a third of a second
to load."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

_LONGEST = 2000
_LEAST_LETTERS = 40
_LEAST_PROBABILITY = 0.8
# What English has most of, and no other language that is written with these letters has together.
_ENGLISH = frozenset(
    (
        *("the", "of", "and", "to", "in", "was", "that", "with", "for", "is", "on"),
        *("as", "by", "from", "at", "were", "it", "which", "this", "has", "had"),
    )
)
_MOST_SURE = 0.25
_FEWEST_WORDS, _FEWEST_KINDS = 40, 8
_MOSTLY_ASCII = 0.98
_WORD = re.compile(r"[a-z]+")
_ADDRESS = re.compile(r"https?://\S+|\S+@\S+")


def language_of(text: str) -> str | None:
    """The ISO 639-1 code of the language of the text's first 2,000 characters; None when it is short or unsure."""
    sample = " ".join(_ADDRESS.sub(" ", text[:_LONGEST]).split())
    if sum(map(str.isalpha, sample)) < _LEAST_LETTERS:
        return None
    if _is_surely_english(sample):
        return "en"
    language, probability = _identifier().classify(sample)
    return str(language) if probability >= _LEAST_PROBABILITY and len(language) == 2 else None


def _is_surely_english(text: str) -> bool:
    words = _WORD.findall(text.lower())
    common = [word for word in words if word in _ENGLISH]
    return (
        len(words) >= _FEWEST_WORDS
        and len(common) >= _MOST_SURE * len(words)
        and len(set(common)) >= _FEWEST_KINDS
        and sum(map(str.isascii, text)) >= _MOSTLY_ASCII * len(text)
    )


@cache
def _identifier() -> LanguageIdentifier:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier  # noqa: PLC0415 - see above

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
