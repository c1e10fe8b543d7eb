"""Readers during updates, in short; `make torture` runs the long form."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

SEED = 20261126
UPDATES = int(os.environ.get("TORTURE_UPDATES", "8"))
READERS = 2 if UPDATES < 50 else 4


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs os.fork")
@pytest.mark.timeout(60 + 20 * UPDATES)
def test_every_answer_during_updates_is_that_of_one_generation(tmp_path: Path) -> None:
    numbers = map(str, (UPDATES, SEED, READERS))
    program = [sys.executable, "-m", "tests.reliability.asking", str(tmp_path / "work"), *numbers]
    environment = {name: text for name, text in os.environ.items() if not name.startswith("BRIEFQA_")}
    environment["OPENBLAS_NUM_THREADS"] = "1"  # forking processes start no threads
    done = subprocess.run(program, capture_output=True, text=True, check=False, env=environment)
    assert done.returncode == 0, done.stderr[-2000:]
    found = json.loads(done.stdout)
    assert found["wrong"] == []
    assert found["failed updates"] == []
    assert found["updates"] == UPDATES
    # The readers were at work while generations came and went.
    assert found["generations seen"] > UPDATES // 2
    assert found["answers"] >= 5 * UPDATES
