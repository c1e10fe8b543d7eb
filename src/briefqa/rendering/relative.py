"""What the dates in a quote that count from its article's mean."""

from __future__ import annotations

from typing import TYPE_CHECKING

from briefqa.rendering.style import paragraph

if TYPE_CHECKING:
    from briefqa.relative_dates import RelativeDate
    from briefqa.rendering.style import Style
    from briefqa.types import Citation


def relative_dates_of(citation: Citation) -> tuple[RelativeDate, ...]:
    """Those of the quote, counted from the date of its article."""
    from briefqa.relative_dates import relative_dates  # noqa: PLC0415 - patterns that take 10 ms to compile

    return relative_dates(citation.quote, citation.document.published, citation.document.language)


def relative_lines(citation: Citation, style: Style, *, indent: int) -> list[str]:
    """A line for each such date, set back; the first of equals only."""
    told = dict.fromkeys(_told(found, citation.document.published) for found in relative_dates_of(citation))
    return [" " * indent + style.dim(line.lstrip()) for text in told for line in paragraph(text, style, indent=indent)]


def _told(found: RelativeDate, published: str | None) -> str:
    if published is None:
        return f"“{found.text}” counts from the article's date, which is unknown"
    if found.first is None or found.last is None:
        return f"“{found.text}” counts from the article's date, {published}"
    days = f"{found.first}" if found.first == found.last else f"{found.first} to {found.last}"
    return f"“{found.text}” is {days} if it counts from the article's date, {published}"
