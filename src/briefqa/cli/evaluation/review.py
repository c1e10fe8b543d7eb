"""`briefqa eval review`."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

import typer

from briefqa.cli.dialogue import Dialogue
from briefqa.cli.evaluation.growing_set import Stopped, tell_stale
from briefqa.cli.evaluation.options import QuestionsArgument
from briefqa.cli.options import CsvOption, IndexOption, JsonOption, RerankOption, RetrieverOption, settings
from briefqa.cli.output import print_json, print_message, print_result, terminal_style

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from briefqa.api import Index
    from briefqa.evaluation.datasets import Gold, Question
    from briefqa.evaluation.judged import Judgements
    from briefqa.evaluation.pooling import Place, Unjudged

_HELP = """\
Does the passage answer the question as well as the gold does? Type the numbers
of the sentences that do (2, or 2-3 for neighbours; y if there is one), n if
none does, s to skip it, q to stop."""


def review(
    questions: QuestionsArgument = None,
    run: Annotated[
        list[str] | None,
        typer.Option("--run", metavar="RUN", help="Judge what this kept run found; repeat it to pool several."),
    ] = None,
    limit: Annotated[int, typer.Option("--limit", min=1, metavar="N", help="Ask for so many passages.")] = 20,
    depth: Annotated[int, typer.Option("--depth", min=1, max=100, metavar="N", help="Look at so many ranks.")] = 5,
    index: IndexOption = None,
    retriever: RetrieverOption = None,
    rerank: RerankOption = None,
    json: JsonOption = False,
    csv: CsvOption = False,
) -> None:
    """Judge passages that rank high for a question of the set and hold none of its golds.

    A yes adds a gold to the question; a no is kept beside the set (`briefs.judged.jsonl`), and nobody is asked again.
    The best ranks come first. Without --run, the index is searched now. The dialogue is on stderr.

    For example:

        briefqa eval review my-questions.jsonl
        briefqa eval review --run dense --run hybrid --depth 10 --limit 50

    """
    import briefqa
    from briefqa.evaluation.datasets import load_questions
    from briefqa.evaluation.gold import require_gold, resolve_gold
    from briefqa.evaluation.judged import Judgements
    from briefqa.evaluation.pooling import moved_since, pool
    from briefqa.rendering.growing import reviewed_csv, reviewed_json
    from briefqa.rendering.style import count
    from briefqa.sentences import sentences

    chosen = settings(index=index, retriever=retriever, rerank=rerank, questions=questions)
    asked = load_questions(chosen.questions)
    judgements = Judgements(chosen.questions)
    with briefqa.open(chosen.index, settings=chosen) as opened:
        tell_stale(opened)
        resolution = resolve_gold(asked, opened.documents, path=chosen.questions)
        require_gold(resolution, path=chosen.questions)
        rankings = [_of_run(name, asked) for name in run] if run else [_searched(opened, asked, depth)]
        wanted = {place.document for ranking in rankings for places in ranking.values() for place in places}
        documents = {document.key: document for document in opened.documents() if document.key in wanted}
        gone = moved_since(rankings, documents)
        if gone:
            print_message(f"{count(gone, 'passage')} of the runs changed since, or went; left out.")
        open_ones = pool(asked, rankings, documents, resolution.spans, judgements, sentences, depth=depth)
        session = _Session(opened, chosen.questions, asked, judgements)
        try:
            session.walk(open_ones, limit)
        finally:
            left = len(open_ones) - session.done
            if json:
                print_json(reviewed_json(chosen.questions, session.added, session.refused, left=left))
            elif csv:
                print_result(reviewed_csv(session.added, session.refused))
            else:
                told = f"{count(len(session.added), 'gold')} added, {count(len(session.refused), 'passage')} refused"
                print_result(f"{told}, {left} left to judge")


class _Session:
    """One sitting: what was said so far, all of it written when it was said."""

    def __init__(self, opened: Index, path: str, questions: Sequence[Question], judgements: Judgements) -> None:
        self._opened, self._path, self._judgements = opened, path, judgements
        self._questions = {question.id: question for question in questions}
        self._dialogue = Dialogue()
        self.added: list[tuple[str, Gold]] = []
        self.refused: list[tuple[str, str]] = []
        self.done = 0

    def walk(self, open_ones: Sequence[Unjudged], limit: int) -> None:
        """Ask for each passage in turn, at most so many; `done` counts those that need no more asking."""
        from briefqa.evaluation.pooling import is_full

        if open_ones:
            self._dialogue.say(_HELP)
        asked = 0
        try:
            for entry in open_ones:
                if is_full(self._questions[entry.question.id]):
                    self.done += 1
                    continue
                if asked == limit:
                    break
                asked += 1
                self._judge(entry, f"[{asked}/{min(limit, len(open_ones))}] ")
        except (EOFError, Stopped):
            return

    def _judge(self, entry: Unjudged, lead: str) -> None:
        from briefqa.errors import DatasetError, UsageError
        from briefqa.evaluation.growing import MOST_MARKED, Choices
        from briefqa.evaluation.judged import Judged
        from briefqa.rendering.escape import safe
        from briefqa.rendering.growing import render_choices, render_question
        from briefqa.sentences import sentences

        question = self._questions[entry.question.id]
        choices = Choices(sentences)
        shown = choices.of(entry.document, *entry.span)
        style = terminal_style(stderr=True)
        note = f"  rank {entry.rank}"
        self._dialogue.say(f"\n{lead}{render_question(question)}\n")
        self._dialogue.say(render_choices(entry.document, entry.span, shown, style, question=question.text, note=note))
        while True:
            typed = self._dialogue.ask("Answers it: ")
            if typed == "q":
                raise Stopped
            if typed == "s":
                return
            try:
                if typed == "n":
                    text = entry.document.text[slice(*entry.span)]
                    self._judgements.add(Judged(question.id, entry.document.key, text))
                    self.refused.append((question.id, entry.document.key))
                else:
                    chosen = "1" if typed == "y" and len(shown) == 1 else typed
                    self._add(question, choices.golds(chosen, most=MOST_MARKED - len(question.gold)))
            except (UsageError, DatasetError) as error:
                self._dialogue.say(safe(str(error)))
                continue
            self.done += 1
            return

    def _add(self, question: Question, golds: Sequence[Gold]) -> None:
        from briefqa.evaluation.gold import require_gold, resolve_gold
        from briefqa.evaluation.question_files import add_gold

        grown = replace(question, gold=(*question.gold, *golds))
        found = resolve_gold([grown], self._opened.documents, path=self._path)
        require_gold(found, path=self._path)
        for gold in golds:
            add_gold(self._path, question.id, gold)
            self.added.append((question.id, gold))
        self._questions[question.id] = grown


def _searched(opened: Index, questions: Sequence[Question], depth: int) -> Mapping[str, Sequence[Place]]:
    from briefqa.evaluation.pooling import Place, is_full

    return {
        question.id: [
            Place(hit.document.key, (hit.passage.start, hit.passage.end), hit.passage.text)
            for hit in opened.search(question.text, top_k=depth).hits
        ]
        for question in questions
        if not is_full(question)
    }


def _of_run(name: str, questions: Sequence[Question]) -> Mapping[str, Sequence[Place]]:
    """What a kept run found for the questions of the set. Raises UsageError if it asked none of them."""
    from briefqa.errors import UsageError
    from briefqa.evaluation.pooling import Place
    from briefqa.evaluation.runs import read_run

    texts = {question.id: question.text for question in questions}
    kept = read_run(name)
    outcomes = [entry for entry in kept.report.outcomes if texts.get(entry.id) == entry.text]
    if not outcomes:
        message = f"the run {name} asked none of these questions; give a run of this set"
        raise UsageError(message)
    return {
        entry.id: [Place(hit.document, hit.span, kept.passages[hit.id].text) for hit in entry.hits]
        for entry in outcomes
    }
