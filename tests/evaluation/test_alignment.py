"""Finding a quote in a text word for word or nearly so, and telling what has changed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefqa.evaluation.alignment import Place, Quote, Text, difference

SENTENCE = "The pact was signed in Minsk in 1991 by three presidents."


def _found(quote: str, text: str) -> str | None:
    span = Quote(quote).find(Text(text))
    return None if span is None else text[slice(*span)]


def _nearest(quote: str, text: str, *, least: float = 0.5) -> tuple[str, float] | None:
    place = Quote(quote).nearest(Text(text), least=least)
    return None if place is None else (text[place.start : place.end], place.similarity)


@pytest.mark.parametrize(
    ("quote", "text", "expected"),
    [
        (
            'Russia\'s "pact" - it',
            "x Russia\u2019s \u201cpact\u201d \u2013 it",
            "Russia\u2019s \u201cpact\u201d \u2013 it",
        ),
        ("\u201ePakt\u201c", "ein \u00abPakt\u00bb", "\u00abPakt\u00bb"),
        ("It rained...", "\u2026 It rained\u2026 then", "It rained\u2026"),
        ("It rained\u2026", "It rained... then", "It rained..."),
        ("Beyonc\u00e9 sang", "\U0001f3b5 Beyonce\u0301 sang.", "Beyonce\u0301 sang"),
        ("coope\u00adration of states", "\ufeffcooperation of\u200b states", "cooperation of\u200b states"),
        ("cooperation", "co\u00adope\u00adra\u00adtion", "co\u00adope\u00adra\u00adtion"),
        ("18 July", "on 18\u00a0July", "18\u00a0July"),
    ],
)
def test_forms_of_characters_make_no_difference_and_offsets_stay_right(quote: str, text: str, expected: str) -> None:
    assert _found(quote, text) == expected


@pytest.mark.parametrize(
    "quote", ["the pact", "The pact was signed in Minsk in 1992", "signed  on", "", " \n", "\u200b"]
)
def test_other_words_and_blank_quotes_are_not_found(quote: str) -> None:
    assert _found(quote, SENTENCE) is None


def test_words_may_have_to_be_whole() -> None:
    text = Text("Rainfall on the coastline (rain fell).")
    assert Quote("fall on the coast").find(text) == (4, 21)
    assert Quote("fall on the coast").find(text, whole_words=True) is None
    assert Quote("Rainfall on the coast").find(text, whole_words=True) is None
    assert Quote("fall on the coastline").find(text, whole_words=True) is None
    assert Quote("on the coastline").find(text, whole_words=True) == (9, 25)
    assert Quote("coastline (").find(text, whole_words=True) == (16, 27)
    assert Quote("(rain fell).").find(text, whole_words=True) == (26, 38)


def test_the_first_of_two_occurrences_counts() -> None:
    assert Quote("in 1991").find(Text("in\n1991, or in 1991")) == (0, 7)


# 11 words and a full stop, which counts half a word: 11.5 in all.
@pytest.mark.parametrize(
    ("text", "expected", "cost"),
    [
        ("Then: The pact was singed in Minsk in 1991 by three presidents. It held.", slice(6, -9), 1),
        ("The pact was signed in Minsk in 1992 by three presidents.", slice(None), 1),
        ("The pact was signed, in Minsk, in 1991 by three presidents.", slice(None), 1),
        ("the PACT was signed in\n> Minsk in 1991 by three presidents.", slice(None), 0.5),
        ("Then the pact was signed in Minsk by three presidents of Russia.", slice(5, -11), 2.5),
        ("No. A pact was signed in Minsk in 1991 by three ministers. It held.", slice(4, -9), 2),
        ("No. The pact was secretly signed in Minsk in 1991 by three presidents. No.", slice(4, -4), 1),
        ("The pact was signed in Minsk in 1991 by three presidents", slice(None), 0.5),
        ("\u200bThe pa\u00adct was signed in Kyiv in 1991 by three presidents. \U0001f3b5", slice(1, -2), 1),
    ],
)
def test_a_changed_quote_is_found_from_word_to_word(text: str, expected: slice, cost: float) -> None:
    assert _nearest(SENTENCE, text) == (text[expected], 1 - cost / 11.5)


def test_a_last_word_that_was_changed_belongs_to_the_place() -> None:
    assert _nearest("signed in Minsk in 1991", "It was signed in Minsk in 1992.") == ("signed in Minsk in 1992", 0.8)
    assert _nearest("signed in Minsk in 1991", "resigned in Minsk in 1991") == ("resigned in Minsk in 1991", 0.8)


def test_the_first_of_equal_places_counts() -> None:
    place = Quote("one two three four.").nearest(Text("One two three five. one two three six."), least=0.5)
    assert place == Place(0, 19, 1 - 1 / 4.5)


def test_what_is_below_the_least_similarity_is_not_found() -> None:
    text = "The pact was signed in Kyiv."
    # Of 11.5, the words "Minsk in 1991 by three presidents" cost 6, less the one that "Kyiv" stands for; 5 are dropped.
    found = _nearest(SENTENCE, text, least=0.01)
    assert found == (text, 1 - 6 / 11.5)
    assert _nearest(SENTENCE, text, least=1 - 6 / 11.5 + 1e-9) is None


@pytest.mark.parametrize("text", ["", "  \n", "\u200b", "Rain fell on the coast."])
def test_nothing_like_it(text: str) -> None:
    assert _nearest(SENTENCE, text) is None
    assert _nearest("", text) is None


def test_one_number_may_change_but_two_are_another_fact() -> None:
    quote = "Of the 49.5 million people 1,200 live on the 3 islands, in 2 towns and many villages."
    assert _nearest(quote, quote.replace("49.5", "51.2")) is not None
    assert _nearest(quote, quote.replace("49.5", "51.2").replace("1,200", "1,300")) is None
    # A number that is there twice must be there twice.
    twice = "It grew by 3 per cent in May and by 3 per cent in June, as the bank had said."
    assert _nearest(twice, twice.replace("3", "4", 1)) is not None
    assert _nearest(twice, twice.replace("3", "4")) is None


def _edit_distance(quote: list[str], text: list[str]) -> float:
    """The least cost of turning the quote into any stretch of the text, the plain way."""
    weigh = {token: 1.0 if token.isalnum() else 0.5 for token in quote + text}
    best = sum(weigh[token] for token in quote)
    for start in range(len(text)):
        row = [0.0]
        for token in quote:
            row.append(row[-1] + weigh[token])
        for other in text[start:]:
            last, row = row, [row[0] + weigh[other]]
            for number, token in enumerate(quote, 1):
                change = 0.0 if token == other else max(weigh[token], weigh[other])
                row.append(min(row[-1] + weigh[token], last[number] + weigh[other], last[number - 1] + change))
            best = min(best, row[-1])
    return best


@given(
    quote=st.lists(st.sampled_from("abc."), min_size=1, max_size=6),
    text=st.lists(st.sampled_from("abcd."), min_size=1, max_size=12),
)
def test_the_similarity_is_that_of_the_plain_algorithm(quote: list[str], text: list[str]) -> None:
    total = sum(0.5 if token == "." else 1.0 for token in quote)
    similarity = 1 - _edit_distance(quote, text) / total
    place = Quote(" ".join(quote)).nearest(Text(" ".join(text)), least=1e-9)
    if similarity == 0:
        assert place is None
    else:
        assert place is not None
        assert place.similarity == pytest.approx(similarity)
        # And the place itself has it.
        part = " ".join(text)[place.start : place.end].split()
        assert 1 - _edit_distance(quote, part) / total == pytest.approx(similarity)


@given(
    words=st.lists(st.sampled_from(["pact", "Minsk", "1991", "signed", "by", ".", "\u201c"]), min_size=1, max_size=8),
    before=st.sampled_from(["", "re", "\u2026 "]),
    change=st.sampled_from(["", "x ", "1 "]),
)
def test_the_quick_look_misses_nothing(words: list[str], before: str, change: str) -> None:
    quote, text = Quote(" ".join(words)), Text(before + change.join(f"{word} " for word in words))
    if quote.find(text, whole_words=True) or quote.nearest(text, least=0.8):
        assert quote.may_stand_in(text, least=0.8)


def test_the_quick_look_does_not_round_down() -> None:
    # One word of a weight of 5 in all is missing: .8 are the same, and .2 of 5 is .9999999999999998 in floats.
    quote, text = Quote("pact Minsk . . . . . ."), Text("repact Minsk . . . . . . ")
    assert quote.nearest(text, least=0.8)
    assert quote.may_stand_in(text, least=0.8)


def test_the_quick_look_counts_words_that_are_missing() -> None:
    text = Text("The pact was signed in Minsk.")
    # Missing are "1991", "by", "three" and "presidents": more than .3 of 11.5, less than .4 of it.
    assert not Quote(SENTENCE).may_stand_in(text, least=0.7)
    assert Quote(SENTENCE).may_stand_in(text, least=0.6)


@pytest.mark.parametrize(
    ("quote", "found", "expected"),
    [
        ("Georgia left in 2008.", "Georgia left in 2009.", "Georgia left in [2008. -> 2009.]"),
        ("Minsk hosted it.", "Kyiv hosted it.", "[Minsk -> Kyiv] hosted it."),
        ("one two three four five six", "one two three four five seven", "… three four five [six -> seven]"),
        ("a b c d e f g h i j k", "x b c d e f g h i j y", "[a -> x] b c d … h i j [k -> y]"),
        ("a b c d e f g h", "x b c d e f g y", "[a -> x] b c d e f g [h -> y]"),
        ("a b c", "a c", "a [-b] c"),
        ("a c", "a b b c", "a [+b b] c"),
        ("it\u2019s  a\npact", "it's a treaty", "it\u2019s a [pact -> treaty]"),
        ("it met", "It met", "[it -> It] met"),
    ],
)
def test_differences_are_shown_among_their_neighbours(quote: str, found: str, expected: str) -> None:
    assert difference(quote, found) == expected
