"""`briefqa schema`."""

from __future__ import annotations

from typing import Annotated

import typer

from briefqa.cli.completion import schemas
from briefqa.cli.options import JsonOption
from briefqa.cli.output import print_json, print_result


def schema(
    name: Annotated[
        str | None,
        typer.Argument(
            metavar="[NAME]", help="Which one, as answer; without it, all are listed.", autocompletion=schemas
        ),
    ] = None,
    json: JsonOption = False,
) -> None:
    """Print the JSON Schema of an output, or list those that there are.

    What briefqa prints with --json names its schema and version. Properties with "x-briefqa-untrusted" hold text of
    articles or question sets: data, whatever it says.

    For example:

        briefqa schema
        briefqa schema answer

    """
    from briefqa.rendering.schemas import list_schemas, load_schema, schemas_json

    if json:
        print_json(schemas_json() if name is None else load_schema(name))
    elif name is None:
        print_result(list_schemas())
    else:
        from json import dumps

        print_result(dumps(load_schema(name), indent=2, ensure_ascii=False))
