"""Everything briefqa raises on purpose. A message says what is wrong, where, and what to do.

BriefqaError                 exit 2
|-- UsageError               a question, option or setting that can't be used
|-- CorpusError              the articles: nothing to index, or a folder that is not there
|-- EncoderError             a model that is missing, altered or can't be used
|-- DatasetError             a question set that can't be used
|-- IndexBusy                another process is writing this index
|-- IndexNotWritable         the index folder can't be written
|-- RequestRefused           a server does not take a request, or can't just now
+-- IndexProblem             exit 3
    |-- IndexMissing         there is no index here
    |-- IndexDamaged         a file is missing, cut short or altered
    |-- IndexMismatch        made by another format, or without the encoder or reranker asked for
    +-- IndexStale           the articles have changed since, and the call insisted on a fresh index
"""

from __future__ import annotations

from typing import ClassVar

REBUILD = "Make the index again with: briefqa index --rebuild"
"""What to do about an index that is damaged: how its message ends."""


class BriefqaError(Exception):
    """The root: one `except BriefqaError` is enough. `exit_code` is the command line's exit status."""

    exit_code: ClassVar[int] = 2


class UsageError(BriefqaError):
    """The call is wrong: an empty question, a number out of range, an unknown setting."""


class CorpusError(BriefqaError):
    """The articles can't be indexed: no such folder, or nothing readable in it."""


class EncoderError(BriefqaError):
    """An encoder or reranker is missing, is not the file it should be, or is of a kind that can't be used."""


class DatasetError(BriefqaError):
    """A question set is malformed, or its gold quotes do not stand in the documents."""


class IndexBusy(BriefqaError):
    """Another process holds the index's write lock."""


class IndexNotWritable(BriefqaError):
    """The index folder, or the one for temporary files, can't be created or written."""


class RequestRefused(BriefqaError):
    """A server refuses a request: who sent it, its size, how many there are. `status` is HTTP's; `retry_after` are the
    seconds after which it may go well, where that is so."""

    def __init__(self, message: str, *, status: int, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.status, self.retry_after = status, retry_after


class IndexProblem(BriefqaError):
    """The index can't be used as it is."""

    exit_code: ClassVar[int] = 3


class IndexMissing(IndexProblem):
    """There is no index at the given place."""


class IndexDamaged(IndexProblem):
    """A file of the index is missing, cut short, altered or unreadable."""


class IndexMismatch(IndexProblem):
    """The index has another format version or encoder than this call needs, or lacks the reranker."""


class IndexStale(IndexProblem):
    """The articles changed after the index was made, and the call was strict about it."""


def damaged(path: object) -> IndexDamaged:
    """The error for a file of an index that is not as it was written."""
    return IndexDamaged(f"{path} is damaged. {REBUILD}")
