"""`briefqa eval run`, which is `briefqa eval` alone too."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from briefqa.cli.options import IndexOption, JsonOption, RerankOption, RetrieverOption, settings
from briefqa.cli.output import print_json, print_message, print_result, terminal_style

if TYPE_CHECKING:
    from briefqa.config import Settings
    from briefqa.evaluation.results import Report, Setting
    from briefqa.evaluation.run_writer import RunWriter

TopKOption = Annotated[int, typer.Option("--top-k", "-k", min=10, max=1000, metavar="N", help="Passages a question.")]
RunsOption = Annotated[str, typer.Option("--runs", metavar="FOLDER", help="Where runs are kept.")]


def run(
    questions: Annotated[
        str | None,
        typer.Argument(metavar="[QUESTIONS]", help="The question set.", show_default="evals/briefs.jsonl"),
    ] = None,
    index: IndexOption = None,
    retriever: RetrieverOption = None,
    rerank: RerankOption = None,
    dense_weight: Annotated[
        float | None,
        typer.Option("--dense-weight", metavar="SHARE", help="What meaning counts beside words.", show_default="0.5"),
    ] = None,
    min_confidence: Annotated[
        float | None,
        typer.Option("--min-confidence", metavar="P", help="Answer from this confidence on.", show_default="0.6"),
    ] = None,
    top_k: TopKOption = 10,
    name: Annotated[
        str | None, typer.Option("--name", metavar="NAME", help="Keep the run in this folder of --runs.")
    ] = None,
    runs: RunsOption = "runs",
    replace: Annotated[bool, typer.Option("--replace", help="Replace a run of that name.")] = False,
    json: JsonOption = False,
) -> None:
    """Ask every question of a set, and measure retrieval, quotes and the decision to answer.

    A question set is a file of JSON lines; gold answers are verbatim quotes of documents, so that it outlives any
    change of chunking. It is checked before anything is asked. A run with a name is kept; when it was interrupted,
    the same call goes on.

    Examples:
        briefqa eval
        briefqa eval my-questions.jsonl --retriever dense --name dense
        briefqa eval --rerank --json > reranked.json

    """
    from briefqa.rendering.report import render_report
    from briefqa.rendering.reportjson import report_json

    chosen = settings(
        index=index, retriever=retriever, rerank=rerank, dense_weight=dense_weight, min_confidence=min_confidence,
        questions=questions,
    )  # fmt: skip
    report = evaluate(chosen, top_k=top_k, name=name, runs=Path(runs), replace=replace)
    if json:
        print_json(report_json(report))
    else:
        print_result(render_report(report, color=terminal_style().color))


def evaluate(chosen: Settings, *, top_k: int, name: str | None, runs: Path, replace: bool) -> Report:
    """Evaluate by these settings, and keep the run if it has a name."""
    from dataclasses import replace as with_values

    import briefqa
    from briefqa.api import open_index
    from briefqa.evaluation.datasets import load_questions
    from briefqa.evaluation.evaluate import evaluate as ask_all
    from briefqa.evaluation.run_writer import RunWriter
    from briefqa.evaluation.runs import new_record

    asked = load_questions(chosen.questions)
    told = _told(chosen, top_k)
    # Whatever the confidence, an evaluation wants to see the quotes; the threshold is applied to what they were worth.
    with open_index(chosen.index, settings=with_values(chosen, min_confidence=0.0)) as opened:
        if opened.info.stale:
            print_message("Note: the articles have changed since the index was made; this measures the index.")

        def ask(writer: RunWriter | None) -> Report:
            return ask_all(
                opened,
                asked,
                path=chosen.questions,
                top_k=top_k,
                min_confidence=chosen.min_confidence,
                settings=told,
                earlier=writer.earlier if writer else None,
                keep=writer.keep if writer else None,
                progress=show_progress,
            )

        if name is None:
            return ask(None)
        record = new_record(name, chosen.questions, briefqa=briefqa.__version__, settings=told, index=opened.identity())
        with RunWriter(runs, record, replace=replace) as writer:
            if writer.earlier:
                print_message(f"Going on with an interrupted run: {len(writer.earlier)} questions are done.")
            # Where all was asked before an interruption, no answer tells which index it came from.
            report = with_values(ask(writer), index=opened.info)
            kept = writer.finish(report, lambda document: opened.look_up(document)[1])
        print_message(f"Kept in {kept}")
        return report


def show_progress(done: int, total: int) -> None:
    """How many questions are done, on a terminal only."""
    if sys.stderr.isatty() and (done % 20 == 0 or done == total):
        sys.stderr.write(f"\r{done}/{total} questions" + ("\r\x1b[K" if done == total else ""))


def _told(chosen: Settings, top_k: int) -> dict[str, Setting]:
    return {
        "retriever": chosen.retriever,
        "dense_weight": chosen.dense_weight,
        "min_confidence": chosen.min_confidence,
        "top_k": top_k,
        **({"rerank_candidates": chosen.rerank_candidates} if chosen.rerank else {}),
    }
