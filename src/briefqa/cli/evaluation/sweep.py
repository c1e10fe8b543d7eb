"""`briefqa eval sweep`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from briefqa.cli.evaluation.options import QuestionsArgument, RetrievalOnlyOption, RunsOption, TopKOption
from briefqa.cli.evaluation.run import Keeping, evaluate
from briefqa.cli.options import (
    BeforeOption,
    CollectionOption,
    CsvOption,
    IndexOption,
    JsonOption,
    LanguageOption,
    LastOption,
    PathOption,
    RecencyOption,
    SinceOption,
    SourceOption,
    TagOption,
    settings,
    wanted,
)
from briefqa.cli.output import print_json, print_message, print_result, terminal_style
from briefqa.cli.progress import ProgressBars

if TYPE_CHECKING:
    from briefqa.config import Settings
    from briefqa.evaluation.grids import Configuration


def sweep(
    questions: QuestionsArgument = None,
    grid: Annotated[
        list[str] | None,
        typer.Option("--grid", metavar="NAME=V,V", help="Values to try; once for each setting that varies."),
    ] = None,
    by: Annotated[str, typer.Option("--by", metavar="MEASURE", help="What the best is best by.")] = "nDCG@10",
    name: Annotated[str, typer.Option("--name", metavar="NAME", help="The folder of --runs for its runs.")] = "sweep",
    runs: RunsOption = "runs",
    index: IndexOption = None,
    recency: RecencyOption = None,
    top_k: TopKOption = 10,
    retrieval_only: RetrievalOnlyOption = False,
    since: SinceOption = None,
    before: BeforeOption = None,
    last: LastOption = None,
    source: SourceOption = None,
    path: PathOption = None,
    tag: TagOption = None,
    language: LanguageOption = None,
    collection: CollectionOption = None,
    json: JsonOption = False,
    csv: CsvOption = False,
) -> None:
    """Try every combination of settings on a question set, and say which is best, if any is.

    Settings: chunk, overlap, encoder (these make indexes of their own, beside the runs), retriever, weight, rerank,
    candidates, quotes, confidence. Each combination is a run that is kept; when a sweep is interrupted, the same call
    goes on.

    For example:

        briefqa eval sweep --grid retriever=dense,hybrid --grid weight=.3,.5,.7
        briefqa eval sweep my-questions.jsonl --grid chunk=120,180,240 --by quote_hit

    """
    from briefqa.errors import UsageError
    from briefqa.evaluation.datasets import load_questions
    from briefqa.evaluation.grids import configurations
    from briefqa.evaluation.names import measure_key
    from briefqa.evaluation.runs import RECORD, read_run
    from briefqa.evaluation.sweep import check_measure, rank_runs
    from briefqa.rendering.sweep import render_sweep, sweep_csv, sweep_json

    measure = measure_key(by)
    base = settings(index=index, recency=recency, questions=questions)
    within = wanted(since, before, last, source, path, tag, language, collection)
    tried = configurations(grid or [], base)
    check_measure(measure, load_questions(base.questions), answers=not retrieval_only)
    folder = Path(runs) / name
    if (folder / RECORD).exists():
        message = f"{folder} is a run; give the sweep another --name"
        raise UsageError(message)
    for number, configuration in enumerate(tried, 1):
        print_message(f"[{number}/{len(tried)}] {configuration.label}")
        chosen = _with_index(configuration, base, folder)
        keep = Keeping(folder, configuration.label, reuse=True)
        evaluate(chosen, top_k=top_k, within=within, answers=not retrieval_only, keep=keep)
    found = rank_runs([read_run(folder / configuration.label) for configuration in tried], measure)
    if json:
        print_json(sweep_json(found))
    elif csv:
        print_result(sweep_csv(found))
    else:
        print_result(render_sweep(found, color=terminal_style().color))


def _with_index(configuration: Configuration, base: Settings, folder: Path) -> Settings:
    """The configuration's settings on an index that was made by them."""
    from briefqa.index.branch import branch, inherit
    from briefqa.index.update import update

    if not configuration.index_label:
        return configuration.settings
    place = folder / "indexes" / configuration.index_label
    branch(Path(base.index), place)
    chosen = inherit(configuration.settings, Path(base.index), place)
    with ProgressBars(shown=sys.stderr.isatty()) as bars:
        update(chosen, progress=bars)
    return chosen
