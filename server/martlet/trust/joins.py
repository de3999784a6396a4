"""Which joins of a query may repeat rows under an aggregate, told from measured keys."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sqlglot import exp

from martlet.trust.parsed import parse
from martlet.trust.probes import probe_over
from martlet.trust.sources import Columns, Keys, Source, owner_of, sources_of

# Aggregates whose result changes when a row is counted twice.
SENSITIVE = (exp.Sum, exp.Avg, exp.Count, exp.Stddev, exp.Variance, exp.Median, exp.Quantile)


@dataclass(frozen=True)
class Suspect:
    """An aggregate over rows of `repeated` that the join to `by` on `on` may repeat.

    `probe` is SQL that gives (rows after the join, different rows before it), empty where the rows
    have no known key to count by.
    """

    aggregate: str
    repeated: str
    by: str
    on: str
    probe: str


def find_suspects(sql: str, keys: Keys, columns: Columns) -> list[Suspect]:
    """Every aggregate in the query whose rows a join may repeat.

    Raises: sqlglot's ParseError when sqlglot cannot read what DuckDB can.
    """
    tree = parse(sql)
    return list(dict.fromkeys(_Search(tree, keys, columns).suspects()))


@dataclass(frozen=True)
class _Search:
    tree: exp.Expr
    keys: Keys
    columns: Columns

    def suspects(self) -> Iterator[Suspect]:
        for select in self.tree.find_all(exp.Select):
            for aggregate in _aggregates(select):
                for column in aggregate.find_all(exp.Column):
                    yield from self._follow(column, aggregate, select)

    def _follow(
        self, column: exp.Column, aggregate: exp.Expr, select: exp.Select
    ) -> Iterator[Suspect]:
        """Is the row that a column comes from repeated here, or in the query it passes through?"""
        sources = sources_of(select, self.tree, self.keys)
        owner = owner_of(column, sources, self.columns)
        if owner is None:
            return
        repeaters = _uncovered(owner, sources)
        if repeaters:
            yield self._suspect(aggregate, owner, repeaters[0], select)
            return
        for inner in _behind(column, owner):
            assert owner.inner is not None
            yield from self._follow(inner, aggregate, owner.inner)

    def _suspect(
        self, aggregate: exp.Expr, source: Source, by: Source, select: exp.Select
    ) -> Suspect:
        return Suspect(
            aggregate=aggregate.sql(dialect="duckdb"),
            repeated=source.title,
            by=by.title,
            on=", ".join(sorted({own for own, _, _ in by.links})) or "no column",
            probe=self._probe(source, select),
        )

    def _probe(self, source: Source, select: exp.Select) -> str:
        """Rows of `source` after the join and different ones, over the same FROM and WHERE."""
        by_size = sorted(source.keys, key=lambda columns: (len(columns), sorted(columns)))
        key = sorted(by_size[0]) if by_size else []
        if not key:
            return ""
        parts = [exp.column(name, table=source.alias, quoted=True) for name in key]
        counted = parts[0] if len(parts) == 1 else exp.Tuple(expressions=parts)
        different = exp.Count(this=exp.Distinct(expressions=[counted]))
        outputs = [
            exp.alias_(exp.Count(this=parts[0].copy()), "joined"),
            exp.alias_(different, "different"),
        ]
        return probe_over(select, self.tree, outputs, filtered=True)


def _aggregates(select: exp.Select) -> Iterator[exp.Expr]:
    """Aggregates of this SELECT itself that a repeated row would change."""
    for item in (*select.expressions, select.args.get("having"), select.args.get("order")):
        for found in item.find_all(*SENSITIVE) if item is not None else ():
            counts_rows_once = isinstance(found.this, exp.Distinct | exp.Star)
            if found.find_ancestor(exp.Select) is select and not counts_rows_once:
                yield found


def _behind(column: exp.Column, owner: Source) -> list[exp.Column]:
    """The columns that a column of a query is made of inside it."""
    if owner.inner is None:
        return []
    for item in owner.inner.expressions:
        if item.alias_or_name.lower() == column.name.lower():
            return list(item.find_all(exp.Column))
    return [exp.column(column.name)] if owner.inner.is_star else []


def _uncovered(start: Source, sources: dict[str, Source]) -> list[Source]:
    """Sources that may hold several rows for one row of `start`."""
    covered = {start.alias}
    while True:
        more = {
            alias
            for alias, source in sources.items()
            if alias not in covered and _is_to_one(source, covered)
        }
        if not more:
            return [source for alias, source in sources.items() if alias not in covered]
        covered |= more


def _is_to_one(source: Source, covered: set[str]) -> bool:
    bound = {own for own, other, _ in source.links if other in covered}
    return source.is_single or any(key <= bound for key in source.keys)
