"""`briefqa eval export`: question sets and runs for elsewhere."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from briefqa.cli.options import CsvOption, IndexOption, JsonOption, settings
from briefqa.cli.output import print_json, print_result

if TYPE_CHECKING:
    from collections.abc import Iterator

    from briefqa.api import Index
    from briefqa.evaluation.datasets import Question
    from briefqa.evaluation.exchange.exporting import Exported, Golds

app = typer.Typer(help="Write a question set, or a run, in another format.", rich_markup_mode="markdown")

QuestionsOption = Annotated[
    str | None,
    typer.Option("--questions", metavar="FILE", help="The question set.", show_default="evals/briefs.jsonl"),
]
FolderArgument = Annotated[str, typer.Argument(metavar="DIR", help="The folder to write, new or empty.")]


@app.command("trec")
def export_trec(
    folder: FolderArgument,
    questions: QuestionsOption = None,
    run: Annotated[
        str | None,
        typer.Option("--run", metavar="NAME", help="A kept run, whose own questions and rankings are written."),
    ] = None,
    index: IndexOption = None,
    json: JsonOption = False,
    csv: CsvOption = False,
) -> None:
    """Write topics and judgements of documents and passages for TREC's tools; of a kept run, its rankings too.

    Ids in which there is white space are percent-encoded.

    For example:

        briefqa eval export trec out
        briefqa eval export trec out --run hybrid

    """
    from briefqa.errors import UsageError
    from briefqa.evaluation.exchange.exporting import export_run
    from briefqa.evaluation.exchange.exporting import export_trec as write
    from briefqa.evaluation.runs import read_run

    if run is not None:
        if questions or index:
            message = "a run has its questions and its index with it; leave out --questions and --index, or --run"
            raise UsageError(message)
        found = export_run(Path(folder), read_run(run))
    else:
        with _opened(questions, index) as (opened, asked, golds, drifted):
            found = write(Path(folder), asked, golds, opened.passages_of, drifted=drifted)
    _tell(found, folder, "trec", run=run, json=json, csv=csv)


@app.command("beir")
def export_beir(
    folder: FolderArgument,
    questions: QuestionsOption = None,
    index: IndexOption = None,
    json: JsonOption = False,
    csv: CsvOption = False,
) -> None:
    """Write the indexed articles and the question set in the layout of BEIR, with the gold quotes as evidence.

    For example:

        briefqa eval export beir out --questions evals/briefs.jsonl

    """
    from briefqa.evaluation.exchange.exporting import export_beir as write

    with _opened(questions, index) as (opened, asked, golds, drifted):
        found = write(Path(folder), asked, golds, opened.documents(), drifted=drifted)
    _tell(found, folder, "beir", json=json, csv=csv)


@contextmanager
def _opened(questions: str | None, index: str | None) -> Iterator[tuple[Index, list[Question], Golds, int]]:
    """The index, the question set, where its golds stand, by question id, and how many of these moved or changed."""
    import briefqa
    from briefqa.evaluation.datasets import load_questions
    from briefqa.evaluation.gold import require_gold, resolve_gold
    from briefqa.evaluation.judging import found_golds

    chosen = settings(index=index, questions=questions)
    asked = load_questions(chosen.questions)
    with briefqa.open(chosen.index, settings=chosen) as opened:
        found = resolve_gold(asked, opened.documents, path=chosen.questions)
        require_gold(found, path=chosen.questions)
        golds = {question.id: found_golds(question, found.located(question.id)) for question in asked}
        yield opened, asked, golds, len(found.drift)


def _tell(
    found: Exported, folder: str, kind: Literal["trec", "beir"], *, run: str | None = None, json: bool, csv: bool
) -> None:
    from briefqa.rendering.exchange import export_csv, export_json, render_export

    if json:
        print_json(export_json(found, folder, kind=kind, run=run))
    elif csv:
        print_result(export_csv(found, folder, kind=kind, run=run))
    else:
        print_result(render_export(found, folder))
