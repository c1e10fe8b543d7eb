from __future__ import annotations

import pytest

from briefqa.answering.context import completes, leans
from tests.answering.builders import make_hit

BEFORE = "A mining company opened the plant."


def told(sentence: str, *, before: str = BEFORE, between: str = " ") -> tuple[bool, bool]:
    """Whether the sentence leans on the one before it, and whether it completes it."""
    hit = make_hit(before, sentence, between=between)
    text, spans = hit.document.text, hit.passage.sentences
    return leans(text, spans, 1), completes(text, spans, 1)


NEITHER, LEANS, COMPLETES = (False, False), (True, False), (False, True)


@pytest.mark.parametrize(
    "start",
    ["He", "She", "It", "They", "This", "These", "Those", "That", "His", "Her", "Its", "Their", "Such", "There"],
)
def test_a_pronoun_leans(start: str) -> None:
    assert told(f"{start} moved to Baku in May.") == LEANS


@pytest.mark.parametrize(
    "start",
    [
        "But",
        "However,",
        "Instead,",
        "Neither",
        "Both",
        "Moreover,",
        "In addition,",
        "As a result,",
        "Then",
        "Therefore,",
    ],
)
def test_a_word_that_joins_leans(start: str) -> None:
    assert told(f"{start} workers moved to Baku in May.") == LEANS


@pytest.mark.parametrize(
    "start",
    ["The former", "The latter", "In this", "At that time", "For it", "By those", "Of them", "All of them", "All six"],
)
def test_a_phrase_that_points_back_leans(start: str) -> None:
    assert told(f"{start} moved to Baku in May.") == LEANS


@pytest.mark.parametrize(
    "start",
    ["Italy", "Thus", "Heads", "Theirs", "Butter", "Itself", "In thistles", "All seven", "The formerly", "Thence"],
)
def test_other_words_and_longer_ones_do_not(start: str) -> None:
    assert told(f"{start} moved to Baku in May.") == NEITHER


def test_a_small_letter_is_no_start_of_a_leaning_sentence() -> None:
    assert told("it moved to Baku in May.") == NEITHER
    assert told("Baku is where it moved to.") == NEITHER


@pytest.mark.parametrize("mark", ['"', "“", "'", "‘", "("])
def test_a_quotation_mark_in_front_changes_nothing(mark: str) -> None:
    assert told(f"{mark}It moved to Baku in May.") == LEANS
    assert told(f"{mark}The company moved to Baku in May.") == LEANS


@pytest.mark.parametrize(
    ("sentence", "before", "expected"),
    [
        ("The company moved to Baku.", BEFORE, LEANS),
        ("The companies moved to Baku.", BEFORE, LEANS),
        ("The new company moved to Baku.", BEFORE, LEANS),
        ("The large new company moved to Baku.", BEFORE, LEANS),
        ("The company moved to Baku.", "Ministers opened the plant.", NEITHER),
        ("The company moved to Baku.", "In Baku, ministers opened the plant.", NEITHER),
        ("The Company moved to Baku.", BEFORE, NEITHER),
        ("The CSTO moved to Baku.", "Ministers of the CSTO met.", NEITHER),
        ("A company moved to Baku.", BEFORE, NEITHER),
    ],
)
def test_the_and_a_noun_leans_where_the_noun_stands_before(
    sentence: str, before: str, expected: tuple[bool, bool]
) -> None:
    assert told(sentence, before=before) == expected


@pytest.mark.parametrize(
    ("sentence", "before", "expected"),
    [
        # What is shared is what the two sentences say of their subjects.
        ("The minister opened a school.", BEFORE, NEITHER),
        ("The new minister opened a school.", BEFORE, NEITHER),
        ("The minister also opened a school.", "Firms also closed.", NEITHER),
        ("The treaty also matters.", "Ministers also met.", NEITHER),
        ("The treaty was opened.", BEFORE, NEITHER),
        ("The plan before ministers failed.", "Ministers met in Baku.", NEITHER),
        ("The plan of ministers failed.", "Ministers met in Baku.", NEITHER),
        ("The envoys and ministers left.", "Ministers met in Baku.", NEITHER),
        ("The envoys or ministers left.", "Ministers met in Baku.", NEITHER),
        ("The envoy who met them left.", "Ministers met in Baku.", NEITHER),
        ("The plan that ministers made failed.", "Ministers met in Baku.", NEITHER),
        ("The plan which ministers made failed.", "Ministers met in Baku.", NEITHER),
        ("The treaty would open trade.", "Firms would open offices.", NEITHER),
        # The noun itself is shared.
        ("The company opened a school.", BEFORE, LEANS),
        ("The mining company has closed.", BEFORE, LEANS),
        ("The envoys and ministers left.", "Two envoys met in Baku.", LEANS),
        # A participle, or a word that only begins like one of grammar, may stand in front of the noun.
        ("The proposed deal collapsed.", "Ministers struck a deal.", LEANS),
        ("The proposed deal collapsed.", "The bridge collapsed.", NEITHER),
        ("The newly elected council met.", "Voters chose a council.", LEANS),
        ("The newly elected met.", "Voters elected a council.", LEANS),
        ("The assembly elected a council.", "Voters elected a mayor.", NEITHER),
        ("The new so-called council met.", "Voters chose a council.", LEANS),
        ("The agreed new deal collapsed.", "Ministers struck a deal.", LEANS),
        ("The new in-house team left.", "Firms have an in-house team.", LEANS),
        ("The large inland sea dried up.", "It is an inland lake.", LEANS),
        ("The small ordinary shop closed.", "It was an ordinary day.", LEANS),
        ("The red editor left.", "An editor came.", LEANS),
    ],
)
def test_the_noun_ends_before_a_verb_or_a_word_of_grammar(
    sentence: str, before: str, expected: tuple[bool, bool]
) -> None:
    assert told(sentence, before=before) == expected


@pytest.mark.parametrize("ending", ["was not.", "hasn't!", "did", "isn’t.”", "will not", "can", "were.", "may not.)"])
def test_an_elliptic_sentence_completes(ending: str) -> None:
    assert told(f"Armenia {ending}") == COMPLETES


@pytest.mark.parametrize(
    "sentence",
    [
        "Armenia is a member.",
        "Armenia faced a crisis.",
        "Armenia sold its share.",
        "Ministers met Armenia's envoy in Paris.",
        "Armenia was nota.",
        "Was it?",
    ],
)
def test_a_whole_sentence_does_not_complete(sentence: str) -> None:
    assert told(sentence) == NEITHER


def test_fourteen_words_may_complete_and_fifteen_do_not() -> None:
    fourteen = "Armenia and the others that had come to the meeting in the capital were"
    assert len(fourteen.split()) == 14
    assert told(f"{fourteen}.") == COMPLETES
    assert told(f"Yet {fourteen}.") == NEITHER


def test_a_sentence_may_lean_and_complete() -> None:
    assert told("But Armenia did not.") == (True, True)


@pytest.mark.parametrize("between", [" ", "\n", "  \n ", ""])
def test_a_sentence_follows_across_spaces_and_a_line_end(between: str) -> None:
    assert told("It moved to Baku.", between=between) == LEANS
    assert told("Armenia did not.", between=between) == COMPLETES


@pytest.mark.parametrize("between", ["\n\n", "\n \n", "\n\t\n\n", "\n- ", " – ", "\n\n## Seats\n\n"])
def test_nothing_follows_across_a_blank_line_or_a_mark(between: str) -> None:
    assert told("It moved to Baku.", between=between) == NEITHER
    assert told("The company moved to Baku.", between=between) == NEITHER
    assert told("Armenia did not.", between=between) == NEITHER


@pytest.mark.parametrize("sentence", ["It moved to Baku.", "The company moved to Baku.", "Armenia did not."])
def test_the_first_sentence_has_nothing_before_it(sentence: str) -> None:
    hit = make_hit(sentence, "Ministers met.")
    assert not leans(hit.document.text, hit.passage.sentences, 0)
    assert not completes(hit.document.text, hit.passage.sentences, 0)


def test_only_the_sentence_right_before_counts() -> None:
    hit = make_hit(BEFORE, "Ministers met.", "The company moved to Baku.")
    text, spans = hit.document.text, hit.passage.sentences
    assert [leans(text, spans, number) for number in range(3)] == [False, False, False]
