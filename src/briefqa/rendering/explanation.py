"""What scores and a confidence are made of, as terminal text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from briefqa.rendering.escape import one_line
from briefqa.rendering.style import count, paragraph, place

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from briefqa.explained import ExplainedConfidence, ExplainedHit, Explanation, Part, Term
    from briefqa.rendering.style import Style
    from briefqa.types import Hit

_SHOWN_TERMS = 12
_FUSED = {"dense_share": "meaning", "lexical_share": "words"}
# The columns of the hits' table, in order; those that stand together in one are fused.
_COLUMNS = {
    "dense": "meaning",
    "lexical": "words",
    "dense_share": "fused",
    "lexical_share": "fused",
    "pair_coverage": "sentences",
    "sentence_cosine": "nearest",
    "rerank": "reranker",
    "recency": "recency",
}
_LEGEND = {
    "meaning": "meaning: the cosine",
    "words": "words: BM25",
    "fused": "fused: both searches",
    "sentences": "sentences: words that two side by side hold",
    "nearest": "nearest: the sentence nearest in meaning",
    "reranker": "reranker: its verdict, the rest scaled to it",
    "recency": "recency: what the article's date adds",
}
_FEATURES = {
    "quote_coverage": "words in the first quote",
    "passage_coverage": "words in its passage",
    "exact_coverage": "names and numbers in its passage",
    "score_lead": "lead of the best score",
    "cosine_lead": "lead of the nearest passage in meaning",
    "quote_cosine": "meaning of the first quote",
    "quote_terms": "words met by the quote in meaning",
    "quote_all": "all of the question met by the quote",
    "passage_terms": "words met by its passage in meaning",
    "passage_weakest": "the word that its passage meets least",
}


def render_explanation(explanation: Explanation, hits: Sequence[Hit], style: Style) -> list[str]:
    """Lines on the question's words, each of `hits`, and the confidence where there is one."""
    lines = ["", style.bold("  Explanation"), "", *_terms(explanation.terms, style), ""]
    lines += _hits(explanation.hits, hits, style)
    if explanation.confidence is not None:
        lines += ["", *_confidence(explanation.confidence, style)]
    return lines


def _terms(terms: Sequence[Term], style: Style) -> list[str]:
    if not terms:
        return ["  No word of the question says what it is about."]
    shown = sorted(terms, key=lambda term: -term.weight)[:_SHOWN_TERMS]
    lines = [style.bold("  The question's words, and how much each weighs")]
    for term in shown:
        remarks = ["name or number"] if term.exact else []
        remarks += [] if term.seen else ["in no article"]
        remarks += [] if term.counted else ["not counted: the nearest articles give no date"]
        text = f"{term.word} ({', '.join(remarks)})" if remarks else term.word
        first, *more = paragraph(text, style, indent=9)
        lines += [f"  {term.weight:>5.0%}{first[7:]}", *more]
    left = len(terms) - len(shown)
    return [*lines, style.dim(f"         and {count(left, 'lighter word')}")] if left else lines


def _hits(explained: Sequence[ExplainedHit], hits: Sequence[Hit], style: Style) -> list[str]:
    if not hits:
        return ["  No passage was found."]
    sums = [_columns(hit.parts) for hit in explained]
    known = dict.fromkeys([*_COLUMNS.values(), *(name for row in sums for name in row)])
    names = [name for name in known if any(name in row for row in sums)]
    rows = [
        ["#", "score", *names],
        *(
            [str(hit.rank), _fixed(hit.score), *(_fixed(row[name]) if name in row else "-" for name in names)]
            for hit, row in zip(hits, sums, strict=True)
        ),
    ]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    head, *table = ["  " + "  ".join(map(str.rjust, row, widths)) for row in rows]
    lines = [style.bold("  The passages, and the parts that each score is the sum of")]
    lines += [style.dim(line) for line in paragraph(_legend(names), style, indent=2)]
    lines.append(style.bold(head))
    for line, told, hit in zip(table, explained, hits, strict=True):
        lines += [line, *_below(told, hit, style)]
    return lines


def _legend(names: Sequence[str]) -> str:
    return "; ".join(_LEGEND[name] for name in names if name in _LEGEND)


def _columns(parts: Sequence[Part]) -> dict[str, float]:
    sums: dict[str, float] = {}
    for part in parts:
        name = _COLUMNS.get(part.name) or one_line(part.name)
        sums[name] = sums.get(name, 0.0) + part.contribution
    return sums


def _below(told: ExplainedHit, hit: Hit, style: Style) -> Iterator[str]:
    yield f"     {style.link(style.dim(place(hit.document, hit.passage.lines, hit.passage.start)), hit.document)}"
    fused = [f"{_FUSED[part.name]} {part.value:.3f} x {part.weight:.3f}" for part in told.parts if part.name in _FUSED]
    if fused:
        yield f"     fused = {' + '.join(fused)}"
    words = [f"{verb} {_quoted(words)}" for verb, words in (("holds", told.holds), ("lacks", told.lacks)) if words]
    if words:
        yield from paragraph("; ".join(words), style, indent=5)


def _confidence(sure: ExplainedConfidence, style: Style) -> list[str]:
    if sure.bias is None or sure.logit is None:
        return [f"  There is nothing to quote: the confidence is 0, and an answer needs {sure.threshold:.2f}."]
    # What has no weight tells nothing.
    parts = sorted((part for part in sure.parts if part.weight), key=lambda part: -abs(part.contribution))
    labels = [_FEATURES.get(part.name, one_line(part.name.replace("_", " "))) for part in parts]
    width = max(map(len, labels), default=0)
    lines = [
        style.bold("  The confidence, and the parts that it is the sum of"),
        style.bold(f"  {'':<{width}}  {'value':>7}  {'weight':>7}  {'adds':>7}"),
    ]
    lines += [
        f"  {label:<{width}}  {_fixed(part.value):>7}  {_fixed(part.weight):>7}  {_fixed(part.contribution, '+'):>7}"
        for label, part in zip(labels, parts, strict=True)
    ]
    lines.append(f"  {'to begin with':<{width}}  {'':>7}  {'':>7}  {_fixed(sure.bias, '+'):>7}")
    verdict = "enough" if sure.probability >= sure.threshold else "not enough"
    total = (
        f"Together {_fixed(sure.logit, '+')}, a probability of 1 / (1 + exp({_fixed(-sure.logit)})) ="
        f" {sure.probability:.2f}: {verdict}, as an answer needs {sure.threshold:.2f}."
    )
    return [*lines, *paragraph(total, style, indent=2)]


def _quoted(words: Sequence[str]) -> str:
    return ", ".join(f"“{one_line(word)}”" for word in words)


def _fixed(value: float, sign: str = "") -> str:
    """Three places, and no minus before nothing."""
    return f"{round(value, 3) + 0.0:{sign}.3f}"
