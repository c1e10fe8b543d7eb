"""`briefqa index`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from briefqa.cli.completion import dense_kinds, precisions
from briefqa.cli.options import IndexOption, JsonOption, settings
from briefqa.cli.output import json_line, print_json, print_message, print_result
from briefqa.cli.progress import ProgressBars
from briefqa.errors import BriefqaError

if TYPE_CHECKING:
    from collections.abc import Callable

    from briefqa.config import Settings
    from briefqa.reports import IndexReport


def index(
    sources: Annotated[
        list[str] | None,
        typer.Argument(metavar="[FOLDER]...", help="Folders or files of articles.", show_default="corpus"),
    ] = None,
    index: IndexOption = None,
    encoder: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            help="A sentence-transformers model: a folder, or a name in the local model cache.",
            show_default="as the index has it, or all-MiniLM-L6-v2",
        ),
    ] = None,
    precision: Annotated[
        str | None,
        typer.Option(
            metavar="KIND",
            help="What passages are encoded in: fp32, bf16, or auto for bf16 where the processor has it.",
            show_default="as the index was made, or auto",
            autocompletion=precisions,
        ),
    ] = None,
    reranker: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            help="A cross-encoder for --rerank: a folder, or a name in the local model cache; none takes it out.",
            show_default="as the index has it, or none",
        ),
    ] = None,
    passage_tokens: Annotated[
        int | None, typer.Option(min=16, metavar="N", help="The most tokens of a passage.", show_default="200")
    ] = None,
    overlap_tokens: Annotated[
        int | None, typer.Option(min=0, metavar="N", help="Tokens that passages share.", show_default="0")
    ] = None,
    dense_index: Annotated[
        str | None,
        typer.Option(
            metavar="KIND",
            help="How vectors are held: flat: exact, 4 bytes a dimension; int8: a byte, and codes to search by; auto:"
            " int8 above 50,000 passages.",
            show_default="as the index has it, or auto",
            autocompletion=dense_kinds,
        ),
    ] = None,
    clean: Annotated[
        bool | None,
        typer.Option(
            "--clean/--no-clean",
            help="Leave out what is no part of an article, as briefqa show --cleaning tells.",
            show_default="as the index was made, or clean",
        ),
    ] = None,
    rebuild: Annotated[
        bool, typer.Option("--rebuild", help="Make everything anew; models, passage size and dense index stay.")
    ] = False,
    no_gitignore: Annotated[
        bool, typer.Option("--no-gitignore", help="Read what the folders' .gitignore files leave out, too.")
    ] = False,
    wait: Annotated[
        bool, typer.Option("--wait", help="While another briefqa writes this index, wait until it is done.")
    ] = False,
    watch: Annotated[
        bool, typer.Option("--watch", help="Go on: follow the folders, and update after every change, until Ctrl-C.")
    ] = False,
    json: JsonOption = False,
) -> None:
    """Make the index hold exactly these articles; only what is new or changed is encoded.

    Reads text, Markdown, HTML, PDF, Word, mail, CSV and other files (docs/articles.md), in all folders below. The index
    that is there stays in use until the new one is whole; Ctrl-C keeps what is encoded for the next run. Exit code 2:
    some file could not be read (it is named; the rest is indexed).

    For example:

        briefqa index
        briefqa index ~/articles notes.md --index ~/articles-index
        briefqa index --reranker cross-encoder/ms-marco-MiniLM-L6-v2
        briefqa index --watch

    """
    from briefqa.index.update import update

    chosen = settings(
        corpus=tuple(sources) if sources else None,
        index=index,
        encoder=encoder,
        precision=precision,
        reranker=reranker,
        passage_tokens=passage_tokens,
        overlap_tokens=overlap_tokens,
        dense_index=dense_index,
        clean=clean,
        gitignore=False if no_gitignore else None,
    )
    try:
        with ProgressBars(shown=not json and sys.stderr.isatty(), lines=not json) as bars:
            report = update(chosen, rebuild=rebuild, progress=bars, waiting=_waiting(wait, json=json))
    except KeyboardInterrupt:
        from briefqa.index.encoded import kept_passages
        from briefqa.rendering.indexing import render_kept

        if not json and (kept := kept_passages(Path(chosen.index))):
            print_message(render_kept(kept))
        raise
    _print_report(report, chosen, json=json)
    if watch:
        _follow(chosen, json=json)
    if not report.complete:
        raise typer.Exit(2)


def _waiting(wait: bool, *, json: bool) -> Callable[[str], None] | None:
    """What tells whom a run waits for, which is nothing to tell with `json`; None for a run that does not wait."""
    from briefqa.rendering.escape import safe

    if not wait:
        return None
    return lambda text: None if json else print_message(safe(text))


def _print_report(report: IndexReport, chosen: Settings, *, json: bool) -> None:
    if json:
        from briefqa.rendering.jsonout import index_json

        print_json(index_json(report))
        return
    from briefqa.rendering.indexing import render_index_report, render_notes, render_remarks

    print_result(render_index_report(report, chosen.index))
    if report.remarks:
        print_message(render_remarks(report.remarks))
    if report.notes:
        print_message(render_notes(report.notes))


def _follow(chosen: Settings, *, json: bool) -> None:
    from briefqa.cli.lasting import hold_memory
    from briefqa.index.watching import watch as watch_articles

    hold_memory()

    def tell(outcome: IndexReport | BriefqaError) -> None:
        from datetime import datetime

        from briefqa.rendering.escape import safe
        from briefqa.rendering.indexing import render_remarks, render_update
        from briefqa.rendering.jsonout import error_json, index_json

        if isinstance(outcome, BriefqaError):
            print_message(json_line(error_json(outcome)) if json else f"error: {safe(str(outcome))}")
        elif json:
            print_json(index_json(outcome))
        else:
            print_result(render_update(outcome, datetime.now().astimezone().strftime("%H:%M:%S")))
            if outcome.remarks:
                print_message(render_remarks(outcome.remarks))

    if not json:
        print_message("Watching for changes; Ctrl-C ends it.")
    watch_articles(chosen, tell)
