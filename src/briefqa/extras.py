"""What is installed with an extra of the package only: `pip install "briefqa[NAME]"`."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from briefqa.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def extra(name: str) -> Iterator[None]:
    """Around imports of what an extra installs: raises UsageError, which names the command, where that is missing."""
    try:
        yield
    except ModuleNotFoundError as error:
        if (error.name or "").split(".")[0] in ("", "briefqa"):
            raise
        raise UsageError(
            f'This needs {error.name}, which is not installed. Install it with: pip install "briefqa[{name}]"'
        ) from error
