"""Which files are articles: the format that each suffix stands for. A loader for each format is in `loaders`."""

from __future__ import annotations

FORMATS = {".markdown": "markdown", ".md": "markdown", ".text": "text", ".txt": "text"}
