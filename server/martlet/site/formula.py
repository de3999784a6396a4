"""How a metric is computed, in the form that people write it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from martlet.flow.catalog import Metric, MetricInput

AGGREGATIONS = {
    "count_distinct": "count distinct",
    "sum_boolean": "count rows where",
    "average": "average",
}


@dataclass(frozen=True)
class Part:
    """A piece of a formula; `metric` when it stands for one."""

    text: str
    metric: str = ""


def formula(metric: Metric) -> list[Part]:
    """The formula of a metric in pieces."""
    if metric.type == "simple":
        return [Part(f"{_aggregation(metric)}({metric.expr or '*'})")]
    if metric.type == "ratio" and metric.numerator and metric.denominator:
        return [_named(metric.numerator), Part(" ÷ "), _named(metric.denominator)]
    if metric.type == "cumulative" and metric.input_metrics:
        return [_named(metric.input_metrics[0]), Part(f", {_window(metric)}")]
    if metric.type == "conversion" and metric.base_metric and metric.conversion_metric:
        return _conversion(metric, metric.base_metric, metric.conversion_metric)
    return _arithmetic(metric)


def _aggregation(metric: Metric) -> str:
    if metric.agg == "percentile":
        return f"{(metric.percentile or 0) * 100:g}th percentile"
    return AGGREGATIONS.get(str(metric.agg), str(metric.agg))


def _window(metric: Metric) -> str:
    if metric.window:
        return f"over the last {metric.window}"
    if metric.grain_to_date:
        return f"from the start of the {metric.grain_to_date}"
    return "from the first day of the data"


def _conversion(metric: Metric, base: MetricInput, then: MetricInput) -> list[Part]:
    within = f" within {metric.window}" if metric.window else ""
    same = f"{within} by the same {metric.entity}"
    if metric.calculation == "conversions":
        return [_named(then), Part(" after "), _named(base), Part(same)]
    return [Part("share of "), _named(base), Part(" followed by "), _named(then), Part(same)]


def _arithmetic(metric: Metric) -> list[Part]:
    known = {item.alias or item.name: item.name for item in metric.inputs()}
    pieces = re.split(r"([A-Za-z_]\w*)", metric.expr)
    return [Part(piece, known.get(piece, "")) for piece in pieces if piece]


def _named(item: MetricInput) -> Part:
    return Part(item.name, item.name)
