"""What a request asks for: query parameters with the command line's words, and its errors."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from briefqa.collection import nearest
from briefqa.errors import UsageError
from briefqa.filters import make_filter

if TYPE_CHECKING:
    from collections.abc import Sequence

    from briefqa.config import Settings
    from briefqa.filters import Filter

    Pairs = Sequence[tuple[str, str]]

SEVERAL = ("source", "path", "tag", "language", "collection")
"""Parameters that may be given more than once."""
ASKING = ("q", "top_k", "retriever", "sort", "explain", "since", "before", "last", *SEVERAL)
"""The parameters of answers and hits."""
LISTING = ("offset", "limit")
"""Those of the list of documents."""
MOST_LISTED = 1000
_MOST_VALUES = 100
_TRUTH = {"true": True, "1": True, "false": False, "0": False}


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, and how it is asked: as the server's settings have it, unless the request says otherwise."""

    question: str
    settings: Settings
    filter: Filter | None
    sort: str
    explain: bool

    @property
    def how(self) -> dict[str, Any]:
        """The named arguments of Index.ask and Index.search."""
        return {"top_k": self.settings.top_k, "explain": self.explain, "filter": self.filter, "sort": self.sort}


def read_asked(pairs: Pairs, settings: Settings) -> Asked:
    """What is asked for. Raises UsageError for a parameter that is not known, or a value that can't be used."""
    single, several = _sorted_out(pairs, ASKING)
    if "q" not in single:
        raise UsageError("There is no question. Give one as the parameter q.")
    given: dict[str, Any] = {"top_k": _whole(single, "top_k", 1, 1000), "retriever": single.get("retriever")}
    return Asked(
        question=single["q"],
        settings=replace(settings, **{name: value for name, value in given.items() if value is not None}),
        filter=make_filter(
            since=single.get("since"),
            before=single.get("before"),
            last=single.get("last"),
            sources=several["source"],
            paths=several["path"],
            tags=several["tag"],
            languages=several["language"],
            collections=several["collection"],
        ),
        sort=single.get("sort", "score"),
        explain=_true(single, "explain"),
    )


def read_page(pairs: Pairs) -> tuple[int, int]:
    """The first document that is listed, from 0, and how many at most. Raises UsageError likewise."""
    single, _ = _sorted_out(pairs, LISTING)
    offset, limit = _whole(single, "offset", 0, 10**9), _whole(single, "limit", 1, MOST_LISTED)
    return offset or 0, MOST_LISTED if limit is None else limit


def read_nothing(pairs: Pairs) -> None:
    """Raises UsageError for any parameter."""
    _sorted_out(pairs, ())


def _sorted_out(pairs: Pairs, known: Sequence[str]) -> tuple[dict[str, str], dict[str, list[str]]]:
    single: dict[str, str] = {}
    several: dict[str, list[str]] = {name: [] for name in SEVERAL}
    for name, value in pairs:
        if name not in known:
            listed = f" There are: {', '.join(known)}." if known else " There are none here."
            raise UsageError(f"There is no parameter {name!r}.{nearest(name, known)}{listed}")
        if name in several:
            several[name].append(value)
        elif name in single:
            raise UsageError(f"The parameter {name} is given more than once.")
        else:
            single[name] = value
    for name, values in several.items():
        if len(values) > _MOST_VALUES:
            raise UsageError(f"The parameter {name} is given {len(values):,} times; {_MOST_VALUES} are taken.")
    return single, several


def _whole(single: dict[str, str], name: str, least: int, most: int) -> int | None:
    text = single.get(name)
    if text is None:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= len(str(most)) and least <= int(text) <= most):
        raise UsageError(f"{name} is {text!r}; it must be a whole number from {least} to {most}.")
    return int(text)


def _true(single: dict[str, str], name: str) -> bool:
    text = single.get(name, "false")
    if text not in _TRUTH:
        raise UsageError(f"{name} is {text!r}; it must be true or false.")
    return _TRUTH[text]
