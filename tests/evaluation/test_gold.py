"""Finding the golds of a set in documents that were left alone, moved, renamed or edited."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefqa.errors import DatasetError
from briefqa.evaluation.datasets import Gold, Question
from briefqa.evaluation.gold import GoldSpan, Resolution, require_gold, resolve_gold
from briefqa.evaluation.results import Drift, Lost
from briefqa.types import Document

PACT = "The pact was signed in Minsk in 1991 by three presidents."
RAIN = "Rain fell on the coast for a week, and the harbour closed."


def _question(*golds: tuple[str, str], line: int = 1) -> Question:
    return Question(f"q{line}", "?", (), tuple(Gold(*gold) for gold in golds), line)


def _document(key: str, text: str, *, identity: str | None = None) -> Document:
    return Document(identity or f"id:{key}", key, f"/corpus/{key}", text, "0" * 64)


def _resolve(questions: list[Question], **texts: str) -> Resolution:
    """With documents by key, where `__` stands for the stroke of a folder and `_md` for the suffix."""
    documents = [_document(key.replace("__", "/").replace("_md", ".md"), text) for key, text in texts.items()]
    return resolve_gold(questions, lambda: iter(documents), path="q.jsonl")


def _reasons(resolution: Resolution) -> list[str]:
    assert resolution.drift == ()
    return [lost.reason for lost in resolution.lost]


def test_finds_quotes_whatever_their_white_space() -> None:
    text = "One. It  chose a\nnew\r\n\tchair. It chose a new chair."
    questions = [_question(("a.md", " It chose\u00a0a new chair.\n"), ("a.md", "One."), line=4), _question(line=5)]
    found = _resolve(questions, a_md=text, b_md="It chose a new chair.")
    assert found.spans == {"q4": (GoldSpan("id:a.md", 5, 29), GoldSpan("id:a.md", 0, 4)), "q5": ()}
    assert (found.drift, found.lost) == ((), ())
    assert {identity: document.key for identity, document in found.documents.items()} == {"id:a.md": "a.md"}
    assert text[5:29] == "It  chose a\nnew\r\n\tchair."


def test_characters_that_patterns_read_otherwise_are_taken_as_they_are() -> None:
    found = _resolve([_question(("a.md", "$1.50 (about)*"))], a_md="cost $1a50 (about) or $1.50 (about)*")
    assert (found.spans, found.drift) == ({"q1": (GoldSpan("id:a.md", 22, 36),)}, ())


def test_other_quotation_marks_and_dashes_are_no_drift() -> None:
    text = "\U0001f3b5 \u201cWe\u2019ll see\u2026\u201d \u2014 he said."
    found = _resolve([_question(("a.md", '"We\'ll see..." - he said.'))], a_md=text)
    assert (found.spans, found.drift) == ({"q1": (GoldSpan("id:a.md", 2, len(text)),)}, ())


def test_white_space_is_needed_where_the_quote_has_it() -> None:
    found = _resolve([_question(("a.md", "to day"))], a_md="today")
    assert _reasons(found) == ["the quote 'to day' is not in the document 'a.md'"]
    assert found.spans == {"q1": ()}


def test_documents_are_read_once_where_nothing_moved_and_twice_otherwise() -> None:
    calls = 0

    def documents() -> Iterator[Document]:
        nonlocal calls
        calls += 1
        yield from (_document("a.md", PACT), _document("b.md", RAIN))

    resolve_gold([_question(("a.md", PACT)), _question(line=2)], documents, path="q")
    assert calls == 1
    resolve_gold([_question(("a.md", PACT)), _question(("a.md", RAIN), line=2)], documents, path="q")
    assert calls == 3


def test_a_quote_in_one_other_document_has_moved() -> None:
    questions = [_question(("old/a.md", PACT), line=3), _question(("b.md", RAIN), line=4)]
    found = _resolve(questions, new__c_md=f"So: {PACT}", b_md=RAIN)
    assert found.spans == {"q3": (GoldSpan("id:new/c.md", 4, 61),), "q4": (GoldSpan("id:b.md", 0, 58),)}
    assert found.drift == (Drift("q3", 3, "old/a.md", PACT, "moved", "new/c.md", PACT, 1.0, ""),)
    assert found.lost == ()
    assert sorted(found.documents) == ["id:b.md", "id:new/c.md"]


def test_a_quote_that_left_its_document_for_another_has_moved() -> None:
    found = _resolve([_question(("a.md", PACT))], a_md=RAIN, b_md=PACT)
    assert [(drift.kind, drift.found_document) for drift in found.drift] == [("moved", "b.md")]


def test_parts_of_words_have_not_moved() -> None:
    assert _resolve([_question(("a.md", "fell on the coast"))], b_md="It fell on the coastline.").drift == ()
    assert _resolve([_question(("a.md", "fell on the coast"))], a_md="It fell on the coastline.").lost == ()


def test_of_two_documents_with_the_quote_the_one_of_the_same_file_name_counts() -> None:
    found = _resolve([_question(("old/a.md", PACT))], b_md=PACT, new__a_md=PACT, c_md=PACT)
    assert [(drift.kind, drift.found_document) for drift in found.drift] == [("moved", "new/a.md")]


def test_several_documents_with_the_quote_leave_it_lost() -> None:
    found = _resolve([_question(("a.md", "Rain fell on the coast"))], c_md=RAIN, b_md=RAIN)
    assert _reasons(found) == [
        "the document 'a.md' is not in the index (quote 'Rain fell on the coast');"
        " it stands word for word in 2 others, 'c.md' among them"
    ]
    namesakes = _resolve([_question(("a.md", PACT))], x__a_md=PACT, y__a_md=PACT, b_md=PACT)
    assert _reasons(namesakes) == [
        "the document 'a.md' is not in the index (quote 'The pact was signed in Minsk in 1991 by three pres...');"
        " it stands word for word in 2 others, 'x/a.md' among them"
    ]


def test_an_edited_quote_is_found_in_its_document_with_the_difference() -> None:
    text = "So:\nThe pact was signed in\nMinsk in 1992 by three presidents. It held."
    found = _resolve([_question(("a.md", PACT))], a_md=text, b_md=RAIN)
    assert found.spans == {"q1": (GoldSpan("id:a.md", 4, 61),)}
    [drift] = found.drift
    assert drift == Drift(
        question_id="q1",
        line=1,
        document="a.md",
        quote=PACT,
        kind="edited",
        found_document="a.md",
        found_quote="The pact was signed in Minsk in 1992 by three presidents.",
        similarity=1 - 1 / 11.5,
        difference="… in Minsk in [1991 -> 1992] by three presidents.",
    )


@pytest.mark.parametrize(
    ("old", "new", "difference"),
    [
        ("Minsk", "Kyiv", "… was signed in [Minsk -> Kyiv] in 1991 by …"),
        ("three presidents", "their presidents", "… in 1991 by [three -> their] presidents."),
        ("signed", "sined", "The pact was [signed -> sined] in Minsk in …"),
        ("Minsk", "Minsk,", "… was signed in [Minsk -> Minsk,] in 1991 by …"),
        ("in 1991 ", "", "… signed in Minsk [-in 1991] by three presidents."),
        ("The pact", "the pact", "[The -> the] pact was signed …"),
    ],
)
def test_small_edits_are_drift(old: str, new: str, difference: str) -> None:
    found = _resolve([_question(("a.md", PACT))], a_md=f"{RAIN} {PACT.replace(old, new)} {RAIN}")
    assert [(drift.kind, drift.difference) for drift in found.drift] == [("edited", difference)]
    assert found.drift[0].found_quote == PACT.replace(old, new)


def test_a_deleted_sentence_is_lost_though_a_similar_one_stands_there() -> None:
    questions = [
        _question(("a.md", "Armenia joined the union on 2 January 2015.")),
        _question(("a.md", "The secretariat has its seat in Moscow."), line=2),
    ]
    found = _resolve(
        questions,
        a_md="Kyrgyzstan joined the union on 12 August 2015. The court sits in Minsk.",
        b_md="The secretariat has its seat in Almaty, and the bank in Minsk.",
    )
    assert _reasons(found) == [
        "the quote 'Armenia joined the union on 2 January 2015.' is not in the document 'a.md'",
        "the quote 'The secretariat has its seat in Moscow.' is not in the document 'a.md'",
    ]


def test_an_edited_quote_in_another_document_has_moved_and_changed() -> None:
    found = _resolve([_question(("a.md", PACT), line=7)], c_md=f"{RAIN} {PACT.replace('1991', '1992')}", b_md=RAIN)
    [drift] = found.drift
    assert (drift.kind, drift.document, drift.found_document) == ("moved and edited", "a.md", "c.md")
    assert (drift.line, drift.found_quote) == (7, PACT.replace("1991", "1992"))
    assert drift.difference == "… in Minsk in [1991 -> 1992] by three presidents."
    assert found.spans == {"q7": (GoldSpan("id:c.md", 59, 116),)}


def test_more_similarity_is_asked_of_other_documents() -> None:
    # Two of eleven words and a stop are others: .83, and .74 with a third one.
    two = PACT.replace("Minsk", "Kyiv").replace("signed", "sealed")
    three = two.replace("presidents", "ministers")
    assert [drift.kind for drift in _resolve([_question(("a.md", PACT))], b_md=two).drift] == ["moved and edited"]
    assert _resolve([_question(("a.md", PACT))], b_md=three).drift == ()
    assert [drift.kind for drift in _resolve([_question(("a.md", PACT))], a_md=three).drift] == ["edited"]
    # Less than eight words must be the same.
    seven = _question(("a.md", "It rained on the coast all day."))
    assert [drift.kind for drift in _resolve([seven], b_md="It rained on the coast all day.").drift] == ["moved"]
    assert _resolve([seven], b_md="It rained on the coast all day, then.").drift == ()
    eight = _question(("a.md", "It rained on the coast all day long."))
    kinds = [drift.kind for drift in _resolve([eight], b_md="It rained on the coast all day long, then.").drift]
    assert kinds == ["moved and edited"]


def test_the_most_similar_of_other_documents_counts_and_equals_leave_it_lost() -> None:
    near, nearer = PACT.replace("presidents.", "men"), PACT.replace("Minsk", "Kyiv")
    found = _resolve([_question(("a.md", PACT))], b_md=near, c_md=nearer, d_md=near)
    assert [drift.found_document for drift in found.drift] == ["c.md"]
    equal = _resolve([_question(("a.md", PACT))], b_md=nearer, c_md=nearer)
    assert _reasons(equal) == [
        "the document 'a.md' is not in the index (quote 'The pact was signed in Minsk in 1991 by three pres...');"
        " it stands nearly so in 2 others, 'b.md' among them"
    ]
    namesake = _resolve([_question(("a.md", PACT))], b_md=nearer, x__a_md=nearer)
    assert [drift.found_document for drift in namesake.drift] == ["x/a.md"]


@pytest.mark.parametrize("order", ["abc", "cba", "bca"])
def test_the_order_of_the_places_looked_in(order: str) -> None:
    edited = PACT.replace("1991", "1992")
    texts = {"a": edited, "b": PACT, "c": PACT}

    def looked_in(keys: str) -> list[tuple[str, str]]:
        documents = [_document(f"{key}.md", texts[key]) for key in order if key in keys]
        found = resolve_gold([_question(("a.md", PACT))], lambda: documents, path="q")
        return [(drift.kind, drift.found_document) for drift in found.drift]

    # Word for word elsewhere comes before nearly so at home, if only one document has it.
    assert looked_in("ab") == [("moved", "b.md")]
    assert looked_in("abc") == [("edited", "a.md")]
    texts["b"] = texts["c"] = edited
    assert looked_in("abc") == [("edited", "a.md")]


def test_a_place_is_not_given_to_two_golds_of_a_question() -> None:
    other = PACT.replace("Minsk", "Kyiv")
    both = [_question(("a.md", PACT), ("b.md", PACT))]
    found = _resolve(both, a_md=PACT)
    assert found.spans == {"q1": (GoldSpan("id:a.md", 0, 57),)}
    assert _reasons(found) == [
        "the document 'b.md' is not in the index (quote 'The pact was signed in Minsk in 1991 by three pres...');"
        " what is most like it is another gold of the question"
    ]
    assert len(_resolve([_question(("a.md", other), ("a.md", PACT))], a_md=PACT).lost) == 1
    assert len(_resolve([_question(("a.md", other), ("b.md", PACT))], c_md=PACT).lost) == 1
    # Another question may have it.
    apart = _resolve([_question(("a.md", PACT)), _question(("b.md", PACT), line=2)], a_md=PACT)
    assert [drift.question_id for drift in apart.drift] == ["q2"]


def test_a_corrected_gold_is_no_drift_and_stands_where_it_was_found() -> None:
    text = f"{RAIN} {PACT.replace('1991', '1992')} {PACT.replace('1991', '1992')}"
    found = _resolve([_question(("a.md", PACT))], a_md=text)
    again = _resolve([_question(("a.md", found.drift[0].found_quote))], a_md=text)
    assert (again.spans, again.drift) == (found.spans, ())


def test_a_name_of_two_documents_can_not_be_named_and_is_not_looked_in() -> None:
    twins = [_document("b.md", PACT, identity="1"), _document("b.md", RAIN, identity="2")]
    with pytest.raises(DatasetError) as caught:
        resolve_gold([_question(("b.md", PACT))], lambda: twins, path="q.jsonl")
    assert str(caught.value) == (
        "q.jsonl: a gold names 'b.md', but the index holds more than one document of that name; "
        "index the folders apart, or rename one"
    )
    assert len(resolve_gold([_question(("a.md", PACT))], lambda: twins, path="q.jsonl").lost) == 1


def _message(resolution: Resolution, **options: bool) -> list[str]:
    with pytest.raises(DatasetError) as caught:
        require_gold(resolution, path=Path("sets/q.jsonl"), **options)
    return str(caught.value).splitlines()


def test_lost_golds_are_listed_together() -> None:
    questions = [
        _question(("a.md", "It met."), ("b.md", "It  left."), line=3),
        _question(("a.md", "It left."), line=8),
        _question(("a.md", "long " * 20), line=9),
    ]
    found = _resolve(questions, a_md="It met.")
    assert found.lost[0] == Lost(
        "q3", 3, "b.md", "It  left.", "the document 'b.md' is not in the index (quote 'It left.')"
    )
    assert _message(found) == [
        "sets/q.jsonl: 3 problems in the question set; correct it and run again",
        "sets/q.jsonl:3: question 'q3': the document 'b.md' is not in the index (quote 'It left.')",
        "sets/q.jsonl:8: question 'q8': the quote 'It left.' is not in the document 'a.md'",
        f"sets/q.jsonl:9: question 'q9': the quote {'long ' * 10 + '...'!r} is not in the document 'a.md'",
    ]


def test_drift_is_listed_where_it_is_not_allowed() -> None:
    edited = PACT.replace("1991", "1992")
    questions = [
        _question(("a.md", PACT), line=2),
        _question(("gone.md", "It met."), line=3),
        _question(("old.md", RAIN), line=4),
        _question(("none.md", RAIN.replace("a week", "a day")), line=5),
    ]
    found = _resolve(questions, a_md=edited, new_md=RAIN)
    assert _message(found) == [
        "sets/q.jsonl: 1 problem in the question set; correct it and run again",
        "sets/q.jsonl:3: question 'q3': the document 'gone.md' is not in the index (quote 'It met.')",
    ]
    assert _message(found, drift_allowed=False)[1:] == [
        "sets/q.jsonl:2: question 'q2': the quote has changed in 'a.md':"
        " … in Minsk in [1991 -> 1992] by three presidents.",
        "sets/q.jsonl:3: question 'q3': the document 'gone.md' is not in the index (quote 'It met.')",
        "sets/q.jsonl:4: question 'q4': the quote has moved from 'old.md' to 'new.md'",
        "sets/q.jsonl:5: question 'q5': the quote has moved from 'none.md' to 'new.md' and changed:"
        " … coast for a [day, -> week,] and the harbour …",
    ]
    allowed = replace(found, lost=())
    require_gold(allowed, path="q")
    with pytest.raises(DatasetError, match="3 problems"):
        require_gold(allowed, path="q", drift_allowed=False)
    require_gold(replace(allowed, drift=()), path="q", drift_allowed=False)


@given(
    # Not `filter(str.split)`, which hypothesis takes apart and then lets "\r" through.
    words=st.lists(st.text(st.characters(exclude_categories=["Cs"])).filter(lambda word: word.split()), min_size=1),
    gaps=st.lists(st.sampled_from([" ", "\n", "\r\n  ", "\t", "\u00a0", "\u2003\n"]), min_size=1),
)
def test_a_rewrapped_document_still_holds_its_quote(words: list[str], gaps: list[str]) -> None:
    text = "".join(word + gaps[number % len(gaps)] for number, word in enumerate(words))
    document = _document("a.md", "~ " + text)
    found = resolve_gold([_question(("a.md", " ".join(words)))], lambda: [document], path="q")
    [span] = found.spans["q1"]
    assert document.text[span.start : span.end].split() == " ".join(words).split()
    assert found.drift == ()


def test_documents_that_no_gold_needs_are_not_kept(make_document: Callable[..., Document]) -> None:
    documents = [make_document(f"{number}.md", PACT if number == 3 else RAIN) for number in range(6)]
    found = resolve_gold([_question(("0.md", RAIN), ("9.md", PACT))], lambda: documents, path="q")
    assert sorted(found.documents) == ["id:0.md", "id:3.md"]
