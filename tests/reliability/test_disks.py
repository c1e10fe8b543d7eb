"""Disks that take no more: runs whose files may not grow, a full file system, and one that can only be read."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from briefqa.index.arrays import new_array
from briefqa.index.dense import write_dense
from briefqa.index.disk import tantivy_disk_errors
from briefqa.index.lexical import write_lexical
from tests.conftest import Build

SEED = 20261127
RUNS = int(os.environ.get("TORTURE_DISKS", "7"))
# A view of the files in which a small file system stands in a folder, or a folder can only be read; it goes with the
# process, and needs no rights where the system lets users have such views.
FULL = 'mount -t tmpfs -o size=32m tmpfs "$0" && exec "$@"'
READ_ONLY = 'mount --bind "$0" "$0" && mount -o remount,ro,bind "$0" && cd "$PWD" && exec "$@"'


@cache
def can_mount(folder: Path) -> bool:
    try:
        return not subprocess.run(in_view(FULL, folder, "true"), capture_output=True, check=False).returncode
    except OSError:
        return False


def in_view(script: str, folder: Path, *command: str) -> list[str]:
    return ["unshare", "--map-root-user", "--mount", "sh", "-c", script, str(folder), *command]


def run_program(command: Sequence[str], **environment: str) -> str:
    inherited = {name: text for name, text in os.environ.items() if not name.startswith("BRIEFQA_")}
    inherited["PYTHONPATH"] = os.pathsep.join(map(os.path.abspath, [*sys.path[:1], "src", "."]))
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=inherited | environment)
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout


def fill(folder: Path, way: str, view: str | None) -> dict[str, Any]:
    program = [sys.executable, "-m", "tests.reliability.filling", str(folder), str(RUNS), str(SEED), way]
    found: dict[str, Any] = json.loads(run_program(in_view(view, folder, *program) if view else program))
    return found


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs os.fork")
@pytest.mark.timeout(120 + 20 * RUNS)
def test_files_that_may_not_grow_cost_nothing(tmp_path: Path) -> None:
    found = fill(tmp_path, "limit", None)
    assert found["wrong"] == []
    assert found["old"] + found["new"] == found["told"] + found["finished"] == RUNS
    assert found["told"] > RUNS // 2


@pytest.mark.timeout(120 + 20 * RUNS)
def test_a_full_file_system_costs_nothing(tmp_path: Path) -> None:
    if not can_mount(tmp_path):
        pytest.skip("no file system can be mounted here")
    found = fill(tmp_path, "full", FULL)
    assert found["wrong"] == []
    assert found["old"] + found["new"] == found["told"] + found["finished"] == RUNS
    assert found["told"] > RUNS // 2


def test_an_index_on_a_read_only_file_system_can_be_asked(build: Build, articles: Path) -> None:
    if not can_mount(articles.parent):
        pytest.skip("no file system can be mounted here")
    build()
    (articles / "ferry.md").write_text("A ferry crosses the lake.\n", encoding="utf-8")
    index = articles.parent / "index"
    run_program(in_view(READ_ONLY, index, sys.executable, "-m", "tests.reliability.read_only"))


def test_an_index_in_a_folder_without_the_right_to_write_can_be_asked(build: Build, articles: Path) -> None:
    if not hasattr(os, "geteuid") or os.geteuid() == 0:
        pytest.skip("root may write everywhere")
    build()
    (articles / "ferry.md").write_text("A ferry crosses the lake.\n", encoding="utf-8")
    folders = [path for path in (articles.parent / "index").rglob("*") if path.is_dir()] + [articles.parent / "index"]
    for folder in folders:
        folder.chmod(0o555)
    try:
        run_program([sys.executable, "-m", "tests.reliability.read_only"])
    finally:
        for folder in folders:
            folder.chmod(0o755)


def write_words(folder: Path) -> None:
    write_lexical(folder, ((number, number, f"word{number % 977} other{number}", "en") for number in range(3000)))


def write_codes(folder: Path) -> None:
    rows = np.random.default_rng(SEED).normal(size=(1200, 64)).astype(np.float32)
    write_dense(folder, rows / np.linalg.norm(rows, axis=1, keepdims=True), "int8")


def write_array(folder: Path) -> None:
    new_array(folder / "array.npy", np.float32, (10_000, 10))[:] = 1.0


@pytest.mark.parametrize(
    "text",
    [
        "An IO error occurred: 'No space left on device (os error 28)'",
        "Failed to open file for write: 'IoError { io_error: Custom { kind: StorageFull, error: PathError {"
        ' path: "index/x", err: Os { code: 28, kind: StorageFull, message: "No space left on device" } } } }\'',
    ],
)
def test_both_ways_in_which_tantivy_tells_of_the_disk_are_known(text: str) -> None:
    with pytest.raises(OSError, match=r"^\[Errno 28\] No space left on device$"), tantivy_disk_errors():
        raise ValueError(text)
    with pytest.raises(ValueError, match=r"^a query$"), tantivy_disk_errors():
        raise ValueError("a query")


PROGRAM = """
import resource, sys
from pathlib import Path
from tests.reliability import test_disks
size = int(sys.argv[1])
resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
try:
    getattr(test_disks, sys.argv[2])(Path(sys.argv[3]))
except OSError as error:
    print(error.errno)
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs limits for processes")
@pytest.mark.parametrize("part", ["write_words", "write_codes", "write_array"])
@pytest.mark.parametrize("size", [100, 4000])
def test_each_library_tells_of_the_disk_in_one_way(tmp_path: Path, part: str, size: int) -> None:
    assert run_program([sys.executable, "-c", PROGRAM, str(size), part, str(tmp_path)]) == "27\n"  # EFBIG
