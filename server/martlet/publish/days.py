"""Up to which day a build has data, and up to which day it is complete."""

from __future__ import annotations

import re
from pathlib import Path

import duckdb

from martlet.errors import BuildFailed
from martlet.flow.build import BuildState
from martlet.flow.catalog import Catalog, Freshness, Mart
from martlet.publish.connect import Connection, first_line, opened, quoted

_BARE_INTERVAL = re.compile(
    r"(?<!\binterval)(\s*[-+]\s*)(\d+)\s+(second|minute|hour|day|week|month|quarter|year)s?\b",
    re.IGNORECASE,
)


def with_days(state: BuildState, file: Path, catalog: Catalog) -> BuildState:
    """The state with `complete_through` of each mart, and of the build, and its `as_of`.

    All are days in the catalog's time zone. A mart's `complete_through` is the last day it covers
    whole: its `data_freshness.complete_through` evaluated over it, where `- 1 day` may stand for
    `- interval 1 day`. The build's is the earliest of its marts'. `as_of` is the newest day with
    data: in the main time dimension of the marts that declare `data_freshness` (of all marts, when
    none does) and in `complete_through`; the time spine, whose days lie ahead, never counts.
    Raises: BuildFailed `catalog.invalid` for an expression that gives no day.
    """
    with opened(file, timezone=catalog.timezone) as con:
        complete = _days(con, _completeness(catalog))
        dated = _days(con, _main_times(catalog))
    marts = {
        name: mart.model_copy(update={"complete_through": complete.get(name)})
        for name, mart in state.marts.items()
    }
    return state.model_copy(
        update={
            "marts": marts,
            "complete_through": min(complete.values(), default=None),
            "as_of": max([*dated.values(), *complete.values()], default=None),
        }
    )


def with_intervals(expr: str) -> str:
    """The expression with `- 1 day` written as `- interval 1 day`.

    DuckDB reads the bare form as `- 1` with the alias `day`, whatever the unit.
    """
    return _BARE_INTERVAL.sub(r"\1interval \2 \3", expr)


def _completeness(catalog: Catalog) -> dict[str, str]:
    return {
        mart.name: with_intervals(mart.data_freshness.complete_through)
        for mart in catalog.marts.values()
        if mart.data_freshness.complete_through
    }


def _main_times(catalog: Catalog) -> dict[str, str]:
    dated = [mart for mart in catalog.marts.values() if mart.name != catalog.time_spine]
    declared = [mart for mart in dated if mart.data_freshness != Freshness()]
    return {
        mart.name: f"max({expr}) filter (isfinite(cast(({expr}) as timestamp)))"
        for mart in declared or dated
        if (expr := _main_time(mart))
    }


def _main_time(mart: Mart) -> str:
    name = mart.agg_time_dimension
    return next((item.expr for item in mart.dimensions if item.name == name), "") if name else ""


def _days(con: Connection, wanted: dict[str, str]) -> dict[str, str]:
    found = {name: _day(con, name, expr) for name, expr in wanted.items()}
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
