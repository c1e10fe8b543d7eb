"""The retriever for LangChain, by LangChain's own standard tests and our own."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import pytest
from langchain_core.retrievers import BaseRetriever
from langchain_tests.integration_tests import RetrieversIntegrationTests

import briefqa
from briefqa.config import Settings
from briefqa.errors import IndexMissing, UsageError
from briefqa.filters import Filter
from briefqa.integrations.langchain import BriefqaRetriever
from tests.conftest import Build
from tests.fakes import FakeEncoders

QUESTION = "When did Georgia leave the commonwealth?"


@pytest.fixture(autouse=True)
def _index(build: Build, installed_fake: FakeEncoders) -> None:
    build()
    assert installed_fake.encoded > 0


class TestStandard(RetrieversIntegrationTests):
    @property
    def retriever_constructor(self) -> type[BaseRetriever]:
        return BriefqaRetriever

    @property
    def retriever_constructor_params(self) -> dict[str, Any]:
        return {"index": "index"}

    @property
    def retriever_query_example(self) -> str:
        return "Which countries are members of the alliance with Russia?"


def test_passages_say_where_they_stand() -> None:
    [document] = BriefqaRetriever(k=1, filter=Filter(paths=("csto.md",))).invoke("exercise soldiers")
    text = document.page_content
    assert "eighteen hundred soldiers" in text
    assert document.metadata == {
        "marker": 1,
        "score": document.metadata["score"],
        "passage_id": document.metadata["passage_id"],
        "start": document.metadata["start"],
        "end": document.metadata["start"] + len(text),
        "lines": document.metadata["lines"],
        "page": None,
        "sha256": hashlib.sha256(text.encode()).hexdigest(),
        "link": document.metadata["link"],
        "document_id": document.metadata["document_id"],
        "path": "corpus/csto.md",
        "title": "The CSTO at a glance",
        "source": "Example Institute",
        "authors": ["Anna Petrosyan", "Boris Ivanov"],
        "published": "2018-11-22",
        "updated": None,
        "url": "https://example.org/csto",
        "language": "en",
        "tags": [],
        "collection": None,
    }
    lines = Path("corpus/csto.md").read_text(encoding="utf-8").splitlines()
    first, last = document.metadata["lines"]
    assert text == "\n".join(lines[first - 1 : last])
    assert document.metadata["link"].startswith("https://example.org/csto#:~:text=")
    assert document.id == f"{document.metadata['passage_id']}-{document.metadata['start']}-{document.metadata['end']}"


async def test_quotes_only_where_something_answers() -> None:
    with briefqa.open("index", settings=Settings(min_confidence=0.4)) as index:
        retriever = BriefqaRetriever(index=index, kind="quotes")
        [document, *_] = await retriever.ainvoke(QUESTION)
        assert document.page_content == "Georgia left the commonwealth in 2009."
        assert (document.metadata["marker"], document.metadata["lines"]) == (1, [3, 3])
        assert await retriever.ainvoke("Who flew the zeppelin over Mars?") == []
        assert len(await retriever.ainvoke(QUESTION, k=1)) == 1
        assert len(await retriever.ainvoke(QUESTION, k=4, kind="passages")) == 4
        assert retriever.invoke(QUESTION, filter=Filter(paths=("osce.txt",)), kind="passages")[0].metadata["path"] == (
            "corpus/osce.txt"
        )


def test_a_folder_is_followed_and_an_opened_index_is_not(build: Build, articles: Path) -> None:
    with briefqa.open("index") as index:
        follows, stays = BriefqaRetriever(k=1), BriefqaRetriever(index=index, k=1)
        (articles / "new.md").write_text("Zeppelins land in Friedrichshafen on the lake.\n", encoding="utf-8")
        build()
        found = [retriever.invoke("Where do zeppelins land?")[0].metadata["path"] for retriever in (follows, stays)]
        assert (found[0], found[1] == "corpus/new.md") == ("corpus/new.md", False)
        index.renew()
        assert stays.invoke("Where do zeppelins land?")[0].metadata["path"] == "corpus/new.md"


def test_what_can_not_be_asked() -> None:
    with pytest.raises(IndexMissing, match="There is no index in nowhere"):
        BriefqaRetriever(index="nowhere")
    retriever = BriefqaRetriever()
    with pytest.raises(UsageError, match=r"^k is 0; it must be 1 or more"):
        retriever.invoke(QUESTION, k=0)
    with pytest.raises(UsageError, match=r"^kind is 'all'; it must be passages or quotes"):
        retriever.invoke(QUESTION, kind="all")
    with pytest.raises(UsageError, match=r"^The question is empty"):
        retriever.invoke(" ")
