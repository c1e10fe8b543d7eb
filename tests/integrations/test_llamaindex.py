"""The retriever for LlamaIndex, which has no standard tests."""

from __future__ import annotations

import pytest
from llama_index.core.schema import MetadataMode, NodeWithScore, QueryBundle

import briefqa
from briefqa.config import Settings
from briefqa.errors import IndexMissing, UsageError
from briefqa.filters import Filter
from briefqa.integrations.llamaindex import BriefqaRetriever
from tests.conftest import Build
from tests.fakes import FakeEncoders

QUESTION = "When did Georgia leave the commonwealth?"


@pytest.fixture(autouse=True)
def _index(build: Build, installed_fake: FakeEncoders) -> None:
    build()
    assert installed_fake.encoded > 0


async def test_nodes_say_where_they_stand() -> None:
    retriever = BriefqaRetriever(k=3)
    nodes = retriever.retrieve(QUESTION)
    assert len(nodes) == 3
    assert all(isinstance(node, NodeWithScore) for node in nodes)
    first = nodes[0]
    assert first.score == max(node.score or 0.0 for node in nodes)
    assert first.metadata["path"] == "corpus/nested/cis.md"
    assert (first.metadata["marker"], first.metadata["lines"][1] >= 3) == (1, True)
    shown = first.node.get_content(MetadataMode.LLM)
    assert shown.startswith("path: corpus/nested/cis.md\ntitle: The Commonwealth of Independent States\n\n")
    assert "Georgia left the commonwealth in 2009." in shown
    assert "sha256" not in shown
    again = await retriever.aretrieve(QueryBundle(QUESTION))
    assert [node.node_id for node in again] == [node.node_id for node in nodes]


def test_quotes_and_filters() -> None:
    with briefqa.open("index", settings=Settings(min_confidence=0.4)) as index:
        retriever = BriefqaRetriever(index, kind="quotes")
        [first, *_] = retriever.retrieve(QUESTION)
        assert first.text == "Georgia left the commonwealth in 2009."
        assert retriever.retrieve("Who flew the zeppelin over Mars?") == []
    within = BriefqaRetriever(k=9, filter=Filter(paths=("osce.txt",))).retrieve(QUESTION)
    assert {node.metadata["path"] for node in within} == {"corpus/osce.txt"}


def test_what_can_not_be_asked() -> None:
    with pytest.raises(IndexMissing, match="There is no index in nowhere"):
        BriefqaRetriever("nowhere")
    with pytest.raises(UsageError, match=r"^k is 0; it must be 1 or more"):
        BriefqaRetriever(k=0).retrieve(QUESTION)
