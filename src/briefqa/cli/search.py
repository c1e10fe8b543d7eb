"""`briefqa search`."""

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
    NoPagerOption,
    PathOption,
    PorcelainOption,
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
from briefqa.cli.output import print_json, print_long, print_records, terminal_style


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
    """List the passages that fit a question or some keywords best, with their scores.

    Scores compare within one question only. Exit code 1: nothing found.

    For example:

        briefqa search "border delimitation" -k 5
        briefqa search "free trade with Iran" --retriever lexical --json
        briefqa search "who guards the border" --rerank
        briefqa search "border delimitation" --explain
        briefqa search "border delimitation" --since 2022 --sort date

    """
    import briefqa

    within = wanted(since, before, last, source, path, tag, language, collection)
    chosen = settings(
        index=index, retriever=retriever, rerank=rerank, encoder=encoder, recency=recency, once=once, top_k=top_k
    )
    if update:
        refresh(chosen, quiet=json or porcelain)
    with briefqa.open(chosen.index, settings=chosen) as opened:
        if strict:
            opened.require_fresh()
        hits = opened.search(read_question(question), explain=explain, filter=within, sort=sort)
    if json:
        from briefqa.rendering.jsonout import hits_json

        print_json(hits_json(hits))
    elif porcelain:
        from briefqa.rendering.porcelain import hits_records

        print_records(hits_records(hits))
    else:
        from briefqa.rendering.terminal import render_hits

        print_long(render_hits(hits, terminal_style()), pager=not no_pager)
    if not hits.hits:
        raise typer.Exit(1)
