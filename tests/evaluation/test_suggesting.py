from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence

import pytest

from briefqa.evaluation.datasets import Gold, Question
from briefqa.evaluation.near_misses import near_misses
from briefqa.evaluation.suggesting import sample_documents, suggest
from briefqa.types import Document, Span

MakeDocument = Callable[..., Document]

TREATY = "The Yalta Charter was signed in Crimea on 7 June 2001."
LEFT = "In 2009 Georgia left the Yalta Group with\nlittle noise."
PLAIN = "Observers of the border mission patrol remote valleys near Yerevan."


def sentences(text: str) -> Sequence[Span]:
    return [found.span() for found in re.finditer(r"[^\s.][^.]*[.!]", text)]


def alone(text: str, spans: Sequence[Span], place: int) -> bool:
    return not text[slice(*spans[place])].startswith("Here")


def ask(*documents: Document, known: Sequence[Question] = (), count: int = 10) -> list[tuple[str, str, str]]:
    found = suggest(documents, sentences, alone, known, count=count)
    return [(entry.kind, entry.text, (entry.gold.quote or "") if entry.gold else "") for entry in found]


def test_patterns_come_first_and_keywords_after(make_document: MakeDocument) -> None:
    found = suggest([make_document("a.md", f"{PLAIN}\n\n{LEFT}")], sentences, alone, [], count=10)
    assert [(entry.kind, entry.text) for entry in found] == [
        ("when", "When did Georgia leave the Yalta Group with little noise?"),
        ("keywords", "border mission remote yerevan"),
    ]
    assert (found[0].gold, found[0].lines) == (
        Gold("a.md", "In 2009 Georgia left the Yalta Group with little noise."),
        (3, 4),
    )
    assert (found[1].gold, found[1].lines, found[1].origin) == (Gold("a.md", PLAIN), (1, 1), None)


def test_one_from_each_document_in_turn(make_document: MakeDocument) -> None:
    first = make_document("a.md", f"{TREATY} {PLAIN}")
    second = make_document("b.md", LEFT.replace("\n", " "))
    assert [quote for _, _, quote in ask(first, second)] == [TREATY, LEFT.replace("\n", " "), PLAIN]
    assert [quote for _, _, quote in ask(second, first, count=2)] == [LEFT.replace("\n", " "), TREATY]
    assert ask(first, second, count=1) == [("when", "When was the Yalta Charter signed in Crimea?", TREATY)]
    assert ask() == []


def test_the_rarest_kind_is_taken(make_document: MakeDocument) -> None:
    # Both sentences give "when" and "where"; the second takes the one that is not there yet.
    documents = [
        make_document("a.md", TREATY),
        make_document("b.md", "The Minsk Accord was signed in Belarus on 2 May 1999."),
    ]
    assert [(kind, text) for kind, text, _ in ask(*documents)] == [
        ("when", "When was the Yalta Charter signed in Crimea?"),
        ("where", "Where was the Minsk Accord signed on 2 May 1999?"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Here the Yalta Charter was signed in Crimea on 7 June 2001.",  # leans on the sentence before
        "The Yalta Charter was signed in Crimea on 7 June 2001",  # cut off
        "| The Yalta Charter | was signed in Crimea on 7 June 2001.",  # a table
        "the Yalta Charter was signed in Crimea on 7 June 2001.",
        "Was the Yalta Charter signed in Crimea on 7 June 2001? Yes.",
        "Yalta was there in 2001.",  # too short
        f"The {'very ' * 44}long Yalta Charter.",
        f"The {'x' * 500} Charter was signed in Crimea on 7 June 2001.",
        "",
    ],
)
def test_what_is_passed_over(make_document: MakeDocument, text: str) -> None:
    assert ask(make_document("a.md", text)) == []


def test_what_is_known_is_passed_over(make_document: MakeDocument) -> None:
    document = make_document("a.md", TREATY)
    gold = Gold("a.md", "Charter was signed\nin Crimea")
    assert ask(document, known=[Question("q1", "What?", (), (gold,), 1)]) == []
    assert len(ask(document, known=[Question("q1", "What?", (), (Gold("b.md", gold.quote),), 1)])) == 1
    # The question is known: the sentence's other one is taken.
    known = [Question("q1", "When was the Yalta Charter signed in Crimea?", (), (), 1)]
    assert [kind for kind, _, _ in ask(document, known=known)] == ["where"]
    known += [Question("q2", "Where was the Yalta Charter signed on 7 June 2001?", (), (), 2)]
    assert ask(document, known=known) == []


def test_no_question_twice(make_document: MakeDocument) -> None:
    assert len(ask(make_document("a.md", PLAIN), make_document("b.md", PLAIN))) == 1


def test_a_sample_is_repeatable_and_fair(make_document: MakeDocument) -> None:
    documents = [make_document(f"{number}.md", "") for number in range(5)]
    assert sample_documents(documents, seed=1, most=2) == sample_documents(iter(documents), seed=1, most=2)
    assert sorted(entry.key for entry in sample_documents(documents, seed=3, most=9)) == [d.key for d in documents]
    counts = Counter(entry.key for seed in range(2000) for entry in sample_documents(documents, seed=seed, most=2))
    # 800 each are expected, with a standard deviation of 22.
    assert set(counts) == {document.key for document in documents}
    assert all(abs(count - 800) < 100 for count in counts.values())


CORPUS = {
    "a.md": "Georgia left the bloc in 2009. President Anna Smith spoke of the CSTO and the OSCE.",
    "b.md": "Moldova joined. Secretary General Boris Jones met the members in 2011. NATO has members.",
}


def exchange(make_document: MakeDocument, *origins: str, known: Sequence[Question] = (), count: int = 9) -> list[str]:
    documents = [make_document(key, text) for key, text in CORPUS.items()]
    found = near_misses(origins, documents, lambda: iter(documents), known, count=count, seed=0)
    assert all(entry.kind == "near miss" and entry.gold is None and entry.lines is None for entry in found)
    assert all(entry.origin in origins for entry in found)
    return [entry.text for entry in found]


@pytest.mark.parametrize(
    ("origin", "texts"),
    [
        ("When did Georgia leave the bloc?", {"When did Moldova leave the bloc?"}),
        ("Who left the bloc in 2009?", {"Who left the bloc in 2011?"}),
        ("Where did President Anna Smith speak?", {"Where did President Boris Jones speak?"}),
        ("Which CSTO soldiers spoke?", {"Which NATO soldiers spoke?", "Which OSCE soldiers spoke?"}),
    ],
)
def test_another_name_of_the_same_kind(make_document: MakeDocument, origin: str, texts: set[str]) -> None:
    (text,) = exchange(make_document, origin)
    assert text in texts


@pytest.mark.parametrize(
    "origin",
    [
        "Who spoke?",  # nothing to exchange
        "Who spoke in 1950?",  # no year near it
        "What does CSTO stand for?",
        "What is the CSTO?",
        "When did Georgia join?",  # Moldova and "joined" stand together
    ],
)
def test_nothing_is_made(make_document: MakeDocument, origin: str) -> None:
    assert exchange(make_document, origin) == []


def test_all_documents_are_looked_at(make_document: MakeDocument) -> None:
    sample = [make_document(key, text) for key, text in CORPUS.items()]
    more = [*sample, make_document("c.md", "Moldova said that it would leave; the blocs stay.")]
    assert near_misses(["When did Georgia leave the bloc?"], sample, lambda: more, [], count=9, seed=0) == []


def test_one_word_of_three_may_be_missing(make_document: MakeDocument) -> None:
    # "Moldova" and two of "leave", "old", "bloc" would do.
    sample = [make_document(key, text) for key, text in CORPUS.items()]
    more = [*sample, make_document("c.md", "Moldova said that it would leave; the blocs stay.")]
    assert near_misses(["When did Georgia leave the old bloc?"], sample, lambda: more, [], count=9, seed=0) == []


def test_near_misses_that_are_known(make_document: MakeDocument) -> None:
    known = [Question("q1", "When did Moldova leave the bloc?", (), (), 1)]
    assert exchange(make_document, "When did Georgia leave the bloc?", known=known) == []


def test_so_many_near_misses(make_document: MakeDocument) -> None:
    origins = ["When did Georgia leave the bloc?", "Who left the bloc in 2009?"]
    assert len(exchange(make_document, *origins)) == 2
    assert len(exchange(make_document, *origins, count=1)) == 1
    assert exchange(make_document, *origins, origins[0]) == exchange(make_document, *origins)
