"""Tab-separated records for scripts, one a line: what `--porcelain` prints. The contract is in docs/cli.md.

The first field names the record's kind, the first record is `porcelain` with the contract's version. In this version
kinds may come to be, and fields at the end of a record; nothing that is there moves or goes.
"""

from __future__ import annotations

import re
from dataclasses import asdict
from typing import TYPE_CHECKING

from briefqa.addresses import page_at
from briefqa.rendering.escape import UNSAFE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from briefqa.reports import IndexStatus
    from briefqa.types import Answer, Citation, Cut, Document, Hit, Hits, Passage, Span

VERSION = 1
_HIGHEST_OF_FOUR_DIGITS = 0xFFFF
_SHORT = {"\\": r"\\", "\t": r"\t", "\n": r"\n", "\r": r"\r"}
_ESCAPED = re.compile(rf"[\\\t\n]|{UNSAFE.pattern}")

_Value = str | int | float | None


def answer_records(answer: Answer) -> str:
    """`answer`, a `quote` for each, where nothing answers the nearest `hit`, and a `note` for each remark."""
    nearest = [] if answer.citations else sorted(answer.hits, key=lambda hit: hit.rank)[:1]
    return _records(
        ("answer", answer.status, f"{answer.confidence:.4f}", answer.text),
        *(_quote(citation) for citation in answer.citations),
        *(_hit(hit) for hit in nearest),
        *(("note", note) for note in answer.notes),
    )


def hits_records(hits: Hits) -> str:
    """A `hit` for each, and a `note` for each remark."""
    return _records(*(_hit(hit) for hit in hits.hits), *(("note", note) for note in hits.notes))


def passages_records(document: Document, passages: Sequence[Passage], cuts: Sequence[Cut]) -> str:
    """`document`, a `passage` for each, and a `cut` for each part that was left out."""
    authors = "; ".join(document.authors)
    return _records(
        ("document", document.id, *_about(document), authors, document.language),
        *(_passage(passage, document) for passage in passages),
        *(("cut", *(cut.lines or (None, None)), cut.reason, cut.text) for cut in cuts),
    )


def status_records(status: IndexStatus) -> str:
    """A `status` record for each fact, with its name; a list is a record for each of its entries."""
    facts = asdict(status)
    languages = facts.pop("languages")
    remarks = facts.pop("remarks")
    records: list[Sequence[_Value]] = [("status", "stale", _truth(status.stale))]
    for name, value in facts.items():
        entries = value if isinstance(value, tuple) else (value,)
        records += [("status", name, entry) for entry in entries]
    records += [("status", "languages", code, count) for code, count in languages]
    records += [("status", "remarks", remark["key"], remark["text"], _truth(remark["indexed"])) for remark in remarks]
    return _records(*records)


def escaped(text: str) -> str:
    r"""`text` for a field: \\, \t, \n, \r, and \uXXXX or \UXXXXXXXX for what could steer a terminal or end a line."""
    return _ESCAPED.sub(lambda found: _SHORT.get(found[0]) or as_code(found[0]), text)


def as_code(mark: str) -> str:
    r"""A character as \uXXXX or \UXXXXXXXX."""
    code = ord(mark)
    return f"\\u{code:04x}" if code <= _HIGHEST_OF_FOUR_DIGITS else f"\\U{code:08x}"


def _records(*records: Sequence[_Value]) -> str:
    lines = (("porcelain", VERSION), *records)
    return "\n".join("\t".join("" if value is None else escaped(str(value)) for value in record) for record in lines)


def _quote(citation: Citation) -> Sequence[_Value]:
    place = _place(citation.passage_id, citation.document, citation.lines, citation.page)
    span = (citation.start, citation.end)
    return ("quote", citation.marker, *place, *span, citation.quote, citation.sha256, citation.file_state)


def _hit(hit: Hit) -> Sequence[_Value]:
    passage = hit.passage
    place = _place(passage.id, hit.document, passage.lines, page_at(hit.document, passage.start))
    return ("hit", hit.rank, *place, passage.start, passage.end, passage.text, f"{hit.score:.6f}")


def _passage(passage: Passage, document: Document) -> Sequence[_Value]:
    page = page_at(document, passage.start)
    return ("passage", passage.id, *passage.lines, page, passage.start, passage.end, passage.text)


def _place(passage_id: str, document: Document, lines: Span, page: int | None) -> Sequence[_Value]:
    return (passage_id, *_about(document), *lines, page)


def _about(document: Document) -> Sequence[_Value]:
    return document.path, document.title, document.source, document.published, document.url


def _truth(value: bool | None) -> str | None:
    return None if value is None else str(value).lower()
