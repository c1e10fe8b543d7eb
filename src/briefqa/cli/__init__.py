"""The command line: the one place that prints. A command parses, makes one call of the library, prints a rendering."""

from __future__ import annotations

from briefqa.cli.main import main, run

__all__ = ["main", "run"]
