"""`briefqa eval gold`."""

from __future__ import annotations

from typing import Annotated

import typer

from briefqa.cli.evaluation.growing_set import tell_stale
from briefqa.cli.evaluation.options import QuestionsArgument
from briefqa.cli.options import CsvOption, IndexOption, JsonOption, settings
from briefqa.cli.output import print_json, print_result


def gold(
    questions: QuestionsArgument = None,
    fix: Annotated[bool, typer.Option("--fix", help="Write the places found into the set.")] = False,
    index: IndexOption = None,
    json: JsonOption = False,
    csv: CsvOption = False,
) -> None:
    """List the gold quotes that no longer stand word for word in the documents they name, and where they were found.

    Exit code 2: some are lost. With --fix the set says what the articles say now; lost golds stay as they are.
    Read what changed before you fix it: a changed number may be another answer.

    For example:

        briefqa eval gold my-questions.jsonl
        briefqa eval gold my-questions.jsonl --fix

    """
    import briefqa
    from briefqa.evaluation.datasets import load_questions
    from briefqa.evaluation.gold import resolve_gold
    from briefqa.evaluation.question_files import rewrite_gold
    from briefqa.rendering.gold import gold_csv, gold_json, render_gold_places

    chosen = settings(index=index, questions=questions)
    path = chosen.questions
    asked = load_questions(path)
    with briefqa.open(chosen.index, settings=chosen) as opened:
        tell_stale(opened)
        found = resolve_gold(asked, opened.documents, path=path)
    written = fix and rewrite_gold(path, found) > 0
    golds = sum(len(question.gold) for question in asked)
    if json:
        print_json(gold_json(path, golds, found.drift, found.lost, written=written))
    elif csv:
        print_result(gold_csv(found.drift, found.lost))
    else:
        print_result(render_gold_places(path, golds, found.drift, found.lost, written=written))
    if found.lost:
        raise typer.Exit(2)
