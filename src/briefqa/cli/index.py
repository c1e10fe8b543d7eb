"""`briefqa index`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from briefqa.cli.options import IndexOption, JsonOption, settings
from briefqa.cli.output import print_json, print_message, print_result
from briefqa.cli.progress import ProgressBars


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
        ),
    ] = None,
    rebuild: Annotated[
        bool, typer.Option("--rebuild", help="Make everything anew; models, passage size and dense index stay.")
    ] = False,
    json: JsonOption = False,
) -> None:
    """Make the index hold exactly these articles; only what is new or changed is encoded.

    Reads .md, .markdown, .txt and .text files, in all folders below. The index that is there stays in use until the
    new one is whole; Ctrl-C keeps what is encoded for the next run. Exit code 2: some file could not be read (it is
    named; the rest is indexed).

    For example:

        briefqa index
        briefqa index ~/articles notes.md --index ~/articles-index
        briefqa index --reranker cross-encoder/ms-marco-MiniLM-L6-v2

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
    )
    try:
        with ProgressBars(shown=not json and sys.stderr.isatty(), lines=not json) as bars:
            report = update(chosen, rebuild=rebuild, progress=bars)
    except KeyboardInterrupt:
        from briefqa.index.encoded import kept_passages
        from briefqa.rendering.indexing import render_kept

        if kept := kept_passages(Path(chosen.index)):
            print_message(render_kept(kept))
        raise
    if json:
        from briefqa.rendering.jsonout import index_json

        print_json(index_json(report))
    else:
        from briefqa.rendering.indexing import render_index_report, render_notes, render_remarks

        print_result(render_index_report(report, chosen.index))
        if report.remarks:
            print_message(render_remarks(report.remarks))
        if report.notes:
            print_message(render_notes(report.notes))
    if not report.complete:
        raise typer.Exit(2)
