"""Checks that what the catalog names is there, with the type it is used as."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from martlet.catalog.checks.view import Check, View, column_path, kept_back
from martlet.catalog.words import missing_columns
from martlet.errors import Problem, did_you_mean
from martlet.flow.build import MartState
from martlet.flow.catalog import Dimension, Entity, Mart


def marts_exist(view: View) -> Iterator[Problem]:
    """Every mart of the catalog is published, unless dbt switched it off."""
    for name in view.catalog.marts:
        if name not in view.build.marts and name not in view.build.switched_off:
            hint = did_you_mean(name, view.build.marts) or "Build it, or take it out."
            yield view.problem(f"mart.{name}", f"The mart `{name}` is not published.", hint)


def columns_exist(view: View) -> Iterator[Problem]:
    """Every column of a card is published, unless it is kept back on purpose."""
    for mart, state in view.marts():
        published = {name.lower() for name in state.columns}
        absent = kept_back(mart, state)
        for column in mart.columns:
            if column.name.lower() not in published | absent:
                message = f"`{mart.name}` publishes no column `{column.name}`."
                hint = did_you_mean(column.name, state.columns)
                yield view.problem(column_path(mart, column.name), message, hint)


def column_types(view: View) -> Iterator[Problem]:
    """A column has the `datatype` its card states."""
    for mart, column, profile in view.columns():
        if column.type and not _fits(column.type, profile.type):
            message = f"`{column.name}` is {profile.type}, not {column.type}."
            yield view.problem(column_path(mart, column.name), message, "Correct `datatype`.")


def expressions(view: View) -> Iterator[Problem]:
    """Dimensions, entities, metrics and freshness are computed from columns that exist."""
    for mart, state in view.marts():
        known = {*state.columns, *kept_back(mart, state)}
        for path, expr in _expressions(view, mart):
            for name in missing_columns(expr, known):
                message = f"`{mart.name}` publishes no column `{name}`."
                yield view.problem(path, message, did_you_mean(name, known))


def _expressions(view: View, mart: Mart) -> Iterator[tuple[str, str]]:
    """The SQL over a mart's columns; plain columns that have a card are `columns_exist`'s."""
    carded = {column.name for column in mart.columns}
    computed: tuple[Dimension | Entity, ...] = (*mart.dimensions, *mart.entities)
    for item in computed:
        if item.column not in carded:
            yield f"mart.{mart.name}.dimension.{item.name}", item.expr
    yield f"mart.{mart.name}.data_freshness", mart.data_freshness.loaded_at
    yield f"mart.{mart.name}.data_freshness", mart.data_freshness.complete_through
    for metric in view.metrics_of(mart):
        yield f"metric.{metric.name}.expr", metric.expr


def time_types(view: View) -> Iterator[Problem]:
    """A time dimension is a date or a timestamp, and no finer than its type."""
    for mart, state in view.marts():
        for dimension in mart.dimensions:
            stored = state.columns.get(dimension.column)
            if dimension.type == "time" and stored:
                yield from _time_type(view, mart, dimension, stored.type)


def _time_type(view: View, mart: Mart, dimension: Dimension, stored: str) -> Iterator[Problem]:
    path = column_path(mart, dimension.column)
    family = _family(stored)
    if family not in ("date", "timestamp"):
        message = f"The time dimension `{dimension.name}` is {stored}, no date or timestamp."
        yield view.problem(path, message, "Cast it in the dbt model.")
    elif family == "date" and dimension.granularity in ("second", "minute", "hour"):
        message = f"`{dimension.name}` is a date, so its granularity cannot be finer than day."
        yield view.problem(path, message, "Write `granularity: day`.")


def time_spine(view: View) -> Iterator[Problem]:
    """The time spine has its day column and calendar columns, one row a day, none missing."""
    catalog = view.catalog
    state = view.build.marts.get(catalog.time_spine)
    if state is None:
        return
    named = [catalog.time_spine_column, *catalog.calendars.values()]
    for column in named:
        if column not in state.columns:
            message = f"The time spine `{state.name}` has no column `{column}`."
            yield view.problem("catalog.time_spine", message, did_you_mean(column, state.columns))
    yield from _spine_rows(view, state)


def _spine_rows(view: View, state: MartState) -> Iterator[Problem]:
    day = state.columns.get(view.catalog.time_spine_column)
    if day is None or not day.min or not day.max:
        return
    first, last = date.fromisoformat(day.min[:10]), date.fromisoformat(day.max[:10])
    days = (last - first).days + 1
    if state.row_count != days:
        message = f"The time spine `{state.name}` has {state.row_count} rows for {days} days."
        hint = "It needs exactly one row a day from its first to its last."
        yield view.problem("catalog.time_spine", message, hint)


def _fits(stated: str, stored: str) -> bool:
    """A stated type with arguments must be the stored one; a plain one only of its family."""
    if "(" in stated:
        return re.sub(r"\s", "", stated).upper() == re.sub(r"\s", "", stored).upper()
    return _family(stated) == _family(stored)


def _family(name: str) -> str:
    plain = re.sub(r"\(.*\)", "", name).strip().lower()
    return next((family for family, names in FAMILIES.items() if plain in names), plain)


FAMILIES: dict[str, frozenset[str]] = {
    "text": frozenset({"varchar", "text", "string", "char", "bpchar"}),
    "integer": frozenset(
        {"bigint", "integer", "int", "smallint", "tinyint", "hugeint", "ubigint", "uinteger"}
        | {"usmallint", "utinyint", "uhugeint"}
    ),
    "number": frozenset({"decimal", "numeric", "number", "double", "float", "real"}),
    "boolean": frozenset({"boolean", "bool"}),
    "date": frozenset({"date"}),
    "timestamp": frozenset(
        {"timestamp", "datetime", "timestamp with time zone", "timestamptz", "timestamp_s"}
        | {"timestamp_ms", "timestamp_ns"}
    ),
}

TABLE_CHECKS: tuple[Check, ...] = (
    marts_exist,
    columns_exist,
    column_types,
    expressions,
    time_types,
    time_spine,
)
