"""Sums and averages of a mart's own column, with what their rows are grouped by and held to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import sqlglot
from sqlglot import exp

from martlet.flow.query import ColumnRef
from martlet.trust.probes import probe_over
from martlet.trust.sources import Columns, Source, owner_of, sources_of

TOTALS: dict[type[exp.Expr], str] = {exp.Sum: "sum", exp.Avg: "avg"}


@dataclass(frozen=True)
class Amount:
    """One sum or average in a query, names in lower case.

    `grouped` are the columns of the same mart that rows are grouped by, `fixed` those that a
    condition holds to one value.
    """

    text: str
    function: str  # sum | avg
    column: ColumnRef
    grouped: frozenset[str]
    fixed: frozenset[str]
    alias: str
    select: exp.Select
    tree: exp.Expr

    def probe(self, column: str) -> str:
        """SQL that counts the different values of another column of the mart among the rows."""
        named = exp.column(column, table=self.alias, quoted=True)
        counted = exp.Count(this=exp.Distinct(expressions=[named]))
        return probe_over(self.select, self.tree, [counted], filtered=True)


@lru_cache(maxsize=256)
def find_amounts(sql: str, columns: tuple[tuple[str, tuple[str, ...]], ...]) -> tuple[Amount, ...]:
    """Every sum and average of a plain column, followed through CTEs that pass it on.

    Raises: sqlglot's SqlglotError when sqlglot cannot read what DuckDB can.
    """
    tree = sqlglot.parse_one(sql, read="duckdb")
    known = {name.lower(): frozenset(c.lower() for c in found) for name, found in columns}
    return tuple(
        item for select in tree.find_all(exp.Select) for item in _amounts(select, tree, known)
    )


def _amounts(select: exp.Select, tree: exp.Expr, columns: Columns) -> Iterator[Amount]:
    for item in (*select.expressions, select.args.get("having"), select.args.get("qualify")):
        for found in item.find_all(*TOTALS) if item is not None else ():
            column = _plain(found.this)
            if column is None or found.find_ancestor(exp.Select) is not select:
                continue
            yield from _follow(found, column, select, tree, columns)


def _follow(
    found: exp.Expr, column: exp.Column, select: exp.Select, tree: exp.Expr, columns: Columns
) -> Iterator[Amount]:
    """The amount in its own query, or in the query that passes its column on."""
    grouped, fixed = _grouped(select, found), _fixed(select)
    while True:
        sources = sources_of(select, tree, {})
        owner = owner_of(column, sources, columns)
        if owner is None:
            return
        if owner.query is None:
            break
        passed = _passed(column, owner)
        if passed is None or owner.inner is None:
            return
        grouped, fixed = _inside(grouped, owner), _inside(fixed, owner)
        select, column = owner.inner, passed
        fixed |= _fixed(select)
    if column.name.lower() in columns.get(owner.title, frozenset()):
        place = ColumnRef(owner.title, column.name.lower())
        text, function = found.sql(dialect="duckdb"), TOTALS[type(found)]
        yield Amount(text, function, place, grouped, fixed, owner.alias, select, tree)


def _plain(expression: exp.Expr) -> exp.Column | None:
    """The column that is added up, if it is one: cast or with nulls replaced, but not computed."""
    while isinstance(expression, exp.Cast | exp.TryCast | exp.Paren | exp.Coalesce):
        expression = expression.this
    return expression if isinstance(expression, exp.Column) else None


def _passed(column: exp.Column, owner: Source) -> exp.Column | None:
    """The column that a CTE or subquery gives on under a name; None when it computes it."""
    assert owner.query is not None
    for item in owner.query.expressions:
        if item.alias_or_name.lower() == column.name.lower():
            return _plain(item.unalias())
    return exp.column(column.name) if owner.query.is_star else None


def _inside(names: frozenset[str], owner: Source) -> frozenset[str]:
    """Names of a CTE's columns, as they are called inside it."""
    found = (_passed(exp.column(name), owner) for name in names)
    return frozenset(column.name.lower() for column in found if column is not None)


def _grouped(select: exp.Select, found: exp.Expr) -> frozenset[str]:
    """Columns that rows are grouped by, or parted by for a window."""
    window = found.find_ancestor(exp.Window)
    if window is not None and window.find_ancestor(exp.Select) is select:
        parts = window.args.get("partition_by") or []
    else:
        parts = _group_parts(select)
    plain = (_plain(part) for part in parts)
    return frozenset(column.name.lower() for column in plain if column is not None)


def _group_parts(select: exp.Select) -> list[exp.Expr]:
    group = select.args.get("group")
    if group is None:
        return []
    if group.args.get("all"):
        return [item.unalias() for item in select.expressions if not item.find(exp.AggFunc)]
    parts = []
    for part in group.expressions:
        if isinstance(part, exp.Literal) and not part.is_string:
            place = int(part.this) - 1
            part = select.expressions[place].unalias() if place < len(select.expressions) else part
        parts.append(_by_alias(part, select))
    return parts


def _by_alias(part: exp.Expr, select: exp.Select) -> exp.Expr:
    """What a name in GROUP BY stands for when it is an alias of the SELECT."""
    if isinstance(part, exp.Column) and not part.table:
        for item in select.expressions:
            if isinstance(item, exp.Alias) and item.alias.lower() == part.name.lower():
                return item.unalias()
    return part


def _fixed(select: exp.Select) -> frozenset[str]:
    """Columns that the WHERE holds to one value."""
    where = select.args.get("where")
    if where is None:
        return frozenset()
    held = set()
    for part in where.this.flatten() if isinstance(where.this, exp.And) else [where.this]:
        left, right = part.args.get("this"), part.args.get("expression")
        one_of = isinstance(part, exp.In) and len(part.expressions) == 1
        if one_of and isinstance(left, exp.Column):
            held.add(left.name.lower())
        elif isinstance(part, exp.EQ):
            sides = [side for side in (left, right) if isinstance(side, exp.Column)]
            if len(sides) == 1:
                held.add(sides[0].name.lower())
    return frozenset(held)
