"""Governed or not: is the number a metric of the catalog, nearly one, or the caller's own?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from sqlglot import exp
from sqlglot.errors import SqlglotError

from martlet.errors import MartletError
from martlet.flow.catalog import Catalog
from martlet.flow.query import Cell
from martlet.flow.trust import Check
from martlet.trust.aggregates import Aggregate, find_aggregates
from martlet.trust.definitions import Definition, call, definitions_of
from martlet.trust.question import Question

NAME = "governed"
MOST_TOLD = 3


@dataclass(frozen=True)
class _Match:
    """The metric that an aggregate is, when `missing` is empty, or is but for these conditions."""

    aggregate: Aggregate
    metric: Definition
    missing: tuple[str, ...]


def governed(question: Question) -> Check:
    """Names the metrics that a caller's aggregates are; warns of one that leaves out a metric's
    condition, with both values. Ok, too, when no metric is made so: the detail says it."""
    if question.compiled:
        return Check(NAME, "ok", "Defined in the catalog.")
    if not question.may_aggregate:
        return _none_found(question)
    scope = question.query.scope.marts
    columns = tuple((name, tuple(scope.get(name, ()))) for name in question.query.tables)
    try:
        found = find_aggregates(question.query.sql, columns)
    except SqlglotError:
        return Check(NAME, "not_checked", "The aggregates could not be followed.")
    if not found:
        return _none_found(question)
    matches = [match for item in found if (match := _match(item, question)) is not None]
    near = [match for match in matches if match.missing]
    if near:
        said = " ".join(dict.fromkeys(_differs(match, question) for match in near[:MOST_TOLD]))
        return Check(NAME, "warn", f"nearly `{near[0].metric.name}`", caveat=said)
    return Check(NAME, "ok", _told(found, matches, question.catalog))


def _none_found(question: Question) -> Check:
    if any(output.aggregate for output in question.query.outputs):
        detail = "Your own aggregates are over rows of several marts, or of groups; `search` finds "
        return Check(NAME, "not_checked", f"{detail}governed metrics.")
    return Check(NAME, "ok", "No aggregate.")


def _match(aggregate: Aggregate, question: Question) -> _Match | None:
    """The metric nearest to an aggregate: the most conditions shared, then the fewest missing."""
    own = _countable(aggregate.function, aggregate.mart, aggregate.expr, question)
    fitting = [
        metric
        for metric in definitions_of(question.catalog, aggregate.mart)
        if _countable(metric.function, aggregate.mart, metric.expr, question) == own
    ]
    if not fitting:
        return None

    def distance(metric: Definition) -> tuple[int, int, str]:
        missing = len(metric.conditions - aggregate.conditions)
        return missing, -len(metric.conditions), metric.name

    nearest = min(fitting, key=distance)
    return _Match(aggregate, nearest, tuple(sorted(nearest.conditions - aggregate.conditions)))


def _countable(function: str, mart: str, expr: str, question: Question) -> tuple[str, str]:
    """Counting a column without nulls is counting rows."""
    state = question.state.marts.get(mart)
    profile = state.columns.get(expr) if state and function == "count" else None
    return (function, "*") if profile is not None and profile.is_never_null else (function, expr)


def _differs(match: _Match, question: Question) -> str:
    """How an aggregate differs from the metric it nearly is, with both values if they are got."""
    aggregate, metric = match.aggregate, match.metric
    conditions = " and ".join(f"`{item}`" for item in match.missing)
    values = _values(match, question)
    beside = f" Over the same rows yours is {values[0]}, the metric {values[1]}." if values else ""
    return (
        f"`{aggregate.text}` is the metric `{metric.name}` without its condition {conditions}."
        f"{beside} Ask `metric` for `{metric.name}`, or say that yours differs."
    )


def _values(match: _Match, question: Question) -> tuple[Cell, Cell] | None:
    """Caller's value and the metric's over all groups; None when they could not be counted."""
    aggregate = match.aggregate
    own = call(aggregate.function, aggregate.expr, aggregate.conditions, aggregate.alias)
    other = call(
        aggregate.function,
        aggregate.expr,
        aggregate.conditions | match.metric.conditions,
        aggregate.alias,
    )
    probe = aggregate.probe(own, other)
    if not probe or question.probe is None:
        return None
    try:
        ((mine, theirs, *_),) = question.probe(probe).values
    except (MartletError, ValueError):  # the difference is told without the numbers
        return None
    return mine, theirs


def _told(found: tuple[Aggregate, ...], matches: list[_Match], catalog: Catalog) -> str:
    names = {id(match.aggregate.node): match.metric.name for match in matches}
    ratios = list(_ratios(found, names, catalog))
    lines = [f"{text} is the metric `{name}`" for text, name in ratios]
    lines += [f"{match.aggregate.text} is the metric `{match.metric.name}`" for match in matches]
    lines += [f"{item.text} is no metric" for item in found if id(item.node) not in names]
    more = len(set(lines)) - MOST_TOLD
    shown = "; ".join(list(dict.fromkeys(lines))[:MOST_TOLD])
    return f"{shown}; and {more} more." if more > 0 else f"{shown}."


def _ratios(
    found: Iterable[Aggregate], names: dict[int, str], catalog: Catalog
) -> Iterator[tuple[str, str]]:
    """Quotients of two metrics that are a ratio metric, with its name."""
    ratios = {
        (metric.numerator.name, metric.denominator.name): metric.name
        for metric in catalog.metrics.values()
        if metric.numerator and metric.denominator and not (metric.filter or metric.hidden)
        if not (metric.numerator.filter or metric.denominator.filter)
    }
    for tree in {id(item.tree): item.tree for item in found}.values():
        for quotient in tree.find_all(exp.Div):
            sides = [_names_in(side, names) for side in (quotient.left, quotient.right)]
            if len(sides[0]) == len(sides[1]) == 1:
                name = ratios.get((sides[0][0], sides[1][0]))
                if name:
                    yield quotient.sql(dialect="duckdb"), name


def _names_in(side: exp.Expr, names: dict[int, str]) -> list[str]:
    return [names[id(node)] for node in side.walk() if id(node) in names]
