"""Where the charts of a page stand: their area, axes and ticks, in SVG units, and the numbers behind them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True)
class Area:
    """The size of a chart, and the edges between which values stand; around them is room for ticks and titles."""

    width: int
    height: int
    left: int
    right: int
    top: int
    bottom: int


AREA = Area(width=360, height=270, left=46, right=350, top=14, bottom=226)
ACROSS, UP = (AREA.left, AREA.right), (AREA.bottom, AREA.top)
FIFTHS = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)


@dataclass(frozen=True, slots=True)
class Tick:
    """A place on an axis, and what is written there."""

    at: float
    label: str


@dataclass(frozen=True, slots=True)
class Scale:
    """From values to SVG units, linear."""

    low: float
    high: float
    start: float
    end: float

    def __call__(self, value: float) -> float:
        """Where the value stands."""
        share = (value - self.low) / (self.high - self.low)
        return round(self.start + share * (self.end - self.start), 1)

    def ticks(self, values: Sequence[float]) -> tuple[Tick, ...]:
        """Ticks at the values."""
        return tuple(Tick(self(value), f"{value:g}") for value in values)


@dataclass(frozen=True, slots=True)
class Table:
    """The numbers behind a chart."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
