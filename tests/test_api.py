"""Using an index from Python."""

from __future__ import annotations

import hashlib
import os
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import briefqa
from briefqa.api import LONGEST_QUESTION, Index
from briefqa.config import RetrieverName, Settings
from briefqa.errors import IndexDamaged, IndexMismatch, IndexMissing, IndexStale, UsageError
from briefqa.protocols import Reading
from briefqa.types import ChangeCounts, IndexInfo
from tests.conftest import ARTICLES, Build
from tests.fakes import OTHER_ENCODER, FakeEncoders, FakeQuestionEncoder

QUESTION = "When did Georgia leave the commonwealth?"
NO_WORD = "None of the question's words stands in these articles."
SURE = Settings(retriever="lexical", min_confidence=0.0, max_quotes=1)
UNSURE = Settings(retriever="lexical", min_confidence=1.0)


@pytest.fixture
def built(build: Build, encoders: FakeEncoders) -> FakeEncoders:
    """The encoders that the index in "index" was made with."""
    build()
    return encoders


def test_ask(built: FakeEncoders) -> None:
    with briefqa.open(settings=SURE, encoders=built) as index:
        answer = index.ask(f"  {QUESTION}\n")
    assert (answer.question, answer.status, answer.text) == (
        QUESTION,
        "answered",
        "Georgia left the commonwealth in 2009.",
    )
    (citation,) = answer.citations
    assert citation.document.text[citation.start : citation.end] == citation.quote == answer.text
    assert citation.sha256 == hashlib.sha256(citation.quote.encode()).hexdigest()
    assert (citation.document.path, citation.lines) == (os.path.join("corpus", "nested", "cis.md"), (3, 3))
    assert citation.passage_id == answer.hits[0].passage.id
    assert (answer.missing, answer.notes) == ((), ())
    assert answer.index == IndexInfo(1, 5, 6, "all-MiniLM-L6-v2", stale=False, changes=ChangeCounts(0, 0, 0))
    assert citation.file_state == "as indexed"
    parts = [answer.milliseconds[name] for name in ("load", "retrieve", "answer")]
    assert answer.milliseconds["total"] == pytest.approx(sum(parts))


def test_ask_without_an_answer(built: FakeEncoders) -> None:
    with briefqa.open(settings=UNSURE, encoders=built) as index:
        answer = index.ask(QUESTION)
    assert (answer.status, answer.text, answer.citations, answer.missing) == ("no_answer", None, (), ("leave",))
    assert [hit.document.key for hit in answer.hits] == ["nested/cis.md"]
    assert 0.0 < answer.confidence < 1.0


def test_the_settings_name_the_index_unless_the_call_does(build: Build, encoders: FakeEncoders) -> None:
    build(index="here")
    assert briefqa.open(settings=Settings(index="here"), encoders=encoders).settings.index == "here"
    assert briefqa.open(Path("here"), settings=Settings(index="there"), encoders=encoders).settings.index == "here"
    with pytest.raises(
        IndexMissing, match=r"^There is no index in index\. Did you mean here\? Or make one with: briefqa index$"
    ):
        briefqa.open(encoders=encoders)


def test_search(built: FakeEncoders) -> None:
    with briefqa.open(encoders=built) as index:
        found = index.search("border commission")
        assert [hit.rank for hit in found.hits] == [1, 2, 3, 4, 5]
        assert found.hits[0].document.key == "peace.md"
        assert found.hits[0].score == max(hit.score for hit in found.hits)
        assert len(index.search("border commission", top_k=2).hits) == 2
        assert len(index.search("border commission", top_k=100).hits) == 6
        assert len(index.ask("border commission", top_k=3).hits) == 3
    assert list(found.milliseconds) == ["load", "retrieve", "total"]


def test_a_passage_is_found_by_its_own_words(built: FakeEncoders) -> None:
    with briefqa.open(settings=Settings(retriever="dense"), encoders=built) as index:
        hit = index.search("The OSCE Minsk Group " + ARTICLES["osce.txt"].strip()).hits[0]
    assert hit.document.key == "osce.txt"
    assert hit.score == pytest.approx(1.0, abs=1e-5)


def test_look_up(built: FakeEncoders) -> None:
    identity = hashlib.sha256(b"../corpus\0csto.md").hexdigest()[:12]
    with briefqa.open(encoders=built) as index:
        document, passages, asked = index.look_up(identity[:6])
        assert (document.key, [passage.lines for passage in passages], asked) == ("csto.md", [(11, 17), (19, 22)], None)
        same, only, found = index.look_up(passages[0].id)
        assert (same, only, found) == (document, passages[:1], passages[0].id)
        assert index.look_up(passages[0].id, context=1)[1] == passages
        assert index.passages_of(document.id) == passages
        with pytest.raises(
            UsageError, match=r"^No passage and no document of this index has an id that starts with f{12}\.$"
        ):
            index.look_up("f" * 12)


def test_documents(built: FakeEncoders) -> None:
    with briefqa.open(encoders=built) as index:
        documents = list(index.documents())
    assert [document.key for document in documents] == sorted(ARTICLES)
    for document in documents:
        whole = ARTICLES[document.key]
        assert whole.endswith(document.text)
        assert document.line_map == ((0, 1 + whole[: len(whole) - len(document.text)].count("\n")),)
        assert document.sha256 == hashlib.sha256(whole.encode()).hexdigest()


def test_the_context_manager_closes_the_index(built: FakeEncoders) -> None:
    with briefqa.open(encoders=built) as index:
        assert isinstance(index, Index)
        index.search("Minsk")
    with pytest.raises(UsageError, match="was closed"):
        index.search("Minsk")


@pytest.mark.parametrize("question", ["", " \n\t", "\u3000"])
def test_an_empty_question(built: FakeEncoders, question: str) -> None:
    with briefqa.open(encoders=built) as index:
        for ask in (index.ask, index.search):
            with pytest.raises(UsageError, match=r"^The question is empty\. Type one, for example: briefqa ask "):
                ask(question)


def test_the_longest_question(built: FakeEncoders) -> None:
    assert LONGEST_QUESTION == 2000
    with briefqa.open(encoders=built) as index:
        assert index.search("x" * 2000).question == "x" * 2000
        assert index.search(" " * 500 + "x" * 2000).question == "x" * 2000
        with pytest.raises(UsageError, match=r"^The question is 2,001 characters long and may have 2,000 at most\. "):
            index.ask("x" * 2001)


def test_a_question_longer_than_the_window_is_noted(built: FakeEncoders) -> None:
    fits, too_long = " ".join(["Minsk"] * 62), " ".join(["Minsk"] * 63)
    note = "The question is 65 tokens long; its meaning is judged by the first 64."
    with briefqa.open(encoders=built) as index:
        assert index.search(fits).notes == ()
        assert index.search(too_long).notes == index.ask(too_long).notes == (note,)
    with briefqa.open(settings=Settings(retriever="lexical"), encoders=built) as index:
        assert index.search(too_long).notes == ()


@pytest.mark.parametrize(("retriever", "notes"), [("dense", ()), ("lexical", (NO_WORD,)), ("hybrid", (NO_WORD,))])
def test_a_question_without_a_known_word_is_noted(
    built: FakeEncoders, retriever: RetrieverName, notes: tuple[str, ...]
) -> None:
    with briefqa.open(settings=replace(Settings(), retriever=retriever), encoders=built) as index:
        assert index.search("zeppelin").notes == index.ask("zeppelin").notes == notes
        assert index.search("zeppelin Minsk").notes == ()


@pytest.mark.parametrize("change", ["new", "changed", "removed"])
def test_a_stale_index_is_noted(built: FakeEncoders, articles: Path, change: str) -> None:
    with briefqa.open(settings=SURE, encoders=built) as index:
        index.require_fresh()
        assert index.info.stale is False
    if change == "new":
        (articles / "new.md").write_text("New.\n", encoding="utf-8")
    elif change == "changed":
        (articles / "peace.md").write_text("Edited.\n", encoding="utf-8")
    else:
        (articles / "peace.md").unlink()
    with briefqa.open(settings=SURE, encoders=built) as index:
        counts = ", ".join(f"{int(change == what)} {what}" for what in ("new", "changed", "removed"))
        assert index.info.stale is True
        assert str(index.info.changes) == counts
        note = f"{counts} since the index was made: bring it up to date with briefqa index, or ask with --refresh."
        assert index.ask(QUESTION).notes == index.search(QUESTION).notes == (note,)
        with pytest.raises(IndexStale) as caught:
            index.require_fresh()
    assert str(caught.value) == (
        f"The articles have moved on since the index was made ({counts}). Bring it up to date with: briefqa index,"
        " or ask with --refresh"
    )


def test_touched_articles_are_not_stale(built: FakeEncoders, articles: Path) -> None:
    for path in articles.rglob("*.*"):
        os.utime(path, (1, 1))
    with briefqa.open(settings=SURE, encoders=built) as index:
        assert index.info.stale is False
        assert index.ask(QUESTION).notes == ()
        index.require_fresh()


def test_nobody_knows_whether_an_index_without_its_articles_is_stale(built: FakeEncoders, articles: Path) -> None:
    shutil.rmtree(articles)
    with briefqa.open(settings=SURE, encoders=built) as index:
        assert index.info == IndexInfo(1, 5, 6, "all-MiniLM-L6-v2", stale=None)
        answer = index.ask(QUESTION)
        assert (answer.status, answer.notes, answer.index.stale) == ("answered", (), None)
        with pytest.raises(
            IndexStale, match=r"^The articles that the index was made from are not there \(corpus\), so "
        ):
            index.require_fresh()


def test_an_opened_index_goes_on_after_an_update(built: FakeEncoders, build: Build, articles: Path) -> None:
    with briefqa.open(settings=SURE, encoders=built) as index:
        before = index.ask(QUESTION)
        (articles / "nested/cis.md").write_text("Georgia never left the commonwealth.\n", encoding="utf-8")
        assert build().generation == 2
        assert not Path("index/gen-000001").exists()
        after = index.ask(QUESTION)
        assert after.citations == tuple(replace(citation, file_state="changed") for citation in before.citations)
        assert [citation.file_state for citation in before.citations] == ["as indexed"]
        assert (after.hits, after.index) == (before.hits, before.index)
        assert after.index.generation == 1
    with briefqa.open(settings=SURE, encoders=built) as index:
        newest = index.ask(QUESTION)
    assert (newest.text, newest.index.generation) == ("Georgia never left the commonwealth.", 2)


def test_an_index_that_was_not_asked_before_an_update_goes_on_with_every_retriever(
    built: FakeEncoders, build: Build, articles: Path
) -> None:
    opened = [
        briefqa.open(settings=replace(Settings(), retriever=name, min_confidence=0.0), encoders=built)
        for name in ("dense", "lexical", "hybrid")
    ]
    (articles / "new.md").write_text("A new article.\n", encoding="utf-8")
    assert build().generation == 2
    for index in opened:
        with index:
            assert "nested/cis.md" in {hit.document.key for hit in index.ask(QUESTION).hits}


@pytest.mark.parametrize("wanted", ["all-MiniLM-L6-v2", "sentence-transformers/all-MiniLM-L6-v2"])
def test_the_encoder_that_the_index_was_made_with(built: FakeEncoders, wanted: str) -> None:
    with briefqa.open(settings=Settings(encoder=wanted), encoders=built) as index:
        assert index.info.encoder == "all-MiniLM-L6-v2"


@pytest.mark.parametrize("wanted", [OTHER_ENCODER, "models/other/", "all-MiniLM-L6"])
def test_another_encoder(built: FakeEncoders, wanted: str) -> None:
    with pytest.raises(IndexMismatch) as caught:
        briefqa.open(settings=Settings(encoder=wanted), encoders=built)
    assert str(caught.value) == (
        f"The index in index was made with the encoder all-MiniLM-L6-v2, and {wanted} is asked for."
        f" Ask without it, or make the index anew with: briefqa index --encoder {wanted}"
    )


def test_two_folders_of_models_are_told_apart(build: Build) -> None:
    encoders = FakeEncoders("models/one/")
    assert encoders.find("models/one/").name == "models/one/"
    from briefqa.index.update import update  # noqa: PLC0415

    update(Settings(encoder="models/one/"), encoders=encoders)
    with briefqa.open(settings=Settings(encoder="models/one"), encoders=encoders) as index:
        assert index.info.encoder == "models/one/"
    with pytest.raises(IndexMismatch):
        briefqa.open(settings=Settings(encoder="models/two/"), encoders=encoders)


def test_a_question_is_read_once_by_all_that_want_it(built: FakeEncoders, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []
    plain = FakeQuestionEncoder.read_question

    def remember(encoder: FakeQuestionEncoder, text: str) -> Reading:
        read.append(text)
        return plain(encoder, text)

    monkeypatch.setattr(FakeQuestionEncoder, "read_question", remember)
    monkeypatch.setattr(FakeQuestionEncoder, "read_passages", lambda encoder, texts: [plain(encoder, t) for t in texts])
    with briefqa.open(settings=replace(SURE, retriever="hybrid"), encoders=built) as index:
        answer = index.ask(QUESTION)
        index.search(QUESTION)
        index.ask(QUESTION)
    assert read == [QUESTION]
    assert answer.text == "Georgia left the commonwealth in 2009."
    best = answer.hits[0]
    assert best.document.key == "nested/cis.md"
    assert best.scores.fused is not None
    assert best.scores.evidence is not None
    assert best.score > best.scores.fused
    # "Georgia" and "commonwealth" stand in one sentence, "leave" nowhere: 1.540445 * 2 of 4.400419.
    assert best.scores.evidence.pair_coverage == pytest.approx(0.700136, abs=1e-6)


@pytest.mark.parametrize("retriever", ["dense", "lexical"])
def test_a_single_retriever_looks_for_no_evidence(built: FakeEncoders, retriever: RetrieverName) -> None:
    with briefqa.open(settings=replace(SURE, retriever=retriever), encoders=built) as index:
        hits = index.ask(QUESTION).hits
    assert hits
    assert all(hit.scores.fused is None and hit.scores.evidence is None for hit in hits)


def test_words_need_no_encoder(built: FakeEncoders) -> None:
    built.opened.clear()
    with briefqa.open(settings=SURE, encoders=built) as index:
        assert index.ask(QUESTION).status == "answered"
    assert built.opened == []
    with briefqa.open(encoders=built) as index:
        index.ask(QUESTION)
        index.ask(QUESTION)
    assert len(built.opened) == 1


def test_an_index_without_its_encoder(built: FakeEncoders) -> None:
    shutil.rmtree("index/encoders")
    with (
        briefqa.open(encoders=built) as index,
        pytest.raises(IndexDamaged, match=r"^The index's encoder in index/encoders/\w+ can't be loaded: "),
    ):
        index.ask(QUESTION)
    with briefqa.open(settings=SURE, encoders=built) as index:
        assert index.ask(QUESTION).status == "answered"


def test_an_altered_document_is_damage_and_no_quote(built: FakeEncoders, unchecked: None) -> None:
    path = Path("index/gen-000001/seg-000001/catalog.sqlite")
    data = path.read_bytes()
    assert data.count(b"Georgia left the commonwealth in 2009.") == 1
    path.write_bytes(data.replace(b"Georgia left", b"Georgia kept"))
    with (
        briefqa.open(settings=SURE, encoders=built) as index,
        pytest.raises(IndexDamaged, match=r"^index/gen-000001/seg-000001/catalog\.sqlite is damaged\. "),
    ):
        index.ask(QUESTION)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda index: index.ask(None), "The question is None; it must be a text."),
        (lambda index: index.search(b"Who?"), "The question is b'Who?'; it must be a text."),
        (lambda index: index.ask("Who?", top_k=0), "top_k is 0; it must be a whole number from 1 to 1000."),
        (lambda index: index.search("Who?", top_k=-1), "top_k is -1; it must be a whole number from 1 to 1000."),
        (lambda index: index.search("Who?", top_k=2.5), "top_k is 2.5; it must be a whole number from 1 to 1000."),
        (
            lambda index: index.ask("Who?", filter="2022"),
            "filter is '2022'; make one, as with briefqa.make_filter(since='2022').",
        ),
        (lambda index: index.look_up("5d22", context=-1), "context is -1; it must be a whole number from 0."),
        (
            lambda _: briefqa.make_filter(sources="x.org"),
            "'x.org' is one text where several are asked for: put it in a list.",
        ),
        (
            lambda _: briefqa.Filter(tags="x"),  # type: ignore[arg-type]
            "The tags of a filter are several texts, as in tags=('a',), and no single one.",
        ),
        (
            lambda _: briefqa.make_filter(since=2022),  # type: ignore[arg-type]
            "since is 2022; it must be a date such as 2022-01-31, 2022-01 or 2022.",
        ),
    ],
)
def test_arguments_that_can_not_be(build: Build, call: Any, message: str) -> None:
    build()
    with briefqa.open("index", encoders=FakeEncoders()) as index, pytest.raises(UsageError) as caught:
        call(index)
    assert str(caught.value) == message


def test_an_index_says_which_it_is(build: Build) -> None:
    build()
    with briefqa.open("index", encoders=FakeEncoders()) as index:
        assert repr(index) == "<index in 'index'>"
    assert repr(index) == "<closed index in 'index'>"
