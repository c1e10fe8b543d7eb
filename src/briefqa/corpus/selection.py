"""Which files of a folder are read: what the .gitignore files in it and the rules of a collection pass over."""

from __future__ import annotations

import re
from contextlib import suppress
from functools import lru_cache
from typing import TYPE_CHECKING

from briefqa.corpus.regular import open_regular
from briefqa.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pathspec import GitIgnoreSpec

    from briefqa.types import Source

GITIGNORE_FILE = ".gitignore"
_LONGEST_GITIGNORE = 100_000  # bytes
_MOST_PATTERNS = 2_000
# Wildcards in a part of a pattern: each multiplies the time to match by the length of a name.
_MOST_STARS = 2
_STARS = re.compile(r"\*+")

Ignoring = tuple[tuple[int, "GitIgnoreSpec"], ...]
"""The .gitignore files that hold in a folder, outermost first, each with how much of a key its folder's is."""


class Selection:
    """What `source` says of which of its files are read. Raises UsageError for a pattern that is none."""

    def __init__(self, source: Source) -> None:
        rules = source.rules
        self.gitignore = rules.gitignore
        self._exclude = patterns(rules.exclude) if rules.exclude else None
        wanted = [rules.include] if rules.include else []
        wanted += [(source.pattern,)] if source.pattern else []
        self._include = [patterns(entry) for entry in wanted]

    def takes(self, key: str, ignoring: Ignoring) -> bool:
        """Whether the file `key` is read."""
        if self._include and not all(spec.match_file(key) for spec in self._include):
            return False
        return self.enters(key, ignoring)

    def enters(self, key: str, ignoring: Ignoring) -> bool:
        """Whether the folder `key`, which ends in a slash, is looked into."""
        if self._exclude is not None and self._exclude.match_file(key):
            return False
        for start, spec in reversed(ignoring):  # the nearest file that says anything decides
            verdict = spec.check_file(key[start:]).include
            if verdict is not None:
                return not verdict
        return True


@lru_cache(maxsize=64)
def patterns(lines: tuple[str, ...]) -> GitIgnoreSpec:
    """What tells whether a key fits one of the patterns, read as those of a .gitignore (see gitignore(5)). Raises
    UsageError for one that is none."""
    from pathspec import GitIgnoreSpec  # noqa: PLC0415 - most folders have no patterns

    for line in lines:
        try:
            GitIgnoreSpec.from_lines([line])
        except ValueError:
            raise UsageError(f"{line!r} is not a pattern of files, as **/*.html or drafts/ is.") from None
    return GitIgnoreSpec.from_lines(lines)


def read_gitignore(path: str) -> GitIgnoreSpec | None:
    """The patterns of a .gitignore, up to a bound; those that are none are passed over, as by git, and those that could
    take long to match. None if it can't be read."""
    from pathspec import GitIgnoreSpec  # noqa: PLC0415 - most folders have none

    try:
        with open_regular(path)[0] as file:
            lines = file.read(_LONGEST_GITIGNORE).decode("utf-8", "replace").splitlines()
    except OSError:
        return None
    return GitIgnoreSpec.from_lines(_sound(lines))


def _sound(lines: Sequence[str]) -> list[str]:
    from pathspec import GitIgnoreSpec  # noqa: PLC0415

    kept: list[str] = []
    for line in lines[:_MOST_PATTERNS]:
        parts = [len(_STARS.findall(part)) for part in line.split("/")]
        if max(parts) > _MOST_STARS or sum(parts) > 3 * _MOST_STARS:
            continue
        with suppress(ValueError):
            GitIgnoreSpec.from_lines([line])
            kept.append(line)
    return kept
