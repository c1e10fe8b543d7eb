"""What became of addresses that were fetched, as terminal text and JSON."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from briefqa.rendering.escape import one_line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from briefqa.reports import Fetched


def render_fetched(outcome: Fetched) -> str:
    """A line for an address that was saved, or was as it is here."""
    return f"{outcome.state:<9} {one_line(outcome.address)}  {one_line(outcome.file or '')}"


def render_failed(outcome: Fetched) -> str:
    """A line for an address that could not be had."""
    return f"not saved: {one_line(outcome.address)}: {one_line(outcome.reason or '')}"


def fetch_json(outcomes: Sequence[Fetched]) -> dict[str, Any]:
    """briefqa.fetch/1."""
    return {
        "schema": "briefqa.fetch/1",
        "complete": all(outcome.state != "failed" for outcome in outcomes),
        "fetched": [asdict(outcome) for outcome in outcomes],
    }
