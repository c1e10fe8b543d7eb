"""Whether two runs may be compared at all, and what else they differ in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from briefqa.errors import UsageError
from briefqa.evaluation.results import Outcome, Setting
from briefqa.evaluation.runs import Run, RunRecord

_CORPUS = "corpus_sha256"
_VERSION = "briefqa"
_IDS_SHOWN = 10


@dataclass(frozen=True, slots=True)
class Difference:
    """A setting, or a property of the index ("index." before its name), that two runs differ in; None for one that a
    run does not have."""

    name: str
    baseline: Setting
    other: Setting


def check_corpus(
    baseline: Mapping[str, Setting], other: Mapping[str, Setting], *, name: str, other_corpus: bool
) -> None:
    """Raises UsageError if the two indexes hold other articles, unless that is wanted. `name` is what the other one is
    called."""
    if baseline[_CORPUS] != other[_CORPUS] and not other_corpus:
        message = (
            f"{name} was measured on other articles than the baseline; measure both on the same articles, or compare "
            "them nonetheless with --other-corpus"
        )
        raise UsageError(message)


def check_questions(baseline: Run, other: Run, *, other_corpus: bool) -> None:
    """Raises UsageError, with the ids, if questions of the same id have other words or gold in the two runs.

    Gold quotes are words of the articles: with `other_corpus` it is enough that both or neither have any.
    """
    theirs = {outcome.id: _asked(outcome, gold=not other_corpus) for outcome in other.report.outcomes}
    changed = [
        outcome.id
        for outcome in baseline.report.outcomes
        if outcome.id in theirs and theirs[outcome.id] != _asked(outcome, gold=not other_corpus)
    ]
    if changed:
        named = ", ".join(repr(identity) for identity in changed[:_IDS_SHOWN])
        more = f" and {len(changed) - _IDS_SHOWN} more" if len(changed) > _IDS_SHOWN else ""
        message = (
            f"{baseline.record.name} and {other.record.name} have different questions, or different gold, under the "
            f"ids {named}{more}; make one of them again with the other's question set"
        )
        raise UsageError(message)


def shared_questions(runs: Sequence[Run]) -> list[str]:
    """The ids of the questions that every run has, in the first one's order. UsageError if there is none."""
    asked = [{outcome.id for outcome in run.report.outcomes} for run in runs]
    shared = [outcome.id for outcome in runs[0].report.outcomes if all(outcome.id in ids for ids in asked)]
    if not shared:
        message = "the runs have no question in common; ask the same question set in each"
        raise UsageError(message)
    return shared


def check_same_set(baseline: Run, other: Run) -> None:
    """Raises UsageError if either run has a question that the other one lacks."""
    mine = {outcome.id for outcome in baseline.report.outcomes}
    theirs = {outcome.id for outcome in other.report.outcomes}
    if mine != theirs:
        message = (
            f"{baseline.record.name} was asked {len(mine - theirs)} questions that {other.record.name} was not, and "
            f"{len(theirs - mine)} the other way round; ask both the same set, or compare the questions that both have "
            "with --other-corpus"
        )
        raise UsageError(message)


def differing_settings(baseline: Run, other: Run) -> tuple[Difference, ...]:
    """The settings and properties of the index that the two runs differ in, and briefqa's version if it is another."""
    sides = (baseline.record, other.record)
    names = [
        *(name for side in sides for name in side.settings),
        *(_of_index(name) for side in sides for name in side.index),
        _VERSION,
    ]
    mine, theirs = map(_circumstances, sides)
    return tuple(
        Difference(name, mine.get(name), theirs.get(name))
        for name in dict.fromkeys(names)
        if mine.get(name) != theirs.get(name)
    )


def _asked(outcome: Outcome, *, gold: bool) -> tuple[str, bool, frozenset[tuple[str, str]]]:
    quotes = {(found.document, " ".join(found.text.split())) for found in outcome.golds}
    return outcome.text, outcome.answerable, frozenset(quotes if gold else ())


def _circumstances(record: RunRecord) -> dict[str, Setting]:
    of_index = {_of_index(name): value for name, value in record.index.items()}
    return {**record.settings, **of_index, _VERSION: record.briefqa}


def _of_index(name: str) -> str:
    return f"index.{name}"
