"""Which languages an index holds, and whether its encoder was made for them."""

from __future__ import annotations

from collections import Counter
from contextlib import closing
from typing import TYPE_CHECKING

from briefqa.encoders.models import DEFAULT_ENCODER
from briefqa.languages import ENGLISH, base_code, name_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from briefqa.index.manifest import Manifest

    Counts = tuple[tuple[str | None, int], ...]

_MULTILINGUAL = "paraphrase-multilingual-MiniLM-L12-v2"
_NAMED = 5


def document_languages(folder: Path, manifest: Manifest) -> Counts:
    """The languages of the documents in the generation `folder`, as codes of ISO 639-1 without region, with how many
    are in each, most first; None for those of which nobody knows. Raises IndexDamaged."""
    from briefqa.index.catalog import Catalog  # noqa: PLC0415 - numpy: where an index is made, not where it is told of
    from briefqa.index.tombstones import NONE, TOMBSTONES_FILE, read_tombstones  # noqa: PLC0415

    dead = read_tombstones(folder) if TOMBSTONES_FILE in manifest.files else NONE
    counts: Counter[str | None] = Counter()
    for record in manifest.segments:
        gone = dead.within(record.document_numbers, record.passage_numbers).documents.tolist()
        with closing(Catalog(folder / record.name, lambda source, key, part: key)) as catalog:
            for language, count in catalog.languages(gone):
                counts[base_code(language)] += count
    return tuple(sorted(counts.items(), key=lambda entry: (-entry[1], entry[0] or "~")))


def encoder_notes(languages: Counts, encoder: str) -> tuple[str, ...]:
    """What to tell whoever has mostly articles in other languages than English, and the default encoder."""
    foreign = [(code, count) for code, count in languages if code not in (None, ENGLISH)]
    total, others = sum(count for _, count in languages), sum(count for _, count in foreign)
    if encoder != DEFAULT_ENCODER or 2 * others <= total:
        return ()
    return (
        f"{others:,} of {total:,} articles are {_in_languages(foreign)}; the encoder {encoder} knows English best."
        f" Choose a multilingual one: briefqa index --encoder {_MULTILINGUAL}",
    )


def _in_languages(foreign: Sequence[tuple[str | None, int]]) -> str:
    names = [f"{name_of(code)} {count:,}" for code, count in foreign if code]
    if len(foreign) == 1:
        return f"in {name_of(foreign[0][0] or '')}"
    named = names if len(names) <= _NAMED else [*names[:_NAMED], "and others"]
    return f"not in English ({', '.join(named)})"
