"""`briefqa ask`."""

from __future__ import annotations

from typing import Annotated

import typer

from briefqa.cli.options import (
    BeforeOption,
    CollectionOption,
    CopiesOption,
    EncoderOption,
    ExplainOption,
    IndexOption,
    JsonOption,
    LanguageOption,
    LastOption,
    PathOption,
    QuestionArgument,
    RecencyOption,
    RefreshOption,
    RerankOption,
    RetrieverOption,
    SinceOption,
    SortOption,
    SourceOption,
    StrictOption,
    TagOption,
    read_question,
    refresh,
    settings,
    wanted,
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
    recency: RecencyOption = None,
    sort: SortOption = "score",
    explain: ExplainOption = False,
    once: CopiesOption = None,
    strict: StrictOption = False,
    since: SinceOption = None,
    before: BeforeOption = None,
    last: LastOption = None,
    source: SourceOption = None,
    path: PathOption = None,
    tag: TagOption = None,
    language: LanguageOption = None,
    collection: CollectionOption = None,
    update: RefreshOption = False,
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
        briefqa ask "Who leads the CSTO?" --since 2022 --source commonspace.eu

    """
    import briefqa

    within = wanted(since, before, last, source, path, tag, language, collection)
    chosen = settings(
        index=index,
        retriever=retriever,
        rerank=rerank,
        encoder=encoder,
        recency=recency,
        max_quotes=max_quotes,
        min_confidence=min_confidence,
        once=once,
    )
    if update:
        refresh(chosen, quiet=json)
    with briefqa.open(chosen.index, settings=chosen) as opened:
        if strict:
            opened.require_fresh()
        answer = opened.ask(read_question(question), explain=explain, filter=within, sort=sort)
    if json:
        from briefqa.rendering.jsonout import answer_json

        print_json(answer_json(answer))
    else:
        from briefqa.rendering.terminal import render_answer

        print_result(render_answer(answer, terminal_style()))
    if answer.status == "no_answer":
        raise typer.Exit(1)
