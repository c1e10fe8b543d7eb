"""A short form of the crash tests; `make torture` runs the long one."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

SEED = 20261125
KILLS = int(os.environ.get("TORTURE_KILLS", "14"))
FAILURES = int(os.environ.get("TORTURE_FAILURES", "7"))


def crash(folder: Path, count: int, way: str) -> dict[str, Any]:
    program = [sys.executable, "-m", "tests.reliability.crashing", str(folder), str(count), str(SEED), way]
    environment = {name: text for name, text in os.environ.items() if not name.startswith("BRIEFQA_")}
    done = subprocess.run(program, capture_output=True, text=True, check=False, env=environment)
    assert done.returncode == 0, done.stderr[-2000:]
    found: dict[str, Any] = json.loads(done.stdout)
    return found


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs os.fork")
def test_a_killed_run_leaves_the_old_index_or_the_new_one(tmp_path: Path) -> None:
    found = crash(tmp_path, KILLS, "kill")
    assert found["wrong"] == []
    assert found["old"] + found["new"] == KILLS
    # Half of them are killed at a step for sure, the others after a time that may be too long.
    assert found["kills"] >= KILLS // 2
    assert found["kills"] + found["finished"] == KILLS


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs os.fork")
@pytest.mark.parametrize("way", ["ENOSPC", "EIO"])
def test_a_failing_disk_is_told_and_costs_nothing(tmp_path: Path, way: str) -> None:
    found = crash(tmp_path, FAILURES, way)
    assert found["wrong"] == []
    assert found["old"] + found["new"] == found["told"] + found["finished"] == FAILURES
    assert found["told"] > 0
