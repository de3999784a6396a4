"""`compare`: how far back the earlier period lies, and the columns that it adds."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from martlet.errors import RequestError
from martlet.flow.metric import MetricRequest
from martlet.metrics.grains import GRAINS, Length, is_finer
from martlet.metrics.request import Key
from martlet.metrics.span import Span

KINDS = ("previous_period", "previous_year")
PREVIOUS, CHANGE, GROWTH, SHARE = "previous", "change", "growth", "share"


def read_compare(request: MetricRequest, keys: Sequence[Key], span: Span) -> Length | None:
    """How much earlier the compared rows lie; None when nothing is compared.

    Raises: RequestError `request.invalid`, `metric.grain`.
    """
    if not request.compare:
        return None
    if request.compare not in KINDS:
        raise RequestError(
            "request.invalid",
            f"`compare` cannot be `{request.compare}`.",
            next_step=f"Use one of {', '.join(KINDS)}.",
        )
    grains = [key.ref.grain for key in keys if key.is_metric_time and key.ref.grain]
    if not grains and not (span.start and span.end):
        raise RequestError(
            "request.invalid",
            "Without a grain, `compare` needs a range to lie before.",
            where=f"compare: {request.compare}",
            next_step="Give `grain`, or `start` and `end`.",
        )
    if request.compare == "previous_year":
        return Length(1, "year")
    return _bucket(grains) if grains else _range(span)


def columns_of(metric: str) -> tuple[str, str, str]:
    """Names of the added columns: the earlier value, the difference, the growth as a fraction."""
    return f"{metric}__{PREVIOUS}", f"{metric}__{CHANGE}", f"{metric}__{GROWTH}"


def share_of(metric: str) -> str:
    """Name of the column with the metric's share of its total."""
    return f"{metric}__{SHARE}"


def _bucket(grains: list[str]) -> Length:
    finest = grains[0]
    for grain in grains[1:]:
        finest = grain if is_finer(grain, finest) else finest
    if finest not in GRAINS:
        raise RequestError(
            "metric.grain",
            f"`compare` does not know the period before a {finest}.",
            next_step="Use day, week, month, quarter or year.",
        )
    return Length(1, finest)


def _range(span: Span) -> Length:
    """The length of the range: whole months where it is made of them, else days."""
    start, end = date.fromisoformat(span.start[:10]), date.fromisoformat(span.end[:10])
    if start.day == end.day == 1 and len(span.start) == len(span.end) == 10:
        return Length((end.year - start.year) * 12 + end.month - start.month, "month")
    return Length(max((end - start).days, 1), "day")
