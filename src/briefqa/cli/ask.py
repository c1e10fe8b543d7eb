"""`briefqa ask`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from briefqa.cli.options import (
    NO_QUESTION,
    BeforeOption,
    CollectionOption,
    CopiesOption,
    EncoderOption,
    ExplainOption,
    IndexOption,
    JsonOption,
    LanguageOption,
    LastOption,
    NoPagerOption,
    OptionalQuestionArgument,
    PathOption,
    PorcelainOption,
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
from briefqa.cli.output import print_json, print_long, print_records, terminal_style
from briefqa.errors import UsageError

if TYPE_CHECKING:
    from briefqa.api import Index
    from briefqa.filters import Filter


def ask(
    question: OptionalQuestionArgument = None,
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
    porcelain: PorcelainOption = False,
    no_pager: NoPagerOption = False,
) -> None:
    """Answer a question with quotes from the articles, or say that nothing in them answers it.

    The answer is made of the articles' own sentences. Each quote comes with its file and lines, and is checked
    against the index before it is printed. Exit code 1: nothing answers. Without a question, at a terminal, questions
    are asked one after another, and o 2 opens the source of quote 2.

    For example:

        briefqa ask "Which CIS members are not members of the CSTO?"
        echo "Who leads the CSTO?" | briefqa ask - --json
        briefqa ask "Who leads the CSTO?" --rerank
        briefqa ask "Who leads the CSTO?" --explain
        briefqa ask "Who met in Dushanbe?" --since 2022-01 --before 2023

    """
    if question is None:
        _require_terminal(json=json, porcelain=porcelain)
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
        refresh(chosen, quiet=json or porcelain)
    with briefqa.open(chosen.index, settings=chosen) as opened:
        if strict:
            opened.require_fresh()
        if question is None:
            _prompt(opened, explain=explain, within=within, sort=sort, pager=not no_pager)
            return
        answer = opened.ask(read_question(question), explain=explain, filter=within, sort=sort)
    if json:
        from briefqa.rendering.jsonout import answer_json

        print_json(answer_json(answer))
    elif porcelain:
        from briefqa.rendering.porcelain import answer_records

        print_records(answer_records(answer))
    else:
        from briefqa.rendering.terminal import render_answer

        print_long(render_answer(answer, terminal_style()), pager=not no_pager)
    if answer.status == "no_answer":
        raise typer.Exit(1)


def _require_terminal(*, json: bool, porcelain: bool) -> None:
    from briefqa.cli.dialogue import at_terminal

    if json or porcelain or not at_terminal():
        raise UsageError(f"{NO_QUESTION} See: briefqa ask --help")


def _prompt(opened: Index, *, explain: bool, within: Filter | None, sort: str, pager: bool) -> None:
    import gc

    from briefqa.cli.prompt import Prompt

    gc.enable()  # which `run` leaves out for one question
    Prompt(opened, explain=explain, within=within, sort=sort, pager=pager).run()
