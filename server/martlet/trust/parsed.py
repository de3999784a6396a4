"""A text of SQL as sqlglot reads it, once for all checks of an answer."""

from __future__ import annotations

from functools import lru_cache

import sqlglot
from sqlglot import exp


@lru_cache(maxsize=256)
def parse(sql: str) -> exp.Expr:
    """The tree of a query. It is shared: whoever changes a part copies it first.

    Raises: sqlglot's SqlglotError when sqlglot cannot read what DuckDB can.
    """
    return sqlglot.parse_one(sql, read="duckdb")
