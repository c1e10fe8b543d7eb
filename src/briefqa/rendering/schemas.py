"""The schemas of all JSON that briefqa prints, as they are shipped: JSON Schema, draft 2020-12."""

from __future__ import annotations

import json
from difflib import get_close_matches
from importlib.resources import files
from typing import Any

from briefqa.errors import UsageError

UNTRUSTED = "x-briefqa-untrusted"
"""True in the schema of a property whose value holds text that strangers wrote: data, whatever it says."""
_FOLDER = files("briefqa").joinpath("schemas")


def schema_names() -> list[str]:
    """The names of all schemas, sorted."""
    return sorted(entry.name.removesuffix(".json") for entry in _FOLDER.iterdir() if entry.name.endswith(".json"))


def load_schema(name: str) -> dict[str, Any]:
    """The schema `name`, which may be its "$id". Raises UsageError when there is none."""
    wanted = name.removeprefix("briefqa.").partition("/")[0]
    names = schema_names()
    if wanted in names:
        loaded: dict[str, Any] = json.loads(_FOLDER.joinpath(f"{wanted}.json").read_text(encoding="utf-8"))
        if name in (wanted, loaded["$id"]):
            return loaded
        raise UsageError(
            f"There is no schema {name!r} here, but {loaded['$id']}. Print it with: briefqa schema {wanted}"
        )
    close = get_close_matches(wanted, names, n=1)
    meant = f" Did you mean {close[0]!r}?" if close else ""
    raise UsageError(f"There is no schema {name!r}.{meant} There are: {', '.join(names)}.")


def schemas_json() -> dict[str, Any]:
    """briefqa.schemas/1."""
    loaded = {name: load_schema(name) for name in schema_names()}
    listed = [{"name": name, "id": schema["$id"], "title": schema["title"]} for name, schema in loaded.items()]
    return {"schema": "briefqa.schemas/1", "schemas": listed}


def list_schemas() -> str:
    """The same for a terminal: a line each."""
    listed = schemas_json()["schemas"]
    width = max(len(entry["name"]) for entry in listed)
    return "\n".join(f"{entry['name']:<{width}}  {entry['id']:<{width + 10}}  {entry['title']}" for entry in listed)
