"""Checks of what adds up: metrics over ratios, stocks and amounts in several units."""

from __future__ import annotations

from collections.abc import Iterator

from martlet.catalog.checks.view import Check, View, column_path
from martlet.errors import Problem, did_you_mean
from martlet.flow.catalog import Column, Metric, plain_column


def unit_columns_exist(view: View) -> Iterator[Problem]:
    """The column that holds the units of another is published beside it."""
    for mart, column, _ in view.columns():
        known = view.build.marts[mart.name].columns
        if column.unit_column and column.unit_column not in known:
            message = f"`{mart.name}` publishes no column `{column.unit_column}`."
            hint = did_you_mean(column.unit_column, known)
            yield view.problem(column_path(mart, column.name), message, hint)


def metrics_add_up(view: View) -> Iterator[Problem]:
    """A metric does not add up what the catalog says cannot be added up."""
    for metric in view.catalog.metrics.values():
        column = _summed(view, metric)
        if column is None:
            continue
        path, name = f"metric.{metric.name}.expr", f"`{metric.name}`"
        if column.additivity == "non_additive":
            message = f"{name} adds up `{column.name}`, which is non-additive."
            yield view.problem(path, message, "Divide the sums instead: a ratio metric.")
        if column.additivity == "semi_additive" and metric.non_additive is None:
            message = f"{name} adds up the stock `{column.name}` over time."
            yield view.problem(path, message, "Write `non_additive_dimension`.")
        if column.unit_column:
            message = (
                f"{name} adds up `{column.name}` in whatever unit `{column.unit_column}` says."
            )
            yield view.warning(path, message, "Use an amount in one unit.")


def _summed(view: View, metric: Metric) -> Column | None:
    """The column whose values a metric adds up or averages."""
    mart = view.catalog.marts.get(metric.mart)
    if metric.type != "simple" or metric.agg not in ("sum", "average") or mart is None:
        return None
    return mart.column(plain_column(metric.expr))


AMOUNT_CHECKS: tuple[Check, ...] = (unit_columns_exist, metrics_add_up)
