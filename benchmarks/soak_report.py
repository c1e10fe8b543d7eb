"""What a soak's processes held, as a table and as a picture: the axes are those of the report's page."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from briefqa.rendering.page.plot import ACROSS, AREA, FIFTHS, UP, Scale, Tick


@dataclass(frozen=True, slots=True)
class Sample:
    """One look at one process, so many seconds after the start: its resident memory in MiB, with the pages of mapped
    files that it has touched, and its open files."""

    name: str
    at: float
    mib: float
    files: int


_STYLE = """
text { font: 11.5px system-ui, sans-serif; fill: #555; } .title { fill: #222; }
.axis path { fill: none; stroke: #888; } .axis .grid { stroke: #ddd; }
.line { fill: none; stroke: #0a5ba8; stroke-width: 1; } .writer { stroke: #b3541e; }
"""
_CHART = """{% import "charts.html.j2" as charts with context %}
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {{ 2 * area.width }} {{ area.height }}" role="img">
<title>{{ title }}</title><desc>{{ description }}</desc>
<style>{{ style }}</style><rect width="{{ 2 * area.width }}" height="{{ area.height }}" fill="#fff"/>
{% for panel in panels %}
<g transform="translate({{ loop.index0 * area.width }} 0)">
{{ charts.y_axis(panel.y, panel.unit) }}
{{ charts.x_axis(panel.x, "minutes") }}
{% for line in panel.lines %}
<path class="line {{ line.kind }}" d="{{ line.path }}"/>
{% endfor %}
</g>
{% endfor %}
</svg>
"""
_TITLE = "Memory and open files of readers (blue) and the writer (brown)"


def markdown(samples: Sequence[Sample]) -> str:
    """A row a process: medians over the second quarter and over the last one, and the most; the first quarter is for
    warming up."""
    lines = [
        "| process | MiB, 2nd quarter | MiB, last | MiB, most | open files, 2nd quarter | last | most |",
        "| --- | --- | --- | --- | --- | --- | --- |",
    ]
    for name, own in _by_name(samples).items():
        end = max(sample.at for sample in own)
        early = [sample for sample in own if end / 4 <= sample.at <= end / 2] or own
        late = [sample for sample in own if sample.at >= 3 * end / 4]
        cells = [
            f"{value:,.0f}"
            for of in (_mib, _files)
            for value in (statistics.median(map(of, early)), statistics.median(map(of, late)), max(map(of, own)))
        ]
        lines.append(f"| {name} | {' | '.join(cells)} |")
    return "\n".join(lines)


def draw(samples: Sequence[Sample]) -> str:
    """Memory and open files over time, as SVG; of at least two looks."""
    environment = Environment(
        autoescape=True, loader=PackageLoader("briefqa.rendering", "page"), undefined=StrictUndefined,
        lstrip_blocks=True, trim_blocks=True,
    )  # fmt: skip
    panels = [_panel(samples, _mib, "MiB"), _panel(samples, _files, "open files")]
    told = "; ".join(
        f"{name}: {own[0].mib:,.0f} to {own[-1].mib:,.0f} MiB, {own[0].files} to {own[-1].files} open files"
        for name, own in _by_name(samples).items()
    )
    drawn = environment.from_string(_CHART).render(
        area=AREA, style=_STYLE, title=_TITLE, description=told, panels=panels
    )
    return drawn.strip() + "\n"


def _panel(samples: Sequence[Sample], of: Callable[[Sample], float], unit: str) -> dict[str, Any]:
    last, highest = max(sample.at for sample in samples) / 60, max(map(of, samples))
    x, y = Scale(0.0, last, *ACROSS), Scale(0.0, highest * 1.05, *UP)
    lines = [
        {
            "kind": name.partition(" ")[0],
            "path": "M" + "L".join(f"{x(sample.at / 60):g} {y(of(sample)):g}" for sample in own),
        }
        for name, own in _by_name(samples).items()
    ]
    return {
        "unit": unit,
        "x": [Tick(x(share * last), f"{share * last:.3g}") for share in FIFTHS],
        "y": [Tick(y(share * highest), f"{share * highest:,.0f}") for share in FIFTHS],
        "lines": lines,
    }


def _by_name(samples: Sequence[Sample]) -> dict[str, list[Sample]]:
    found: dict[str, list[Sample]] = {}
    for sample in samples:
        found.setdefault(sample.name, []).append(sample)
    return found


def _mib(sample: Sample) -> float:
    return sample.mib


def _files(sample: Sample) -> float:
    return float(sample.files)
