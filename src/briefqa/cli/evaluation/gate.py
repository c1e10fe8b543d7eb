"""`briefqa eval gate`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from briefqa.cli.evaluation.options import (
    DenseWeightOption,
    MinConfidenceOption,
    NameOption,
    NoDriftOption,
    OtherCorpusOption,
    QuestionsArgument,
    ReplaceOption,
    RetrievalOnlyOption,
    RunsOption,
    TopKOption,
)
from briefqa.cli.evaluation.run import Keeping, evaluate
from briefqa.cli.options import (
    BeforeOption,
    CollectionOption,
    CsvOption,
    IndexOption,
    JsonOption,
    LanguageOption,
    LastOption,
    PathOption,
    RecencyOption,
    RerankOption,
    RetrieverOption,
    SinceOption,
    SourceOption,
    TagOption,
    settings,
    wanted,
)
from briefqa.cli.output import print_json, print_message, print_result, terminal_style

if TYPE_CHECKING:
    from briefqa.config import Settings
    from briefqa.evaluation.runs import Run
    from briefqa.filters import Filter

_FAILED = 4
_NOW = "now"
_TOP_K = 10


def gate(
    questions: QuestionsArgument = None,
    baseline: Annotated[
        str | None, typer.Option("--baseline", "-b", metavar="RUN", help="The run that is to be held.")
    ] = None,
    minimum: Annotated[
        list[str] | None, typer.Option("--min", metavar="MEASURE=X", help="At least so much; may be repeated.")
    ] = None,
    maximum: Annotated[
        list[str] | None,
        typer.Option("--max", metavar="MEASURE=X", help="At most so much, where lower is better; may be repeated."),
    ] = None,
    max_drop: Annotated[
        list[str] | None,
        typer.Option("--max-drop", metavar="MEASURE=X", help="Worse than the baseline by at most so much; repeatable."),
    ] = None,
    only_significant: Annotated[
        bool, typer.Option("--only-significant", help="A drop fails only where it is shown to be beyond its limit.")
    ] = False,
    judged: Annotated[
        str | None, typer.Option("--run", metavar="RUN", help="Judge this kept run instead of asking again.")
    ] = None,
    other_corpus: OtherCorpusOption = False,
    index: IndexOption = None,
    retriever: RetrieverOption = None,
    rerank: RerankOption = None,
    dense_weight: DenseWeightOption = None,
    min_confidence: MinConfidenceOption = None,
    recency: RecencyOption = None,
    top_k: TopKOption = _TOP_K,
    retrieval_only: RetrievalOnlyOption = False,
    no_drift: NoDriftOption = False,
    name: NameOption = None,
    runs: RunsOption = "runs",
    replace: ReplaceOption = False,
    since: SinceOption = None,
    before: BeforeOption = None,
    last: LastOption = None,
    source: SourceOption = None,
    path: PathOption = None,
    tag: TagOption = None,
    language: LanguageOption = None,
    collection: CollectionOption = None,
    json: JsonOption = False,
    csv: CsvOption = False,
) -> None:
    """Evaluate, and fail with exit code 4 where a measure is too low, or too much worse than in a run that was kept.

    A drop is judged by its size. Beside that stands whether it could be chance: by a paired randomisation test, and by
    the smallest difference that such a set would likely have shown.

    For example:

        briefqa eval gate --baseline runs/main --min "recall@5=.90" --max-drop "nDCG@10=.01"
        briefqa eval gate --baseline main --run new --max-drop "quote_hit=.02" --only-significant

    """
    from briefqa.errors import UsageError
    from briefqa.evaluation.gate import check_call, judge_run, read_condition
    from briefqa.evaluation.runs import read_run
    from briefqa.rendering.gate import gate_csv, gate_json, render_gate

    conditions = [
        *(read_condition("min", text) for text in minimum or ()),
        *(read_condition("max", text) for text in maximum or ()),
        *(read_condition("max_drop", text) for text in max_drop or ()),
    ]
    held = read_run(baseline) if baseline is not None else None
    check_call(conditions, baseline=held is not None, only_significant=only_significant)
    within = wanted(since, before, last, source, path, tag, language, collection)
    of_asking = (questions, index, retriever, rerank, dense_weight, min_confidence, name, recency, within)
    if judged is None:
        chosen = settings(
            index=index, retriever=retriever, rerank=rerank, dense_weight=dense_weight, min_confidence=min_confidence,
            recency=recency, questions=questions,
        )  # fmt: skip
        keep = Keeping(Path(runs), name, replace=replace) if name is not None else None
        run = _evaluated(
            chosen,
            held,
            top_k,
            keep,
            within=within,
            answers=not retrieval_only,
            drift=not no_drift,
            other_corpus=other_corpus,
        )
    elif retrieval_only or no_drift or replace or top_k != _TOP_K or any(option is not None for option in of_asking):
        message = "--run judges a run that was kept: leave out the question set and the options of asking"
        raise UsageError(message)
    else:
        run = read_run(judged)
    result = judge_run(run, conditions, baseline=held, only_significant=only_significant, other_corpus=other_corpus)
    if json:
        print_json(gate_json(result))
    elif csv:
        print_result(gate_csv(result))
    else:
        print_result(render_gate(result, color=terminal_style().color))
    if not result.passed:
        raise typer.Exit(_FAILED)


def _evaluated(
    chosen: Settings,
    baseline: Run | None,
    top_k: int,
    keep: Keeping | None,
    *,
    within: Filter | None,
    answers: bool,
    drift: bool,
    other_corpus: bool,
) -> Run:
    """The run of the index as it is. A baseline of other articles is refused before anything is asked."""
    from dataclasses import replace

    import briefqa
    from briefqa.evaluation.comparability import check_corpus
    from briefqa.evaluation.runs import Run, new_record

    with briefqa.open(chosen.index, settings=chosen) as opened:
        identity = opened.identity()
    if baseline:
        check_corpus(baseline.record.index, identity, name=f"the index {chosen.index}", other_corpus=other_corpus)
    report = evaluate(chosen, top_k=top_k, within=within, answers=answers, drift=drift, keep=keep)
    if keep:
        print_message(f"Kept in {keep.runs / keep.name}")
    made = new_record(
        keep.name if keep else _NOW,
        chosen.questions,
        briefqa=briefqa.__version__,
        settings=report.settings,
        index=identity,
    )
    record = made if keep else replace(made, name="this run")
    return Run(Path(chosen.index), record, report, {})
