"""Lists the licences of what briefqa runs on, from the metadata of the installed packages:

    python -m tools.licences > docs/licences.md

Only packages that constraints.txt pins are listed: others come with a platform, as torch's for a graphics card.
"""

from __future__ import annotations

import re
import sys
import tomllib
from collections.abc import Iterable, Iterator
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
_LONGEST = 120
_HEAD = """\
# Licences of dependencies

What briefqa needs to run, with everything that those packages need, as their own metadata state it. Made by
`python -m tools.licences > docs/licences.md`; a test holds it to what is installed. briefqa itself: see LICENSE.

| package | version | licence |
| --- | --- | --- |
"""
_EXTRAS_HEAD = """
## Extras

What each extra needs besides.

| package | version | licence |
| --- | --- | --- |
"""
EXTRAS = ("langchain", "llamaindex", "mcp", "web")


def pinned() -> dict[str, str]:
    """The version of each package in constraints.txt, by its normalised name."""
    pins = (
        line.split("==") for line in (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines() if "==" in line
    )
    return {canonicalize_name(name): version.split()[0] for name, version in pins}


def needed(extras: Iterable[str] = ()) -> list[Distribution]:
    """The installed packages that briefqa with these extras needs to run, and those that they need, by name."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    found: dict[str, Distribution] = {}
    lines = [*project["dependencies"], *(line for name in extras for line in project["optional-dependencies"][name])]
    waiting = list(_wanted(lines, frozenset()))
    seen: set[tuple[str, frozenset[str]]] = set()
    while waiting:
        wanted, extras = waiting.pop()
        if (wanted, extras) in seen:
            continue
        seen.add((wanted, extras))
        try:
            installed = distribution(wanted)
        except PackageNotFoundError:  # needed on another platform only
            continue
        found[canonicalize_name(wanted)] = installed
        waiting += _wanted(installed.requires or (), extras)
    return [found[key] for key in sorted(found)]


def licence(package: Distribution) -> str:
    """What the package's metadata say of its licence: the expression, else a short name, else classifiers."""
    metadata = package.metadata
    said = next((metadata[name] for name in ("License-Expression", "License") if name in metadata), "")
    if said and len(said) <= _LONGEST and "\n" not in said:
        return said
    classifiers = metadata.get_all("Classifier") or []
    named = [entry.rpartition(" :: ")[2] for entry in classifiers if entry.startswith("License ::")]
    first = said.strip().split("\n")[0][:_LONGEST]
    return ", ".join(named) or first or "not stated"


def table() -> str:
    """The page."""
    base = needed()
    names = {entry.metadata["Name"] for entry in base}
    besides = [entry for entry in needed(EXTRAS) if entry.metadata["Name"] not in names]
    return _HEAD + _rows(base) + _EXTRAS_HEAD + _rows(besides)


def _rows(packages: list[Distribution]) -> str:
    pins = pinned()
    return "".join(
        f"| {entry.metadata['Name']} | {re.sub(r'[+].*', '', entry.version)} | {licence(entry).replace('|', '/')} |\n"
        for entry in packages
        if canonicalize_name(entry.metadata["Name"]) in pins
    )


def _wanted(lines: Iterable[str], extras: frozenset[str]) -> Iterator[tuple[str, frozenset[str]]]:
    for line in lines:
        requirement = Requirement(line)
        marker = requirement.marker
        if marker is None or any(marker.evaluate({"extra": extra}) for extra in ("", *extras)):
            yield canonicalize_name(requirement.name), frozenset(requirement.extras)


if __name__ == "__main__":
    sys.stdout.write(table())
