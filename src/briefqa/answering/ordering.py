"""The order in which hits and quotes are shown."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterable

    from briefqa.types import Citation, Hit

ORDERS = ("score", "date")

Shown = TypeVar("Shown", "Citation", "Hit")


def newest_first(shown: Iterable[Shown]) -> tuple[Shown, ...]:
    """By falling date of publication, those without one last; equal ones as they came. A date known in part stands
    behind the fuller ones that it may mean."""
    return tuple(sorted(shown, key=lambda entry: entry.document.published or "", reverse=True))
