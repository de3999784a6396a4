"""Simple metrics as aggregates over one mart, in the same words as a caller's aggregates."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from martlet.flow.catalog import Catalog, Mart, Metric
from martlet.trust.canonical import bare, conjuncts, normal, told

CALLS: dict[str, type[exp.Func]] = {
    "sum": exp.Sum,
    "average": exp.Avg,
    "count": exp.Count,
    "min": exp.Min,
    "max": exp.Max,
    "median": exp.Median,
}
_TEMPLATE = re.compile(r"\{\{\s*\w+\(\s*'([^']*)'[^}]*\}\}")


@dataclass(frozen=True)
class Definition:
    """What a simple metric aggregates, over rows for which all conditions hold."""

    name: str
    function: str
    expr: str
    conditions: frozenset[str]


def definitions_of(catalog: Catalog, mart: str) -> list[Definition]:
    """The simple metrics of a mart that one aggregate can tell."""
    card = catalog.marts.get(mart)
    found = (
        _definition(metric, card)
        for metric in catalog.metrics.values()
        if card and metric.mart == mart and metric.agg and not metric.hidden
    )
    return [item for item in found if item is not None]


def call(function: str, expr: str, conditions: Iterable[str], alias: str) -> exp.Expr:
    """The aggregate as an expression over a mart known by `alias`."""
    value = exp.Star() if expr == "*" else _with_alias(expr, alias)
    if function == "count_distinct":
        made: exp.Expr = exp.Count(this=exp.Distinct(expressions=[value]))
    else:
        made = CALLS[function](this=value)
    parts = [exp.paren(_with_alias(item, alias)) for item in sorted(conditions)]
    return exp.Filter(this=made, expression=exp.Where(this=exp.and_(*parts))) if parts else made


def _with_alias(text: str, alias: str) -> exp.Expr:
    tree = sqlglot.parse_one(text, read="duckdb")
    for column in list(tree.find_all(exp.Column)):
        column.set("table", exp.to_identifier(alias, quoted=True))
    return tree


def _definition(metric: Metric, mart: Mart) -> Definition | None:
    if metric.non_additive or metric.percentile is not None:
        return None
    try:
        function, expr, inner = _parsed(metric.agg or "", metric.expr)
    except SqlglotError:
        return None
    outer = (_condition(item, mart) for item in metric.filter)
    return Definition(metric.name, function, expr, inner.union(*outer))


@lru_cache(maxsize=8192)
def _parsed(agg: str, expr: str) -> tuple[str, str, frozenset[str]]:
    """Function, value and conditions of `agg` over `expr`."""
    value = sqlglot.parse_one(expr, read="duckdb") if expr and expr != "*" else exp.Star()
    if agg == "sum_boolean":
        return "count", "*", frozenset(told(bare(part)) for part in conjuncts(value))
    function, value, conditions = normal(agg, value)
    return function, told(bare(value)), frozenset(told(bare(part)) for part in conditions)


def _condition(text: str, mart: Mart) -> frozenset[str]:
    """A metric's filter in the mart's columns; as it stands where it speaks of something else."""
    columns = {item.name.lower(): item.expr for item in mart.dimensions}
    try:
        tree = sqlglot.parse_one(_TEMPLATE.sub(r"\1", text), read="duckdb")
        for column in list(tree.find_all(exp.Column)):
            expr = columns[column.name.rsplit("__", 1)[-1].lower()]
            made = sqlglot.parse_one(expr, read="duckdb")
            tree = made if column is tree else tree
            if tree is not made:
                column.replace(made)
    except (SqlglotError, KeyError):
        return frozenset({text})
    return frozenset(told(bare(part)) for part in conjuncts(tree))
