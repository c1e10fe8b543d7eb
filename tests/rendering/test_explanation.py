from __future__ import annotations

import re
from dataclasses import replace

import pytest

from briefqa.explained import ExplainedConfidence, ExplainedHit, Explanation, Part, Term
from briefqa.rendering.explanation import render_explanation
from briefqa.rendering.style import Style
from briefqa.rendering.terminal import render_answer, render_hits
from tests.rendering.builders import make_answer, make_citation, make_document, make_explanation, make_hit, make_hits

PLAIN = Style()
SEAT = "Its seat is Moscow."
HIT = make_hit(make_document(), SEAT, score=2.2)
ANSI = re.compile(r"\x1b\[[0-9;]*m")
# A path and a word that would steer a terminal: ESC, C1's CSI and a bidi override.
HOSTILE = "a\x1b[31mb\x9bc\u202ed"
# Each with its value by hand: 1 * .5 + .5 * .5, .6 * .47, .8 * .64.
PARTS = (
    Part("dense_share", 1.0, 0.5),
    Part("lexical_share", 0.5, 0.5),
    Part("pair_coverage", 0.6, 0.47),
    Part("sentence_cosine", 0.8, 0.64),
)
# 14, 13, ... 3 of 105, in percent.
SHARES = [13, 12, 11, 10, 10, 9, 8, 7, 6, 5, 4, 3]


def explained(*parts: Part, holds: tuple[str, ...] = (), lacks: tuple[str, ...] = ()) -> Explanation:
    return Explanation((), (ExplainedHit(1, "9b270744d984", parts, holds, lacks),), None)


def test_an_answer() -> None:
    answer = make_answer(make_citation(make_document(), SEAT), hits=(HIT,), notes=("So.",))
    usual = render_answer(answer, PLAIN)
    assert "Explanation" not in usual
    text = render_answer(replace(answer, explanation=make_explanation()), PLAIN)
    assert text.startswith(f"{usual}\n\n  Explanation\n")
    assert (
        text.removeprefix(usual)
        == """

  Explanation

  The question's words, and how much each weighs
    75%  seat
    25%  Bonn (name or number, in no article)

  The passages, and the parts that each score is the sum of
  fused: both searches; sentences: words that two side by side hold
  #  score  fused  sentences
  1  2.200  0.700      1.500
     corpus/cis.md:10
     fused = meaning 1.000 x 0.600 + words 0.250 x 0.400
     holds “seat”; lacks “Bonn”

  The confidence, and the parts that it is the sum of
                                      value   weight     adds
  words in the first quote            0.750    4.000   +3.000
  names and numbers in its passage    0.500   -1.000   -0.500
  to begin with                                        -1.500
  Together +1.000, a probability of 1 / (1 + exp(-1.000)) = 0.73: enough, as an
  answer needs 0.40."""
    )


def test_a_search_with_all_the_evidence() -> None:
    hits = replace(make_hits(replace(HIT, score=1.544)), explanation=explained(*PARTS, holds=("seat",)))
    lines = render_hits(hits, PLAIN).split("\n")
    assert lines[lines.index("  Explanation") :] == [
        "  Explanation",
        "",
        "  No word of the question says what it is about.",
        "",
        "  The passages, and the parts that each score is the sum of",
        "  fused: both searches; sentences: words that two side by side hold; nearest:",
        "  the sentence nearest in meaning",
        "  #  score  fused  sentences  nearest",
        "  1  1.544  0.750      0.282    0.512",
        "     corpus/cis.md:10",
        "     fused = meaning 1.000 x 0.500 + words 0.500 x 0.500",
        "     holds “seat”",
    ]


@pytest.mark.parametrize(
    ("parts", "legend", "head", "row"),
    [
        ((Part("dense", -0.25, 1.0),), "meaning: the cosine", "#   score  meaning", "1  -0.250   -0.250"),
        ((Part("lexical", 12.5, 1.0),), "words: BM25", "#   score   words", "1  12.500  12.500"),
        (
            (Part("lexical", 12.5, 0.02), Part("rerank", 0.5, 0.5)),
            "words: BM25; reranker: its verdict, the rest scaled to it",
            "#  score  words  reranker",
            "1  0.500  0.250     0.250",
        ),
        ((Part("dense", -0.0001, 1.0),), "meaning: the cosine", "#  score  meaning", "1  0.000    0.000"),
        ((Part("luck", 2.0, 0.5),), "", "#  score   luck", "1  1.000  1.000"),
    ],
)
def test_other_retrievers(parts: tuple[Part, ...], legend: str, head: str, row: str) -> None:
    hit = replace(HIT, score=sum(part.contribution for part in parts))
    lines = render_explanation(explained(*parts), (hit,), PLAIN)
    wanted = [legend] if legend else []
    assert [line.strip() for line in lines[-3 - len(wanted) :]] == [*wanted, head, row, "corpus/cis.md:10"]


def test_what_a_hit_has_no_part_of_is_a_dash() -> None:
    first, second = HIT, replace(HIT, rank=10, score=0.75)
    told = explained(*PARTS)
    told = replace(told, hits=(*told.hits, ExplainedHit(10, "9b270744d984", PARTS[:2], (), ())))
    lines = render_explanation(told, (first, second), PLAIN)
    assert "  10  0.750  0.750          -        -" in lines


def test_the_rows_sum_to_their_scores_within_rounding() -> None:
    parts = tuple(replace(part, value=part.value / 3.0) for part in PARTS)
    hit = replace(HIT, score=sum(part.contribution for part in parts))
    rows = [line.split() for line in render_explanation(explained(*parts), (hit,), PLAIN)]
    (row,) = [list(map(float, row)) for row in rows if row[:1] == ["1"]]
    assert row[1] == pytest.approx(sum(row[2:]), abs=0.0005 * len(row))


def test_a_word_that_does_not_count_is_told() -> None:
    terms = (
        Term("1961", 0.0, exact=True, seen=False, counted=False),
        Term("seat", 1.0, exact=False, seen=True),
    )
    lines = render_explanation(Explanation(terms, (), None), (), PLAIN)
    assert lines[4:7] == [
        "   100%  seat",
        "     0%  1961 (name or number, in no article, not counted: the nearest articles",
        "         give no date)",
    ]


def test_the_heaviest_words_come_first_and_few_are_shown() -> None:
    terms = tuple(Term(f"w{number}", number / 105, exact=False, seen=True) for number in range(1, 15))
    lines = render_explanation(Explanation(terms, (), None), (), PLAIN)
    assert lines[4:] == [
        *(f"  {share:>4}%  w{number}" for number, share in zip(range(14, 2, -1), SHARES, strict=True)),
        "         and 2 lighter words",
        "",
        "  No passage was found.",
    ]


def test_nothing_to_quote() -> None:
    told = Explanation((), (), ExplainedConfidence((), None, None, 0.0, 0.4))
    assert render_explanation(told, (), PLAIN)[-3:] == [
        "  No passage was found.",
        "",
        "  There is nothing to quote: the confidence is 0, and an answer needs 0.40.",
    ]


@pytest.mark.parametrize(
    ("bias", "probability", "last"),
    [
        (-3.0, 0.3775407, "Together -0.500, a probability of 1 / (1 + exp(0.500)) = 0.38: not enough, as an answer"),
        (-2.5, 0.5, "Together +0.000, a probability of 1 / (1 + exp(0.000)) = 0.50: enough, as an answer"),
    ],
)
def test_how_a_confidence_sums(bias: float, probability: float, last: str) -> None:
    sure = ExplainedConfidence((Part("newly_found", 0.5, 5.0),), bias, bias + 2.5, probability, 0.5)
    text = " ".join("\n".join(render_explanation(Explanation((), (), sure), (), PLAIN)).split())
    assert "newly found 0.500 5.000 +2.500 to begin with" in text
    assert text.endswith(f"{last} needs 0.50.")


def test_colour_changes_nothing_else() -> None:
    plain = render_explanation(make_explanation(), (HIT,), PLAIN)
    coloured = render_explanation(make_explanation(), (HIT,), Style(color=True))
    assert [ANSI.sub("", line) for line in coloured] == plain
    assert "\x1b[1m  Explanation\x1b[22m" in coloured
    assert not any("\x1b" in line for line in plain)
    linked = render_explanation(make_explanation(), (HIT,), Style(links=True))
    assert sum("\x1b]8;;file://" in line for line in linked) == 1


def test_nothing_in_it_steers_the_terminal() -> None:
    hit = make_hit(make_document(path=f"corpus/{HOSTILE}.md"), SEAT)
    told = explained(*PARTS, holds=(HOSTILE,), lacks=(HOSTILE,))
    told = replace(told, terms=(Term(HOSTILE, 1.0, exact=True, seen=True),))
    text = "\n".join(render_explanation(told, (hit,), PLAIN))
    assert not set(text) & set("\x1b\x9b\u202e")
    assert text.count("a�[31mb�c�d") == 4


def test_lines_stay_within_the_width() -> None:
    long = "x" * 64
    told = explained(*PARTS, Part("rerank", 1.0, 0.5), holds=(long,) * 3, lacks=(long, "y"))
    told = replace(told, terms=(Term(long, 1.0, exact=True, seen=False),), confidence=make_explanation().confidence)
    lines = render_explanation(told, (replace(HIT, rank=100),), PLAIN)
    assert max(map(len, lines)) <= 80
