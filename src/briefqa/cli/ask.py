"""`briefqa ask`."""

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


def ask(
    question: QuestionArgument,
    index: IndexOption = None,
    retriever: RetrieverOption = None,
    rerank: RerankOption = None,
    encoder: EncoderOption = None,
    max_quotes: Annotated[
        int | None,
        typer.Option("--quotes", "-n", min=1, max=20, metavar="N", help="At most so many quotes.", show_default="5"),
    ] = None,
    min_confidence: Annotated[
        float | None,
        typer.Option(min=0.0, max=1.0, metavar="SHARE", help="Answer only if at least this sure, 0 to 1."),
    ] = None,
    explain: ExplainOption = False,
    once: CopiesOption = None,
    strict: StrictOption = False,
    json: JsonOption = False,
) -> None:
    """Answer a question with quotes from the articles, or say that nothing in them answers it.

    The answer is made of the articles' own sentences. Each quote comes with its file and lines, and is checked
    against the index before it is printed. Exit code 1: nothing answers.

    For example:

        briefqa ask "Which CIS members are not members of the CSTO?"
        echo "Who leads the CSTO?" | briefqa ask - --json
        briefqa ask "Who leads the CSTO?" --rerank
        briefqa ask "Who leads the CSTO?" --explain

    """
    from briefqa.api import open_index

    chosen = settings(
        index=index,
        retriever=retriever,
        rerank=rerank,
        encoder=encoder,
        max_quotes=max_quotes,
        min_confidence=min_confidence,
        once=once,
    )
    with open_index(chosen.index, settings=chosen) as opened:
        if strict:
            opened.require_fresh()
        answer = opened.ask(read_question(question), explain=explain)
    if json:
        from briefqa.rendering.jsonout import answer_json

        print_json(answer_json(answer))
    else:
        from briefqa.rendering.terminal import render_answer

        print_result(render_answer(answer, terminal_style()))
    if answer.status == "no_answer":
        raise typer.Exit(1)
