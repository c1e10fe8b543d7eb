"""What is shown while a question set grows: passages with numbered sentences, suggestions, golds and what was added."""

from __future__ import annotations

from typing import TYPE_CHECKING

from briefqa.addresses import lines_of
from briefqa.rendering.columns import wrapped
from briefqa.rendering.escape import safe
from briefqa.rendering.style import count, headline, paragraph, place
from briefqa.rendering.tables import to_csv

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from briefqa.evaluation.candidates import Candidate, Shown
    from briefqa.evaluation.datasets import Gold, Question
    from briefqa.rendering.style import Style
    from briefqa.types import Document, Span

ADD_SCHEMA = "briefqa.add/1"
REVIEW_SCHEMA = "briefqa.review/1"
SUGGEST_SCHEMA = "briefqa.suggest/1"

_INDENT = 6


def render_choices(
    document: Document, span: Span, sentences: Sequence[Shown], style: Style, *, question: str, note: str = ""
) -> str:
    """The passage at `span`: where it stands, and its sentences behind their numbers."""
    shown = [*headline(document, style, lead="  ", indent=2)]
    where = style.dim(place(document, lines_of(document, *span), span[0]))
    shown.append(f"  {style.link(where, document)}{style.dim(safe(note))}")
    for sentence in sentences:
        first, *others = paragraph(sentence.text, style, indent=_INDENT, question=question) or [""]
        number = style.accent(f"{sentence.number:>{_INDENT - 2}}")
        shown += [f"{number}  {first[_INDENT:]}", *others]
    return "\n".join(shown)


def render_gold(gold: Gold) -> list[str]:
    """A gold quote with its document, as lines of at most 80 columns."""
    return wrapped(f"“{gold.quote}” ({gold.document})" if gold.quote else gold.document, indent=2)


def render_question(question: Question) -> str:
    """A question of a set in a line or two, and its golds."""
    tags = f" [{', '.join(question.tags)}]" if question.tags else ""
    lines = wrapped(f"{question.id}  {question.text}{tags}")
    lines += [line for gold in question.gold for line in render_gold(gold)]
    return "\n".join(lines if question.gold else [*lines, "  nothing answers it"])


def render_candidate(candidate: Candidate, *, lead: str) -> str:
    """A suggested question behind `lead`, and the sentence that answers it or the question that it was made of."""
    first, *others = wrapped(f"{candidate.text} [{candidate.kind}]", indent=len(lead))
    lines = [lead + first[len(lead) :], *others]
    if candidate.gold and candidate.lines:
        lines += [
            *wrapped(f"“{candidate.gold.quote}”", indent=_INDENT),
            *wrapped(_where(candidate.gold.document, candidate.lines), indent=_INDENT),
        ]
    if candidate.origin:
        lines += wrapped(f"made of: {candidate.origin}", indent=_INDENT)
    return "\n".join(lines)


def render_candidates(candidates: Sequence[Candidate], *, seed: int) -> str:
    """All suggestions, numbered, with the seed that gives them again."""
    shown = [render_candidate(candidate, lead=f"{number:>3}. ") for number, candidate in enumerate(candidates, 1)]
    return "\n".join([*shown, *([""] if shown else []), f"{count(len(shown), 'suggestion')}, seed {seed}"])


def candidates_csv(candidates: Iterable[Candidate]) -> str:
    """A row for each suggestion."""
    header = ["kind", "question", "document", "first_line", "last_line", "quote", "origin"]
    return to_csv(header, [_cells(candidate) for candidate in candidates])


def candidates_json(candidates: Iterable[Candidate], *, seed: int) -> dict[str, object]:
    """Schema "briefqa.suggest/1"."""
    return {
        "schema": SUGGEST_SCHEMA,
        "seed": seed,
        "candidates": [
            {
                "kind": candidate.kind,
                "question": candidate.text,
                "gold": [_gold(candidate.gold)] if candidate.gold else [],
                "lines": list(candidate.lines) if candidate.lines else None,
                "origin": candidate.origin,
            }
            for candidate in candidates
        ],
    }


def added_json(path: str, questions: Iterable[Question]) -> dict[str, object]:
    """Schema "briefqa.add/1"."""
    return {
        "schema": ADD_SCHEMA,
        "path": path,
        "questions": [
            {
                "id": question.id,
                "question": question.text,
                "tags": list(question.tags),
                "gold": [_gold(gold) for gold in question.gold],
            }
            for question in questions
        ],
    }


def added_csv(questions: Iterable[Question]) -> str:
    """A row for each gold, and one for a question that nothing answers, in the columns of a table to import: of several
    rows with one id the question is one; its tags are parted by |."""
    rows = [
        [question.id, question.text, "|".join(question.tags), gold and gold.document, gold and gold.quote]
        for question in questions
        for gold in question.gold or (None,)
    ]
    return to_csv(["id", "question", "tags", "document", "quote"], rows)


def reviewed_csv(added: Iterable[tuple[str, Gold]], refused: Iterable[tuple[str, str]]) -> str:
    """A row for each gold that was added, then for each passage (by document) that was refused."""
    rows: list[list[object]] = [["added", question, gold.document, gold.quote] for question, gold in added]
    rows += [["refused", question, document, None] for question, document in refused]
    return to_csv(["verdict", "question", "document", "quote"], rows)


def reviewed_json(
    path: str, added: Iterable[tuple[str, Gold]], refused: Iterable[tuple[str, str]], *, left: int
) -> dict[str, object]:
    """Schema "briefqa.review/1": golds that were added and passages (by document) refused, each with its question's
    id, and how many passages are left to judge."""
    return {
        "schema": REVIEW_SCHEMA,
        "path": path,
        "added": [{"question": question, "gold": _gold(gold)} for question, gold in added],
        "refused": [{"question": question, "document": document} for question, document in refused],
        "left": left,
    }


def _where(document: str, lines: Span) -> str:
    first, last = lines
    return f"{document}:{first}" + (f"-{last}" if last != first else "")


def _cells(candidate: Candidate) -> list[object]:
    gold, lines = candidate.gold, candidate.lines or (None, None)
    found = [gold.document, *lines, gold.quote] if gold else [None] * 4
    return [candidate.kind, candidate.text, *found, candidate.origin]


def _gold(gold: Gold) -> dict[str, object]:
    return {"document": gold.document, "quote": gold.quote}
