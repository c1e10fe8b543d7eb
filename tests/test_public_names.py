"""The names that programs may import from briefqa: a change here is a change of the contract."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import Any, get_args, get_type_hints

import pytest

import briefqa
import briefqa.api
import briefqa.index.update


def test_the_public_names() -> None:
    assert briefqa.__all__ == [
        "Answer",
        "AsyncIndex",
        "BriefqaError",
        "Citation",
        "Document",
        "ExplainedConfidence",
        "ExplainedHit",
        "Explanation",
        "Filter",
        "Filtered",
        "Hit",
        "Hits",
        "Index",
        "IndexInfo",
        "IndexReport",
        "IndexStatus",
        "Part",
        "Passage",
        "Progress",
        "Settings",
        "Term",
        "build",
        "load_settings",
        "make_filter",
        "open",
        "update",
    ]


def test_lazy_names_are_the_real_things() -> None:
    assert briefqa.Index is briefqa.api.Index
    assert briefqa.open is briefqa.api.open
    assert briefqa.update is briefqa.index.update.update


def values_in(kind: Any) -> Iterator[str]:
    """The names of the dataclasses that a value of this type is made of, from the outside in."""
    for inner in get_args(kind):
        yield from values_in(inner)
    if dataclasses.is_dataclass(kind):
        yield kind.__name__  # type: ignore[union-attr]
        for inner in get_type_hints(kind).values():
            yield from values_in(inner)


def test_all_that_an_explanation_is_made_of_can_be_imported() -> None:
    found = list(dict.fromkeys(values_in(briefqa.Explanation)))
    assert found == ["Explanation", "Term", "ExplainedHit", "Part", "ExplainedConfidence"]
    assert set(found) <= set(briefqa.__all__)


def test_no_other_name_is_made_up() -> None:
    with pytest.raises(AttributeError, match=r"^module 'briefqa' has no attribute 'ask'$"):
        briefqa.ask  # noqa: B018
