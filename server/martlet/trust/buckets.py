"""Which output columns of a query are time buckets, and of which grain."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from sqlglot import exp

from martlet.trust.parsed import parse
from martlet.trust.sources import sources_of

GRAINS = frozenset({"week", "month", "quarter", "year"})

# Functions that make periods out of days in a way that a value no longer tells its day.
PARTS = frozenset(
    {
        "date_part",
        "datepart",
        "dayname",
        "isoyear",
        "last_day",
        "month",
        "monthname",
        "quarter",
        "strftime",
        "time_bucket",
        "week",
        "weekofyear",
        "year",
        "yearweek",
    }
)


@dataclass(frozen=True)
class Bucket:
    """The output column at `position` (from 0) is the first day of a `grain`."""

    position: int
    grain: str


@lru_cache(maxsize=512)
def find_buckets(sql: str) -> tuple[Bucket, ...]:
    """The time buckets among the outputs of a query, followed through CTEs and subqueries.

    Raises: sqlglot's SqlglotError when sqlglot cannot read what DuckDB can.
    """
    tree = parse(sql)
    while isinstance(tree, exp.SetOperation):
        tree = tree.this
    if not isinstance(tree, exp.Select) or tree.is_star:
        return ()
    found = [(i, _grain(item, tree, tree)) for i, item in enumerate(tree.expressions)]
    return tuple(Bucket(position, grain) for position, grain in found if grain)


def _grain(item: exp.Expr, select: exp.Select, tree: exp.Expr) -> str:
    """The grain of one output, or an empty text."""
    inner = item.unalias()
    while isinstance(inner, exp.Cast | exp.Paren):
        inner = inner.this
    if isinstance(inner, exp.DateTrunc | exp.TimestampTrunc):
        unit = inner.args.get("unit")
        grain = unit.name.lower() if unit is not None else ""
        return grain.split("(")[0] if grain.split("(")[0] in GRAINS else ""
    if not isinstance(inner, exp.Column):
        return ""
    for source in sources_of(select, tree, {}).values():
        if source.query is not None and inner.table.lower() in ("", source.alias):
            for made in source.query.expressions:
                if made.alias_or_name.lower() == inner.name.lower():
                    return _grain(made, source.query, tree)
    return ""
