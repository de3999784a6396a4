"""The profile of a mart's columns: nulls, distinct values, least and greatest, most frequent."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from duckdb.sqltypes import DuckDBPyType

from martlet.flow.build import Profile
from martlet.flow.catalog import Scalar
from martlet.publish.connect import Connection, quoted

EXACT_DISTINCT = 5_000  # up to about this many, distinct values are counted and not estimated
TOP_VALUES = 50
LONGEST_VALUE = 200  # characters; texts beyond are no categories

_UNORDERED = frozenset(
    ("struct", "list", "map", "array", "union", "blob", "bit", "variant", "geometry")
)
_NUMBERS = frozenset(
    ("tinyint", "smallint", "integer", "bigint", "hugeint", "bignum", "float", "double", "decimal")
    + ("utinyint", "usmallint", "uinteger", "ubigint", "uhugeint")
)
_TIMES = ("date", "timestamp")


def profile(
    con: Connection, mart: str, columns: Sequence[tuple[str, DuckDBPyType]]
) -> dict[str, Profile]:
    """The profile of every column, in order; distinct counts are exact up to about 5,000."""
    measures = [text for name, kind in columns for text in _measures(name, kind)]
    rows, *flat = _row(con, mart, ["count(*)", *measures])
    measured = {name: flat[place * 4 :][:4] for place, (name, _) in enumerate(columns)}
    exact = [name for name, row in measured.items() if row[1] <= EXACT_DISTINCT * 1.2]
    counted = _row(con, mart, [f"count(distinct {quoted(name)})" for name in exact])
    distinct = dict(zip(exact, counted, strict=True))
    return {
        name: Profile(
            type=str(kind),
            nulls=rows - measured[name][0],
            distinct=distinct.get(name, min(measured[name][1], measured[name][0])),
            min=_shown(measured[name][2]),
            max=_shown(measured[name][3]),
            top=_top(con, mart, name, kind, distinct.get(name)),
        )
        for name, kind in columns
    }


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
    con: Connection, mart: str, name: str, kind: DuckDBPyType, distinct: int | None
) -> tuple[tuple[Scalar, int], ...]:
    """The most frequent values where a column has few of them and they are short, not numbers."""
    if not distinct or distinct > TOP_VALUES or not is_category(kind):
        return ()
    column = quoted(name)
    value = column if kind.id == "boolean" else f"cast({column} as varchar)"
    found = con.execute(
        f"select {value}, count(*) from marts.{quoted(mart)} where {column} is not null "
        f"group by {column} order by count(*) desc, {column}"
    ).fetchall()
    if any(isinstance(text, str) and len(text) > LONGEST_VALUE for text, _ in found):
        return ()
    return tuple((value, count) for value, count in found)


def _shown(value: str | None) -> str | None:
    return value[:LONGEST_VALUE] if value is not None else None


def _row(con: Connection, mart: str, expressions: Sequence[str]) -> tuple[Any, ...]:
    if not expressions:
        return ()
    found = con.execute(f"select {', '.join(expressions)} from marts.{quoted(mart)}").fetchall()
    return tuple(found[0])
