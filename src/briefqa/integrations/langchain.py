"""briefqa as a retriever of LangChain."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from briefqa.api import Index
from briefqa.extras import extra
from briefqa.filters import Filter
from briefqa.integrations.retrieved import Kind, Retrieving

with extra("langchain"):
    from langchain_core.documents import Document
    from langchain_core.retrievers import BaseRetriever
    from langchain_core.runnables import run_in_executor
    from pydantic import ConfigDict, PrivateAttr

if TYPE_CHECKING:
    from langchain_core.callbacks import AsyncCallbackManagerForRetrieverRun, CallbackManagerForRetrieverRun


class BriefqaRetriever(BaseRetriever):
    """The passages of an index that fit a question best; or, of `kind` "quotes", the quotes that answer it, and no
    document where nothing does.

    `index` is a folder, which is followed to newer generations, or an opened Index. At most `k` documents come, of
    articles that fit the `filter`. Each says in its metadata where its text stands: path, lines, page, sha256,
    published, url, link, marker and more. `invoke` takes `k`, `kind` and `filter`, too. Raises the errors of briefqa.
    """

    model_config = ConfigDict(arbitrary_types_allowed=True)

    index: Index | str | Path = "index"
    k: int = 5
    kind: Kind = "passages"
    filter: Filter | None = None
    _retrieve: Retrieving = PrivateAttr()

    def __init__(self, **given: Any) -> None:
        super().__init__(**given)
        self._retrieve = Retrieving(self.index)

    def _get_relevant_documents(
        self,
        query: str,
        *,
        run_manager: CallbackManagerForRetrieverRun,
        k: int | None = None,
        kind: Kind | None = None,
        filter: Filter | None = None,
    ) -> list[Document]:
        del run_manager
        found = self._retrieve(
            query,
            k=self.k if k is None else k,
            kind=kind or self.kind,
            filter=filter or self.filter,
        )
        return [Document(entry.text, id=entry.id, metadata=entry.metadata) for entry in found]

    async def _aget_relevant_documents(
        self, query: str, *, run_manager: AsyncCallbackManagerForRetrieverRun, **asked: Any
    ) -> list[Document]:
        call = partial(self._get_relevant_documents, query, run_manager=run_manager.get_sync(), **asked)
        return await run_in_executor(None, call)
