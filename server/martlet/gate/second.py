"""The second opinion: sqlglot must see the same tables and CTEs as DuckDB's parser."""

from __future__ import annotations

import logging

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from martlet.gate.tree import Node, path_of
from martlet.gate.words import fold

# It logs the SQL it cannot parse, and SQL may hold values.
logging.getLogger("sqlglot").setLevel(logging.CRITICAL)

ROOTS = (exp.Query, exp.Values, exp.Describe, exp.Summarize, exp.Pivot)
Names = frozenset[tuple[str, ...]]


def parse(sql: str) -> list[exp.Expression | None] | None:
    """sqlglot's statements, or None where only sqlglot cannot parse (DuckDB's parser decides)."""
    try:
        return sqlglot.parse(sql, dialect="duckdb")  # type: ignore[return-value]
    except (SqlglotError, RecursionError):
        return None


def agrees(sql: str, nodes: tuple[Node, ...]) -> bool:
    """Whether sqlglot reads one query over the same names."""
    statements = parse(sql)
    if statements is None:
        return True
    found = [one for one in statements if one is not None and not isinstance(one, exp.Semicolon)]
    if len(found) != 1 or any(isinstance(one, exp.Command) for one in found):
        return False
    if not isinstance(found[0], ROOTS):
        return False
    return _names_by_sqlglot(found[0]) == _names_by_duckdb(nodes)


def _names_by_duckdb(nodes: tuple[Node, ...]) -> Names:
    tables = {
        tuple(fold(part) for part in path_of(node.json))
        for node in nodes
        if node.kind == "BASE_TABLE"
    }
    ctes = {
        ("with", fold(entry["key"]))
        for node in nodes
        if "cte_map" in node.json
        for entry in node.json["cte_map"]["map"]
    }
    return frozenset(tables | ctes)


def _names_by_sqlglot(tree: exp.Expression) -> Names:
    tables, ctes = set(), set()
    for node in tree.walk():
        if isinstance(node, exp.Table) and isinstance(node.this, exp.Identifier | exp.Dot):
            tables.add(tuple(fold(part.name) for part in node.parts))
        elif isinstance(node, exp.CTE):
            ctes.add(("with", fold(node.alias)))
    return frozenset(tables | ctes)
