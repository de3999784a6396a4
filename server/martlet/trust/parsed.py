"""A text of SQL as sqlglot reads it, once for all checks of an answer."""

from __future__ import annotations

from functools import lru_cache

import sqlglot
from sqlglot import exp

# Aggregates of DuckDB that sqlglot knows by another name only.
OTHER_NAMES: dict[str, type[exp.AggFunc]] = {
    **dict.fromkeys(("fsum", "kahan_sum", "sumkahan", "sum_no_overflow"), exp.Sum),
    **dict.fromkeys(("mean", "favg", "decimal_average"), exp.Avg),
}


@lru_cache(maxsize=256)
def parse(sql: str) -> exp.Expr:
    """The tree of a query. It is shared: whoever changes a part copies it first.

    Raises: sqlglot's SqlglotError when sqlglot cannot read what DuckDB can.
    """
    return sqlglot.parse_one(sql, read="duckdb").transform(_by_one_name, copy=False)


def _by_one_name(node: exp.Expr) -> exp.Expr:
    """`fsum(x)` is a sum: a check that knows sums must not miss it."""
    kind = OTHER_NAMES.get(node.name.lower()) if isinstance(node, exp.Anonymous) else None
    return kind(this=node.expressions[0]) if kind and len(node.expressions) == 1 else node
