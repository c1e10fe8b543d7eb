"""Which language a text is in, by py3langid: character n-grams and naive Bayes (Lui and Baldwin 2012, langid.py)."""

from __future__ import annotations

import re
from functools import cache

from py3langid.langid import MODEL_FILE, LanguageIdentifier

_LONGEST = 2000
_LEAST_LETTERS = 40
_LEAST_PROBABILITY = 0.8
_ADDRESS = re.compile(r"https?://\S+|\S+@\S+")


def language_of(text: str) -> str | None:
    """The ISO 639-1 code of the language of the text's first 2,000 characters; None when it is short or unsure."""
    sample = " ".join(_ADDRESS.sub(" ", text[:_LONGEST]).split())
    if sum(map(str.isalpha, sample)) < _LEAST_LETTERS:
        return None
    language, probability = _identifier().classify(sample)
    return str(language) if probability >= _LEAST_PROBABILITY and len(language) == 2 else None


@cache
def _identifier() -> LanguageIdentifier:
    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
