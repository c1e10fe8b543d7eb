"""Writes the examples in docs/ anew: python -m tests.make_examples"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from tests.examples import DOCS, made_json, made_python, small_index


def make() -> None:
    """Run what the pages say, and put what comes of it in them."""
    with tempfile.TemporaryDirectory() as folder, small_index(Path(folder)):
        _write(DOCS / "json.md", made_json((DOCS / "json.md").read_text(encoding="utf-8")))
        _write(DOCS / "integrations.md", made_python((DOCS / "integrations.md").read_text(encoding="utf-8")))
    with tempfile.TemporaryDirectory() as folder:
        here = Path.cwd()
        os.chdir(folder)
        try:
            text = made_python((DOCS / "python.md").read_text(encoding="utf-8"))
        finally:
            os.chdir(here)
        _write(DOCS / "python.md", text)


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    make()
