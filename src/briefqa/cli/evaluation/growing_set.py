"""What the commands that grow a question set share: the set on disk, and what they show and ask."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from briefqa.cli.output import print_message, terminal_style

if TYPE_CHECKING:
    from collections.abc import Sequence

    from briefqa.api import Index
    from briefqa.cli.dialogue import Dialogue
    from briefqa.evaluation.datasets import Gold, Question
    from briefqa.evaluation.growing import Choices

_TAGS_SHOWN = 12


class Stopped(Exception):
    """Whoever is asked wants to stop."""


class GrowingSet:
    """A question set that questions are added to; it needn't be there yet. DatasetError if it is no good."""

    def __init__(self, path: str, opened: Index) -> None:
        from pathlib import Path

        from briefqa.evaluation.datasets import load_questions

        self.path, self._opened = path, opened
        there = Path(path).exists() and Path(path).stat().st_size > 0
        self.questions: list[Question] = load_questions(path) if there else []

    @property
    def tags(self) -> list[str]:
        """The set's tags, the most common first."""
        return [tag for tag, _ in Counter(tag for question in self.questions for tag in question.tags).most_common()]

    def check(self, golds: Sequence[Gold]) -> None:
        """DatasetError if a gold does not stand in the index's documents, word for word."""
        from briefqa.evaluation.datasets import Question
        from briefqa.evaluation.gold import require_gold, resolve_gold

        if golds:
            asked = [Question("new", "new", (), tuple(golds), len(self.questions) + 1)]
            found = resolve_gold(asked, self._opened.documents, path=self.path)
            require_gold(found, path=self.path, drift_allowed=False)

    def append(self, text: str, tags: Sequence[str], golds: Sequence[Gold]) -> Question:
        """Write a question to the end of the set. DatasetError, and nothing is written, if it can't stand there."""
        from briefqa.evaluation.datasets import Question
        from briefqa.evaluation.question_files import append_question

        made = append_question(self.path, Question("", text, tuple(tags), tuple(golds), len(self.questions) + 1))
        self.questions.append(made)
        return made


def show_hits(opened: Index, choices: Choices, dialogue: Dialogue, words: str, *, top_k: int) -> None:
    """Search, and show what is found with its sentences numbered."""
    from briefqa.rendering.growing import render_choices

    style = terminal_style(stderr=True)
    hits = opened.search(words, top_k=top_k).hits
    for hit in hits:
        span = hit.passage.start, hit.passage.end
        sentences = choices.of(hit.document, *span)
        dialogue.say(render_choices(hit.document, span, sentences, style, question=words) + "\n")
    if not hits:
        dialogue.say("Nothing found.")


def tell_near_duplicates(growing: GrowingSet, dialogue: Dialogue, text: str) -> None:
    """Point out questions of the set that ask nearly the same."""
    from briefqa.evaluation.growing import near_duplicates
    from briefqa.rendering.columns import wrapped

    for question in near_duplicates(text, growing.questions):
        dialogue.say("\n".join(wrapped(f"Much like {question.id}: {question.text}")))


def tell_stale(opened: Index) -> None:
    """Say so where the articles have changed: what is shown, and gold is looked for in, is what was indexed."""
    if opened.info.stale:
        print_message("Note: the articles have changed since the index was made; this looks at the index.")


def ask_tags(growing: GrowingSet, dialogue: Dialogue) -> list[str]:
    """Tags for a question, each once; none if stdin ends here, as the question itself was told."""
    from briefqa.rendering.columns import wrapped

    used = growing.tags[:_TAGS_SHOWN]
    if used:
        dialogue.say("\n".join(wrapped(f"Tags so far: {', '.join(used)}")))
    try:
        typed = dialogue.ask("Tags, separated by commas, or none: ", known=growing.tags)
    except EOFError:
        return []
    return list(dict.fromkeys(tag.strip() for tag in typed.split(",") if tag.strip()))
