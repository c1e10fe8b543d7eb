"""What was read from another format, ready to be written as articles and a question set."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from random import Random
from typing import Literal

from briefqa.errors import DatasetError, UsageError
from briefqa.evaluation.datasets import MOST_GOLDS, Gold, Question
from briefqa.evaluation.exchange.articles import Article, clean


@dataclass(frozen=True, slots=True)
class Imported:
    """`articles` are None where the format has only questions. `dropped` counts the questions that were left out, by
    reason; `widened` are those whose quotes took more words than were marked, to be unmistakable."""

    articles: tuple[Article, ...] | None
    questions: tuple[Question, ...]
    dropped: Mapping[str, int]
    widened: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What was imported from where, in which format, what it is called, and where it was written: `corpus` is None
    where there are only questions, and `seed` where nothing was drawn at random."""

    format: Literal["beir", "squad", "csv"]
    source: str
    name: str
    imported: Imported
    corpus: str | None
    question_set: str
    seed: int | None


class Collector:
    """Takes questions one by one, and leaves out those that no question set can hold."""

    def __init__(self, *, longest: int) -> None:
        self._longest = longest
        self._questions: dict[str, Question] = {}
        self._dropped: Counter[str] = Counter()
        self._widened: set[str] = set()

    def drop(self, reason: str) -> None:
        """Leave a question out."""
        self._dropped[reason] += 1

    def add(
        self, identity: str, text: str, *, gold: Iterable[Gold], tags: Iterable[str] = (), widened: bool = False
    ) -> None:
        """Keep a question, or count why it is left out. The same gold twice is one."""
        identity, text = clean(identity).strip(), " ".join(clean(text).split())
        golds = tuple(dict.fromkeys(gold))
        if not identity or not text:
            self.drop("it has no text, or no id")
        elif identity in self._questions:
            self.drop("another question has its id")
        elif len(text) > self._longest:
            self.drop(f"it is longer than {self._longest:,} characters, the most that can be asked")
        elif len(golds) > MOST_GOLDS:
            self.drop(f"more than {MOST_GOLDS:,} golds answer it")
        else:
            kept = tuple(dict.fromkeys(tag for tag in map(str.strip, map(clean, tags)) if tag))
            self._questions[identity] = Question(identity, text, kept, golds, len(self._questions) + 1)
            self._widened |= {identity} if widened else set()

    def imported(self, articles: Sequence[Article] | None, *, source: str) -> Imported:
        """All that was taken. DatasetError, naming the source, if no question is left."""
        if not self._questions:
            reasons = "".join(f"; {count} left out: {reason}" for reason, count in self._dropped.items())
            message = f"{source}: there is no question to import{reasons}"
            raise DatasetError(message)
        kept = tuple(articles) if articles is not None else None
        return Imported(kept, tuple(self._questions.values()), dict(self._dropped), frozenset(self._widened))


def narrow(imported: Imported, *, questions: int | None, documents: int | None, seed: int) -> Imported:
    """A random part: so many questions, and so many articles, those that their golds name among them; all where None.

    UsageError if the golds name more articles than that.
    """
    chosen = imported.questions
    draw = Random(seed)  # noqa: S311 - no secret, but the same for the same seed
    if questions is not None and questions < len(chosen):
        places = sorted(draw.sample(range(len(chosen)), questions))
        chosen = tuple(replace(chosen[place], line=line) for line, place in enumerate(places, 1))
    articles = imported.articles
    if articles is not None and documents is not None and documents < len(articles):
        named = {gold.document for question in chosen for gold in question.gold}
        if documents < len(named):
            message = f"the golds name {len(named)} articles; ask for so many --documents or more, or --limit questions"
            raise UsageError(message)
        others = [article.key for article in articles if article.key not in named]
        kept = named | set(draw.sample(others, documents - len(named)))
        articles = tuple(article for article in articles if article.key in kept)
    widened = imported.widened & {question.id for question in chosen}
    return replace(imported, articles=articles, questions=chosen, widened=widened)
