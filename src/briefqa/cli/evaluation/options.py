"""The options that several commands of `briefqa eval` share."""

from __future__ import annotations

from typing import Annotated

import typer

QuestionsArgument = Annotated[
    str | None,
    typer.Argument(metavar="[QUESTIONS]", help="The question set.", show_default="evals/briefs.jsonl"),
]
DenseWeightOption = Annotated[
    float | None,
    typer.Option("--dense-weight", metavar="SHARE", help="What meaning counts beside words.", show_default="0.5"),
]
MinConfidenceOption = Annotated[
    float | None,
    typer.Option("--min-confidence", metavar="P", help="Answer from this confidence on.", show_default="0.6"),
]
TopKOption = Annotated[int, typer.Option("--top-k", "-k", min=10, max=1000, metavar="N", help="Passages a question.")]
RetrievalOnlyOption = Annotated[
    bool, typer.Option("--retrieval-only", help="Measure retrieval alone: many times faster.")
]
NoDriftOption = Annotated[
    bool, typer.Option("--no-drift", help="Fail if a gold quote has moved or changed in the articles.")
]
NameOption = Annotated[
    str | None, typer.Option("--name", metavar="NAME", help="Keep the run in this folder of --runs.")
]
RunsOption = Annotated[str, typer.Option("--runs", metavar="FOLDER", help="Where runs are kept.")]
ReplaceOption = Annotated[bool, typer.Option("--replace", help="Replace a run of that name.")]
OtherCorpusOption = Annotated[
    bool, typer.Option("--other-corpus", help="Compare even if the articles are others; only shared questions count.")
]
