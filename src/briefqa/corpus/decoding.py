"""Bytes to text: encodings are detected, line ends become newlines, and a byte order mark is dropped."""

from __future__ import annotations

import codecs

from charset_normalizer import from_bytes

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# With more than these control characters, and above this share of them, the bytes are no article in any encoding.
_FEW_CONTROLS = 8
_MOST_CONTROLS = 0.01
# Of encodings that fit almost as well, the commonest is taken: detection can't tell most Western texts apart.
_COMMONEST = "cp1252"
_ALMOST = 0.02


def decode(data: bytes) -> tuple[str, str | None]:
    """The text in `data`, with a newline for every line end, and the name of its encoding if that is only a guess.

    Raises ValueError with a reason when it is not text.
    """
    text, guess = _decode(data)
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    controls = sum(1 for character in text if character < " " and character not in "\n\t\f\v")
    if "\0" in text or controls > max(_FEW_CONTROLS, _MOST_CONTROLS * len(text)):
        raise ValueError("it looks like a binary file, not like text")
    return text, guess


def _decode(data: bytes) -> tuple[str, str | None]:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            try:
                return data[len(mark) :].decode(encoding), None
            except UnicodeDecodeError as error:
                raise ValueError(f"its {encoding} text is broken at byte {len(mark) + error.start}") from error
    try:
        return data.decode("utf-8"), None
    except UnicodeDecodeError:
        if b"\0" in data:
            raise ValueError("it looks like a binary file, not like text") from None
        matches = from_bytes(data)
        best = matches.best()
        if best is None:
            raise ValueError("its character encoding can't be told") from None
        for match in matches:
            if (
                match.encoding == _COMMONEST
                and match.chaos <= best.chaos + _ALMOST
                and match.coherence >= best.coherence - _ALMOST
            ):
                best = match
        return str(best), best.encoding
