"""`briefqa eval compare`."""

from __future__ import annotations

from typing import Annotated

import typer

from briefqa.cli.evaluation.options import OtherCorpusOption
from briefqa.cli.options import CsvOption, JsonOption
from briefqa.cli.output import print_json, print_result, terminal_style


def compare(
    runs: Annotated[
        list[str], typer.Argument(metavar="BASELINE RUN...", help="Runs that were kept, by name or folder.")
    ],
    measure: Annotated[
        list[str] | None,
        typer.Option("--measure", "-m", metavar="NAME", help="What to compare, as recall@5; may be repeated."),
    ] = None,
    every: Annotated[bool, typer.Option("--all", help="Compare every measure that single questions have.")] = False,
    by: Annotated[
        str | None,
        typer.Option("--by", metavar="MEASURE", help="What the moved questions moved by.", show_default="nDCG@10"),
    ] = None,
    moved: Annotated[int, typer.Option("--moved", min=0, metavar="N", help="Show so many moved questions.")] = 5,
    other_corpus: OtherCorpusOption = False,
    json: JsonOption = False,
    csv: CsvOption = False,
) -> None:
    """Hold runs against the first, question by question: what changed, and whether it could be chance.

    For each measure: the difference with its interval, p by a paired randomisation test (adjusted by Holm where
    several runs are held against the first), wins, losses and ties, and the difference that such a set would likely
    have shown. Then the questions that moved most.

    For example:

        briefqa eval compare dense hybrid
        briefqa eval compare runs/main runs/new --measure recall@5 --measure quote_hit --csv

    """
    from briefqa.errors import UsageError
    from briefqa.evaluation.comparison import HEADLINE, PER_QUESTION
    from briefqa.evaluation.comparison import compare as compare_runs
    from briefqa.evaluation.names import measure_key
    from briefqa.evaluation.runs import read_run
    from briefqa.rendering.comparison import comparison_csv, comparison_json, render_comparison

    if measure and every:
        message = "give --measure or --all, not both"
        raise UsageError(message)
    found = compare_runs(
        [read_run(run) for run in runs],
        [measure_key(name) for name in measure] if measure else PER_QUESTION if every else HEADLINE,
        by=measure_key(by) if by else None,
        moved=moved,
        other_corpus=other_corpus,
        insist=bool(measure),
    )
    if json:
        print_json(comparison_json(found))
    elif csv:
        print_result(comparison_csv(found))
    else:
        print_result(render_comparison(found, color=terminal_style().color))
