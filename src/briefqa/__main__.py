"""`python -m briefqa` is `briefqa`."""

from __future__ import annotations

from briefqa.cli import run

run()
