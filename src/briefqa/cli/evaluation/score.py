"""`briefqa eval score`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from briefqa.cli.options import CsvOption, JsonOption
from briefqa.cli.output import print_json, print_result, terminal_style


def score(
    qrels: Annotated[str, typer.Option("--qrels", metavar="FILE", help="The judgements: question 0 document gain.")],
    run: Annotated[
        list[str], typer.Option("--run", metavar="FILE", help="A run; several are compared with the first.")
    ],
    measure: Annotated[
        list[str] | None,
        typer.Option(
            "--measure", "-m", metavar="NAME", help="nDCG@K, RR@K, AP@K, P@K, R@K or Success@K; may be repeated."
        ),
    ] = None,
    by_question: Annotated[
        bool, typer.Option("--by-question", help="With --csv: a line a question instead of a line a measure.")
    ] = False,
    json: JsonOption = False,
    csv: CsvOption = False,
) -> None:
    """Score anyone's TREC runs against TREC judgements, by trec_eval's definitions, with intervals and tests.

    The first run is what the others are compared with.

    For example:

        briefqa eval score --qrels test.qrels --run bm25.run --run mine.run
        briefqa eval score --qrels test.qrels --run mine.run -m ndcg@20 -m recall@100 --csv

    """
    from briefqa.errors import UsageError
    from briefqa.evaluation.scoring import score_runs
    from briefqa.rendering.scoring import questions_csv, render_scores, scores_csv, scores_json

    if by_question and not csv:
        message = "--by-question belongs to --csv; --json has the questions anyway"
        raise UsageError(message)
    runs = score_runs(Path(qrels), [Path(path) for path in run], measure or [])
    if json:
        print_json(scores_json(runs, qrels))
    elif csv:
        print_result(questions_csv(runs) if by_question else scores_csv(runs))
    else:
        print_result(render_scores(runs, color=terminal_style().color))
