"""A second index to change, made from one that is there: what the two share is on disk once, where the disk allows."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from briefqa.collection import Collection
from briefqa.errors import IndexNotWritable
from briefqa.index.generation import CURRENT_FILE, ENCODERS_FOLDER, RERANKERS_FOLDER, WORK_PREFIX, open_manifest
from briefqa.index.links import link
from briefqa.index.places import resolve_source

if TYPE_CHECKING:
    from briefqa.config import Settings


def branch(index: Path, target: Path) -> None:
    """Make `target` an index like `index`, unless there is one. Its files are never written to, only replaced, so
    links will do. Raises IndexMissing or IndexDamaged for an `index` that is none, IndexNotWritable where the files
    can't be laid."""
    if (target / CURRENT_FILE).exists():
        return
    folder, _ = open_manifest(index)
    try:
        target.mkdir(parents=True, exist_ok=True)
        for name in (folder.name, ENCODERS_FOLDER, RERANKERS_FOLDER):
            if (index / name).is_dir():
                shutil.copytree(index / name, target / name, copy_function=_link, dirs_exist_ok=True)
        unfinished = target / f"{WORK_PREFIX}{CURRENT_FILE}"
        unfinished.write_text(f"{folder.name}\n", encoding="utf-8")
        unfinished.replace(target / CURRENT_FILE)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise IndexNotWritable(f"The index {target} can't be made from {index}: {reason}.") from error


def inherit(settings: Settings, index: Path, target: Path) -> Settings:
    """`settings` for an update of `target`, a branch of `index`: of the same articles, wherever the settings have them,
    and by the models and sizes that `index` has now, where the settings leave that open."""
    _, ours = open_manifest(index)
    _, theirs = open_manifest(target)
    # Models that the branch has already are not named: to be used, they need not be installed.
    encoder = None if theirs.encoder.sha256 == ours.encoder.sha256 else ours.encoder.name
    reranker = None if theirs.reranker == ours.reranker else ours.reranker.name if ours.reranker else "none"
    resolved = [resolve_source(source, index) for source in ours.sources]
    sources = [(source.path + source.pattern, source.rules) for source in resolved]
    return replace(
        settings,
        corpus=tuple(place for place, rules in sources if rules.collection is None),
        collections=tuple(
            Collection(rules.collection, (place,), rules) for place, rules in sources if rules.collection is not None
        ),
        gitignore=all(rules.gitignore for _, rules in sources if rules.collection is None),
        index=str(target),
        encoder=encoder if settings.encoder is None else settings.encoder,
        reranker=reranker if settings.reranker is None else settings.reranker,
        passage_tokens=_first(settings.passage_tokens, ours.chunking.passage_tokens),
        overlap_tokens=_first(settings.overlap_tokens, ours.chunking.overlap_tokens),
        dense_index=settings.dense_index or ours.dense,
    )


def _first(said: int | None, otherwise: int) -> int:
    return otherwise if said is None else said


def _link(source: str, target: str) -> str:
    link(Path(source), Path(target))
    return target
