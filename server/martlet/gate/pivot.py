"""Dynamic PIVOT: find its values' expressions, and write the values into the text."""

from __future__ import annotations

from collections.abc import Sequence

import sqlglot
from sqlglot.errors import SqlglotError
from sqlglot.tokens import TokenType

from martlet.errors import RefusedSql
from martlet.flow.query import Cell


def count_statements(sql: str) -> int:
    """How many statements the text holds, by its semicolons."""
    try:
        tokens = sqlglot.tokenize(sql, dialect="duckdb")
    except SqlglotError:
        return 1
    count, filled = 0, False
    for token in tokens:
        if token.token_type is TokenType.SEMICOLON:
            count, filled = count + filled, False
        else:
            filled = True
    return count + filled


def read(sql: str) -> None:
    return None


def probes(dynamic: object) -> list[str]:
    return []


def write(dynamic: object, values: Sequence[Sequence[Cell]]) -> str:
    return ""


def unwritable() -> RefusedSql:
    return RefusedSql(
        "sql.construct",
        "The values of this PIVOT could not be written out.",
        next_step="Name them: PIVOT ... ON column IN ('a', 'b').",
    )
