"""What is packed: a wheel and a source distribution, built from a copy and without the network; and the Dockerfile."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from email.parser import Parser
from fnmatch import fnmatch
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import pytest

import briefqa

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PACKED = ("pyproject.toml", "README.md", "LICENSE", "MANIFEST.in", "CHANGELOG.md", "constraints.txt", "docs/briefqa.1")
EXTRAS = {"formats", "langchain", "llamaindex", "mcp", "web"}
packaging = pytest.mark.packaging


def sources() -> set[str]:
    """Every file of the package, as a wheel names it."""
    files = (path for path in (ROOT / "src").rglob("*") if path.is_file())
    names = {path.relative_to(ROOT / "src").as_posix() for path in files}
    return {name for name in names if "__pycache__" not in name and ".egg-info/" not in name}


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of what is packed: setuptools builds in the tree, where older builds would lie."""
    needed = re.match(r"setuptools>=(\d+)", PROJECT["build-system"]["requires"][0])
    assert needed
    try:
        there = version("setuptools")
    except PackageNotFoundError:
        there = "0"
    if int(there.split(".")[0]) < int(needed[1]):
        pytest.skip(f"{needed[0]} is not installed, and can't be had without the network")
    folder = tmp_path_factory.mktemp("tree")
    for name in PACKED:
        (folder / name).parent.mkdir(exist_ok=True)
        shutil.copy(ROOT / name, folder / name)
    shutil.copytree(ROOT / "src", folder / "src", ignore=shutil.ignore_patterns("__pycache__", "*.egg-info"))
    return folder


@pytest.fixture(scope="module")
def wheel(tree: Path) -> zipfile.ZipFile:
    options = ["--no-deps", "--no-build-isolation", "--no-index", "-w", "out"]
    command = [sys.executable, "-m", "pip", "wheel", *options, "."]
    done = subprocess.run(command, cwd=tree, capture_output=True, text=True, check=False, timeout=250)
    assert done.returncode == 0, done.stdout + done.stderr
    (built,) = (tree / "out").glob("*.whl")
    assert built.name == f"briefqa-{briefqa.__version__}-py3-none-any.whl"
    return zipfile.ZipFile(built)


@packaging
def test_the_wheel_holds_the_package_and_nothing_else(wheel: zipfile.ZipFile) -> None:
    names = set(wheel.namelist())
    packed = {name for name in names if name.startswith("briefqa/")}
    assert packed == sources()
    assert {"briefqa/py.typed", "briefqa/schemas/answer.json", "briefqa/rendering/page/style.css"} <= packed
    assert {f"briefqa/serving/page/{name}" for name in ("index.html", "style.css", "app.js", "words.js")} <= packed
    of_install = f"briefqa-{briefqa.__version__}"
    assert names - packed == {
        f"{of_install}.dist-info/{name}"
        for name in ("METADATA", "RECORD", "WHEEL", "entry_points.txt", "licenses/LICENSE", "top_level.txt")
    } | {f"{of_install}.data/data/share/man/man1/briefqa.1"}
    assert wheel.read(f"{of_install}.dist-info/licenses/LICENSE") == (ROOT / "LICENSE").read_bytes()


@packaging
def test_the_wheel_says_what_it_is(wheel: zipfile.ZipFile) -> None:
    folder = f"briefqa-{briefqa.__version__}.dist-info"
    metadata = Parser().parsestr(wheel.read(f"{folder}/METADATA").decode())
    said = {name: metadata[name] for name in ("Name", "Version", "Requires-Python", "License-Expression")}
    assert said == {
        "Name": "briefqa",
        "Version": briefqa.__version__,
        "Requires-Python": ">=3.11",
        "License-Expression": "Apache-2.0",
    }
    assert set(metadata.get_all("Provides-Extra", [])) >= EXTRAS
    assert str(metadata.get_payload()).startswith("# briefqa\n")
    entry = wheel.read(f"{folder}/entry_points.txt").decode()
    assert entry.split() == ["[console_scripts]", "briefqa", "=", "briefqa.cli:run"]
    # The base needs nothing that an extra brings.
    base = [line for line in metadata.get_all("Requires-Dist", []) if "extra ==" not in line]
    assert len(base) == len(PROJECT["project"]["dependencies"])
    assert [line for line in base if re.match(r"(langchain-core|llama-index|mcp|starlette|uvicorn)\b", line)] == []


@packaging
def test_the_source_distribution_builds_the_same(tree: Path) -> None:
    command = [sys.executable, "-c", "import setuptools.build_meta as made; made.build_sdist('out')"]
    subprocess.run(command, cwd=tree, capture_output=True, check=True, timeout=250)
    with tarfile.open(tree / "out" / f"briefqa-{briefqa.__version__}.tar.gz") as archive:
        names = {member.name.partition("/")[2] for member in archive if member.isfile()}
    there = {name for name in names if ".egg-info/" not in name}
    assert there == {*PACKED, "PKG-INFO", "setup.cfg", *(f"src/{name}" for name in sources())}


def test_the_version_stands_in_one_place() -> None:
    project = PROJECT["project"]
    assert project["dynamic"] == ["version"]
    assert "version" not in project
    assert PROJECT["tool"]["setuptools"]["dynamic"]["version"] == {"attr": "briefqa.__version__"}
    written = re.compile(rf'["\']{re.escape(briefqa.__version__)}["\']')
    found = [
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "src").rglob("*.py")
        if written.search(path.read_text(encoding="utf-8"))
    ]
    assert found == ["src/briefqa/__init__.py"]


def test_what_the_dockerfile_copies_is_there_and_what_runs_is_not_root() -> None:
    lines = (ROOT / "Dockerfile").read_text(encoding="utf-8").replace("\\\n", "").splitlines()
    steps = [line.split(maxsplit=1) for line in lines if line and not line.startswith(("#", " "))]
    copied = [name for step, rest in steps if step == "COPY" and "--from" not in rest for name in rest.split()[:-1]]
    ignored = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    let_in = [line.removeprefix("!") for line in ignored if line.startswith("!")]
    assert sorted(copied) == sorted(let_in)
    assert all((ROOT / name).exists() for name in copied)
    assert "*" in ignored
    # Whatever pyproject.toml takes from outside of src/ is among them.
    data = [name for names in PROJECT["tool"]["setuptools"]["data-files"].values() for name in names]
    named = [PROJECT["project"]["readme"], *PROJECT["project"]["license-files"], *data]
    assert [name for name in named if not any(fnmatch(name, pattern) for pattern in copied)] == []
    stages = [place for place, (step, _) in enumerate(steps) if step == "FROM"]
    last = dict(steps[stages[-1] :])
    assert len(stages) == 2
    assert last["USER"] == "10001"
    assert last["ENTRYPOINT"] == '["briefqa"]'
    assert last["VOLUME"] == "/data/index"
