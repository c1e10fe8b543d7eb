"""`briefqa eval`."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from briefqa.cli.options import IndexOption, JsonOption, RerankOption, RetrieverOption, settings
from briefqa.cli.output import print_json, print_message, print_result, terminal_style


def evaluate(
    questions: Annotated[
        str | None,
        typer.Argument(metavar="[QUESTIONS]", help="The question set.", show_default="evals/briefs.jsonl"),
    ] = None,
    index: IndexOption = None,
    retriever: RetrieverOption = None,
    rerank: RerankOption = None,
    top_k: Annotated[
        int, typer.Option("--top-k", "-k", min=10, max=1000, metavar="N", help="Passages a question.")
    ] = 10,
    no_drift: Annotated[
        bool, typer.Option("--no-drift", help="Fail if a gold quote has moved or changed in the articles.")
    ] = False,
    json: JsonOption = False,
) -> None:
    """Ask every question of a set, and measure retrieval, quotes and the decision to answer.

    A question set is a file of JSON lines; gold answers are verbatim quotes of documents, so that it outlives any
    change of chunking. It is checked before anything is asked. A quote whose article was renamed, moved or edited a
    little is found again, and the report says so.

    Examples:
        briefqa eval
        briefqa eval my-questions.jsonl --retriever dense
        briefqa eval --rerank --json > reranked.json

    """
    from briefqa.api import open_index
    from briefqa.evaluation.datasets import load_questions
    from briefqa.evaluation.evaluate import evaluate as evaluate_index
    from briefqa.rendering.report import render_report, report_json

    chosen = settings(index=index, retriever=retriever, rerank=rerank, questions=questions)
    asked = load_questions(chosen.questions)

    def tell(done: int, total: int) -> None:
        if sys.stderr.isatty() and (done % 20 == 0 or done == total):
            sys.stderr.write(f"\r{done}/{total} questions" + ("\r\x1b[K" if done == total else ""))

    with open_index(chosen.index, settings=chosen) as opened:
        if opened.info.stale:
            print_message("Note: the articles have changed since the index was made; this measures the index.")
        report = evaluate_index(
            opened,
            asked,
            path=chosen.questions,
            top_k=top_k,
            drift_allowed=not no_drift,
            settings={
                "retriever": chosen.retriever,
                "dense_weight": chosen.dense_weight,
                "min_confidence": chosen.min_confidence,
                "top_k": top_k,
                **({"rerank_candidates": chosen.rerank_candidates} if chosen.rerank else {}),
            },
            progress=tell,
        )
    if json:
        print_json(report_json(report))
    else:
        print_result(render_report(report, color=terminal_style().color))
