"""briefqa as a retriever of LlamaIndex."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from briefqa.extras import extra
from briefqa.integrations.retrieved import Retrieving

with extra("llamaindex"):
    from llama_index.core.base.base_retriever import BaseRetriever
    from llama_index.core.schema import NodeWithScore, TextNode

if TYPE_CHECKING:
    from pathlib import Path

    from llama_index.core.schema import QueryBundle

    from briefqa.api import Index
    from briefqa.filters import Filter
    from briefqa.integrations.retrieved import Kind, Retrieved


class BriefqaRetriever(BaseRetriever):
    """The passages of an index that fit a question best; or, of `kind` "quotes", the quotes that answer it, and no node
    where nothing does.

    `index` is a folder, which is followed to newer generations, or an opened Index. At most `k` nodes come, of articles
    that fit the `filter`. Each says in its metadata where its text stands; a model is shown the title, source, date and
    path of it. Raises the errors of briefqa.
    """

    def __init__(
        self,
        index: Index | str | Path = "index",
        *,
        k: int = 5,
        kind: Kind = "passages",
        filter: Filter | None = None,
        **given: Any,
    ) -> None:
        super().__init__(**given)
        self._retrieving, self._k, self._kind, self._filter = Retrieving(index), k, kind, filter

    def _retrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        found = self._retrieving(query_bundle.query_str, k=self._k, kind=self._kind, filter=self._filter)
        return [NodeWithScore(node=_node(entry), score=entry.score) for entry in found]

    async def _aretrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        return await asyncio.to_thread(self._retrieve, query_bundle)


_SHOWN = frozenset({"title", "source", "published", "path"})


def _node(entry: Retrieved) -> TextNode:
    unshown = [name for name, value in entry.metadata.items() if name not in _SHOWN or value is None]
    return TextNode(
        id_=entry.id,
        text=entry.text,
        metadata=entry.metadata,
        start_char_idx=entry.metadata["start"],
        end_char_idx=entry.metadata["end"],
        excluded_llm_metadata_keys=unshown,
        excluded_embed_metadata_keys=unshown,
    )
