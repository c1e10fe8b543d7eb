"""One self-contained page about a run: nothing in it is loaded from anywhere, and all of it can be read without script.

The Content-Security-Policy allows the page's own style and script by their hashes, and nothing else.
"""

from __future__ import annotations

from base64 import b64encode
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from briefqa.rendering.columns import FEW
from briefqa.rendering.escape import safe
from briefqa.rendering.page import curves, histograms, measures, outcomes, plot, questions

if TYPE_CHECKING:
    from collections.abc import Sequence

    from briefqa.evaluation.runs import Run


@dataclass(frozen=True, slots=True)
class _Asset:
    """Style or script, as it stands in the page, and the source that the policy allows for it."""

    text: str
    source: str


def render_page(run: Run, others: Sequence[Run] = ()) -> str:
    """The page about `run`, with the measures of `others` beside its own. The same runs give the same text.

    Control and bidirectional characters of questions and documents become U+FFFD, and every text is escaped.
    """
    environment = Environment(
        autoescape=True,
        finalize=_clean,
        keep_trailing_newline=True,
        loader=PackageLoader("briefqa.rendering", "page"),
        lstrip_blocks=True,
        trim_blocks=True,
        undefined=StrictUndefined,
    )
    environment.filters["number"] = measures.number
    return environment.get_template("page.html.j2").render(
        style=_asset(environment, "style.css"),
        script=_asset(environment, "script.js"),
        **_values(run, others),
    )


def _values(run: Run, others: Sequence[Run]) -> dict[str, Any]:
    report, record = run.report, run.record
    tags = list(report.tags)
    views, passages = questions.question_views(report.outcomes, run.passages, tags)
    runs = [run, *others]
    return {
        "record": record,
        "report": report,
        "started": f"{datetime.fromisoformat(record.started):%Y-%m-%d %H:%M} UTC",
        "few": FEW if report.overall.questions < FEW else 0,
        "headlines": measures.headlines(report),
        "sections": measures.sections([report]),
        "tag_rows": measures.by_tag(report),
        "names": [other.record.name for other in runs],
        "compared": measures.sections([other.report for other in runs]) if others else [],
        "facts": measures.differences(runs),
        "same_questions": len({other.record.questions_sha256 for other in runs}) == 1,
        "ends": outcomes.outcome_bars(report),
        "counts": outcomes.count_kinds(report.outcomes),
        "area": plot.AREA,
        "risk": curves.risk_curve(report) if report.calibration else None,
        "reliability": curves.reliability_diagram(report) if report.calibration else None,
        "confidences": histograms.confidences(report),
        "hit_scores": histograms.hit_scores(report),
        "tags": tags,
        "questions": views,
        "passages": passages,
        "setting": measures.setting,
        "label_of": measures.label_of,
    }


def _asset(environment: Environment, name: str) -> _Asset:
    text = environment.get_template(name).render()
    return _Asset(text, f"sha256-{b64encode(sha256(text.encode()).digest()).decode()}")


def _clean(value: object) -> object:
    """What an expression of a template gives, before it is escaped; markup that templates made stays as it is."""
    return safe(value) if isinstance(value, str) and not hasattr(value, "__html__") else value
