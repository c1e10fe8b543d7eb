"""Checks a whole index: every checksum, and that every passage and sentence stands where the catalog says."""

from __future__ import annotations

from typing import TYPE_CHECKING

from briefqa.errors import IndexDamaged
from briefqa.index.checksums import wrong_by_list, wrong_files
from briefqa.index.generation import ENCODERS_FOLDER, RERANKERS_FOLDER, open_manifest
from briefqa.index.reader import GenerationReader

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from briefqa.index.manifest import Manifest


def verify(index: Path) -> tuple[Manifest, list[str]]:
    """The live generation's manifest and all that is wrong with it, a phrase each.

    Raises IndexMissing without an index, IndexDamaged or IndexMismatch when not even the manifest can be read.
    """
    folder, manifest = open_manifest(index)
    wrong = wrong_files(folder, manifest.files) + wrong_by_list(index / ENCODERS_FOLDER / manifest.encoder.sha256)
    if manifest.reranker:
        wrong += wrong_by_list(index / RERANKERS_FOLDER / manifest.reranker.sha256)
    if not wrong:
        try:
            reader = GenerationReader(index, folder, manifest)
            wrong = list(_misplaced(reader, manifest))
            reader.close()
        except IndexDamaged as error:
            wrong = [str(error)]
    return manifest, wrong


def _misplaced(reader: GenerationReader, manifest: Manifest) -> Iterator[str]:
    catalog, vectors = reader.catalog, dict(enumerate(reader.sentences.counts()))
    documents, passages = catalog.counts()
    if (documents, passages) != (manifest.documents, manifest.passages):
        yield f"{catalog.path} holds {documents} documents and {passages} passages, and should hold " + (
            f"{manifest.documents} and {manifest.passages}"
        )
    for number, document in catalog.documents():
        for row in catalog.passages_of(number):
            start, end = row.span
            first = document.first_line + document.text.count("\n", 0, start)
            lines = (first, first + document.text.count("\n", start, end))
            inside = all(start <= low < high <= end for low, high in row.sentences)
            if not (0 <= start < end <= len(document.text)) or not inside or lines != row.lines:
                yield f"passage {row.id} of {document.path} is not where the catalog says"
            if len(row.sentences) != vectors.get(row.number, 0):
                yield f"passage {row.id} of {document.path} has not one vector for each of its sentences"
