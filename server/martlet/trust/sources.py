"""What the FROM of a query holds, and which columns are unique in each part of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlglot import exp

Keys = Mapping[str, frozenset[frozenset[str]]]  # mart -> its keys, each a set of columns
Columns = Mapping[str, frozenset[str]]  # mart -> its published columns

TO_ONE_JOINS = frozenset({"SEMI", "ANTI", "ASOF"})
GROUPINGS = ("rollup", "cube", "grouping_sets")


@dataclass
class Source:
    """One part of a FROM: a mart, a CTE or a subquery.

    `keys` are the sets of columns that are unique in it; `is_single` says that it has at most one
    row for each row of the others, whatever the condition. `inner` is the query behind it where
    rows pass through ungrouped, `query` in any case. `links` are the equalities to other sources:
    own column, their alias, their column.
    """

    alias: str
    title: str
    keys: frozenset[frozenset[str]]
    is_single: bool = False
    inner: exp.Select | None = None
    query: exp.Select | None = None
    links: list[tuple[str, str, str]] = field(default_factory=list)


def sources_of(select: exp.Select, tree: exp.Expr, keys: Keys) -> dict[str, Source]:
    """The parts of a FROM by alias, in order, with the equalities between them noted.

    Remembered for each SELECT of a tree: CTEs that each read the one before twice would otherwise
    be followed 2^n times.
    """
    seen, place = _notes(tree).sources, (id(select), bool(keys))
    if place not in seen:
        seen[place] = _read_from(select, tree, keys)
    return seen[place]


def _read_from(select: exp.Select, tree: exp.Expr, keys: Keys) -> dict[str, Source]:
    first = select.args.get("from_") or select.args.get("from")
    if first is None:
        return {}
    sources = {}
    joins = select.args.get("joins") or []
    for expression, join in [(first.this, None), *((join.this, join) for join in joins)]:
        source = _source(expression, tree, keys)
        source.is_single = source.is_single or bool(_words(join) & TO_ONE_JOINS)
        sources[source.alias] = source
    _link(select, sources)
    return sources


def owner_of(column: exp.Column, sources: Mapping[str, Source], columns: Columns) -> Source | None:
    """The part of the FROM that a column comes from; None where the text does not tell."""
    if column.table:
        return sources.get(column.table.lower())
    if len(sources) == 1:
        return next(iter(sources.values()))
    holding = [
        source
        for source in sources.values()
        if column.name.lower() in columns.get(source.title, frozenset())
    ]
    return holding[0] if len(holding) == 1 else None


def _words(join: exp.Join | None) -> set[str]:
    parts = ("kind", "side", "method")
    return {str(join.args.get(part) or "").upper() for part in parts} if join else set()


def _source(expression: exp.Expr, tree: exp.Expr, keys: Keys) -> Source:
    alias = expression.alias_or_name.lower()
    if isinstance(expression, exp.Table):
        name = expression.name.lower()
        defined = _cte(name, expression, tree)
        if defined is None:
            return Source(alias, name, keys.get(name, frozenset()))
        return _query_source(alias, name, defined, tree, keys)
    inner = expression.this if isinstance(expression, exp.Subquery) else expression
    return _query_source(alias or "subquery", alias or "a subquery", inner, tree, keys)


def _query_source(alias: str, title: str, inner: exp.Expr, tree: exp.Expr, keys: Keys) -> Source:
    """A CTE or subquery: unique by what it groups by, or by the keys of its only table."""
    if not isinstance(inner, exp.Select):
        return Source(alias, title, frozenset())
    outputs = {item.alias_or_name.lower(): item.unalias() for item in inner.expressions}
    group, distinct = inner.args.get("group"), inner.args.get("distinct")
    if group is not None:
        several = any(group.args.get(name) for name in GROUPINGS)
        found = frozenset() if several else _group_key(group, inner, outputs)
        return Source(alias, title, found, query=inner)
    if _is_total(inner):
        return Source(alias, title, frozenset({frozenset()}), is_single=True, query=inner)
    if distinct and not distinct.args.get("on"):
        return Source(alias, title, frozenset({frozenset(outputs)}), query=inner)
    passed = _passed_through(inner, outputs, tree, keys)
    return Source(alias, title, passed, inner=inner, query=inner)


def _is_total(inner: exp.Select) -> bool:
    """Aggregates without groups: one row."""
    has_aggregate = any(item.find(exp.AggFunc) for item in inner.expressions)
    return has_aggregate and not any(item.find(exp.Window) for item in inner.expressions)


def _group_key(
    group: exp.Group, inner: exp.Select, outputs: dict[str, exp.Expr]
) -> frozenset[frozenset[str]]:
    if group.args.get("all"):
        plain = {name for name, item in outputs.items() if not item.find(exp.AggFunc)}
        return frozenset({frozenset(plain)})
    names = []
    for item in group.expressions:
        if isinstance(item, exp.Literal) and not item.is_string:
            item = inner.expressions[int(item.this) - 1].unalias()
        name = next(
            (n for n, made in outputs.items() if made == item or item.name.lower() == n), None
        )
        if name is None:
            return frozenset()  # grouped by something that does not come out
        names.append(name)
    return frozenset({frozenset(names)})


def _passed_through(
    inner: exp.Select, outputs: dict[str, exp.Expr], tree: exp.Expr, keys: Keys
) -> frozenset[frozenset[str]]:
    """The keys of a query over one table whose columns come out under their names."""
    sources = sources_of(inner, tree, keys)
    if len(sources) != 1 or inner.find(exp.Unnest, exp.Explode):
        return frozenset()
    (only,) = sources.values()
    if any(isinstance(item, exp.Star) for item in inner.expressions):
        return only.keys
    renamed = {
        item.name.lower(): name for name, item in outputs.items() if isinstance(item, exp.Column)
    }
    return frozenset(
        frozenset(renamed[column] for column in key) for key in only.keys if key <= set(renamed)
    )


def _cte(name: str, table: exp.Table, tree: exp.Expr) -> exp.Expr | None:
    if table.args.get("db"):
        return None
    for query, inside in _notes(tree).ctes.get(name, ()):
        if id(table) not in inside:
            return query
    return None


class _Notes:
    """What was found out about one tree: the CTEs by name, each with the tables in it, by id."""

    def __init__(self, tree: exp.Expr) -> None:
        self.sources: dict[tuple[int, bool], dict[str, Source]] = {}
        self.ctes: dict[str, list[tuple[exp.Expr, set[int]]]] = {}
        for item in tree.find_all(exp.CTE):
            inside = {id(table) for table in item.find_all(exp.Table)}
            self.ctes.setdefault(item.alias_or_name.lower(), []).append((item.this, inside))

    def __deepcopy__(self, memo: object) -> None:
        """A copy of the tree has other nodes, of which nothing is known yet."""


def _notes(tree: exp.Expr) -> _Notes:
    notes: _Notes | None = tree.meta.get("notes")
    if notes is None:
        notes = tree.meta["notes"] = _Notes(tree)
    return notes


def _link(select: exp.Select, sources: dict[str, Source]) -> None:
    """Note every equality between columns of two sources, from ON, USING and WHERE."""
    conditions: list[exp.Expr] = []
    seen: list[str] = [next(iter(sources))]
    for join in select.args.get("joins") or []:
        alias = (join.this.alias_or_name or "subquery").lower()
        for column in join.args.get("using") or []:
            for other in seen:
                _note(sources, alias, column.name, other, column.name)
        if join.args.get("on") is not None:
            conditions.append(join.args["on"])
        seen.append(alias)
    if select.args.get("where") is not None:
        conditions.append(select.args["where"].this)
    for condition in conditions:
        for part in condition.flatten() if isinstance(condition, exp.And) else [condition]:
            left, right = (part.args.get("this"), part.args.get("expression"))
            if (
                isinstance(part, exp.EQ | exp.NullSafeEQ)
                and isinstance(left, exp.Column)
                and isinstance(right, exp.Column)
            ):
                _note(sources, left.table.lower(), left.name, right.table.lower(), right.name)


def _note(sources: dict[str, Source], a: str, a_column: str, b: str, b_column: str) -> None:
    if a in sources and b in sources and a != b:
        sources[a].links.append((a_column.lower(), b, b_column.lower()))
        sources[b].links.append((b_column.lower(), a, a_column.lower()))
