"""The conditions of a query's WHEREs, and the probe that counts what each of them lets through."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from sqlglot import exp

from martlet.flow.query import ColumnRef
from martlet.trust.parsed import parse
from martlet.trust.probes import probe_over
from martlet.trust.sources import Columns, Source, owner_of, sources_of

MOST_CONDITIONS = 12  # of one WHERE; those beyond are not counted
ALIKE = (exp.EQ, exp.NullSafeEQ, exp.In, exp.Like, exp.ILike)
COMPARISONS = (*ALIKE, exp.GT, exp.GTE, exp.LT, exp.LTE, exp.Between)


@dataclass(frozen=True)
class Condition:
    """One of the conditions that must all hold.

    `column` is the mart's column that it compares, when that is one; `wanted` are the texts which
    that column is compared with for equality or likeness.
    """

    text: str
    column: ColumnRef | None = None
    wanted: tuple[str, ...] = ()


@dataclass(frozen=True)
class Filter:
    """A WHERE. `probe` gives one row of counts: rows before it, then for each condition the rows
    that fulfil it alone and those that fulfil it and all before it."""

    conditions: tuple[Condition, ...]
    probe: str


@lru_cache(maxsize=256)
def find_filters(sql: str, columns: tuple[tuple[str, tuple[str, ...]], ...]) -> tuple[Filter, ...]:
    """Every WHERE whose rows can be read apart, in the order of the text.

    Raises: sqlglot's SqlglotError when sqlglot cannot read what DuckDB can.
    """
    tree = parse(sql)
    known = {name.lower(): frozenset(c.lower() for c in found) for name, found in columns}
    found = (_filter(select, tree, known) for select in tree.find_all(exp.Select, bfs=False))
    return tuple(item for item in found if item is not None)


def _filter(select: exp.Select, tree: exp.Expr, columns: Columns) -> Filter | None:
    where = select.args.get("where")
    if where is None or not (select.args.get("from_") or select.args.get("from")):
        return None
    parts = _conjuncts(where.this)[:MOST_CONDITIONS]
    probe = probe_over(select, tree, _counts(parts), filtered=False)
    if not probe:
        return None
    sources = sources_of(select, tree, {})
    return Filter(tuple(_condition(part, sources, columns) for part in parts), probe)


def _conjuncts(condition: exp.Expr) -> list[exp.Expr]:
    condition = condition.unnest()
    if isinstance(condition, exp.And):
        return [*_conjuncts(condition.left), *_conjuncts(condition.right)]
    return [condition]


def _counts(parts: list[exp.Expr]) -> list[exp.Expr]:
    """`count(*)`, then for each condition the counts of rows alone and together."""
    made: list[exp.Expr] = [_count(None)]
    for place, part in enumerate(parts):
        together = [exp.paren(item.copy()) for item in parts[: place + 1]]
        made += [_count(part.copy()), _count(exp.and_(*together, copy=False))]
    return made


def _count(condition: exp.Expr | None) -> exp.Expr:
    every = exp.Count(this=exp.Star())
    return exp.Filter(this=every, expression=exp.Where(this=condition)) if condition else every


def _condition(part: exp.Expr, sources: dict[str, Source], columns: Columns) -> Condition:
    text = part.sql(dialect="duckdb")
    named = list(part.find_all(exp.Column))
    if len(named) != 1 or not isinstance(part, COMPARISONS) or part.find(exp.Select):
        return Condition(text)
    owner = owner_of(named[0], sources, columns)
    is_mart = owner is not None and owner.query is None and owner.title in columns
    if owner is None or not is_mart or named[0].name.lower() not in columns[owner.title]:
        return Condition(text)
    return Condition(text, ColumnRef(owner.title, named[0].name), _wanted(part))


def _wanted(part: exp.Expr) -> tuple[str, ...]:
    """The texts that a column is asked to equal or to be like."""
    if not isinstance(part, ALIKE):
        return ()
    texts = [item.this for item in part.find_all(exp.Literal) if item.is_string]
    return tuple(text.strip("%_") for text in texts)
