"""Blocks that recur in a source's documents, and articles without them."""

from __future__ import annotations

from briefqa.corpus.article import Article
from briefqa.corpus.cleaning.recurrence import blocks_of, clutter_of, holds, without

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


def clutter(articles: list[Article]) -> dict[int, int]:
    return clutter_of([blocks_of(entry) for entry in articles])


def test_what_recurs_goes_from_every_article() -> None:
    articles = [article(number) for number in range(6)]
    found = clutter(articles)
    assert sorted(found.values()) == [6, 6]
    assert holds(blocks_of(articles[3]), set(found))
    assert not holds(blocks_of(article(3, notice=False, masthead=False)), set(found))
    cleaned = without(articles[3], "courier", found)
    assert NOTICE.upper() not in cleaned.text
    assert "volume 7" not in cleaned.text
    assert [(cut.text, cut.reason, cut.lines) for cut in cleaned.cuts] == [
        (MASTHEAD.format(3), "recurs in 6 documents of courier", (3, 3)),
        (NOTICE.upper(), "recurs in 6 documents of courier", (15, 15)),
    ]
    assert cleaned.text.startswith("Story DK begins in its own words.\n\nParagraph one of story 3")


def test_four_documents_are_too_few() -> None:
    assert clutter([article(number) for number in range(4)]) == {}
    assert clutter([]) == {}


def test_what_copies_of_an_article_share_is_no_clutter() -> None:
    copies = [article(7) for _ in range(8)]
    assert clutter(copies) == {}
    # With titles of their own, too.
    retold = [Article(f"A title of its own, number {chr(65 + n)}\n\n{article(7).text}") for n in range(8)]
    assert clutter(retold) == {}
    assert sorted(clutter([*retold, *(article(number) for number in range(5))]).values()) == [13, 13]


def test_a_small_share_of_a_source_is_no_clutter() -> None:
    plain = [article(number, notice=False, masthead=False) for number in range(5, 106)]
    assert len(clutter([article(number) for number in range(5)] + plain[:95])) == 2
    assert clutter([article(number) for number in range(5)] + plain[:96]) == {}


def test_what_starts_an_article_and_what_stands_in_the_middle_stay() -> None:
    start = [
        Article(f"{NOTICE}\n\nStory {chr(65 + n)} is told.\n\nAnd so story {chr(65 + n)} ends.\n") for n in range(6)
    ]
    assert clutter(start) == {}
    middle = [
        Article(
            "\n\n".join(
                [f"{chr(65 + n)} {side}." for side in "abcd"] + [NOTICE] + [f"{chr(65 + n)} {side}." for side in "efgh"]
            )
        )
        for n in range(6)
    ]
    assert clutter(middle) == {}


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
    assert clutter(articles) == {}


def test_without_clutter_an_article_stays_the_same() -> None:
    assert without(article(1), "courier", {}) == article(1)
    one = article(1)
    assert without(one, "courier", {12345678: 9}) is one
