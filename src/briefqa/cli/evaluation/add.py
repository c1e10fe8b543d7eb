"""`briefqa eval add`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from briefqa.cli.dialogue import Dialogue
from briefqa.cli.evaluation.growing_set import (
    GrowingSet,
    Stopped,
    ask_tags,
    show_hits,
    tell_near_duplicates,
    tell_stale,
)
from briefqa.cli.evaluation.options import QuestionsArgument
from briefqa.cli.options import CsvOption, IndexOption, JsonOption, RerankOption, RetrieverOption, settings
from briefqa.cli.output import print_json, print_result

if TYPE_CHECKING:
    from briefqa.api import Index
    from briefqa.evaluation.datasets import Question

_HELP = """\
Type the numbers of the sentences that answer it: 2, or 2-3 for neighbours as
one quote, or 1,4 for two quotes. Or: s WORDS to search with other words, n if
nothing answers it, q to stop; an empty line leaves the question out."""


def add(
    questions: QuestionsArgument = None,
    question: Annotated[
        str | None, typer.Option("--question", metavar="TEXT", help="Add this question, and no other.")
    ] = None,
    index: IndexOption = None,
    retriever: RetrieverOption = None,
    rerank: RerankOption = None,
    top_k: Annotated[int, typer.Option("--top-k", "-k", min=1, max=50, metavar="N", help="Show so many passages.")] = 5,
    json: JsonOption = False,
    csv: CsvOption = False,
) -> None:
    """Add questions to a set, and mark the sentences that answer them by number.

    Asks for a question, shows what the index holds, takes the numbers of the sentences that answer it, and writes the
    question with its gold quotes at once. The set is made if it is not there. An empty line, or the end of stdin, ends
    it. The dialogue is on stderr, the questions that were added are on stdout: with --csv as a table that `briefqa eval
    import csv` reads.

    For example:

        briefqa eval add my-questions.jsonl
        briefqa eval add my-questions.jsonl --question "Who leads the CSTO?" --json

    """
    import briefqa
    from briefqa.errors import UsageError
    from briefqa.rendering.growing import added_csv, added_json, render_question

    if question is not None and not question.strip():
        message = "The question is empty; give one behind --question, or leave it out to be asked."
        raise UsageError(message)
    chosen = settings(index=index, retriever=retriever, rerank=rerank, questions=questions, top_k=top_k)
    dialogue = Dialogue()
    added: list[Question] = []
    with briefqa.open(chosen.index, settings=chosen) as opened:
        tell_stale(opened)
        growing = GrowingSet(chosen.questions, opened)
        dialogue.say(_HELP)
        try:
            while text := question or dialogue.ask("\nQuestion: "):
                made = _ask(opened, growing, dialogue, " ".join(text.split()))
                if made:
                    added.append(made)
                    if not (json or csv):
                        print_result(render_question(made))
                if question:
                    break
        except (EOFError, Stopped):
            pass
        finally:
            if json:
                print_json(added_json(chosen.questions, added))
            elif csv:
                print_result(added_csv(added))


def _ask(opened: Index, growing: GrowingSet, dialogue: Dialogue, text: str) -> Question | None:
    """Have one question marked, and write it; None if it is left out. Raises Stopped, and EOFError where stdin ends."""
    from briefqa.errors import DatasetError, UsageError
    from briefqa.evaluation.growing import Choices
    from briefqa.rendering.escape import safe
    from briefqa.sentences import sentences

    tell_near_duplicates(growing, dialogue, text)
    choices = Choices(sentences)
    words = text
    while True:
        try:
            if words:
                show_hits(opened, choices, dialogue, words, top_k=opened.settings.top_k)
                words = ""
            typed = dialogue.ask("Gold: ")
            if typed == "q":
                raise Stopped
            if not typed:
                dialogue.say("Left out.")
                return None
            if typed == "s" or typed.startswith("s "):
                words = typed[1:].strip() or text
                continue
            golds = () if typed == "n" else choices.golds(typed)
            growing.check(golds)
            return growing.append(text, ask_tags(growing, dialogue), golds)
        except (UsageError, DatasetError) as error:
            dialogue.say(safe(str(error)))
            words = ""
