"""Which documents and passages of a generation a filter lets through."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np

from briefqa.dates import date_range
from briefqa.index.catalog import damaged
from briefqa.index.tombstones import contains

if TYPE_CHECKING:
    from collections.abc import Callable

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
    catalog = segment.catalog
    first, end = segment.record.document_numbers
    fitting = np.zeros(end - first, dtype=np.bool_)
    unknown = np.zeros(end - first, dtype=np.bool_)
    try:
        verdicts = _verdicts(catalog, wanted.accepts_date, "published")
        for number, verdict in verdicts.items():
            fitting[number], unknown[number] = verdict is True, verdict is None
        for accepts, columns in _others(wanted, locate):
            refused = [number for number, fits in _verdicts(catalog, accepts, columns).items() if not fits]
            fitting[refused] = unknown[refused] = False
    except (
        ValueError,
        TypeError,
        AttributeError,
        IndexError,
    ) as error:
        raise damaged(catalog.path) from error
    fitting[segment.dead.documents] = unknown[segment.dead.documents] = False
    return fitting, unknown


def _others(wanted: Filter, locate: Locate) -> list[tuple[Callable[..., bool], str]]:
    """What is asked of documents beside their date, and of which columns."""
    asked: list[tuple[object, Callable[..., bool], str]] = [
        (wanted.sources, wanted.accepts_source, "publisher, url"),
        (wanted.tags, lambda tags: wanted.accepts_tags(json.loads(tags)), "tags"),
        (wanted.languages, wanted.accepts_language, "language"),
        (
            wanted.paths,
            lambda source, key, part: wanted.accepts_path(key) or wanted.accepts_path(locate(source, key, part)),
            "source, key, part",
        ),
        (wanted.collections, lambda _: wanted.accepts_collection(None), "source"),
    ]
    return [(accepts, columns) for values, accepts, columns in asked if values]


def _verdicts(catalog: Catalog, accepts: Callable[..., bool | None], columns: str) -> dict[int, bool | None]:
    """What `accepts` says of each document's columns; it is asked once of all that are alike."""
    known: dict[tuple[Any, ...], bool | None] = {}
    found = {}
    for number, *values in catalog.facts(columns):
        alike = tuple(values)
        if alike not in known:
            known[alike] = accepts(*values)
        found[number] = known[alike]
    return found


def _newest(segment: Segment) -> date | None:
    for number, published in segment.catalog.newest_first():
        if contains(segment.dead.documents, number):
            continue
        try:
            return date_range(published)[0]
        except ValueError:  # no date; those that are come behind
            continue
    return None
