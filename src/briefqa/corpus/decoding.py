"""Bytes to text: encodings are detected, line ends become newlines, and a byte order mark is dropped."""

from __future__ import annotations

import codecs

from charset_normalizer import from_bytes

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# Above this share of control characters the bytes are not an article in any encoding.
_MOST_CONTROLS = 0.01


def decode(data: bytes) -> str:
    """The text in `data`, with "\\n" for every line end. Raises ValueError with a reason when it is not text."""
    text = _decode(data).replace("\r\n", "\n").replace("\r", "\n")
    controls = sum(1 for character in text if character < " " and character not in "\n\t\f\v")
    if "\0" in text or controls > _MOST_CONTROLS * len(text):
        raise ValueError("it looks like a binary file, not like text")
    return text


def _decode(data: bytes) -> str:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            try:
                return data.decode(encoding)
            except UnicodeDecodeError as error:
                raise ValueError(f"its {encoding} text is broken at byte {error.start}") from error
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        if b"\0" in data:
            raise ValueError("it looks like a binary file, not like text") from None
        best = from_bytes(data).best()
        if best is None:
            raise ValueError("its character encoding can't be told") from None
        return str(best)
