"""Blocks that recur in a source's documents, and articles without them."""

from __future__ import annotations

import json
import pickle

from briefqa.corpus.article import Article
from briefqa.corpus.cleaning.recurrence import Recurrence, without

NOTICE = "The Courier is printed on paper from the county's own woods, and never on Sundays."
MASTHEAD = "Lowhaven Courier, volume 7, number {}"


def article(number: int, *, notice: bool = True, masthead: bool = True) -> Article:
    told = [f"Story {chr(65 + number)}{chr(75 + number // 20)} begins in its own words."]
    told += [MASTHEAD.format(number)] if masthead else []
    told += [f"Paragraph {word} of story {number} says what no other says." for word in ("one", "two", "three", "four")]
    told += [f"Story {number} ends here, with words of its own.", NOTICE.upper() if number == 3 else NOTICE][
        : 2 if notice else 1
    ]
    return Article("\n\n".join(told) + "\n")


def counted(articles: list[Article], source: str = "courier") -> Recurrence:
    recurrence = Recurrence()
    for entry in articles:
        recurrence.add(source, entry)
    return recurrence


def test_what_recurs_goes_from_every_article() -> None:
    articles = [article(number) for number in range(6)]
    clutter = counted(articles).clutter("courier")
    assert sorted(clutter.values()) == [6, 6]
    cleaned = without(articles[3], "courier", clutter)
    assert NOTICE.upper() not in cleaned.text
    assert "volume 7" not in cleaned.text
    assert [(cut.text, cut.reason, cut.lines) for cut in cleaned.cuts] == [
        (MASTHEAD.format(3), "recurs in 6 documents of courier", (3, 3)),
        (NOTICE.upper(), "recurs in 6 documents of courier", (15, 15)),
    ]
    assert cleaned.text.startswith("Story DK begins in its own words.\n\nParagraph one of story 3")


def test_four_documents_are_too_few_and_other_sources_do_not_count() -> None:
    recurrence = counted([article(number) for number in range(4)])
    for number in range(4):
        recurrence.add("herald", article(number))
    assert recurrence.clutter("courier") == {}
    assert recurrence.clutter("unknown") == {}


def test_a_small_share_of_a_source_is_no_clutter() -> None:
    plain = [article(number, notice=False, masthead=False) for number in range(101)]
    assert len(counted([article(number) for number in range(5)] + plain[:95]).clutter("courier")) == 2
    assert counted([article(number) for number in range(5)] + plain[:96]).clutter("courier") == {}


def test_what_starts_an_article_and_what_stands_in_the_middle_stay() -> None:
    start = [
        Article(f"{NOTICE}\n\nStory {chr(65 + n)} is told.\n\nAnd so story {chr(65 + n)} ends.\n") for n in range(6)
    ]
    assert counted(start).clutter("courier") == {}
    middle = [
        Article(
            "\n\n".join(
                [f"{chr(65 + n)} {side}." for side in "abcd"] + [NOTICE] + [f"{chr(65 + n)} {side}." for side in "efgh"]
            )
        )
        for n in range(6)
    ]
    assert counted(middle).clutter("courier") == {}


def test_fields_headings_table_rows_and_numbers_in_sentences_stay() -> None:
    told = ["Source: the harbour office of Lowhaven", "## What the council said", "| a | b | c | d |", "News of it"]
    articles = [
        Article(
            f"Story {chr(65 + n)} begins.\n\n"
            + f"{chr(65 + n)} goes on.\n\n" * 12
            + "\n\n".join([*told, f"The meeting closed at {n} o'clock."])
        )
        for n in range(6)
    ]
    assert counted(articles).clutter("courier") == {}


def test_a_later_run_goes_on_from_kept_counts() -> None:
    recurrence = counted([article(number) for number in range(3)])
    kept = Recurrence.from_json(json.loads(json.dumps(recurrence.to_json())))
    pickled = pickle.loads(pickle.dumps(recurrence))
    for other in (recurrence, kept, pickled):
        for number in range(3, 6):
            other.add("courier", article(number))
    assert kept.clutter("courier") == pickled.clutter("courier") == recurrence.clutter("courier")
    assert len(kept.clutter("courier")) == 2


def test_what_was_added_can_be_taken_back() -> None:
    recurrence = counted([article(number) for number in range(5)])
    recurrence.remove("courier", article(4))
    assert recurrence.clutter("courier") == {}
    recurrence.remove("unknown", article(4))
    for number in range(4):
        recurrence.remove("courier", article(number))
    recurrence.remove("courier", article(0))
    assert recurrence.to_json() == {"courier": {"documents": 0, "edges": {}, "starts": {}}}


def test_memory_stays_bounded_and_what_is_often_is_not_forgotten() -> None:
    recurrence = Recurrence(most_blocks=20)
    for number in range(60):
        recurrence.add("courier", article(number))
    assert len(recurrence.to_json()["courier"]["edges"]) <= 20
    assert sorted(recurrence.clutter("courier").values()) == [60, 60]


def test_without_clutter_an_article_stays_the_same() -> None:
    assert without(article(1), "courier", {}) == article(1)
    one = article(1)
    assert without(one, "courier", {b"12345678": 9}) is one
