"""The names of measures as people type them."""

from __future__ import annotations

from briefqa.errors import UsageError
from briefqa.evaluation.metrics import ALIASES
from briefqa.evaluation.results import MEASURES

_GROUPS = ("passages", "documents", "characters")
_KEYS = {key.lower(): key for key in MEASURES}


def measure_key(name: str) -> str:
    """The key in `MEASURES` that "recall@5", "mrr@10", "documents.nDCG@10" or "quote_hit" means; passages are meant
    where nothing else is said. Raises UsageError, which lists them, for any other name."""
    group, dot, rest = name.strip().lower().rpartition(".")
    kind, at, cut = rest.partition("@")
    plain = f"{ALIASES.get(kind, kind)}{at}{cut}"
    wanted = [f"{group}.{plain}"] if dot else [plain, *(f"{group}.{plain}" for group in _GROUPS)]
    for key in wanted:
        if key in _KEYS:
            return _KEYS[key]
    message = f"there is no measure {name!r}; there are: {', '.join(MEASURES)}"
    raise UsageError(message)
