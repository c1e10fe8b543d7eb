# ruff: noqa: RUF001 - letters of other scripts that look like Latin ones

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from briefqa.api import Index
from briefqa.config import Settings
from briefqa.index import merging
from briefqa.index.languages import document_languages, encoder_notes
from briefqa.index.reader import GenerationReader, open_generation
from briefqa.index.status import index_status
from briefqa.index.update import update
from briefqa.question import lexical_words
from briefqa.reports import IndexReport
from briefqa.retrieval.retrievers import LexicalRetriever
from tests.fakes import OTHER_ENCODER, FakeEncoders
from tests.index.multilingual import ARTICLES, take_language_from_name, write_articles

QUESTIONS = [(language, name, question) for language, entries in ARTICLES.items() for name, _, question in entries]


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    take_language_from_name(monkeypatch)


def build(*languages: str, encoder: str | None = None) -> IndexReport:
    write_articles(Path("corpus"), *languages)
    return update(Settings(encoder=encoder), encoders=FakeEncoders())


@pytest.fixture
def mixed() -> Iterator[GenerationReader]:
    build()
    reader = open_generation(Path("index"))
    yield reader
    reader.close()


def found(reader: GenerationReader, question: str) -> list[tuple[str, float]]:
    candidates = LexicalRetriever(reader).retrieve(question, 9)
    stored = reader.passages([candidate.number for candidate in candidates])
    return [(document.key, entry.score) for (_, document), entry in zip(stored, candidates, strict=True)]


def test_a_mixed_corpus_is_searched_by_other_forms_of_its_words(mixed: GenerationReader) -> None:
    assert mixed.analyzers == ("en", "de", "es", "fr", "it", "nl", "pt", "ru", "tr", "pairs")
    first = {(language, name): found(mixed, question)[0][0] for language, name, question in QUESTIONS}
    assert first == {(language, name): f"{language}-{name}.md" for language, name, _ in QUESTIONS}


def test_function_words_of_a_question_find_nothing_in_other_languages(mixed: GenerationReader) -> None:
    # "die" is English, too, and "hat" and "in"; "a" is Portuguese, "de" French and Spanish.
    for question in ("Wer hat die?", "Wie is het?", "What is the in?", "Qui a été le ?", "Quem foi a?"):
        assert found(mixed, question) == []


def test_a_name_finds_the_articles_of_all_languages_alike(mixed: GenerationReader) -> None:
    hits = found(mixed, "Nordhaven")
    assert {key for key, _ in hits} == {
        f"{language}-school.md" for language in ARTICLES if language not in ("ru", "zh")
    }
    (word,) = lexical_words("Nordhaven", mixed.analyzers)
    assert word[:3] == ("nordhaven", "de:nordhav", "es:nordhav")
    assert mixed.document_frequency(word) == 8
    # One idf for all, and four to five terms a passage.
    assert hits[-1][1] > 0.9 * hits[0][1]


def test_answers_quote_and_measure_in_the_articles_language() -> None:
    build()
    with Index(Settings(retriever="lexical", min_confidence=0.0), encoders=FakeEncoders()) as index:
        answer = index.ask("Wer hat die Brücke erneuert?", explain=True)
    assert answer.citations[0].quote == "Die alten Brücken wurden im Frühjahr erneuert."
    assert answer.explanation is not None
    assert answer.explanation.hits[0].holds == ("Brücke", "erneuert")
    assert answer.explanation.hits[0].lacks == ()
    # A German noun is written with a capital, and no name for that.
    assert [(term.word, term.exact) for term in answer.explanation.terms] == [("Brücke", False), ("erneuert", False)]


def test_a_new_language_can_be_appended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(merging, "LIMITS", merging.Limits(whole=1, least=1, factor=1, dead_share=0.9))
    build("en", "de")
    before = open_generation(Path("index"))
    assert before.analyzers == ("en", "de")
    before.close()
    Path("corpus/de-bread.md").unlink()
    write_articles(Path("corpus"), "tr")
    update(Settings(), encoders=FakeEncoders())
    reader = open_generation(Path("index"))
    assert len(reader.segments.opened) > 1
    assert reader.analyzers == ("en", "de", "tr")
    assert found(reader, "Köprü ne zaman onarıldı?")[0][0] == "tr-bridge.md"
    assert found(reader, "Wer hat die Brücke erneuert?")[0][0] == "de-bridge.md"
    counts = document_languages(reader.folder, reader.manifest)
    assert counts == (("en", 3), ("tr", 3), ("de", 2))
    reader.close()


def test_an_english_index_holds_one_analyzer() -> None:
    build("en")
    reader = open_generation(Path("index"))
    assert reader.analyzers == ("en",)
    reader.close()


def test_the_default_encoder_is_remarked_on_where_most_articles_are_in_other_languages() -> None:
    report = build("en", "de", "fr")
    assert report.notes == (
        "6 of 9 articles are not in English (German 3, French 3); the encoder all-MiniLM-L6-v2 knows English best."
        " Choose a multilingual one: briefqa index --encoder paraphrase-multilingual-MiniLM-L12-v2",
    )
    again = build("en", "de", "fr")
    assert not again.changed_index
    assert again.notes == report.notes
    status = index_status(Settings())
    assert status.languages == (("de", 3), ("en", 3), ("fr", 3))
    assert status.notes == report.notes
    assert build("en", "de", "fr", encoder=OTHER_ENCODER).notes == index_status(Settings()).notes == ()


@pytest.mark.parametrize(
    ("languages", "start"),
    [
        ((("de", 3), ("en", 2)), "3 of 5 articles are in German; the encoder "),
        ((("zz", 1), (None, 0)), "1 of 1 articles are in “zz”; the encoder "),
        (
            (("de", 2000), ("fr", 9), ("es", 8), ("it", 7), ("pt", 6), ("nl", 5)),
            "2,035 of 2,035 articles are not in English (German 2,000, French 9, Spanish 8, Italian 7, Portuguese 6,"
            " and others); the encoder ",
        ),
        ((("de", 3), (None, 3)), None),
        ((("en", 9), ("de", 8)), None),
        ((), None),
    ],
)
def test_what_the_note_says(languages: tuple[tuple[str | None, int], ...], start: str | None) -> None:
    notes = encoder_notes(languages, "all-MiniLM-L6-v2")
    assert [note[: len(start or "")] for note in notes] == ([start] if start else [])
    assert encoder_notes(languages, "paraphrase-multilingual-MiniLM-L12-v2") == ()
