"""`briefqa eval import`: question sets from elsewhere."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from briefqa.cli.options import CsvOption, JsonOption
from briefqa.cli.output import print_json, print_result

if TYPE_CHECKING:
    from collections.abc import Sequence

    from briefqa.evaluation.exchange.imported import Imported

app = typer.Typer(
    help="Make a question set, and articles to index, of a collection in another format.", rich_markup_mode="markdown"
)

CorpusOption = Annotated[
    str | None,
    typer.Option(
        "--corpus",
        metavar="FOLDER",
        help="The folder for the articles, new or empty.",
        show_default="NAME-articles",
    ),
]
OutOption = Annotated[
    str | None,
    typer.Option(
        "--questions",
        metavar="FILE",
        help="The question set to write.",
        show_default="NAME.jsonl",
    ),
]
LimitOption = Annotated[
    int | None, typer.Option("--limit", min=1, metavar="N", help="So many questions, drawn at random.")
]
DocumentsOption = Annotated[
    int | None,
    typer.Option("--documents", min=1, metavar="N", help="So many articles: those of the gold, others at random."),
]
SeedOption = Annotated[int, typer.Option("--seed", metavar="N", help="Where the random numbers begin.")]
ReplaceOption = Annotated[bool, typer.Option("--replace", help="Replace the question set if it is there.")]
_SEED = 20020


@app.command("beir")
def import_beir(
    folder: Annotated[str, typer.Argument(metavar="DIR", help="The folder with corpus.jsonl and queries.jsonl.")],
    corpus: CorpusOption = None,
    questions: OutOption = None,
    split: Annotated[str, typer.Option("--split", metavar="NAME", help="Whose judgements: qrels/NAME.tsv.")] = "test",
    limit: LimitOption = None,
    documents: DocumentsOption = None,
    seed: SeedOption = _SEED,
    replace: ReplaceOption = False,
    json: JsonOption = False,
    csv: CsvOption = False,
) -> None:
    """Import a collection in the layout of BEIR.

    Its judgements name documents. Where an evidence.jsonl beside them (query_id, doc_id, start, end) says what in them
    answers, that is the gold; else the document as a whole is, and the question counts for documents only.

    The articles go to NAME-articles and the questions to NAME.jsonl, in the current folder: NAME is that of DIR.

    For example:

        briefqa eval import beir scifact
        briefqa eval import beir ../collections/scifact --corpus articles --questions evals/scifact.jsonl

    """
    from briefqa.api import LONGEST_QUESTION
    from briefqa.evaluation.exchange.beir import read_beir
    from briefqa.evaluation.exchange.beir_files import CORPUS, EVIDENCE, QUERIES

    place = Path(folder)
    name = place.name if place.name not in {"", ".."} else place.resolve().name
    found = read_beir(place, split=split, longest=LONGEST_QUESTION)
    target = _Target(name, corpus or f"{name}-articles", questions or f"{name}.jsonl", replace=replace)
    part = _Part(limit=limit, documents=documents, seed=seed)
    files = [place / file for file in (CORPUS, QUERIES, EVIDENCE)]
    _finish("beir", folder, files, found, target, part, json=json, csv=csv)


@app.command("squad")
def import_squad(
    file: Annotated[str, typer.Argument(metavar="FILE", help="The JSON file, of SQuAD 1.1 or 2.0.")],
    corpus: CorpusOption = None,
    questions: OutOption = None,
    limit: LimitOption = None,
    documents: DocumentsOption = None,
    seed: SeedOption = _SEED,
    replace: ReplaceOption = False,
    json: JsonOption = False,
    csv: CsvOption = False,
) -> None:
    """Import a question set in the format of SQuAD: an article for each title, the answers as gold.

    Of several answers to a question the commonest is taken. An answer whose words stand in the article before becomes
    its sentence, or as many as it takes to be unmistakable.

    The articles go to NAME-articles and the questions to NAME.jsonl, in the current folder: NAME is that of FILE,
    without its suffix.

    For example:

        briefqa eval import squad dev-v2.0.json
        briefqa eval import squad dev-v2.0.json --corpus articles --questions squad.jsonl --limit 500

    """
    from briefqa.api import LONGEST_QUESTION
    from briefqa.evaluation.exchange.squad import read_squad

    name = Path(file).stem
    found = read_squad(Path(file), longest=LONGEST_QUESTION)
    target = _Target(name, corpus or f"{name}-articles", questions or f"{name}.jsonl", replace=replace)
    part = _Part(limit=limit, documents=documents, seed=seed)
    _finish("squad", file, [Path(file)], found, target, part, json=json, csv=csv)


@app.command("csv")
def import_csv(
    file: Annotated[str, typer.Argument(metavar="FILE", help="The table: commas, semicolons or tabs, in UTF-8.")],
    questions: OutOption = None,
    columns: Annotated[
        list[str] | None,
        typer.Option("--columns", metavar="NAME=HEADER", help="What the table calls a column; may be repeated."),
    ] = None,
    limit: LimitOption = None,
    seed: SeedOption = _SEED,
    replace: ReplaceOption = False,
    json: JsonOption = False,
    csv: CsvOption = False,
) -> None:
    """Import a table of questions about articles that you have: question, document, quote, and if you like tags, id.

    Tags are parted by |. Rows of one id, or of one question, are one question with several golds; without a document
    nothing answers it, and without a quote the document as a whole does.

    The questions go to NAME.jsonl, in the current folder: NAME is that of FILE, without its suffix.

    For example:

        briefqa eval import csv questions.csv
        briefqa eval import csv fragen.csv --questions mine.jsonl --columns question=Frage --columns quote=Zitat

    """
    from briefqa.api import LONGEST_QUESTION
    from briefqa.errors import UsageError
    from briefqa.evaluation.exchange.spreadsheet import read_table

    named: dict[str, str] = {}
    for entry in columns or []:
        name, equals, header = entry.partition("=")
        if not equals or not header.strip():
            message = f"--columns is {entry!r}; write it as NAME=HEADER, for example question=Frage"
            raise UsageError(message)
        named[name.strip().lower()] = header
    found = read_table(Path(file), columns=named, longest=LONGEST_QUESTION)
    name = Path(file).stem
    target = _Target(name, None, questions or f"{name}.jsonl", replace=replace)
    _finish("csv", file, [Path(file)], found, target, _Part(limit=limit, seed=seed), json=json, csv=csv)


@dataclass(frozen=True, slots=True)
class _Target:
    """What an import is called, where it goes, and whether a question set may be replaced."""

    name: str
    corpus: str | None
    question_set: str
    replace: bool


@dataclass(frozen=True, slots=True)
class _Part:
    """How much is imported: all where nothing is limited."""

    limit: int | None
    seed: int
    documents: int | None = None


def _finish(
    kind: Literal["beir", "squad", "csv"],
    source: str,
    files: Sequence[Path],
    found: Imported,
    target: _Target,
    wanted: _Part,
    *,
    json: bool,
    csv: bool,
) -> None:
    """Write what was read from the files, or a part of it, and tell what there is now."""
    from briefqa.evaluation.exchange.imported import ImportReport, narrow
    from briefqa.evaluation.exchange.writing import write_import
    from briefqa.rendering.exchange import import_csv, import_json, render_import

    part = narrow(found, questions=wanted.limit, documents=wanted.documents, seed=wanted.seed)
    write_import(
        part.articles,
        part.questions,
        corpus=None if target.corpus is None else Path(target.corpus),
        question_set=Path(target.question_set),
        replace=target.replace,
        sources=files,
    )
    drawn = wanted.limit is not None or wanted.documents is not None
    seed = wanted.seed if drawn else None
    report = ImportReport(kind, source, target.name, part, target.corpus, target.question_set, seed)
    if json:
        print_json(import_json(report))
    elif csv:
        print_result(import_csv(report))
    else:
        print_result(render_import(report))
