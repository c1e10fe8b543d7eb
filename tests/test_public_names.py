"""The names that programs may import from briefqa: a change here is a change of the contract."""

from __future__ import annotations

import pytest

import briefqa
import briefqa.api
import briefqa.index.update


def test_the_public_names() -> None:
    assert briefqa.__all__ == [
        "Answer",
        "BriefqaError",
        "Citation",
        "Document",
        "Hit",
        "Hits",
        "Index",
        "IndexReport",
        "Passage",
        "Settings",
        "load_settings",
        "open_index",
        "update",
    ]


def test_lazy_names_are_the_real_things() -> None:
    assert briefqa.Index is briefqa.api.Index
    assert briefqa.open_index is briefqa.api.open_index
    assert briefqa.update is briefqa.index.update.update


def test_no_other_name_is_made_up() -> None:
    with pytest.raises(AttributeError, match=r"^module 'briefqa' has no attribute 'ask'$"):
        briefqa.ask  # noqa: B018
