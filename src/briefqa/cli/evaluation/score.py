"""`briefqa eval score`."""

from __future__ import annotations

from typing import Annotated

import typer

from briefqa.cli.options import CsvOption, JsonOption
from briefqa.cli.output import print_json, print_result, terminal_style


def score(
    qrels: Annotated[str, typer.Option("--qrels", metavar="FILE", help="Judgements: question 0 document gain.")],
    runs: Annotated[
        list[str],
        typer.Option("--run", metavar="FILE", help="A run: question Q0 document rank score tag; may be repeated."),
    ],
    measure: Annotated[
        list[str] | None,
        typer.Option("--measure", "-m", metavar="NAME", help="What to measure, as nDCG@10; may be repeated."),
    ] = None,
    by_question: Annotated[
        bool, typer.Option("--by-question", help="The scores of every question, as CSV unless --json is given.")
    ] = False,
    json: JsonOption = False,
    csv: CsvOption = False,
) -> None:
    """Score anyone's rankings, in TREC's format, by anyone's judgements.

    Measures are nDCG@K, RR@K, AP@K, P@K, R@K and Success@K by trec_eval's definitions. A question that a run lacks
    counts 0 (trec_eval -c). Further runs are held against the first, question by question.

    Examples:
        briefqa eval score --qrels test.qrels --run bm25.run
        briefqa eval score --qrels test.qrels --run bm25.run --run dense.run -m nDCG@10 -m recall@100

    """
    from briefqa.errors import UsageError
    from briefqa.evaluation.scoring import DEFAULT_METRICS
    from briefqa.evaluation.scoring import score as score_runs
    from briefqa.evaluation.trec import read_qrels, read_run
    from briefqa.rendering.scoring import by_question_csv, render_scoring, scoring_csv, scoring_json

    if len(set(runs)) < len(runs):
        message = "a run is named twice; give each --run once"
        raise UsageError(message)
    found = score_runs(read_qrels(qrels), {run: read_run(run) for run in runs}, measure or DEFAULT_METRICS)
    if json:
        print_json(scoring_json(found, qrels, by_question=by_question))
    elif by_question:
        print_result(by_question_csv(found))
    elif csv:
        print_result(scoring_csv(found))
    else:
        print_result(render_scoring(found, qrels, color=terminal_style().color))
