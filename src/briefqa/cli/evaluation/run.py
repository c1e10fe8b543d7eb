"""`briefqa eval run`, which is `briefqa eval` alone too."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from briefqa.cli.evaluation.options import (
    DenseWeightOption,
    MinConfidenceOption,
    NameOption,
    NoDriftOption,
    QuestionsArgument,
    ReplaceOption,
    RetrievalOnlyOption,
    RunsOption,
    TopKOption,
)
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
from briefqa.cli.progress import ProgressBars

if TYPE_CHECKING:
    from briefqa.config import Settings
    from briefqa.evaluation.results import Report, Setting
    from briefqa.evaluation.run_writer import RunWriter
    from briefqa.filters import Filter


@dataclass(frozen=True, slots=True)
class Keeping:
    """Where a run is kept, what it is called, and whether one of that name may be replaced, or used if it is the same
    (`reuse`: else it is replaced)."""

    runs: Path
    name: str
    replace: bool = False
    reuse: bool = False


def run(
    questions: QuestionsArgument = None,
    index: IndexOption = None,
    retriever: RetrieverOption = None,
    rerank: RerankOption = None,
    dense_weight: DenseWeightOption = None,
    min_confidence: MinConfidenceOption = None,
    recency: RecencyOption = None,
    top_k: TopKOption = 10,
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
    """Ask every question of a set, and measure retrieval, quotes and the decision to answer.

    A question set is a file of JSON lines; gold answers are verbatim quotes of documents, so that it outlives any
    change of chunking. It is checked before anything is asked. A quote whose article was renamed, moved or edited a
    little is found again, and the report says so. A run with a name is kept; when it was interrupted, the same call
    goes on.

    For example:

        briefqa eval
        briefqa eval my-questions.jsonl --retriever dense --name dense
        briefqa eval --rerank --json > reranked.json

    """
    from briefqa.rendering.report import render_report
    from briefqa.rendering.reportcsv import report_csv
    from briefqa.rendering.reportjson import report_json

    chosen = settings(
        index=index, retriever=retriever, rerank=rerank, dense_weight=dense_weight, min_confidence=min_confidence,
        recency=recency, questions=questions,
    )  # fmt: skip
    within = wanted(since, before, last, source, path, tag, language, collection)
    keep = Keeping(Path(runs), name, replace=replace) if name is not None else None
    report = evaluate(
        chosen, top_k=top_k, within=within, answers=not retrieval_only, drift=not no_drift, keep=keep, runs=Path(runs)
    )
    if keep:
        print_message(f"Kept in {keep.runs / keep.name}")
    if json:
        print_json(report_json(report))
    elif csv:
        print_result(report_csv(report))
    else:
        print_result(render_report(report, color=terminal_style().color))


def evaluate(
    chosen: Settings,
    *,
    top_k: int,
    within: Filter | None = None,
    answers: bool = True,
    drift: bool = True,
    keep: Keeping | None = None,
    runs: Path = Path("runs"),
) -> Report:
    """Evaluate by these settings, on the articles `within` a filter (golds in others are not found, which counts), and
    keep the run where that is asked for. `runs` is where the vectors of questions are kept if no run is."""
    from dataclasses import replace as with_values

    import briefqa
    from briefqa.evaluation.datasets import load_questions
    from briefqa.evaluation.evaluate import evaluate as ask_all
    from briefqa.evaluation.run_writer import RunWriter
    from briefqa.evaluation.runs import find_run, new_record

    asked = load_questions(chosen.questions)
    told = {**_told(chosen, top_k, answers=answers), **_filter_told(within)}
    # Whatever the confidence, an evaluation wants to see the quotes; the threshold is applied to what they were worth.
    # And every passage counts: one that is told by a copy may be the gold.
    asking = with_values(chosen, min_confidence=0.0, once=False)
    with briefqa.open(chosen.index, settings=asking, filter=within) as opened:
        if opened.info.stale:
            print_message("Note: the articles have changed since the index was made; this measures the index.")

        def ask(writer: RunWriter | None) -> Report:
            if not answers:
                opened.prepare([question.text for question in asked], (keep.runs if keep else runs) / ".questions")
            with ProgressBars(shown=sys.stderr.isatty()) as bars:
                return ask_all(
                    opened,
                    asked,
                    path=chosen.questions,
                    top_k=top_k,
                    min_confidence=chosen.min_confidence,
                    answers=answers,
                    drift_allowed=drift,
                    settings=told,
                    earlier=writer.earlier if writer else None,
                    keep=writer.keep if writer else None,
                    progress=lambda done, total: bars("asking", done, total),
                )

        if keep is None:
            return ask(None)
        record = new_record(
            keep.name, chosen.questions, briefqa=briefqa.__version__, settings=told, index=opened.identity()
        )
        if keep.reuse:
            found = find_run(keep.runs, record)
            if found:
                return found.report
        with RunWriter(keep.runs, record, replace=keep.replace or keep.reuse) as writer:
            if writer.earlier:
                print_message(f"Going on with an interrupted run: {len(writer.earlier)} questions are done.")
            # Where all was asked before an interruption, no answer tells which index it came from.
            report = with_values(ask(writer), index=opened.info)
            writer.finish(report, opened.passages_of)
        return report


def _told(chosen: Settings, top_k: int, *, answers: bool) -> dict[str, Setting]:
    """The settings that can change a measure."""
    return {
        "retriever": chosen.retriever,
        **({"dense_weight": chosen.dense_weight} if chosen.retriever == "hybrid" else {}),
        **({"recency": chosen.recency, "recency_half_life": chosen.recency_half_life} if chosen.recency else {}),
        **({"rerank_candidates": chosen.rerank_candidates} if chosen.rerank else {}),
        **({"min_confidence": chosen.min_confidence, "max_quotes": chosen.max_quotes} if answers else {}),
        "top_k": top_k,
        **({} if answers else {"retrieval_only": True}),
    }


def _filter_told(within: Filter | None) -> dict[str, Setting]:
    """A filter as settings: what it asks for, by the names of the options."""
    if within is None:
        return {}
    asked = {
        "since": within.since,
        "before": within.before,
        "source": " or ".join(within.sources),
        "path": " or ".join(within.paths),
        "tag": " or ".join(within.tags),
        "language": " or ".join(within.languages),
        "collection": " or ".join(within.collections),
    }
    return {name: value for name, value in asked.items() if value}
