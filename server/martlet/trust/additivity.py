"""Additivity: sums and averages of what does not add up, and of amounts in several units."""

from __future__ import annotations

from collections.abc import Iterator

from sqlglot import exp
from sqlglot.errors import SqlglotError

from martlet.errors import MartletError
from martlet.flow.catalog import Catalog, Column, Metric
from martlet.flow.query import ColumnRef
from martlet.flow.trust import Check
from martlet.trust.aggregates import Aggregate, find_aggregates
from martlet.trust.question import Question

NAME = "additivity"
TOTALS = ("sum", "average")
RATIOS = frozenset({"ratio", "percent", "%", "share", "rate"})


def additivity(question: Question) -> Check:
    """Warns of a sum or average over a ratio, of a stock added up over time, and of amounts in
    several currencies or units, as the catalog tells them."""
    if question.compiled:
        return Check(NAME, "ok", "The metric compiler knows what adds up.")
    if not question.may_aggregate:
        return Check(NAME, "ok", "No sum or average of a mart's column.")
    scope = question.query.scope.marts
    columns = tuple((name, tuple(scope.get(name, ()))) for name in question.query.tables)
    try:
        found = find_aggregates(question.query.sql, columns)
    except SqlglotError:
        return Check(NAME, "not_checked", "The aggregates could not be followed.")
    amounts = [item for item in found if item.function in TOTALS and item.column is not None]
    said = list(dict.fromkeys(text for item in amounts for text in _faults(item, question)))
    if said:
        return Check(NAME, "warn", said[0], caveat=" ".join(said))
    return Check(NAME, "ok", "" if amounts else "No sum or average of a mart's column.")


def _faults(amount: Aggregate, question: Question) -> Iterator[str]:
    catalog, place = question.catalog, amount.column
    card = _card(catalog, place) if place else None
    if card is None or place is None:
        return
    if _is_ratio(card):
        yield _ratio(amount, card, catalog)
    stock = _stock(catalog, place)
    if amount.function == "sum" and not _is_ratio(card):
        days = _time_columns(catalog, place, stock)
        is_stock = stock is not None or card.additivity == "semi_additive"
        if is_stock and not days & (amount.grouped | amount.fixed):
            yield _over_time(amount, card, stock, days)
    unit = card.unit_column
    if unit and unit.lower() not in amount.grouped | amount.fixed:
        units = _units(amount, unit, question)
        if units != 1:
            yield _mixed(amount, card, units)


def _is_ratio(card: Column) -> bool:
    known = card.unit.lower() in RATIOS or card.format == "percent"
    return card.additivity == "non_additive" or (known and card.additivity is None)


def _ratio(amount: Aggregate, card: Column, catalog: Catalog) -> str:
    what = "means nothing" if amount.function == "sum" else "weighs every row alike"
    metric = _ratio_metric(card.name, catalog)
    instead = f", as the metric `{metric}` does" if metric else ""
    return (
        f"`{card.name}` is a ratio or an average of its own row: {amount.text} {what}. "
        f"Divide the sums instead{instead}."
    )


def _ratio_metric(column: str, catalog: Catalog) -> str:
    """The ratio metric that goes by the name of a column, if there is one."""
    wanted = _words(column)
    for metric in catalog.metrics.values():
        names = (metric.name, metric.label, *metric.ai_context.synonyms)
        if metric.type == "ratio" and wanted in map(_words, names):
            return metric.name
    return ""


def _words(name: str) -> str:
    return name.replace("_", " ").lower()


def _over_time(amount: Aggregate, card: Column, stock: Metric | None, days: frozenset[str]) -> str:
    when = f"group by {', '.join(sorted(days))} or take one day" if days else "take one day"
    instead = f", or ask for the metric `{stock.name}`" if stock else ""
    return (
        f"`{card.name}` is a stock: {amount.text} over several days counts the same "
        f"thing every day. To add it up, {when}{instead}."
    )


def _mixed(amount: Aggregate, card: Column, units: int | None) -> str:
    unit = card.unit_column
    many = f"{units} different values of" if units else "whatever is in"
    return (
        f"What `{card.name}` is counted in differs by `{unit}`: {amount.text} mixes {many} "
        f"`{unit}`. Group by `{unit}`, keep to one of its values, or use an amount in one unit."
    )


def _units(amount: Aggregate, unit: str, question: Question) -> int | None:
    """How many units are among the rows; None when they could not be counted."""
    named = exp.column(unit, table=amount.alias, quoted=True)
    probe = amount.probe(exp.Count(this=exp.Distinct(expressions=[named])))
    if not probe or question.probe is None:
        return None
    try:
        ((cell, *_),) = question.probe(probe).values
    except (MartletError, ValueError):  # the warning stands without the number
        return None
    return max(int(str(cell)), 1)


def _card(catalog: Catalog, place: ColumnRef) -> Column | None:
    mart = catalog.marts.get(place.mart)
    known = mart.columns if mart else ()
    return next((item for item in known if item.name.lower() == place.column), None)


def _stock(catalog: Catalog, place: ColumnRef) -> Metric | None:
    """The metric that says that a column is not summed over time."""
    return next(
        (
            metric
            for metric in catalog.metrics.values()
            if metric.mart == place.mart
            and metric.non_additive
            and metric.expr.strip('"').lower() == place.column
        ),
        None,
    )


def _time_columns(catalog: Catalog, place: ColumnRef, stock: Metric | None) -> frozenset[str]:
    """The columns of a mart that tell the moment of a stock."""
    mart = catalog.marts[place.mart]
    name = stock.non_additive.name if stock and stock.non_additive else mart.agg_time_dimension
    found = {item.column for item in mart.dimensions if item.name == name and item.column}
    return frozenset(column.lower() for column in found)
