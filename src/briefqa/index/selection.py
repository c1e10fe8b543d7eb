"""Which documents and passages of a generation a filter lets through."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np

from briefqa.dates import date_range
from briefqa.errors import damaged
from briefqa.index.tombstones import contains

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from briefqa.filters import Filter
    from briefqa.index.catalog import Catalog, Locate
    from briefqa.index.dense import Allowed
    from briefqa.index.segment import Segment
    from briefqa.index.segments import Segments
    from briefqa.index.tombstones import Numbers


@dataclass(frozen=True, slots=True, eq=False)
class Selection:
    """The numbers of the documents that fit, rising, how many the filter can't tell of for want of a date, and for
    each segment the rows of the passages of those that fit."""

    documents: Numbers
    undated: int
    rows: tuple[Allowed, ...]


def select(segments: Segments, wanted: Filter, locate: Locate) -> Selection:
    """What of the generation fits; `locate` gives a document's path as it is shown. Raises IndexDamaged."""
    documents, undated, rows = [np.empty(0, dtype=np.int64)], 0, []
    for segment in segments.opened:
        fitting, unknown = _documents(segment, wanted, locate)
        documents.append(np.flatnonzero(fitting) + segment.record.document_numbers[0])
        undated += int(np.count_nonzero(unknown))
        rows.append(segment.rows_of(fitting))
    return Selection(np.sort(np.concatenate(documents)), undated, tuple(rows))


def newest(segments: Segments, today: date | None = None) -> date | None:
    """The first day that the date of the newest document can mean, or `today` if that is to come; None where no
    document has a date. Raises IndexDamaged."""
    found = [day for segment in segments.opened if (day := _newest(segment))]
    return min(max(found), today or date.today()) if found else None


def _documents(segment: Segment, wanted: Filter, locate: Locate) -> tuple[Allowed, Allowed]:
    """Which documents of the segment fit, and which would but for a date that can't be told, by their numbers."""
    first, end = segment.record.document_numbers
    fitting, unknown = (np.zeros(end - first, dtype=np.bool_) for _ in range(2))
    left: dict[int, bool | None] = dict.fromkeys(range(end - first), True)
    try:
        for accepts, columns in _asked(wanted, locate):
            left = _narrowed(left, segment.catalog, accepts, columns)
    except (ValueError, TypeError, AttributeError) as error:
        raise damaged(segment.catalog.path) from error
    fitting[[number for number, verdict in left.items() if verdict]] = True
    unknown[[number for number, verdict in left.items() if verdict is None]] = True
    fitting[segment.dead.documents] = unknown[segment.dead.documents] = False
    return fitting, unknown


def _asked(wanted: Filter, locate: Locate) -> list[tuple[Callable[..., bool | None], str]]:
    """What is asked of documents, and of which columns; the path, which takes longest to tell, last."""
    asked: list[tuple[object, Callable[..., bool | None], str]] = [
        (
            wanted.sources,
            lambda publisher, url, authors: wanted.accepts_source(publisher, url, json.loads(authors)),
            "publisher, url, authors",
        ),
        (wanted.tags, lambda tags: wanted.accepts_tags(json.loads(tags)), "tags"),
        (wanted.languages, wanted.accepts_language, "language"),
        (wanted.collections, wanted.accepts_collection, "collection"),
        (wanted.dated, wanted.accepts_date, "published"),
        (
            wanted.paths,
            lambda source, key, part: wanted.accepts_path(key) or wanted.accepts_path(locate(source, key, part)),
            "source, key, part",
        ),
    ]
    # An empty filter asks for the date alone, which all documents that are there pass.
    return [(accepts, columns) for values, accepts, columns in asked if values] or [(wanted.accepts_date, "published")]


def _narrowed(
    left: Mapping[int, bool | None], catalog: Catalog, accepts: Callable[..., bool | None], columns: str
) -> dict[int, bool | None]:
    """Of the documents that are `left`, those whose columns are not refused; None for one that can't be told of.
    `accepts` is asked once of all that are alike."""
    known: dict[tuple[Any, ...], bool | None] = {}
    kept: dict[int, bool | None] = {}
    for number, *values in catalog.facts(columns):
        if number not in left:
            continue
        alike = tuple(values)
        if alike not in known:
            known[alike] = accepts(*values)
        if known[alike] is not False:
            kept[number] = known[alike] and left[number]
    return kept


def _newest(segment: Segment) -> date | None:
    for number, published in segment.catalog.newest_first():
        if contains(segment.dead.documents, number):
            continue
        try:
            return date_range(published)[0]
        except ValueError:  # no date; those that are come behind
            continue
    return None
