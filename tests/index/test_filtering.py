"""What is found within a filter is what brute force finds there, and a filter's arrays are as sound as the rest."""

from __future__ import annotations

import json
import random
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from briefqa.config import Settings
from briefqa.corpus.loading import Loaded, load
from briefqa.errors import IndexDamaged
from briefqa.filters import Filter, Filtered
from briefqa.index import merging
from briefqa.index.catalog import HOMES_FILE
from briefqa.index.checksums import record_files
from briefqa.index.merging import Limits
from briefqa.index.reader import GenerationReader, open_generation
from briefqa.index.selection import newest
from briefqa.index.update import update
from briefqa.index.verify import verify
from briefqa.types import Document
from tests.conftest import Build
from tests.fakes import FakeEncoders, bag_of_words
from tests.index.folders import INDEX

NEVER_MERGED = Limits(whole=3, least=0, factor=0, dead_share=1.0)
WORDS = ["amber", "basalt", "cobalt", "dolomite", "ember", "flint", "granite", "iron", "jade", "lime"]
RARE = Filter(sources=("rare agency",))
Wanted = tuple[Filter, Callable[[Document], bool]]
# A filter, and what it asks for by another way of saying it; the articles are dated 2001 to 2010, and some not at all.
WANTED: dict[str, Wanted] = {
    "one in a thousand": (RARE, lambda document: document.source == "Rare Agency"),
    "a day": (Filter(since="2005-05-05", before="2005-05-06"), lambda document: document.published == "2005-05-05"),
    "half": (Filter(since="2006"), lambda document: (document.published or "0") >= "2006-01-01"),
    "nearly all": (Filter(paths=("*",)), lambda document: True),
    "all": (Filter(), lambda document: True),
    "none": (Filter(sources=("nobody",)), lambda document: False),
    "several kinds": (
        Filter(since="2003", before="2008-06", sources=("agency 1", "AGENCY 2"), paths=("corpus/**/*7.md",)),
        lambda document: (
            "2003-01-01" <= (document.published or "0") < "2008-06"
            and document.source in ("Agency 1", "Agency 2")
            and document.key.endswith("7.md")
        ),
    ),
}


def write(corpus: Path, number: int, chance: random.Random, *, source: str = "") -> None:
    """An article of one passage, from one of five agencies; every ninth has no date."""
    day = f"date: 20{chance.randint(1, 10):02}-{chance.randint(1, 12):02}-{chance.randint(1, 28):02}\n"
    text = " ".join(chance.choices(WORDS, k=12))
    dated = "" if number % 9 == 0 else day
    head = f"---\ntitle: t{number}\n{dated}source: {source or f'Agency {number % 5}'}\n---\n"
    (corpus / f"{number:04}.md").write_text(f"{head}{text}.\n", encoding="utf-8")


@pytest.fixture(scope="module", params=["flat", "int8"])
def index(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Articles in three segments, some of them deleted since, and the folder that they lie in."""
    folder = tmp_path_factory.mktemp("filtered")
    (folder / "corpus").mkdir()
    chance, encoders = random.Random(3), FakeEncoders()
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        patch.setattr(merging, "LIMITS", NEVER_MERGED)

        def build() -> None:
            update(Settings(dense_index=request.param), encoders=encoders)

        for number in range(1000):
            write(folder / "corpus", number, chance)
        build()
        for number in (1000, 1001):
            write(folder / "corpus", number, chance, source="Rare Agency")
        build()
        (folder / "corpus" / "1001.md").unlink()
        for number in range(0, 40, 2):
            (folder / "corpus" / f"{number:04}.md").unlink()
        write(folder / "corpus", 7, chance)
        write(folder / "corpus", 1002, chance)
        build()
        yield folder


@pytest.fixture
def reader(index: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[GenerationReader]:
    monkeypatch.chdir(index)
    opened = open_generation(INDEX)
    assert len(opened.segments.opened) == 3
    assert len(opened.segments.tombstones.documents) == 22
    yield opened
    opened.close()


@pytest.mark.parametrize("name", WANTED)
def test_the_nearest_within_a_filter_are_those_of_brute_force(reader: GenerationReader, name: str) -> None:
    wanted, fits = WANTED[name]
    numbers = reader.numbers()
    stored = reader.passages(numbers)
    allowed = [number for number, (_, document) in zip(numbers, stored, strict=True) if fits(document)]
    documents = {document.id for _, document in stored if fits(document)}
    store = reader.restricted(wanted)
    assert store.filtered.documents == len(documents)
    if name == "one in a thousand":
        assert (len(documents), len(numbers)) == (1, 982)
    for question in ("amber jade", "iron and flint", "lime lime ember"):
        vector = bag_of_words(question, "all-MiniLM-L6-v2")
        scores = dict(zip(allowed, reader.dense_scores(vector, allowed), strict=True)) if allowed else {}
        best = sorted(scores.items(), key=lambda entry: (-entry[1], entry[0]))
        for k in (1, 10, 2000):
            found = store.dense_top(vector, k)
            assert [score for _, score in found] == [score for _, score in best[:k]]
            assert set(found) <= set(best)
        store.prepare_dense(vector[None, :], 20)
        assert [score for _, score in store.dense_top(vector, 20)] == [score for _, score in best[:20]]
        terms = question.split()
        everything = [entry for entry in reader.lexical_top(terms, 5000) if entry[0] in scores]
        assert dict(store.lexical_top(terms, 5000)) == pytest.approx(dict(everything), rel=1e-6)
        for k in (1, 10):
            expected = [score for _, score in everything[:k]]
            assert [score for _, score in store.lexical_top(terms, k)] == pytest.approx(expected, rel=1e-6)


def test_what_is_said_of_the_whole_stays(reader: GenerationReader) -> None:
    store, vector = reader.restricted(RARE), bag_of_words("amber", "all-MiniLM-L6-v2")
    assert len(store) == len(reader) == 982
    assert store.dense_median(vector) == reader.dense_median(vector)
    assert store.document_frequency("jade") == reader.document_frequency("jade") > 1
    numbers = reader.numbers()[3:5]
    assert store.dense_scores(vector, numbers) == reader.dense_scores(vector, numbers)
    assert store.sentence_cosines(vector, numbers) == reader.sentence_cosines(vector, numbers)
    assert (store.passage_ids(numbers), store.passages(numbers)) == (
        reader.passage_ids(numbers), reader.passages(numbers),
    )  # fmt: skip


def test_articles_without_a_date_are_counted_where_all_else_fits(reader: GenerationReader) -> None:
    documents = list(reader.documents())
    undated = [document for document in documents if document.published is None]
    assert len(undated) > 90
    dated = Filter(since="1990")
    assert reader.restricted(dated).filtered == Filtered(dated, len(documents) - len(undated), len(undated))
    both = Filter(since="1990", sources=("Agency 3",))
    some = [document for document in documents if document.source == "Agency 3"]
    unknown = [document for document in some if document.published is None]
    assert reader.restricted(both).filtered == Filtered(both, len(some) - len(unknown), len(unknown))


def test_when_passages_were_published(reader: GenerationReader) -> None:
    numbers = [reader.numbers()[-1], *reader.numbers()[:3], reader.numbers()[-1]]
    expected = [document.published for _, document in reader.passages(numbers)]
    assert reader.published(numbers) == expected
    dates = [document.published for document in reader.documents() if document.published]
    assert newest(reader.segments, date(2030, 1, 1)) == date.fromisoformat(max(dates))
    assert newest(reader.segments, date(2003, 3, 3)) == date(2003, 3, 3)
    with pytest.raises(IndexDamaged):
        reader.segments.opened[0].catalog.published([10**6])


def test_a_deleted_article_is_not_the_newest(build: Build, articles: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(merging, "LIMITS", NEVER_MERGED)
    build()
    reader = open_generation(INDEX)
    assert reader.newest() == date(2024, 5, 1)
    reader.close()
    (articles / "peace.md").unlink()
    build()
    reader = open_generation(INDEX)
    assert reader.newest() == date(2018, 11, 22)
    reader.close()
    (articles / "csto.md").unlink()
    build()
    reader = open_generation(INDEX)
    assert reader.newest() is None
    assert len(reader.segments.tombstones.documents) == 2
    reader.close()


def test_tags_and_languages(build: Build, unchecked: None, monkeypatch: pytest.MonkeyPatch) -> None:
    def tagged(*arguments: Any, **options: Any) -> list[Loaded]:
        articles = load(*arguments, **options)
        assert isinstance(articles, list)
        known = {"csto.md": ("de", ("Grenze", "Handel")), "peace.md": ("fr", ("Handel",))}
        found = []
        for article in articles:
            language, tags = known.get(article.document.key, (None, ()))
            document = replace(article.document, language=language, tags=tags)
            found.append(replace(article, document=document))
        return found

    monkeypatch.setattr("briefqa.corpus.loading.load", tagged)
    build()
    reader = open_generation(INDEX)
    for wanted, count in (
        (Filter(tags=("grenze",)), 1),
        (Filter(tags=("handel", "none")), 2),
        (Filter(tags=("none",)), 0),
        (Filter(languages=("DE",)), 1),
        (Filter(languages=("de", "fr")), 2),
        (Filter(languages=("fr",), tags=("grenze",)), 0),
        (Filter(collections=("briefs",)), 0),
    ):
        assert reader.restricted(wanted).filtered == Filtered(wanted, count, 0)
    reader.close()
    with closing(sqlite3.connect(GENERATION / "seg-000001" / "catalog.sqlite")) as connection:
        connection.execute("UPDATE documents SET tags = '5' WHERE number = 2")
        connection.commit()
    reader = open_generation(INDEX)
    with pytest.raises(IndexDamaged):
        reader.restricted(Filter(tags=("grenze",)))
    reader.close()


GENERATION = INDEX / "gen-000001"
HOMES = GENERATION / "seg-000001" / HOMES_FILE
AGAIN = "Make the index again with: briefqa index --rebuild"


def test_homes_that_are_missing_or_cut_are_told_at_once(build: Build) -> None:
    build()
    data = HOMES.read_bytes()
    HOMES.write_bytes(data[:-4])
    with pytest.raises(IndexDamaged) as caught:
        open_generation(INDEX)
    assert str(caught.value) == f"{HOMES} has {len(data) - 4} bytes and should have {len(data)}. {AGAIN}"
    HOMES.unlink()
    with pytest.raises(IndexDamaged) as caught:
        open_generation(INDEX)
    assert str(caught.value) == f"{HOMES} is missing or unreadable. {AGAIN}"


@pytest.mark.parametrize("value", [-1, 5])
def test_homes_that_lead_nowhere_are_told_by_who_filters(build: Build, unchecked: None, value: int) -> None:
    build()
    homes = np.load(HOMES)
    assert homes.tolist() == sorted(homes.tolist())
    assert set(homes.tolist()) == {0, 1, 2, 3, 4}
    homes[1] = value
    np.save(HOMES, homes)
    reader = open_generation(INDEX)
    with pytest.raises(IndexDamaged) as caught:
        reader.restricted(Filter(since="2000"))
    assert str(caught.value) == f"{HOMES} is damaged. {AGAIN}"
    reader.close()


def test_homes_of_other_passages_are_told_by_verify(build: Build) -> None:
    build()
    assert verify(INDEX)[1] == []
    homes = np.load(HOMES)
    homes[0] = 1
    np.save(HOMES, homes)
    assert verify(INDEX)[1] == [f"{HOMES} is altered: its checksum is not the recorded one"]
    manifest = json.loads((GENERATION / "manifest.json").read_text(encoding="utf-8"))
    name = f"seg-000001/{HOMES_FILE}"
    record = record_files(GENERATION, but="manifest.json")[name]
    manifest["files"][name] = {"bytes": record.bytes, "sha256": record.sha256}
    del manifest["sha256"]
    (GENERATION / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    catalog = GENERATION / "seg-000001" / "catalog.sqlite"
    assert verify(INDEX)[1] == [f"{HOMES} says of other passages which document they belong to than {catalog}"]
