"""A metric as one SQL expression for other tools, or the reason why none says what it means."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from martlet.catalog.formats.arithmetic import (
    Filled,
    Name,
    NotUnderstood,
    Number,
    Operation,
    Tree,
    read,
)
from martlet.catalog.names import plain_name, primary_entity
from martlet.catalog.words import mentioned, qualified, renamed
from martlet.flow.catalog import Catalog, Mart, Metric, MetricInput

# What ANSI SQL and our marts' SQL mean alike.
_COMMON_TEXT = """
abs and between case cast coalesce else extract in is like lower not nullif or round substring then
trim upper when
"""
COMMON_FUNCTIONS = frozenset(_COMMON_TEXT.split())
_BRACED = re.compile(r"\{\{\s*(.*?)\s*\}\}", re.DOTALL)


class Lost(Exception):
    """No expression says the same. `code` is stable, the text is for people."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


@dataclass(frozen=True)
class Value:
    """An expression, the mart of its rows, and which rows pass its filters."""

    sql: str
    mart: str
    rows: tuple[str, ...]
    is_sum: bool = False  # over no rows it counts as 0 beside another value


def expression_of(metric: Metric, catalog: Catalog) -> str:
    """ANSI SQL over `mart.column`, equal to the metric wherever the mart has rows.

    Raises: Lost.
    """
    return _value(metric, (), catalog).sql


def remarks_of(metric: Metric, catalog: Catalog) -> list[Lost]:
    """What an expression leaves unsaid, without being wrong."""
    found = []
    mart = catalog.marts.get(metric.mart)
    own = metric.agg_time_dimension
    if own and mart and own != mart.agg_time_dimension:
        found.append(Lost("time", f"It is counted by `{own}`, not by the dataset's own time."))
    if metric.join_to_timespine:
        found.append(Lost("time_spine", "Periods without rows are not shown."))
    if metric.fill_nulls_with is not None:
        found.append(Lost("fill", f"Groups without rows are not {metric.fill_nulls_with:g}."))
    if metric.filter and metric.agg in ("count", "count_distinct"):
        found.append(Lost("empty", "A group without a passing row shows 0 in place of null."))
    return found


def _value(metric: Metric, filters: tuple[str, ...], catalog: Catalog) -> Value:
    filters = tuple(dict.fromkeys((*filters, *metric.filter)))
    match metric.type:
        case "simple":
            return _simple(metric, filters, catalog)
        case "ratio":
            assert metric.numerator and metric.denominator
            names = {"a": metric.numerator, "b": metric.denominator}
            return _formula(Operation("/", Name("a"), Name("b")), names, filters, catalog)
        case "derived":
            names = {item.alias or item.name: item for item in metric.input_metrics}
            try:
                tree = read(metric.expr)
            except NotUnderstood as error:
                raise Lost("expression", f"`{error}` is not portable.") from error
            return _formula(tree, names, filters, catalog)
        case "cumulative":
            raise Lost("cumulative", "A running value needs a window that OSI cannot say.")
        case _:
            raise Lost("conversion", "A conversion follows events of an entity; OSI cannot say it.")


def _simple(metric: Metric, filters: tuple[str, ...], catalog: Catalog) -> Value:
    mart = catalog.marts.get(metric.mart)
    if metric.non_additive:
        raise Lost("semi_additive", "A stock is not summed over time; OSI would sum it.")
    if mart is None:
        raise Lost("mart", f"There is no mart `{metric.mart}`.")
    inner = qualified(_portable(_counted(metric, mart)), mart.name)
    rows = tuple(_condition(text, mart) for text in filters)
    if metric.agg == "sum_boolean":
        inner = f"CASE WHEN {inner} THEN 1 ELSE 0 END"
    if rows:
        inner = f"CASE WHEN {' AND '.join(f'({item})' for item in rows)} THEN {inner} END"
    share = 0.5 if metric.agg == "median" or metric.percentile is None else metric.percentile
    kind = "DISC" if metric.percentile_type == "discrete" and metric.agg != "median" else "CONT"
    percentile = f"PERCENTILE_{kind}({share:g}) WITHIN GROUP (ORDER BY {inner})"
    text = {
        "sum": f"SUM({inner})",
        "sum_boolean": f"SUM({inner})",
        "count": f"COUNT({inner})",
        "count_distinct": f"COUNT(DISTINCT {inner})",
        "average": f"AVG({inner})",
        "min": f"MIN({inner})",
        "max": f"MAX({inner})",
    }.get(str(metric.agg), percentile)
    is_sum = metric.agg in ("sum", "sum_boolean", "count", "count_distinct")
    return Value(text, mart.name, filters, is_sum)


def _counted(metric: Metric, mart: Mart) -> str:
    """What is aggregated; rows are counted by their key, so that the dataset is named."""
    if mentioned(metric.expr):
        return metric.expr
    key = next((item.expr for item in mart.entities if item.type == "primary"), "")
    if metric.agg != "count" or not key:
        raise Lost("rows", "It names no column, so nothing says of which dataset it is.")
    return key


def _formula(
    tree: Tree, names: Mapping[str, MetricInput], filters: tuple[str, ...], catalog: Catalog
) -> Value:
    values = {alias: _input(given, filters, catalog) for alias, given in names.items()}
    marts = {value.mart for value in values.values()}
    if len(marts) != 1:
        listed = ", ".join(sorted(marts))
        raise Lost("several_marts", f"It joins totals of {listed}; one expression would join rows.")
    differ = len({value.rows for value in values.values()}) > 1
    texts = {
        alias: f"COALESCE({value.sql}, 0)" if differ and value.is_sum else value.sql
        for alias, value in values.items()
    }
    rows = tuple(sorted({item for value in values.values() for item in value.rows}))
    return Value(_text(tree, texts), marts.pop(), rows)


def _input(given: MetricInput, filters: tuple[str, ...], catalog: Catalog) -> Value:
    if given.offset_window or given.offset_to_grain:
        raise Lost("offset", f"`{given.name}` is of an earlier time; OSI would take the same time.")
    if given.name not in catalog.metrics:
        raise Lost("metric", f"There is no metric `{given.name}`.")
    metric = catalog.metrics[given.name]
    found = _value(metric, (*filters, *given.filter), catalog)
    if metric.null_as is None:
        return found
    return Value(f"COALESCE({found.sql}, {metric.null_as:g})", found.mart, found.rows)


def _text(tree: Tree, values: Mapping[str, str]) -> str:
    match tree:
        case Number(text):
            return text
        case Name(name) if name in values:
            return values[name]
        case Filled(inner, value):
            return f"COALESCE({_text(inner, values)}, {value})"
        case Operation("/", left, right):
            above = f"CAST({_text(left, values)} AS DOUBLE PRECISION)"
            return f"{above} / NULLIF({_text(right, values)}, 0)"
        case Operation(operator, left, right):
            texts = [_wrapped(item, values) for item in (left, right)]
            return f"{texts[0]} {operator} {texts[1]}"
        case _:
            raise Lost("expression", "It aggregates inside a formula.")


def _wrapped(tree: Tree, values: Mapping[str, str]) -> str:
    text = _text(tree, values)
    return text if isinstance(tree, Number) else f"({text})"


def _condition(text: str, mart: Mart) -> str:
    """A filter over the mart's own dimensions, as SQL over its columns."""
    found = _BRACED.sub(lambda match: plain_name(match[1]), text)
    own = {item.name: item.expr for item in mart.dimensions}
    own |= {item.name: item.expr for item in mart.entities if item.type != "foreign"}
    prefixes = {item.name for item in mart.entities if item.type != "foreign"}
    prefixes |= {primary_entity(mart), mart.primary_entity} - {""}

    def column(name: str) -> str:
        prefix, _, plain = name.rpartition("__")
        if plain not in own or (prefix and prefix not in prefixes):
            raise Lost("filter", f"Its filter names `{name}`, which is no column of {mart.name}.")
        return qualified(_portable(own[plain]), mart.name)

    return renamed(_portable(found), column)


def _portable(sql: str) -> str:
    """The SQL, if it holds nothing that only DuckDB reads so."""
    plain = re.sub(r"'(?:[^']|'')*'", "''", sql)
    calls = {name.lower() for name in re.findall(r"([A-Za-z_]\w*)\s*\(", plain)}
    odd = sorted(calls - COMMON_FUNCTIONS)
    if odd or re.search(r"::|//|[\[\]{}@#%^&|~?;]|->|--|/\*", plain.replace("||", "")):
        raise Lost(
            "dialect", f"`{odd[0] if odd else sql}` is DuckDB's SQL, which OSI has no name for."
        )
    if "/" in plain:
        raise Lost("dialect", f"`{sql}` divides, which is not alike in all dialects.")
    return sql
