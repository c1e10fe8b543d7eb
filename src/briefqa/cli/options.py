"""The options that several commands share, and how they become Settings."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from briefqa.errors import UsageError

if TYPE_CHECKING:
    from briefqa.config import Settings

IndexOption = Annotated[
    str | None, typer.Option("--index", "-i", metavar="FOLDER", help="The index folder.", show_default="index")
]


def _one_form(ctx: typer.Context, wanted: bool) -> bool:
    if wanted and (ctx.params.get("json") or ctx.params.get("csv")):
        message = "give --json or --csv, not both"
        raise UsageError(message)
    return wanted


JsonOption = Annotated[bool, typer.Option("--json", callback=_one_form, help="Print JSON for programs, on one line.")]
CsvOption = Annotated[bool, typer.Option("--csv", callback=_one_form, help="Print comma-separated values.")]
RetrieverOption = Annotated[
    str | None,
    typer.Option("--retriever", "-r", metavar="KIND", help="dense, lexical or hybrid.", show_default="hybrid"),
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
CopiesOption = Annotated[
    bool | None,
    typer.Option("--once/--copies", help="Tell what copies of an article share once, or in each.", show_default="once"),
]
StrictOption = Annotated[bool, typer.Option("--strict", help="Refuse (exit 3) if the articles changed since indexing.")]


def settings(**given: Any) -> Settings:
    """Settings of this run: briefqa.toml in the current folder, BRIEFQA_* variables, and the options given."""
    from briefqa.config import load_settings

    return load_settings(Path.cwd(), **given)


def read_question(argument: str) -> str:
    """The question itself, or what stdin holds for "-". Raises UsageError for stdin that is not UTF-8."""
    if argument != "-":
        return argument
    try:
        return sys.stdin.buffer.read().decode("utf-8")
    except UnicodeDecodeError as error:
        raise UsageError(f"The question on stdin is not UTF-8 (byte {error.start}).") from error
