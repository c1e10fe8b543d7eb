"""The schemas of briefqa's JSON as tools declare them."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def output_schema(name: str) -> dict[str, Any]:
    """The schema in briefqa/schemas, without the keys that name its dialect and itself: clients that know an older
    dialect by heart refuse to look at one that names another, and every keyword here means the same in both."""
    loaded: dict[str, Any] = json.loads(files("briefqa").joinpath(f"schemas/{name}.json").read_text(encoding="utf-8"))
    return {key: value for key, value in loaded.items() if key not in ("$schema", "$id")}
