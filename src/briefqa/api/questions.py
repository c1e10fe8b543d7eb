"""What a question must be before anything is looked for, and the order in which what is found comes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from briefqa.answering.ordering import ORDERS, newest_first
from briefqa.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from briefqa.filters import Filter

LONGEST_QUESTION = 2000
MOST_HITS = 1000


def checked(question: str) -> str:
    """The question with white space made plain. Raises UsageError for an empty or overlong one, and for no text."""
    if not isinstance(question, str):
        raise UsageError(f"The question is {question!r}; it must be a text.")
    text = " ".join(question.encode("utf-8", "replace").decode().split())
    if not text:
        raise UsageError('The question is empty. Type one, for example: briefqa ask "Who leads the CSTO?"')
    if len(text) > LONGEST_QUESTION:
        raise UsageError(
            f"The question is {len(text):,} characters long and may have {LONGEST_QUESTION:,} at most."
            " Ask for what you want to know, not with the whole text."
        )
    return text


def is_fine(question: str) -> bool:
    """Whether it can be asked."""
    try:
        checked(question)
    except UsageError:
        return False
    return True


def ordering(sort: str) -> Callable[[tuple[Any, ...]], tuple[Any, ...]]:
    """What puts hits or citations, best first, in the order `sort`. Raises UsageError for one that there is not."""
    if sort not in ORDERS:
        raise UsageError(f"sort is {sort!r}; it must be {' or '.join(ORDERS)}.")
    return newest_first if sort == "date" else tuple


def require_options(top_k: int | None, within: Filter | None) -> None:
    """Raises UsageError for a number of hits, or a filter, that is none."""
    if top_k is not None and (not isinstance(top_k, int) or not 1 <= top_k <= MOST_HITS):
        raise UsageError(f"top_k is {top_k!r}; it must be a whole number from 1 to {MOST_HITS}.")
    if within is not None and not hasattr(within, "accepts_date"):
        raise UsageError(f"filter is {within!r}; make one, as with briefqa.make_filter(since='2022').")


def several(questions: Iterable[str]) -> Iterable[str]:
    """The questions. Raises UsageError for a single one, whose letters would be taken for questions."""
    if isinstance(questions, str):
        message = f"{questions!r} is one question where several are to be asked: put it in a list."
        raise UsageError(message)
    return questions
