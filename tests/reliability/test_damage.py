"""A short form of the damage tests; `make torture` runs the long one."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

SEED = 20261126
VARIANTS = int(os.environ.get("TORTURE_DAMAGES", "8"))


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs os.fork")
def test_a_damaged_index_answers_rightly_or_says_so_and_is_mended(tmp_path: Path) -> None:
    program = [sys.executable, "-m", "tests.reliability.damaging", str(tmp_path), str(VARIANTS), str(SEED)]
    environment = {name: text for name, text in os.environ.items() if not name.startswith("BRIEFQA_")}
    done = subprocess.run(program, capture_output=True, text=True, check=False, env=environment)
    assert done.returncode == 0, done.stderr[-2000:]
    found = json.loads(done.stdout)
    assert found["wrong"] == []
    assert found["variants"] == found["found"]["rebuild: mended"] == VARIANTS
    assert found["found"]["reading: told"] > 0
    assert found["found"]["verify: found"] > 0
