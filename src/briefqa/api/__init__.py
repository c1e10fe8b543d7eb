"""Using an index from Python: open it, ask, search, look up. The command line does nothing that this can't."""

from briefqa.api.index import Index, open
from briefqa.api.opened import DEPTH
from briefqa.api.questions import LONGEST_QUESTION

__all__ = ["DEPTH", "LONGEST_QUESTION", "Index", "open"]
