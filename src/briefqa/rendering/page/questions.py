"""The questions of a run: what became of each, with its gold, its quotes and its hits."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from briefqa.rendering.escape import one_line
from briefqa.rendering.page.outcomes import FALSE, FOUND, WRONG, Kind, kind_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from briefqa.evaluation.results import FoundGold, FoundPassage, FoundQuote, Outcome
    from briefqa.evaluation.runs import KeptPassage
    from briefqa.types import Span

_EXCERPT = 100
# A quote is right without what closes a gold one.
_CLOSING = " \n\t.,;:!?\u2026\"'\u201d\u2019\u00bb\u203a)]}"
# A line goes on with the next one, unless that is empty, a heading, or an entry of a list or table.
_CONTINUED = re.compile(r"(?<!\n)\n(?!\s*(?:[-*+#>|]|\d+[.)]\s|\n|\Z))")


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a text that is, or is not, of a gold quote."""

    text: str
    marked: bool


@dataclass(frozen=True, slots=True)
class GoldView:
    """A gold quote, numbered from 1, and the ranks of the hits that hold it, in words."""

    number: int
    document: str
    text: str
    found: str


@dataclass(frozen=True, slots=True)
class QuoteView:
    """A quote, with the gold in it set off."""

    document: str
    lines: str
    pieces: tuple[Piece, ...]
    right: bool


@dataclass(frozen=True, slots=True)
class HitView:
    """A passage that was found. One that touches a gold quote is given whole in `pieces`; of any other, `excerpt` is
    the beginning, and `passage` the number of the whole, or None where that is all of it."""

    document: str
    lines: str
    score: str
    golds: str
    pieces: tuple[Piece, ...]
    excerpt: str
    passage: int | None


@dataclass(frozen=True, slots=True)
class QuestionView:
    """A question: `ndcg` of its passages and `confidence` as numbers to sort by (`ndcg` is None where nothing answers
    it) and in words; `tags` by their places in the list of all tags."""

    id: str
    text: str
    line: int
    kind: Kind
    ndcg: float | None
    confidence: float | None
    tags: tuple[int, ...]
    milliseconds: str
    golds: tuple[GoldView, ...]
    quotes: tuple[QuoteView, ...]
    hits: tuple[HitView, ...]

    @property
    def answered(self) -> bool:
        """Whether its quotes were printed."""
        return self.kind in (FOUND, WRONG, FALSE)


@dataclass(frozen=True, slots=True)
class PassageView:
    """A whole passage, once for all the questions that found it."""

    number: int
    document: str
    title: str | None
    text: str


def question_views(
    outcomes: Sequence[Outcome], passages: Mapping[str, KeptPassage], tags: Sequence[str]
) -> tuple[list[QuestionView], list[PassageView]]:
    """The questions in their order, and the passages that they point to, numbered from 1 as they are first met."""
    places = {tag: place for place, tag in enumerate(tags)}
    pointed: dict[str, int] = {}
    views = [_question(outcome, passages, places, pointed) for outcome in outcomes]
    whole = [
        PassageView(number, passages[key].document, passages[key].title, reflowed(passages[key].text))
        for key, number in pointed.items()
    ]
    return views, whole


def _question(
    outcome: Outcome, passages: Mapping[str, KeptPassage], places: Mapping[str, int], pointed: dict[str, int]
) -> QuestionView:
    return QuestionView(
        id=outcome.id,
        text=outcome.text,
        line=outcome.line,
        kind=kind_of(outcome),
        ndcg=outcome.measures.get("passages.nDCG@10"),
        confidence=None if outcome.status == "not_asked" else outcome.confidence,
        tags=tuple(places[tag] for tag in outcome.tags),
        milliseconds=f"{outcome.milliseconds:.0f}",
        golds=tuple(_gold(number, gold, outcome.hits) for number, gold in enumerate(outcome.golds)),
        quotes=tuple(_quote(quote, outcome.golds) for quote in outcome.quotes),
        hits=tuple(_hit(hit, outcome.golds, passages, pointed) for hit in outcome.hits),
    )


def _gold(number: int, gold: FoundGold, hits: Sequence[FoundPassage]) -> GoldView:
    ranks = [
        str(rank)
        for rank, hit in enumerate(hits, 1)
        if (number in hit.golds if gold.text else hit.document == gold.document)
    ]
    found = f"in hit {_listed(ranks)}" if ranks else "in none of the hits"
    return GoldView(number + 1, gold.document, reflowed(gold.text) or "The document as a whole", found)


def _quote(quote: FoundQuote, golds: Sequence[FoundGold]) -> QuoteView:
    spans = []
    for gold in golds:
        bare = gold.text.rstrip(_CLOSING)
        found = next((text for text in (gold.text, bare) if text and text in quote.text), None)
        if found and gold.document == quote.document:
            start = quote.text.index(found)
            spans.append((start, start + len(found)))
    return QuoteView(quote.document, _lines(quote.lines), pieces(quote.text, spans), quote.right)


def _hit(
    hit: FoundPassage, golds: Sequence[FoundGold], passages: Mapping[str, KeptPassage], pointed: dict[str, int]
) -> HitView:
    text = passages[hit.id].text if hit.id in passages else ""
    start = hit.span[0]
    spans = [
        (gold.span[0] - start, gold.span[1] - start) for gold in golds if gold.text and gold.document == hit.document
    ]
    parts = pieces(text, spans)
    excerpt, passage = "", None
    if not any(piece.marked for piece in parts):
        parts = ()
        excerpt = _beginning(text)
        if excerpt != one_line(text):
            passage = pointed.setdefault(hit.id, len(pointed) + 1)
    return HitView(
        document=hit.document,
        lines=_lines(hit.lines),
        score=f"{hit.score:.3f}",
        golds=_listed([str(number + 1) for number in hit.golds]),
        pieces=parts,
        excerpt=excerpt,
        passage=passage,
    )


def reflowed(text: str) -> str:
    """The text with the line breaks inside its paragraphs turned into spaces: every offset stays what it was."""
    return _CONTINUED.sub(" ", text)


def pieces(text: str, spans: Iterable[Span]) -> tuple[Piece, ...]:
    """The text, reflowed, cut at the spans, which are marked; they may overlap and reach beyond the text."""
    text = reflowed(text)
    cut: list[Piece] = []
    done = 0
    for first, last in sorted(spans):
        start, end = max(first, done), min(last, len(text))
        if start < end:
            cut += [Piece(text[done:start], marked=False)] if done < start else []
            # Two spans that touch are one mark.
            if cut and cut[-1].marked:
                cut[-1] = Piece(cut[-1].text + text[start:end], marked=True)
            else:
                cut.append(Piece(text[start:end], marked=True))
            done = end
    return (*cut, Piece(text[done:], marked=False)) if done < len(text) else tuple(cut)


def _beginning(text: str) -> str:
    line = one_line(text)
    if len(line) <= _EXCERPT:
        return line
    words = line[:_EXCERPT].rsplit(" ", 1)
    return words[0].rstrip() + "…"


def _lines(lines: Span) -> str:
    first, last = lines
    return f"line {first}" if first == last else f"lines {first}–{last}"


def _listed(numbers: Sequence[str]) -> str:
    return " and ".join([", ".join(numbers[:-1]), numbers[-1]]) if len(numbers) > 1 else "".join(numbers)
