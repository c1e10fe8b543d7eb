"""Which claims of a text that a model wrote the quotes behind its markers hold."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from briefqa.prompting.claims import cited_sentences
from briefqa.prompting.prompts import NOT_THERE
from briefqa.prompting.quoting import quoted
from briefqa.prompting.support import Source, support

if TYPE_CHECKING:
    from collections.abc import Sequence

    from briefqa.prompting.quoting import Quoted
    from briefqa.types import Answer, Citation, Hits

Verdict = Literal["supported", "not supported", "no citation", "unknown marker"]
_AROUND = 400  # characters on each side of a quote
_MONTHS = (
    "January February March April May June July August September October November December".split()  # noqa: SIM905
)


@dataclass(frozen=True, slots=True)
class Claim:
    """A sentence of the text, which stands at `text[start:end]` there with its markers: the `verdict`, the share of it
    that its quotes hold (`score`, 0 to 1; 0 where it cites none), and the `reason` for another verdict than
    "supported"."""

    text: str
    start: int
    end: int
    markers: tuple[int, ...]
    verdict: Verdict
    score: float
    reason: str


def check_claims(text: str, found: Answer | Hits | Sequence[Citation]) -> list[Claim]:
    """Each sentence of `text`, which was written from what `prompt(found)` gave, but for "Not in these articles.".

    A claim is compared with the quotes that it cites by words, numbers, names and negations: one that says the same in
    other words can be judged "not supported", and one that twists the same words "supported". It needs no model.
    """
    sources = {entry.marker: _source(entry) for entry in quoted(found)}
    claims = []
    for sentence in cited_sentences(text):
        if sentence.plain == NOT_THERE:
            continue
        verdict, score, reason = _judged(sentence.plain, sentence.markers, sources)
        claims.append(Claim(sentence.plain, *sentence.span, sentence.markers, verdict, round(score, 4), reason))
    return claims


def _judged(claim: str, markers: Sequence[int], sources: dict[int, Source]) -> tuple[Verdict, float, str]:
    if not markers:
        return "no citation", 0.0, "It cites no quote."
    cited = [sources[marker] for marker in markers if marker in sources]
    unknown = [f"[{marker}]" for marker in markers if marker not in sources]
    told = support(claim, cited) if cited else None
    if unknown:
        return "unknown marker", told.score if told else 0.0, f"There is no quote {' or '.join(unknown)}."
    if told is None or told.enough:
        return "supported", told.score if told else 0.0, ""
    return "not supported", told.score, " ".join(told.reasons)


def _source(entry: Quoted) -> Source:
    document = entry.document
    published = document.published or ""
    month = _MONTHS[int(published[5:7]) - 1] if len(published) > 5 else ""
    heading = " ".join(filter(None, [document.title, document.source, *document.authors, published, month]))
    start, end = max(0, entry.start - _AROUND), entry.start + len(entry.text) + _AROUND
    return Source(entry.text, heading, document.text[start:end], document.language)
