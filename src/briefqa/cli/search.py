"""`briefqa search`."""

from __future__ import annotations

from typing import Annotated

import typer

from briefqa.cli.options import (
    CopiesOption,
    EncoderOption,
    ExplainOption,
    IndexOption,
    JsonOption,
    QuestionArgument,
    RerankOption,
    RetrieverOption,
    StrictOption,
    read_question,
    settings,
)
from briefqa.cli.output import print_json, print_result, terminal_style


def search(
    question: QuestionArgument,
    top_k: Annotated[
        int | None,
        typer.Option("--top-k", "-k", min=1, max=1000, metavar="N", help="How many passages.", show_default="5"),
    ] = None,
    index: IndexOption = None,
    retriever: RetrieverOption = None,
    rerank: RerankOption = None,
    encoder: EncoderOption = None,
    explain: ExplainOption = False,
    once: CopiesOption = None,
    strict: StrictOption = False,
    json: JsonOption = False,
) -> None:
    """List the passages that fit a question or some keywords best, with their scores.

    Scores compare within one question only. Exit code 1: nothing found.

    For example:

        briefqa search "border delimitation" -k 5
        briefqa search "free trade with Iran" --retriever lexical --json
        briefqa search "who guards the border" --rerank
        briefqa search "border delimitation" --explain

    """
    from briefqa.api import open_index

    chosen = settings(index=index, retriever=retriever, rerank=rerank, encoder=encoder, top_k=top_k, once=once)
    with open_index(chosen.index, settings=chosen) as opened:
        if strict:
            opened.require_fresh()
        hits = opened.search(read_question(question), explain=explain)
    if json:
        from briefqa.rendering.jsonout import hits_json

        print_json(hits_json(hits))
    else:
        from briefqa.rendering.terminal import render_hits

        print_result(render_hits(hits, terminal_style()))
    if not hits.hits:
        raise typer.Exit(1)
