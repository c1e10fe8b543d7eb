from __future__ import annotations

import re
from email.message import Message
from pathlib import Path
from typing import Any, cast

import pytest
from packaging.utils import canonicalize_name
from tools.licences import EXTRAS, licence, needed, pinned, table

PAGE = Path(__file__).parents[1] / "docs" / "licences.md"


class Package:
    def __init__(self, **fields: str) -> None:
        self.metadata = Message()
        for name, value in fields.items():
            self.metadata[name.replace("_", "-")] = value


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"License_Expression": "MIT", "License": "other"}, "MIT"),
        ({"License": "Apache 2.0"}, "Apache 2.0"),
        ({"License": "Copyright\nall of it", "Classifier": "License :: OSI Approved :: BSD License"}, "BSD License"),
        ({"License": "Copyright\nall of it"}, "Copyright"),
        ({"Classifier": "Topic :: Text"}, "not stated"),
    ],
)
def test_a_licence_is_what_the_package_says_in_short(fields: dict[str, str], expected: str) -> None:
    assert licence(cast("Any", Package(**fields))) == expected


def test_what_is_needed_is_found_over_several_steps() -> None:
    names = {canonicalize_name(package.metadata["Name"]) for package in needed()}
    # typer needs click; sentence-transformers needs transformers, which needs safetensors; the last are for developing.
    assert {"click", "safetensors", "tantivy", "pypdfium2"} <= names
    assert names & {"pytest", "hypothesis", "ruff", "starlette", "mcp"} == set()


def test_extras_add_what_they_need() -> None:
    base, all_of_it = ({entry.metadata["Name"] for entry in needed(extras)} for extras in ((), EXTRAS))
    assert base < all_of_it
    assert {"starlette", "uvicorn", "mcp", "llama-index-core"} <= all_of_it - base


def test_the_page_is_current() -> None:
    installed: dict[str, str] = {
        canonicalize_name(package.metadata["Name"]): package.version.split("+")[0] for package in needed(EXTRAS)
    }
    if any(installed[name] != version for name, version in pinned().items() if name in installed):
        pytest.skip("what is installed is not what constraints.txt pins")
    assert PAGE.read_text(encoding="utf-8") == table()


def test_every_licence_allows_use_and_none_is_unknown() -> None:
    rows = re.findall(r"^\| ([\w.-]+) \| \d[\w.]* \| (.+) \|$", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    assert len(rows) > 60
    allowed = re.compile(r"MIT|BSD|Apache|ISC|PSF|MPL|Unlicense|Public Domain|Zlib", re.IGNORECASE)
    assert [row for row in rows if not allowed.search(row[1])] == []
    assert [row for row in rows if "GPL" in row[1] and " OR " not in row[1]] == []
