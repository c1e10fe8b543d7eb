"""Values of records: dates, names and lists in the many forms that they come in."""

from __future__ import annotations

import ast
import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from briefqa.corpus.characters import tidy
from briefqa.dates import partial_date

# Seconds since 1970, from 1973 to 2286; in thousandths, three digits more.
_EPOCH = re.compile(r"(\d{9,10})(\d{3})?(?:\.\d+)?")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})(?:T\d{4,6}Z?)?")
# RFC 2822, 3.3; the standard library's reader takes much else, and guesses.
_MAIL_DATE = re.compile(
    r"(?:[A-Za-z]{3}, ?)?\d{1,2} [A-Za-z]{3} \d{4} \d{2}:\d{2}(?::\d{2})?(?: [A-Za-z]+| [+-]\d{4})?"
)
_BYLINE = re.compile(r"by\s+(?=\S)", re.IGNORECASE)
_NAMED = ("name", "title", "value", "_")
_LONGEST_LIST = 5_000


def text_of(value: Any) -> str | None:
    """A value on one line; of an object its name. None for what says nothing."""
    if isinstance(value, dict):
        value = next((value[name] for name in _NAMED if isinstance(value.get(name), str)), None)
    if isinstance(value, list):
        return ", ".join(filter(None, (text_of(entry) for entry in value if not isinstance(entry, list)))) or None
    return None if value is None or isinstance(value, bool) else tidy(_encodable(str(value))) or None


def names_of(value: Any, separators: str) -> tuple[str, ...]:
    """The names in a list, in one that was written as text (['Ann', 'Bob']), or in text with `separators`."""
    if isinstance(value, str):
        value = _written_list(value) or re.split(f"[{separators}]", value)
    entries = value if isinstance(value, list) else [value]
    named = (text_of(entry) for entry in entries if not isinstance(entry, list))
    return tuple(
        dict.fromkeys(_BYLINE.sub("", name, count=1) if _BYLINE.match(name) else name for name in named if name)
    )


def date_of(value: Any) -> str | None:
    """An ISO date, perhaps only a year or a month, for a date or time of ISO 8601 or RFC 2822, or seconds since 1970
    (in UTC, as they are counted); None for all else."""
    if isinstance(value, bool | dict | list) or value is None:
        return None
    text = str(value).strip()
    if (known := partial_date(text)) is not None:
        return known
    if compact := _COMPACT.fullmatch(text):
        return partial_date("-".join(compact.groups()))
    if epoch := _EPOCH.fullmatch(text):
        return datetime.fromtimestamp(int(epoch[1]), UTC).date().isoformat()
    if _MAIL_DATE.fullmatch(text):
        try:
            return parsedate_to_datetime(text).date().isoformat()
        except ValueError:
            return None
    return None


def _written_list(text: str) -> list[Any] | None:
    text = text.strip()
    if not (text.startswith("[") and text.endswith("]")) or len(text) > _LONGEST_LIST:
        return None
    try:
        found = ast.literal_eval(text)
    except (ValueError, SyntaxError, RecursionError, MemoryError):
        return None
    return found if isinstance(found, list) else None


def _encodable(text: str) -> str:
    return text.encode("utf-8", "replace").decode()
