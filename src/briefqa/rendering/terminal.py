"""Answers, hits, passages and reports on index runs as terminal text. Pure functions: nothing is printed here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from briefqa.addresses import line_at, page_at
from briefqa.analysis import content_tokens, terms
from briefqa.rendering.escape import one_line, safe
from briefqa.rendering.relative import relative_lines
from briefqa.rendering.style import count, headline, line_range, paragraph, place

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from briefqa.rendering.style import Style
    from briefqa.types import Answer, Citation, Cut, Document, Hit, Hits, Passage

_NAMED_WORDS = 6
_FILE_STATES = {
    "changed": "the file has changed since it was indexed, so the quote may stand elsewhere or nowhere in it.",
    "gone": "the file is not there any more.",
}


def render_answer(answer: Answer, style: Style) -> str:
    """The answer with its citations, or why there is none."""
    lines = _answered(answer, style) if answer.citations else _unanswered(answer, style)
    return "\n".join([*lines, *_notes(answer.notes, style), *_explained(answer, style)])


def render_hits(hits: Hits, style: Style) -> str:
    """The hits, best first, each with where it stands and the part that fits the question best."""
    lines: list[str] = []
    for hit in hits.hits:
        lines += [""] if lines else []
        lines += [
            *headline(hit.document, style, lead=f"{hit.rank:>3}  {hit.score:.3f}  ", indent=12),
            f"            {_place_of(hit, style)}  {style.accent(one_line(hit.passage.id))}",
            *_setting_off(_best_part(hit, hits.question), hits.question, hit.document, style, indent=12),
            *_copies(hit, style),
        ]
    if not hits.hits and (hits.filtered is None or hits.filtered.documents):
        lines.append("  No passage of these articles shares anything with this question.")
    notes = _notes(hits.notes, style)
    return "\n".join([*lines, *(notes if lines else notes[1:]), *_explained(hits, style)])


def render_passages(document: Document, passages: Sequence[Passage], asked: str | None, style: Style) -> str:
    """Passages of a document as numbered source lines; those of the passage asked for are marked."""
    lines = [*headline(document, style, lead="", indent=0), style.link(style.dim(one_line(document.path)), document)]
    width = len(str(line_at(document.text, document.line_map, len(document.text))))
    for passage in passages:
        label = style.accent(f"passage {one_line(passage.id)}")
        page = page_at(document, passage.start)
        where = line_range(passage.lines) + (f", page {page}" if page is not None else "")
        lines += ["", f"{label}{style.dim(f' · {where}')}"]
        mark = ">" if passage.id == asked else " "
        for number, text in _whole_lines(document, passage):
            lines.append(f"{mark} {style.dim(f'{number:>{width}}')}  {safe(text)}".rstrip())
    return "\n".join(lines)


def render_cuts(document: Document, cuts: Sequence[Cut], style: Style) -> str:
    """What was left out of a document, with the reason for each part."""
    lines = [*headline(document, style, lead="", indent=0), style.link(style.dim(one_line(document.path)), document)]
    if not cuts:
        return "\n".join([*lines, "", "Nothing was left out of it."])
    for cut in cuts:
        where = f" · {line_range(cut.lines)}" if cut.lines else ""
        lines += ["", f"{style.accent(one_line(cut.reason))}{style.dim(where)}"]
        lines += [f"  {safe(line)}".rstrip() for line in cut.text.split("\n") if line.strip()]
    counts = f"{count(len(cuts), 'part')} left out; {count(len(document.text.split()), 'word')} kept."
    return "\n".join([*lines, "", style.dim(counts)])


def _whole_lines(document: Document, passage: Passage) -> Iterator[tuple[int, str]]:
    """The numbered lines of the document's text that hold the passage."""
    offset = document.text.rfind("\n", 0, passage.start) + 1
    while offset < passage.end:
        end = document.text.find("\n", offset)
        end = len(document.text) if end < 0 else end
        yield line_at(document.text, document.line_map, offset), document.text[offset:end]
        offset = end + 1


def _answered(answer: Answer, style: Style) -> list[str]:
    lines = paragraph(f"{answer.text} [1]", style, indent=2)
    for citation in answer.citations:
        lines += ["", *_citation(citation, answer.question, style)]
    quotes, articles = len(answer.citations), len({citation.document.id for citation in answer.citations})
    counts = f"{count(quotes, 'quote')} from {count(articles, 'article')}"
    return [*lines, "", style.dim(f"  confidence {answer.confidence:.2f} · {counts}")]


def _citation(citation: Citation, question: str, style: Style) -> list[str]:
    return [
        *headline(citation.document, style, lead=f"  {style.accent(f'[{citation.marker}]')} ", indent=6),
        f"      {_place_of_citation(citation, style)}",
        *_setting_off(f"“{citation.quote}”", question, citation.document, style, indent=6),
        *relative_lines(citation, style, indent=6),
        *[f"      Warning: {_FILE_STATES[state]}" for state in (citation.file_state,) if state in _FILE_STATES],
        *_elsewhere(citation, style),
    ]


def _unanswered(answer: Answer, style: Style) -> list[str]:
    unfit = answer.filtered is not None and not answer.filtered.documents
    lines = ["  There is nothing to answer this from." if unfit else "  Nothing in these articles answers this."]
    if answer.hits:
        hit = min(answer.hits, key=lambda hit: hit.rank)
        lines += [
            "",
            *headline(hit.document, style, lead="  nearest: ", indent=11),
            f"      {_place_of(hit, style)}  {style.accent(one_line(hit.passage.id))}",
            *_setting_off(f"“{_best_part(hit, answer.question)}”", answer.question, hit.document, style, indent=6),
            "",
            *paragraph(_why(answer), style, indent=2),
        ]
    return [*lines, "", style.dim(f"  confidence {answer.confidence:.2f}")]


def _why(answer: Answer) -> str:
    if not answer.missing:
        return "Not enough: it shares the question's words, but no sentence in it brings them together."
    words = [f"“{one_line(word)}”" for word in answer.missing[:_NAMED_WORDS]]
    named = words[0] if len(words) == 1 else f"{', '.join(words[:-1])} or {words[-1]}"
    return f"Not enough: it says nothing of {named}."


def _copies(hit: Hit, style: Style) -> list[str]:
    if not hit.also_in:
        return []
    from briefqa.rendering.copies import render_also_in  # noqa: PLC0415 - most things are told once anyway

    return render_also_in(hit.also_in, style, indent=12)


def _elsewhere(citation: Citation, style: Style) -> list[str]:
    if not (citation.also_in or citation.versions):
        return []
    from briefqa.rendering.copies import render_also_in, render_versions  # noqa: PLC0415 - as above

    lines = render_also_in(citation.also_in, style, indent=6)
    return [*lines, *render_versions(citation, style, indent=6)]


def _place_of_citation(citation: Citation, style: Style) -> str:
    where = place(citation.document, citation.lines, citation.start)
    page = style.page_link(style.dim("on its page"), citation.document, citation.quote)
    return style.link(style.dim(where), citation.document) + (f" · {page}" if page else "")


def _place_of(hit: Hit, style: Style) -> str:
    where = place(hit.document, hit.passage.lines, hit.passage.start)
    return style.link(style.dim(where), hit.document)


def _best_part(hit: Hit, question: str) -> str:
    """The sentence of the passage that shares most terms with the question; the first of equals."""
    text, language = hit.document.text, hit.document.language
    asked = {token.term for token in content_tokens(question, language)}
    sentences = [text[start:end] for start, end in hit.passage.sentences]
    return max(sentences, key=lambda sentence: len(asked & set(terms(sentence, language))), default=hit.passage.text)


def _setting_off(text: str, question: str, document: Document, style: Style, *, indent: int) -> list[str]:
    return paragraph(text, style, indent=indent, question=question, language=document.language)


def _explained(outcome: Answer | Hits, style: Style) -> list[str]:
    if outcome.explanation is None:
        return []
    from briefqa.rendering.explanation import render_explanation  # noqa: PLC0415 - rarely wanted

    return render_explanation(outcome.explanation, outcome.hits, style)


def _notes(notes: Sequence[str], style: Style) -> list[str]:
    return [line for note in notes for line in ("", *paragraph(f"Note: {note}", style, indent=2))]
