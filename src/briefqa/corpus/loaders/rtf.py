"""RTF files (Rich Text Format): the text that a reader sees."""

from __future__ import annotations

from briefqa.corpus.article import Article, LoadOptions
from briefqa.corpus.office.rich_text import RichText
from briefqa.corpus.properties import described


def load_rtf(data: bytes, options: LoadOptions) -> list[Article]:
    """The text of an RTF file. Raises ValueError for what is no RTF file or has no text."""
    if not data.lstrip()[:5].startswith(b"{\\rtf"):
        raise ValueError("it is no RTF file")
    reader = RichText()
    whole = reader.read(data)
    text, _ = reader.blocks.text()
    if not text:
        raise ValueError("it has no text")
    warnings = () if whole else ("it breaks off before its end, so text may be missing",)
    return [
        described(
            Article(text, lines_of="text", warnings=warnings),
            "RTF properties",
            title=reader.properties.get("title"),
            authors=reader.properties.get("author"),
            tags=[reader.properties.get("keywords", "")],
            created=_iso(reader.dates.get("created", {})),
            modified=_iso(reader.dates.get("modified", {})),
        )
    ]


def _iso(parts: dict[str, int]) -> str | None:
    if not parts.get("yr"):
        return None
    text = f"{parts['yr']:04d}"
    for name in ("mo", "dy"):
        if not parts.get(name):
            break
        text += f"-{parts[name]:02d}"
    return text
