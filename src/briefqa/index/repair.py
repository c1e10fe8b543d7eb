"""Mends an index without encoding anything again: what is damaged is made of the rest, where the rest tells it.

That is all but documents and passages themselves, the passages' vectors, their sentences' codes, and the manifest. The
new generation stands beside the old one, which is only read, until it is whole and checked.
"""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from briefqa.encoders.factory import INSTALLED
from briefqa.errors import REBUILD, BriefqaError, IndexDamaged
from briefqa.index.blame import blaming_damage
from briefqa.index.checksums import record_files, wrong_by_list, wrong_files
from briefqa.index.generation import (
    CURRENT_FILE,
    ENCODERS_FOLDER,
    RERANKERS_FOLDER,
    generations,
    live_generation,
    manifest_of,
)
from briefqa.index.links import link_all
from briefqa.index.manifest import MANIFEST_FILE
from briefqa.index.models import keep_model
from briefqa.index.nearby import missing
from briefqa.index.publish import next_number, point_to, publish, sweep, work_folder, writing
from briefqa.index.reader import GenerationReader
from briefqa.index.remaking import Remaking
from briefqa.index.verify import misplaced
from briefqa.reports import RepairReport

if TYPE_CHECKING:
    from collections.abc import Callable

    from briefqa.config import Settings
    from briefqa.encoders.factory import Encoders
    from briefqa.index.manifest import Manifest
    from briefqa.index.update import Progress


def repair(settings: Settings, *, progress: Progress, encoders: Encoders = INSTALLED) -> RepairReport:
    """Mend the index in `settings.index`, and say what was mended: files, by their paths in the index folder.

    Raises IndexMissing, IndexDamaged when something is damaged that has to be made again, EncoderError when a model has
    to be exported again and is not on this machine, IndexBusy and IndexNotWritable. Then the index is as it was.
    """
    index = Path(settings.index)
    if not index.is_dir():
        raise missing(index)
    with writing(index, sweeping=False), blaming_damage(index):
        folder, mended = _find(index)
        manifest = manifest_of(folder)
        wrong = [name for name, record in manifest.files.items() if wrong_files(folder, {name: record})]
        mended += [f"{folder.name}/{name}" for name in wrong]
        mended += _mend_models(index, manifest, encoders, progress)
        if wrong:
            manifest = _make(index, folder, manifest, wrong, progress)
        elif mended[:1] == [CURRENT_FILE]:
            point_to(index, folder.name)
        if mended:
            sweep(index)
    return RepairReport(manifest.generation, tuple(mended))


def adopt(index: Path, *, waiting: Callable[[str], None] | None = None) -> None:
    """Where CURRENT is missing and the index has one generation, whose files have their sizes, make it live: a run was
    broken off just before it did, or the file was lost. Who writes is told to `waiting`, as in `writing`."""
    with writing(index, sweeping=False, waiting=waiting):
        if live_generation(index) is None and (folder := _only_one(index)):
            point_to(index, folder.name)


def _find(index: Path) -> tuple[Path, list[str]]:
    """The generation that is live, or would be if CURRENT were whole; and CURRENT, if it has to be mended."""
    try:
        folder = live_generation(index)
    except IndexDamaged:
        folder = None
    if folder is not None and folder.is_dir():
        return folder, []
    there = generations(index)
    found = there[0] if len(there) == 1 else _only_one(index)
    if found is None:
        if not there and not (index / CURRENT_FILE).exists():
            raise missing(index)
        raise IndexDamaged(f"{index / CURRENT_FILE} does not tell which generation is live. {REBUILD}")
    return found, [CURRENT_FILE]


def _only_one(index: Path) -> Path | None:
    """The only generation whose files have their sizes, if there is just one."""
    whole = []
    for folder in generations(index):
        try:
            if not wrong_files(folder, manifest_of(folder).files, hashing=False):
                whole.append(folder)
        except BriefqaError:
            continue
    return whole[0] if len(whole) == 1 else None


def _mend_models(index: Path, manifest: Manifest, encoders: Encoders, progress: Progress) -> list[str]:
    """Export what is damaged of the models again, and say which folders that was. Raises EncoderError."""
    mended = []
    folder = index / ENCODERS_FOLDER / manifest.encoder.sha256
    if told := wrong_by_list(folder):
        model = encoders.find(manifest.encoder.name)
        if model.sha256 != manifest.encoder.sha256:
            raise IndexDamaged(f"{told[0]}, and the encoder {model.name} here is another. {REBUILD}")
        keep_model(folder, lambda to: encoders.load(model).export(to), what="encoder", progress=progress)
        mended.append(folder.relative_to(index).as_posix())
    reranker = manifest.reranker
    folder = index / RERANKERS_FOLDER / (reranker.sha256 if reranker else "")
    if reranker and (told := wrong_by_list(folder)):
        other = encoders.find_reranker(reranker.name)
        if other.sha256 != reranker.sha256:
            raise IndexDamaged(f"{told[0]}, and the reranker {other.name} here is another. {REBUILD}")
        keep_model(folder, lambda to: encoders.load_reranker(other).export(to), what="reranker", progress=progress)
        mended.append(folder.relative_to(index).as_posix())
    return mended


def _make(index: Path, former: Path, manifest: Manifest, wrong: list[str], progress: Progress) -> Manifest:
    """Publish a generation like the one in `former`, with the files `wrong` made anew."""
    number = next_number(index)
    with work_folder(index, "repair") as folder:
        remaking = Remaking(index, folder, manifest, wrong)
        if lost := remaking.lost():
            named = ", ".join(str(former / name) for name in lost)
            raise IndexDamaged(f"What was in {named} can't be made of the rest of the index. {REBUILD}")
        good = {name: record for name, record in manifest.files.items() if name not in remaking.files}
        linked = link_all(former, folder, good)
        remaking.write(progress)
        made = manifest._replace(generation=number, files=record_files(folder, but=MANIFEST_FILE, known=good))
        made.write(folder)
        with closing(GenerationReader(index, folder, made)) as reader:
            for told in misplaced(reader):
                raise IndexDamaged(f"The index can't be mended: {told}. {REBUILD}")
        publish(index, folder, number, synced=linked)
    return made
