"""One index, many threads; and an index that stays open while it is updated."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

import briefqa
from briefqa.api.turns import Turns
from briefqa.config import Settings
from briefqa.errors import IndexDamaged, IndexMissing, UsageError
from briefqa.filters import make_filter
from briefqa.index.catalog import Catalog
from briefqa.types import Document
from tests.conftest import Build
from tests.fakes import OTHER_ENCODER, FakeEncoders

SETTINGS = Settings(min_confidence=0.0)
QUESTIONS = [
    "When did Georgia leave the commonwealth?",
    "Who leads the organisation?",
    "Where does the Minsk Group meet?",
    "When was the treaty of the Union State signed?",
    "How many villages changed hands?",
]
CSTO_ONLY = make_filter(paths=["**/csto.md"])
KEYS = ["csto.md", "nested/cis.md", "osce.txt", "peace.md", "union.text"]


def test_threads_get_what_each_would_get_alone(build: Build, encoders: FakeEncoders) -> None:
    build()
    asked = [(question, wanted) for question in QUESTIONS for wanted in (None, CSTO_ONLY)]
    with briefqa.open(settings=SETTINGS, encoders=encoders) as index:
        expected = [index.ask(question, filter=wanted) for question, wanted in asked]
    with briefqa.open(settings=SETTINGS, encoders=encoders) as index, ThreadPoolExecutor(8) as threads:
        found = list(threads.map(lambda pair: index.ask(pair[0], filter=pair[1]), asked * 8))
    for answer, place in zip(found, list(range(len(asked))) * 8, strict=True):
        assert (answer.question, answer.confidence) == (expected[place].question, expected[place].confidence)
        assert (answer.citations, answer.hits) == (expected[place].citations, expected[place].hits)
    assert len({answer.text for answer in expected}) > 3


def test_threads_go_on_while_the_index_is_updated_and_renewed(
    build: Build, articles: Path, encoders: FakeEncoders
) -> None:
    build()
    done = threading.Event()
    seen: list[tuple[int, int]] = []

    def read(index: briefqa.Index) -> None:
        while not done.is_set():
            answer = index.ask(QUESTIONS[0])
            assert answer.text == "Georgia left the commonwealth in 2009."
            seen.append((answer.index.generation, len(list(index.documents()))))

    with briefqa.open(settings=SETTINGS, encoders=encoders) as index, ThreadPoolExecutor(4) as threads:
        readers = [threads.submit(read, index) for _ in range(4)]
        for number in range(2, 7):
            (articles / f"{number}.md").write_text(f"Ferry {number} crosses the lake.\n", encoding="utf-8")
            assert build(encoder=OTHER_ENCODER if number % 2 else "all-MiniLM-L6-v2").generation == number
            assert index.renew() is True
        final = index.ask(QUESTIONS[0]).index
        done.set()
        for reader in readers:
            reader.result()
    assert (final.generation, final.documents) == (6, 10)
    # Each listing is of one generation, whose documents are 5 for the first and one more with each; the answer before
    # it may be of an earlier one.
    assert all(5 <= documents <= 10 and generation + 4 <= documents for generation, documents in seen)


def test_renewing(build: Build, articles: Path, encoders: FakeEncoders) -> None:
    build()
    with briefqa.open(settings=SETTINGS, encoders=encoders) as index:
        assert (index.renew(), index.info.generation, index.info.stale) == (False, 1, False)
        (articles / "ferry.md").write_text("A ferry crosses the lake.\n", encoding="utf-8")
        assert index.info.stale is False  # as it was found when it was first asked for
        assert (index.renew(), index.info.stale, str(index.info.changes)) == (
            False,
            True,
            "1 new, 0 changed, 0 removed",
        )
        build()
        assert (index.info.generation, index.status().generation, index.status().documents) == (1, 2, 6)
        assert (index.renew(), index.info.generation, index.info.stale) == (True, 2, False)
        assert index.ask("Who crosses the lake?").text == "A ferry crosses the lake."


def test_an_index_that_was_made_anew_is_gone_over_to(build: Build, articles: Path, encoders: FakeEncoders) -> None:
    build()
    with briefqa.open(settings=SETTINGS, encoders=encoders) as index:
        shutil.rmtree("index")
        (articles / "ferry.md").write_text("A ferry crosses the lake.\n", encoding="utf-8")
        build()  # its first generation has the name of the one that is open
        assert index.ask("Who crosses the lake?").text != "A ferry crosses the lake."
        assert (index.renew(), index.renew()) == (True, False)
        assert (index.info.generation, index.info.documents) == (1, 6)
        assert index.ask("Who crosses the lake?").text == "A ferry crosses the lake."


def test_an_index_that_can_not_be_renewed_stays_as_it_was(build: Build, encoders: FakeEncoders) -> None:
    build()
    with briefqa.open(settings=SETTINGS, encoders=encoders) as index:
        expected = index.ask(QUESTIONS[0]).hits
        Path("index/CURRENT").rename("elsewhere")
        with pytest.raises(IndexDamaged, match=r"CURRENT is missing"):
            index.renew()
        Path("index/gen-000001").rename("gone")
        with pytest.raises(IndexMissing):
            index.renew()
        assert index.ask(QUESTIONS[0]).hits == expected


def test_documents_come_in_pages(build: Build, encoders: FakeEncoders) -> None:
    build()

    def keys(offset: int = 0, limit: int | None = None) -> list[str]:
        return [document.key for document in index.documents(offset=offset, limit=limit)]

    with briefqa.open(encoders=encoders) as index:
        assert keys() == KEYS
        assert (keys(0, 2), keys(3, 2), keys(4, 9), keys(9, 9), keys(1), keys(0, 0)) == (
            KEYS[:2], KEYS[3:], KEYS[4:], [], KEYS[1:], [],
        )  # fmt: skip
        for offset, limit in ((-1, None), (0, -1)):
            with pytest.raises(UsageError, match=r"^Documents are counted from 0"):
                keys(offset, limit)


@pytest.fixture
def open_catalogs(monkeypatch: pytest.MonkeyPatch) -> list[Catalog]:
    """The catalogs that are open."""
    found: list[Catalog] = []
    opening, closing = Catalog.__init__, Catalog.close

    def opened(catalog: Catalog, folder: Path, locate: Callable[[int, str, str], str]) -> None:
        opening(catalog, folder, locate)
        found.append(catalog)

    def closed(catalog: Catalog) -> None:
        closing(catalog)
        found[:] = [entry for entry in found if entry is not catalog]

    monkeypatch.setattr(Catalog, "__init__", opened)
    monkeypatch.setattr(Catalog, "close", closed)
    return found


def test_a_listing_ends_with_the_generation_that_it_began_with(
    build: Build, articles: Path, encoders: FakeEncoders, open_catalogs: list[Catalog]
) -> None:
    build()
    with briefqa.open(settings=SETTINGS, encoders=encoders) as index:
        listed = index.documents()
        first = next(listed)
        for path in articles.rglob("*.*"):
            path.write_text(f"Anew {path.name}.\n", encoding="utf-8")
        build()
        assert index.renew() is True
        assert {catalog.path.parts[1] for catalog in open_catalogs} == {"gen-000001", "gen-000002"}
        assert [first.key, *(document.key for document in listed)] == KEYS
        (articles / first.key).unlink()
        build()
        assert index.renew() is True
        assert {catalog.path.parts[1] for catalog in open_catalogs} == {"gen-000003"}
        with pytest.raises(UsageError, match=rf"^{first.path} is not in this index as it was read"):
            index.cuts(first)
        listed = index.documents()
        assert isinstance(next(listed), Document)
    with pytest.raises(UsageError, match=r"^The index in index was closed\. Open it again with briefqa\.open\.$"):
        next(listed)
    assert open_catalogs == []


def test_a_closed_index(build: Build, encoders: FakeEncoders) -> None:
    build()
    index = briefqa.open(encoders=encoders)
    index.close()
    index.close()
    calls: list[Callable[[], object]] = [
        lambda: index.ask("Who?"),
        lambda: index.search("Who?"),
        lambda: list(index.documents()),
        lambda: index.info,
        index.renew,
        index.identity,
    ]
    for call in calls:
        with pytest.raises(UsageError, match=r"^The index in index was closed\. Open it again with briefqa\.open\.$"):
            call()


def test_turns_come_in_the_order_in_which_they_were_asked_for() -> None:
    turns, came = Turns(), []

    def take(number: int) -> None:
        with turns:
            came.append(number)

    threads = [threading.Thread(target=take, args=(number,)) for number in range(20)]
    with turns:
        for waiting, thread in enumerate(threads, start=1):
            thread.start()
            while len(turns._waiting) < waiting:
                pass
    for thread in threads:
        thread.join()
    assert came == list(range(20))


@pytest.mark.parametrize("late", [False, True])
def test_whoever_is_interrupted_leaves_its_turn_to_the_next(late: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    turns, came = Turns(), []

    class Waiter:
        """A lock whose waiting is interrupted: before its turn, or as it has just come."""

        def __init__(self) -> None:
            self.taken = 0

        def acquire(self) -> None:
            self.taken += 1
            if self.taken == 2:
                if late:
                    turns.__exit__(None, None, None)
                raise KeyboardInterrupt

        def release(self) -> None:
            came.append("offered")

    turns.__enter__()
    monkeypatch.setattr("briefqa.api.turns.Lock", Waiter)
    with pytest.raises(KeyboardInterrupt):
        turns.__enter__()
    assert came == (["offered"] if late else [])
    if not late:
        turns.__exit__(None, None, None)
    assert not turns._waiting
    with turns:  # it is free
        came.append("next")
    assert came[-1] == "next"
