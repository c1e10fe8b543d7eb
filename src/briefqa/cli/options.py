"""The options that several commands share, and how they become Settings."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from briefqa.cli.completion import collections, languages, orders, retrievers
from briefqa.errors import UsageError

if TYPE_CHECKING:
    from briefqa.config import Settings
    from briefqa.filters import Filter

IndexOption = Annotated[
    str | None, typer.Option("--index", "-i", metavar="FOLDER", help="The index folder.", show_default="index")
]


_FORMS = ("json", "csv", "porcelain")


def _one_form(ctx: typer.Context, param: typer.CallbackParam, wanted: bool) -> bool:
    asked = [form for form in _FORMS if ctx.params.get(form) or (wanted and form == param.name)]
    if wanted and len(asked) > 1:
        raise UsageError(f"give --{asked[0]} or --{asked[1]}, not both")
    return wanted


JsonOption = Annotated[bool, typer.Option("--json", callback=_one_form, help="Print JSON for programs, on one line.")]
PorcelainOption = Annotated[
    bool,
    typer.Option("--porcelain", callback=_one_form, help="Print tab-separated records for scripts (docs/cli.md)."),
]
NoPagerOption = Annotated[bool, typer.Option("--no-pager", help="Never show long output in a pager.")]
CsvOption = Annotated[bool, typer.Option("--csv", callback=_one_form, help="Print comma-separated values.")]
RetrieverOption = Annotated[
    str | None,
    typer.Option(
        "--retriever",
        "-r",
        metavar="KIND",
        help="dense, lexical or hybrid.",
        show_default="hybrid",
        autocompletion=retrievers,
    ),
]
RerankOption = Annotated[
    bool | None,
    typer.Option(
        "--rerank/--no-rerank", help="Have the index's reranker reorder the best passages.", show_default="no"
    ),
]
EncoderOption = Annotated[
    str | None, typer.Option("--encoder", metavar="NAME", help="Refuse an index made with another encoder.")
]
QuestionArgument = Annotated[str, typer.Argument(metavar="QUESTION", help="The question; - reads it from stdin.")]
ExplainOption = Annotated[
    bool, typer.Option("--explain", help="Show what the scores, and the confidence of an answer, are made of.")
]
_FILTERS = "Filters"
SinceOption = Annotated[
    str | None,
    typer.Option("--since", metavar="DATE", rich_help_panel=_FILTERS, help="Published since this day, month or year."),
]
BeforeOption = Annotated[
    str | None,
    typer.Option(
        "--before", metavar="DATE", rich_help_panel=_FILTERS, help="Published before this day, month or year."
    ),
]
LastOption = Annotated[
    str | None,
    typer.Option("--last", metavar="TIME", rich_help_panel=_FILTERS, help="Published in the last 90d, 12w, 6m or 1y."),
]
SourceOption = Annotated[
    list[str] | None,
    typer.Option(
        "--source", metavar="NAME", rich_help_panel=_FILTERS, help="Published or written by, or at a host; repeatable."
    ),
]
PathOption = Annotated[
    list[str] | None,
    typer.Option("--path", metavar="GLOB", rich_help_panel=_FILTERS, help="In these files or folders; repeatable."),
]
TagOption = Annotated[
    list[str] | None,
    typer.Option("--tag", metavar="NAME", rich_help_panel=_FILTERS, help="With this tag; repeatable."),
]
LanguageOption = Annotated[
    list[str] | None,
    typer.Option(
        "--language",
        metavar="CODE",
        rich_help_panel=_FILTERS,
        help="In this language, as de; repeatable.",
        autocompletion=languages,
    ),
]
CollectionOption = Annotated[
    list[str] | None,
    typer.Option(
        "--collection",
        metavar="NAME",
        rich_help_panel=_FILTERS,
        help="Of this collection; repeatable.",
        autocompletion=collections,
    ),
]
SortOption = Annotated[
    str,
    typer.Option(
        "--sort",
        metavar="ORDER",
        help="Show the best first (score), or the newest of them (date).",
        autocompletion=orders,
    ),
]
RecencyOption = Annotated[
    float | None,
    typer.Option("--recency", metavar="SHARE", help="What new articles gain, 0 to 1.", show_default="0"),
]
RefreshOption = Annotated[bool, typer.Option("--refresh", help="Bring the index up to date with its articles first.")]
CopiesOption = Annotated[
    bool | None,
    typer.Option("--once/--copies", help="Tell what copies of an article share once, or in each.", show_default="once"),
]
StrictOption = Annotated[bool, typer.Option("--strict", help="Refuse (exit 3) if the articles changed since indexing.")]


OptionalQuestionArgument = Annotated[
    str | None,
    typer.Argument(
        metavar="[QUESTION]", help="The question; - reads it from stdin; without it, a terminal becomes a prompt."
    ),
]


def settings(**given: Any) -> Settings:
    """Settings of this run: briefqa.toml in the current folder, BRIEFQA_* variables, and the options given."""
    from briefqa.config import load_settings

    return load_settings(Path.cwd(), **given)


def wanted(
    since: str | None,
    before: str | None,
    last: str | None,
    sources: list[str] | None,
    paths: list[str] | None,
    tags: list[str] | None,
    languages: list[str] | None,
    collections: list[str] | None,
) -> Filter | None:
    """The filter that the options make; None without any. Raises UsageError for values that can't be used."""
    several = (sources or [], paths or [], tags or [], languages or [], collections or [])
    if since is None and before is None and last is None and not any(several):
        return None
    from briefqa.filters import make_filter

    return make_filter(
        since=since, before=before, last=last,
        sources=several[0], paths=several[1], tags=several[2], languages=several[3],
        collections=several[4],
    )  # fmt: skip


def refresh(chosen: Settings, *, quiet: bool) -> None:
    """Bring the index up to date with the articles that it was made from, with progress and what changed on stderr
    unless `quiet`. Raises as `index.update.refresh` does."""
    from briefqa.cli.output import print_message
    from briefqa.cli.progress import ProgressBars
    from briefqa.index.update import refresh as refresh_index
    from briefqa.rendering.indexing import render_index_report, render_remarks

    with ProgressBars(shown=not quiet and sys.stderr.isatty(), lines=not quiet) as bars:
        report = refresh_index(chosen, progress=bars)
    if report.changed_index and not quiet:
        print_message(render_index_report(report, chosen.index))
        if report.remarks:
            print_message(render_remarks(report.remarks))


NO_QUESTION = "There is no question. Type one in quotes, or - to read it from stdin."
"""What to tell whoever gives none."""


def read_question(argument: str) -> str:
    """The question itself, or what stdin holds for "-". Raises UsageError for stdin that is not UTF-8."""
    if argument != "-":
        return argument
    try:
        return sys.stdin.buffer.read().decode("utf-8")
    except UnicodeDecodeError as error:
        raise UsageError(f"The question on stdin is not UTF-8 (byte {error.start}).") from error
