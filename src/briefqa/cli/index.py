"""`briefqa index`."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from briefqa.cli.options import IndexOption, JsonOption, settings
from briefqa.cli.output import print_json, print_message, print_result

if TYPE_CHECKING:
    from types import TracebackType

    from rich.progress import Progress, TaskID


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
    rebuild: Annotated[bool, typer.Option("--rebuild", help="Make everything anew; a reranker stays.")] = False,
    json: JsonOption = False,
) -> None:
    """Make the index hold exactly these articles; only what is new or changed is encoded.

    Reads .md, .markdown, .txt and .text files, in all folders below. The index that is there stays in use until the
    new one is whole. Exit code 2: some file could not be read (it is named; the rest is indexed).

    Examples:
        briefqa index
        briefqa index ~/articles notes.md --index ~/articles-index
        briefqa index --reranker cross-encoder/ms-marco-MiniLM-L6-v2

    """
    from briefqa.index.update import update

    chosen = settings(
        corpus=tuple(sources) if sources else None,
        index=index,
        encoder=encoder,
        reranker=reranker,
        passage_tokens=passage_tokens,
        overlap_tokens=overlap_tokens,
    )
    with _ProgressBars(shown=not json and sys.stderr.isatty()) as bars:
        report = update(chosen, rebuild=rebuild, progress=bars)
    if json:
        from briefqa.rendering.jsonout import index_json

        print_json(index_json(report))
    else:
        from briefqa.rendering.indexing import render_index_report, render_remarks

        print_result(render_index_report(report, chosen.index))
        if report.remarks:
            print_message(render_remarks(report.remarks))
    if not report.complete:
        raise typer.Exit(2)


class _ProgressBars:
    """A bar for each stage on stderr, or nothing."""

    def __init__(self, *, shown: bool) -> None:
        self._shown = shown
        self._progress: Progress | None = None
        self._tasks: dict[str, TaskID] = {}

    def __enter__(self) -> _ProgressBars:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._progress is not None:
            self._progress.stop()

    def __call__(self, stage: str, done: int, total: int) -> None:
        if not self._shown:
            return
        if self._progress is None:
            self._progress = _make_progress()
            self._progress.start()
        if stage not in self._tasks:
            self._tasks[stage] = self._progress.add_task(stage, total=total)
        self._progress.update(self._tasks[stage], completed=done, total=total)


def _make_progress() -> Progress:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    return Progress(
        TextColumn("{task.description:<26}"),
        BarColumn(bar_width=30),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=Console(stderr=True),
        transient=True,
    )
