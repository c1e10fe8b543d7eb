"""The code in docs/integrations.md. Written anew by: python -m tests.make_examples"""

from __future__ import annotations

from pathlib import Path

from tests.examples import DOCS, made_python, small_index


def test_the_code_runs(tmp_path: Path) -> None:
    text = (DOCS / "integrations.md").read_text(encoding="utf-8")
    with small_index(tmp_path):
        assert made_python(text) == text
    assert text.count("```text\n") == 4
