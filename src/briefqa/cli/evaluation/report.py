"""`briefqa eval report`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from briefqa.cli.options import CsvOption, JsonOption
from briefqa.cli.output import print_json, print_message, print_result

_PAGE = "report.html"
_STDOUT = "-"


def report(
    run: Annotated[str, typer.Argument(metavar="RUN", help="A run's folder, or its name under runs/.")],
    output: Annotated[
        str | None,
        typer.Option("--output", "-o", metavar="FILE", help="The page; - is stdout.", show_default="RUN/report.html"),
    ] = None,
    against: Annotated[
        list[str] | None, typer.Option("--against", metavar="RUN", help="Another run to set beside it; repeatable.")
    ] = None,
    json: JsonOption = False,
    csv: CsvOption = False,
) -> None:
    """Make one HTML page of a kept run, to read and to send; or print its measures with --json or --csv.

    The page is one file that loads nothing: measures with their intervals, tags, how far confidence can be trusted,
    and every question with its gold, its quotes and its hits. The same runs give the same page.

    For example:

        briefqa eval report main
        briefqa eval report main --against dense --against lexical -o report.html
        briefqa eval report main --csv > main.csv

    """
    from briefqa.errors import UsageError
    from briefqa.evaluation.runs import read_run
    from briefqa.evaluation.whole_files import write_whole
    from briefqa.rendering.page.render import render_page

    if json or csv:
        _print_measures(run, output=output, against=against, json=json)
        return
    kept = read_run(run)
    page = render_page(kept, [read_run(other) for other in against or []]).encode()
    if output == _STDOUT:
        sys.stdout.buffer.write(page)
        sys.stdout.buffer.flush()
        return
    path = Path(output) if output else kept.folder / _PAGE
    try:
        write_whole(path, page)
    except OSError as error:
        message = f"can't write {path} ({error.strerror}); name another file with -o"
        raise UsageError(message) from error
    print_message(f"Wrote {path} ({_size(len(page))})")


def _print_measures(run: str, *, output: str | None, against: list[str] | None, json: bool) -> None:
    """What `briefqa eval run` printed of the run, as JSON or else as CSV."""
    from briefqa.errors import UsageError
    from briefqa.evaluation.runs import read_run
    from briefqa.rendering.reportcsv import report_csv
    from briefqa.rendering.reportjson import report_json

    if output is not None or against:
        message = (
            "--json and --csv print the measures of one run: leave out -o and --against, or see briefqa eval compare"
        )
        raise UsageError(message)
    report = read_run(run).report
    if json:
        print_json(report_json(report))
    else:
        print_result(report_csv(report))


def _size(count: int) -> str:
    return f"{count / 1e6:.1f} MB" if count >= 1e6 else f"{max(1, round(count / 1e3))} kB"
