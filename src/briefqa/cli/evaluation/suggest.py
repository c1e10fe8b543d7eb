"""`briefqa eval suggest`."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

import typer

from briefqa.cli.dialogue import Dialogue
from briefqa.cli.evaluation.growing_set import (
    GrowingSet,
    Stopped,
    show_hits,
    tell_near_duplicates,
    tell_stale,
)
from briefqa.cli.evaluation.options import QuestionsArgument
from briefqa.cli.options import CsvOption, IndexOption, JsonOption, RetrieverOption, settings
from briefqa.cli.output import print_json, print_result

if TYPE_CHECKING:
    from collections.abc import Sequence

    from briefqa.api import Index
    from briefqa.evaluation.candidates import Candidate
    from briefqa.types import Span

_SHOWN = 3
_TAG = "suggested"
_ORIGINS = 5
_HELP = """\
y adds the question to the set, e lets you edit it first, n or an empty line
passes it over, q stops."""
_HELP_UNANSWERABLE = f"""\
Is it true that nothing answers it? Look at what was found.
{_HELP}"""


def suggest(
    questions: QuestionsArgument = None,
    number: Annotated[int, typer.Option("--n", "-n", min=1, metavar="N", help="Suggest so many.")] = 40,
    seed: Annotated[int, typer.Option("--seed", metavar="N", help="Another seed gives others.")] = 0,
    unanswerable: Annotated[
        bool, typer.Option("--unanswerable", help="Near misses: a name or year exchanged, so that nothing answers.")
    ] = False,
    listed: Annotated[bool, typer.Option("--list", help="Print all of them, and ask nothing.")] = False,
    index: IndexOption = None,
    retriever: RetrieverOption = None,
    json: JsonOption = False,
    csv: CsvOption = False,
) -> None:
    """Suggest questions for a set, made from the articles by patterns, without any language model.

    Each comes with the sentence that answers it, and is added once you say so. Where no pattern fits, it is keywords,
    as people type them into a search box. Such questions borrow the articles' words, so any search finds their answers
    more easily than those of questions that people ask: mix them with real ones. English only.

    For example:

        briefqa eval suggest my-questions.jsonl
        briefqa eval suggest --unanswerable --n 20
        briefqa eval suggest --list --seed 7

    """
    import briefqa
    from briefqa.rendering.growing import candidates_csv, candidates_json, render_candidates

    chosen = settings(index=index, retriever=retriever, questions=questions)
    with briefqa.open(chosen.index, settings=chosen) as opened:
        tell_stale(opened)
        growing = GrowingSet(chosen.questions, opened)
        found = _candidates(opened, growing, number, seed, unanswerable=unanswerable)
        if json:
            print_json(candidates_json(found, seed=seed))
        elif csv:
            print_result(candidates_csv(found))
        elif listed:
            print_result(render_candidates(found, seed=seed))
        else:
            _walk(opened, growing, found, seed)


def _candidates(
    opened: Index, growing: GrowingSet, number: int, seed: int, *, unanswerable: bool
) -> Sequence[Candidate]:
    from briefqa.answering.context import leans
    from briefqa.evaluation.near_misses import near_misses
    from briefqa.evaluation.suggesting import KEYWORDS, sample_documents, suggest
    from briefqa.sentences import sentences

    def stands_alone(text: str, spans: Sequence[Span], place: int) -> bool:
        return not leans(text, spans, place)

    sample = sample_documents(opened.documents(), seed=seed)
    if not unanswerable:
        return suggest(sample, sentences, stands_alone, growing.questions, count=number)
    origins = [question.text for question in growing.questions if question.gold]
    made = suggest(sample, sentences, stands_alone, growing.questions, count=_ORIGINS * number)
    origins += [candidate.text for candidate in made if candidate.kind != KEYWORDS]
    return near_misses(origins, sample, opened.documents, growing.questions, count=number, seed=seed)


def _walk(opened: Index, growing: GrowingSet, found: Sequence[Candidate], seed: int) -> None:
    from briefqa.rendering.style import count

    dialogue = Dialogue()
    dialogue.say(f"{count(len(found), 'suggestion')}, seed {seed}.")
    if found:
        dialogue.say(_HELP if found[0].gold else _HELP_UNANSWERABLE)
    try:
        for place, candidate in enumerate(found, 1):
            _offer(opened, growing, dialogue, candidate, lead=f"[{place}/{len(found)}] ")
    except (EOFError, Stopped):
        return


def _offer(opened: Index, growing: GrowingSet, dialogue: Dialogue, candidate: Candidate, *, lead: str) -> None:
    from briefqa.errors import DatasetError, UsageError
    from briefqa.evaluation.growing import Choices
    from briefqa.rendering.escape import safe
    from briefqa.rendering.growing import render_candidate, render_question
    from briefqa.sentences import sentences

    while True:
        dialogue.say("\n" + render_candidate(candidate, lead=lead))
        try:
            if candidate.gold is None:
                show_hits(opened, Choices(sentences), dialogue, candidate.text, top_k=_SHOWN)
            typed = dialogue.ask("Add it: ")
            if typed == "q":
                raise Stopped
            if typed in ("", "n"):
                return
            if typed == "e":
                text = " ".join(dialogue.ask("Question: ").split())
                candidate = replace(candidate, text=text or candidate.text)
                tell_near_duplicates(growing, dialogue, candidate.text)
            elif typed == "y":
                golds = [candidate.gold] if candidate.gold else []
                growing.check(golds)
                print_result(render_question(growing.append(candidate.text, [_TAG, candidate.kind], golds)))
                return
            else:
                dialogue.say("Type y, e, n or q.")
        except (DatasetError, UsageError) as error:
            dialogue.say(safe(str(error)))
            return
