"""Up to which day a build has data, and up to which day it is complete."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

import duckdb

from martlet.errors import BuildFailed
from martlet.flow.build import MartState
from martlet.flow.catalog import Catalog, Mart
from martlet.publish.connect import Connection, first_line, opened, quoted

_BARE_INTERVAL = re.compile(
    r"(?<!\binterval)(\s*[-+]\s*)(\d+)\s+(second|minute|hour|day|week|month|quarter|year)s?\b",
    re.IGNORECASE,
)


def complete_through(file: Path, catalog: Catalog) -> dict[str, str]:
    """By mart, the last day it covers whole: its `data_freshness.complete_through`, evaluated.

    The expression is SQL over the mart, in the catalog's time zone; `- 1 day` may stand for
    `- interval 1 day`. Raises: BuildFailed `catalog.invalid`.
    """
    wanted = {
        mart.name: with_intervals(mart.data_freshness.complete_through)
        for mart in catalog.marts.values()
        if mart.data_freshness.complete_through
    }
    return _days(file, catalog, wanted)


def as_of(file: Path, catalog: Catalog) -> str | None:
    """The newest day with data, in the catalog's time zone, or None when no mart says what counts.

    Looked for in the main time dimension of the marts that declare `data_freshness` (of all marts
    that have one, when none declares it), and in their `complete_through`. The time spine, whose
    days lie in the future, never counts.
    """
    dated = [mart for mart in catalog.marts.values() if mart.name != catalog.time_spine]
    declared = [mart for mart in dated if mart.data_freshness != type(mart.data_freshness)()]
    wanted = {
        mart.name: f"max({expr}) filter (isfinite({expr}))"
        for mart in declared or dated
        if (expr := _main_time(mart))
    }
    found = [*_days(file, catalog, wanted).values(), *complete_through(file, catalog).values()]
    return max(found, default=None)


def least_complete(states: Iterable[MartState]) -> str | None:
    """The day up to which every mart that says so is complete."""
    return min((state.complete_through for state in states if state.complete_through), default=None)


def with_intervals(expr: str) -> str:
    """The expression with `- 1 day` written as `- interval 1 day`.

    DuckDB reads the bare form as `- 1` with the alias `day`, whatever the unit.
    """
    return _BARE_INTERVAL.sub(r"\1interval \2 \3", expr)


def _main_time(mart: Mart) -> str:
    name = mart.agg_time_dimension
    named = (dimension.expr for dimension in mart.dimensions if dimension.name == name)
    return next(named, quoted(name) if name and mart.column(name) else "")


def _days(file: Path, catalog: Catalog, wanted: dict[str, str]) -> dict[str, str]:
    with opened(file, timezone=catalog.timezone) as con:
        published = {name for (name,) in con.execute(_TABLES).fetchall()}
        found = {name: _day(con, name, expr) for name, expr in wanted.items() if name in published}
    return {name: day for name, day in found.items() if day}


def _day(con: Connection, mart: str, expr: str) -> str | None:
    try:
        found = con.execute(
            f"select cast(cast(({expr}) as date) as varchar) from marts.{quoted(mart)}"
        ).fetchall()
    except duckdb.Error as error:
        raise _not_a_day(mart, expr, first_line(error)) from error
    if len(found) != 1:
        raise _not_a_day(mart, expr, "it must be an aggregate, such as max(order_date)")
    return str(found[0][0]) if found[0][0] is not None else None


def _not_a_day(mart: str, expr: str, reason: str) -> BuildFailed:
    return BuildFailed(
        "catalog.invalid",
        f"The newest day of `{mart}` cannot be told: {reason}",
        where=f"{mart}: {expr}",
        next_step="Correct `data_freshness` or `agg_time_dimension` of the mart in the catalog.",
    )


_TABLES = "select table_name from duckdb_tables() where database_name = 'serving'"
