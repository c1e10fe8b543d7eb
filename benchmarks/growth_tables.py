"""The measurements of growth.py as Markdown tables, an index a column."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from processes import Cost, median_cost, percentile
from tables import table

RETRIEVERS = ("dense", "lexical", "hybrid")


def markdown(found: Sequence[Mapping[str, Any]]) -> str:
    """The tables: what there is about each index, its bytes, and how it was made."""
    rows: list[list[str]] = [
        ["documents", *(f"{entry['documents']:,}" for entry in found)],
        ["`briefqa ask`, cold: s, MiB", *(_both(entry["cold"]["ask"]) for entry in found)],
        ["`briefqa search`, cold: s, MiB", *(_both(entry["cold"]["search"]) for entry in found)],
    ]
    for name in (*RETRIEVERS, "ask"):
        label = "whole answer" if name == "ask" else f"search, {name}"
        rows.append([f"{label}, warm: ms p50, p95", *(_percentiles(entry["warm"][name]) for entry in found)])
    rows += [
        ["memory of the warm process: MiB", *(f"{entry['warm']['mib']:.0f}" for entry in found)],
        ["recall@10 of dense search", *(f"{entry['warm']['recall']:.3f}" for entry in found)],
        ["`briefqa index`, nothing changed: s, MiB", *(_both(entry["unchanged"]) for entry in found)],
        ["one article added: s, MiB", *(_both(entry["added"]) if entry["added"] else "–" for entry in found)],
        ["bytes written for it", *(_written(entry["added"]) for entry in found)],
    ]
    heads = ["passages", *(f"{entry['passages']:,}" for entry in found)]
    parts = list(dict.fromkeys(part for entry in found for part in entry["bytes_per_passage"]))
    sizes = [[f"`{part}`", *(f"{entry['bytes_per_passage'].get(part, 0):.1f}" for entry in found)] for part in parts]
    made = [entry["made"] for entry in found]
    stages = list(dict.fromkeys(stage for entry in made for stage in entry["seconds"]))
    took = [[stage, *(f"{entry['seconds'].get(stage, 0):.0f}" for entry in made)] for stage in stages]
    memory = ["most memory, MiB", *(f"{entry['peak_mib']:,}" for entry in made)]
    total = ["all", *(f"{sum(entry['bytes_per_passage'].values()):.1f}" for entry in found)]
    tables = [
        table(heads, rows),
        table(["bytes a passage", *heads[1:]], [*sizes, total]),
        table(["million.py: seconds", *heads[1:]], [*took, memory]),
    ]
    return "\n\n".join(tables)


def _both(costs: Sequence[Mapping[str, float]]) -> str:
    cost = median_cost([Cost(entry["seconds"], entry["mib"]) for entry in costs])
    return f"{cost.seconds:.2f}, {cost.mib:.0f}"


def _percentiles(values: Sequence[float]) -> str:
    return f"{percentile(values, 0.5):.1f}, {percentile(values, 0.95):.1f}"


def _written(costs: Sequence[Mapping[str, float]]) -> str:
    return f"{sorted(entry['bytes'] for entry in costs)[len(costs) // 2]:,}" if costs else "–"
