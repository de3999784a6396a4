"""The aggregates of a query, told in the columns of the mart that they are made of."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

import sqlglot
from sqlglot import exp

from martlet.flow.query import ColumnRef
from martlet.trust.canonical import bare, conjuncts, normal, plain, told
from martlet.trust.parsed import parse
from martlet.trust.probes import probe_over
from martlet.trust.sources import Columns, Source, owner_of, sources_of

FUNCTIONS: dict[type[exp.Expr], str] = {
    exp.Sum: "sum",
    exp.Avg: "average",
    exp.Count: "count",
    exp.CountIf: "count",
    exp.Min: "min",
    exp.Max: "max",
    exp.Median: "median",
}


@dataclass(frozen=True)
class Aggregate:
    """One aggregate over the rows of one mart; names are in lower case, without aliases.

    `expr` is what is aggregated, `*` for whole rows. `conditions` must all hold for a row to be in
    it, from WHERE, FILTER or a CASE. `grouped` are the mart's columns that rows are grouped by,
    `fixed` those that a condition holds to one value. `alias` is the mart's name in `select`.
    """

    text: str
    function: str
    mart: str
    expr: str
    conditions: frozenset[str]
    grouped: frozenset[str]
    fixed: frozenset[str]
    alias: str
    node: exp.Expr
    select: exp.Select
    tree: exp.Expr

    @property
    def column(self) -> ColumnRef | None:
        """The column that is aggregated, when it is one and no formula."""
        found = plain(sqlglot.parse_one(self.expr, read="duckdb")) if self.expr != "*" else None
        return ColumnRef(self.mart, found.name) if found is not None else None

    def probe(self, *outputs: exp.Expr) -> str:
        """SQL for other aggregates over the rows of the mart that this one is made of."""
        return probe_over(self.select, self.tree, outputs, filtered=True)


@lru_cache(maxsize=256)
def find_aggregates(
    sql: str, columns: tuple[tuple[str, tuple[str, ...]], ...]
) -> tuple[Aggregate, ...]:
    """Every aggregate over rows of one mart, followed through CTEs that pass rows on; those over
    rows of several, or of groups, are not among them.

    Raises: sqlglot's SqlglotError when sqlglot cannot read what DuckDB can.
    """
    tree = parse(sql)
    known = {name.lower(): frozenset(c.lower() for c in found) for name, found in columns}
    return tuple(
        item for select in tree.find_all(exp.Select) for item in _aggregates(select, tree, known)
    )


def _aggregates(select: exp.Select, tree: exp.Expr, columns: Columns) -> Iterator[Aggregate]:
    for item in (*select.expressions, select.args.get("having"), select.args.get("qualify")):
        for node in item.find_all(*FUNCTIONS) if item is not None else ():
            if node.find_ancestor(exp.Select) is select:
                found = _follow(node, select, tree, columns)
                if found is not None:
                    yield found


@dataclass(frozen=True)
class _Step:
    """What is aggregated, under which conditions, as one query of the way tells it."""

    select: exp.Select
    value: exp.Expr
    conditions: tuple[exp.Expr, ...]
    groups: tuple[exp.Expr, ...]


def _follow(
    node: exp.Expr, select: exp.Select, tree: exp.Expr, columns: Columns
) -> Aggregate | None:
    """The aggregate in the mart's own words; None where it is not made of one mart's rows."""
    function, value, inner = _parts(node)
    step = _Step(select, value, (*inner, *_where(select)), tuple(_groups(select, node)))
    while True:
        sources = sources_of(step.select, tree, {})
        owner = _only_owner(step, sources, columns)
        if owner is None:
            return None
        if owner.query is None:
            break
        if owner.inner is None:
            return None
        step = _into(step, owner, owner.inner)
    if owner.title not in columns:
        return None
    named = (plain(group) for group in step.groups)
    return Aggregate(
        text=node.sql(dialect="duckdb"),
        function=function,
        mart=owner.title,
        expr=told(bare(step.value)),
        conditions=frozenset(told(bare(item)) for item in step.conditions),
        grouped=frozenset(column.name.lower() for column in named if column is not None),
        fixed=frozenset(_held(step.conditions)),
        alias=owner.alias,
        node=node,
        select=step.select,
        tree=tree,
    )


def _parts(node: exp.Expr) -> tuple[str, exp.Expr, list[exp.Expr]]:
    """Function, what is aggregated, and the conditions that stand inside the aggregate."""
    function, value = FUNCTIONS[type(node)], node.this
    conditions: list[exp.Expr] = []
    if isinstance(node.parent, exp.Filter):
        conditions += conjuncts(node.parent.expression.this)
    if isinstance(node, exp.CountIf):
        return function, exp.Star(), [*conditions, *conjuncts(value)]
    if isinstance(value, exp.Distinct):
        function, value = "count_distinct", value.expressions[0]
    function, value, inner = normal(function, value)
    return function, value, [*conditions, *inner]


def _where(select: exp.Select) -> list[exp.Expr]:
    where = select.args.get("where")
    return conjuncts(where.this) if where is not None else []


def _only_owner(step: _Step, sources: dict[str, Source], columns: Columns) -> Source | None:
    """The one part of the FROM that an aggregate is made of; for `*`, the only part."""
    named = list(step.value.find_all(exp.Column))
    if not named:
        return next(iter(sources.values())) if len(sources) == 1 else None
    owners = {id(owner): owner for owner in (owner_of(c, sources, columns) for c in named) if owner}
    found = all(owner_of(column, sources, columns) for column in named)
    return next(iter(owners.values())) if found and len(owners) == 1 else None


def _into(step: _Step, owner: Source, inner: exp.Select) -> _Step:
    """The same, in the words of the query behind a CTE or subquery."""

    def inside(item: exp.Expr) -> exp.Expr | None:
        return _replaced(item, owner, inner)

    conditions = [made for item in step.conditions if (made := inside(item)) is not None]
    groups = [made for item in step.groups if (made := inside(item)) is not None]
    value = inside(step.value)
    return replace(
        step,
        select=inner,
        value=value if value is not None else exp.Null(),
        conditions=(*conditions, *_where(inner)),
        groups=tuple(groups),
    )


def _replaced(item: exp.Expr, owner: Source, inner: exp.Select) -> exp.Expr | None:
    """An expression with each column as the inner query makes it; None when one is not there."""
    made: dict[str, exp.Expr] = {
        part.alias_or_name.lower(): part.unalias() for part in inner.expressions
    }
    missing = False

    def swap(node: exp.Expr) -> exp.Expr:
        nonlocal missing
        if not isinstance(node, exp.Column):
            return node
        if node.name.lower() in made:
            return made[node.name.lower()].copy()
        missing = missing or not inner.is_star or node.table.lower() not in ("", owner.alias)
        return exp.column(node.name)

    swapped: exp.Expr = item.copy().transform(swap)
    return None if missing else swapped


def _groups(select: exp.Select, node: exp.Expr) -> list[exp.Expr]:
    """What rows are grouped by, or parted by for a window."""
    window = node.find_ancestor(exp.Window)
    if window is not None and window.find_ancestor(exp.Select) is select:
        return list(window.args.get("partition_by") or [])
    group = select.args.get("group")
    if group is None:
        return []
    if group.args.get("all"):
        return [item.unalias() for item in select.expressions if not item.find(exp.AggFunc)]
    return [_written_out(part, select) for part in group.expressions]


def _written_out(part: exp.Expr, select: exp.Select) -> exp.Expr:
    """What a number or an alias in GROUP BY stands for."""
    if isinstance(part, exp.Literal) and not part.is_string:
        place = int(part.this) - 1
        return select.expressions[place].unalias() if place < len(select.expressions) else part
    if isinstance(part, exp.Column) and not part.table:
        for item in select.expressions:
            if isinstance(item, exp.Alias) and item.alias.lower() == part.name.lower():
                return item.unalias()
    return part


def _held(conditions: tuple[exp.Expr, ...]) -> Iterator[str]:
    """Columns that conditions hold to one value."""
    for part in conditions:
        left, right = part.args.get("this"), part.args.get("expression")
        one_of = isinstance(part, exp.In) and len(part.expressions) == 1
        if one_of and isinstance(left, exp.Column):
            yield left.name.lower()
        elif isinstance(part, exp.EQ):
            sides = [side for side in (left, right) if isinstance(side, exp.Column)]
            if len(sides) == 1:
                yield sides[0].name.lower()
