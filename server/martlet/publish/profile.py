"""The profile of a mart's columns: nulls, distinct values, least and greatest, most frequent."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from duckdb.sqltypes import DuckDBPyType

from martlet.flow.build import Profile
from martlet.flow.catalog import Scalar
from martlet.publish.budget import Budget
from martlet.publish.connect import Connection, quoted

EXACT_DISTINCT = 5_000  # up to about this many, distinct values are counted and not estimated
TOP_VALUES = 50
SAMPLE_BLOCKS, BLOCK_ROWS = 50, 2_048  # a block is what DuckDB reads at once
LONGEST_VALUE = 200  # characters; texts beyond are no categories

COLUMNS_AT_ONCE = 16  # planning a query takes with the square of its aggregates

_UNORDERED = frozenset(
    ("struct", "list", "map", "array", "union", "blob", "bit", "variant", "geometry")
)
_NUMBERS = frozenset(
    ("tinyint", "smallint", "integer", "bigint", "hugeint", "bignum", "float", "double", "decimal")
    + ("utinyint", "usmallint", "uinteger", "ubigint", "uhugeint")
)
_TIMES = ("date", "timestamp")


def profile(
    con: Connection, mart: str, columns: Sequence[tuple[str, DuckDBPyType]], budget: Budget
) -> dict[str, Profile]:
    """The profile of every column, in order; distinct counts are exact up to about 5,000.

    Where the budget does not suffice for all rows, a sample is looked at: the same for the same
    data, since it is of blocks at even distances.
    """
    table = f"marts.{quoted(mart)}"
    whole = budget.spend(con, lambda: _profile(con, table, columns))
    if whole is not None:
        return whole
    rows = con.execute(f"select count(*) from {table}").fetchall()[0][0]
    if rows <= SAMPLE_BLOCKS * BLOCK_ROWS:
        return _profile(con, table, columns)
    seen = SAMPLE_BLOCKS * BLOCK_ROWS
    part = _profile(con, _sample(table, rows), columns)
    return {
        name: held.model_copy(update={"nulls": round(held.nulls / seen * rows), "sampled": seen})
        for name, held in part.items()
    }


def _profile(
    con: Connection, table: str, columns: Sequence[tuple[str, DuckDBPyType]]
) -> dict[str, Profile]:
    found: dict[str, Profile] = {}
    for first in range(0, len(columns), COLUMNS_AT_ONCE):
        found |= _profile_some(con, table, columns[first : first + COLUMNS_AT_ONCE])
    return found


def _profile_some(
    con: Connection, table: str, columns: Sequence[tuple[str, DuckDBPyType]]
) -> dict[str, Profile]:
    measures = [text for name, kind in columns for text in _measures(name, kind)]
    rows, *flat = _row(con, table, ["count(*)", *measures])
    measured = {name: flat[place * 4 :][:4] for place, (name, _) in enumerate(columns)}
    exact = [name for name, row in measured.items() if row[1] <= EXACT_DISTINCT * 1.2]
    counted = _row(con, table, [f"count(distinct {quoted(name)})" for name in exact])
    distinct = dict(zip(exact, counted, strict=True))
    return {
        name: Profile(
            type=str(kind),
            nulls=rows - measured[name][0],
            distinct=distinct.get(name, min(measured[name][1], measured[name][0])),
            estimated=name not in distinct,
            min=_shown(measured[name][2]),
            max=_shown(measured[name][3]),
            top=_top(con, table, name, kind, distinct.get(name)),
        )
        for name, kind in columns
    }


def _sample(table: str, rows: int) -> str:
    """Blocks of rows at even distances, from the first to the last; only they are read."""
    step = (rows - BLOCK_ROWS) / (SAMPLE_BLOCKS - 1)
    starts = [round(step * block) for block in range(SAMPLE_BLOCKS)]
    blocks = " or ".join(f"rowid between {start} and {start + BLOCK_ROWS - 1}" for start in starts)
    return f"(select * from {table} where {blocks})"


def is_time(kind: DuckDBPyType) -> bool:
    """A column of days or of moments."""
    return str(kind.id).startswith(_TIMES)


def is_category(kind: DuckDBPyType) -> bool:
    """A column whose values may be names of things: no numbers, times or nested values."""
    return kind.id not in _NUMBERS and not is_time(kind) and has_order(kind)


def has_order(kind: DuckDBPyType) -> bool:
    """A column whose least and greatest value mean something; JSON is text without."""
    return kind.id not in _UNORDERED and str(kind) != "JSON"


def _measures(name: str, kind: DuckDBPyType) -> list[str]:
    column = quoted(name)
    extremes = (
        [f"cast(min({column}) as varchar)", f"cast(max({column}) as varchar)"]
        if has_order(kind)
        else ["null", "null"]
    )
    return [f"count({column})", f"approx_count_distinct({column})", *extremes]


def _top(
    con: Connection, table: str, name: str, kind: DuckDBPyType, distinct: int | None
) -> tuple[tuple[Scalar, int], ...]:
    """The most frequent values where a column has few of them and they are short, not numbers."""
    if not distinct or distinct > TOP_VALUES or not is_category(kind):
        return ()
    column = quoted(name)
    value = column if kind.id == "boolean" else f"cast({column} as varchar)"
    found = con.execute(
        f"select {value}, count(*) from {table} where {column} is not null "
        f"group by {column} order by count(*) desc, {column}"
    ).fetchall()
    if any(isinstance(text, str) and len(text) > LONGEST_VALUE for text, _ in found):
        return ()
    return tuple((value, count) for value, count in found)


def _shown(value: str | None) -> str | None:
    return value[:LONGEST_VALUE] if value is not None else None


def _row(con: Connection, table: str, expressions: Sequence[str]) -> tuple[Any, ...]:
    if not expressions:
        return ()
    return tuple(con.execute(f"select {', '.join(expressions)} from {table}").fetchall()[0])
