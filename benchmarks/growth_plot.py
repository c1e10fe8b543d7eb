"""Times against passages, both axes logarithmic, as SVG: the axes are those of the report's page."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from math import ceil, floor, log10
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from briefqa.rendering.page.plot import ACROSS, AREA, UP, Scale, Tick
from processes import Cost, median_cost, percentile

Entry = Mapping[str, Any]

_STYLE = """
text { font: 11.5px system-ui, sans-serif; fill: #555; } .title { fill: #222; }
.axis path { fill: none; stroke: #888; } .axis .grid { stroke: #ddd; }
.line { fill: none; stroke: var(--c); stroke-width: 2; } .end { fill: var(--c); }
"""
_COLOURS = ("#0a5ba8", "#b3541e", "#3b7d3b", "#7a3e9d", "#555555")
_CHART = """{% import "charts.html.j2" as charts with context %}
{{ charts.open("growth", title, description) }}
<style>{{ style }}</style><rect width="{{ area.width + room }}" height="{{ area.height }}" fill="#fff"/>
{{ charts.y_axis(y, "seconds") }}
{{ charts.x_axis(x, "passages") }}
{% for line in lines %}
<g style="--c: {{ line.colour }}"><path class="line" d="{{ line.path }}"/>
<text class="end" style="fill: {{ line.colour }}" x="{{ area.right + 6 }}" y="{{ line.end }}">{{ line.name }}</text></g>
{% endfor %}
</svg>
"""
_ROOM = 150  # for the lines' names, in SVG units
_LEAST_GAP = 13
_TITLE = "How times grow with an index"


def draw(found: Sequence[Entry]) -> str:
    """The picture of growth.py's measurements, of at least two sizes."""
    sizes = [log10(entry["passages"]) for entry in found]
    values = {name: [log10(value(entry)) for entry in found] for name, value in _series(found).items()}
    every = [value for series in values.values() for value in series]
    low, high = floor(min(every)), ceil(max(every))
    x, y = Scale(min(sizes), max(sizes), *ACROSS), Scale(low, high, *UP)
    environment = Environment(
        autoescape=True, loader=PackageLoader("briefqa.rendering", "page"), undefined=StrictUndefined,
        lstrip_blocks=True, trim_blocks=True,
    )  # fmt: skip
    lines: list[dict[str, Any]] = []
    below = float("-inf")
    for name, series in sorted(values.items(), key=lambda entry: -entry[1][-1]):
        path = "M" + "L".join(f"{x(size):g} {y(value):g}" for size, value in zip(sizes, series, strict=True))
        below = max(y(series[-1]) + 4, below + _LEAST_GAP)
        lines.append({"name": name, "path": path, "end": round(below, 1), "colour": _COLOURS[len(lines)]})
    drawn = environment.from_string(_CHART).render(
        area=AREA,
        room=_ROOM,
        style=_STYLE,
        title=_TITLE,
        description="; ".join(f"{name}: {_told(series)}" for name, series in values.items()),
        x=[Tick(x(size), f"{10**size:,.0f}") for size in sizes],
        y=[Tick(y(power), f"{10.0**power:g}") for power in range(low, high + 1)],
        lines=lines,
    )
    box = f'viewBox="0 0 {AREA.width} {AREA.height}"'
    whole = f'xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {AREA.width + _ROOM} {AREA.height}"'
    return drawn.strip().replace(box, whole, 1) + "\n"


def _series(found: Sequence[Entry]) -> dict[str, Callable[[Entry], float]]:
    series: dict[str, Callable[[Entry], float]] = {
        "ask, whole process": lambda entry: _seconds(entry["cold"]["ask"]),
        "nothing changed": lambda entry: _seconds(entry["unchanged"]),
        "answer, warm": lambda entry: percentile(entry["warm"]["ask"], 0.5) / 1000,
        "search, warm": lambda entry: percentile(entry["warm"]["hybrid"], 0.5) / 1000,
    }
    if all(entry["added"] for entry in found):
        series["an article added"] = lambda entry: _seconds(entry["added"])
    return series


def _seconds(costs: Sequence[Mapping[str, float]]) -> float:
    return median_cost([Cost(entry["seconds"], entry["mib"]) for entry in costs]).seconds


def _told(series: Sequence[float]) -> str:
    return ", ".join(f"{10**value:.3g} s" for value in series)
