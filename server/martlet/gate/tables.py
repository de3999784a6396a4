"""Which table names of a query are marts, and which are its own CTEs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from martlet.flow.query import Scope
from martlet.gate.tree import Json, path_of
from martlet.gate.words import fold

SCHEMA, CATALOG = "marts", "serving"
RECURRING = "recurring"  # DuckDB's name for the rows that a USING KEY recursion has so far


@dataclass(frozen=True)
class TableName:
    """A table as it is written; `mart` is the published one it names, or None."""

    path: tuple[str, ...]
    json: Json
    mart: str | None


def find_mart(path: tuple[str, ...], scope: Scope) -> str | None:
    """The mart that `t`, `marts.t` or `serving.marts.t` names, in the spelling it has there."""
    *qualifiers, name = path
    if [fold(part) for part in qualifiers] not in ([], [SCHEMA], [CATALOG, SCHEMA]):
        return None
    wanted = fold(name)
    return next((mart for mart in scope.marts if fold(mart) == wanted), None)


def read_tables(tree: Json, scope: Scope) -> Iterator[TableName]:
    """Every table reference that is not a CTE in scope, as DuckDB resolves them.

    A CTE is known to those after it and to the body, not to itself; under RECURSIVE it is known
    to its own second half alone.
    """
    return _read(tree, scope, frozenset())


def _read(value: Any, scope: Scope, ctes: frozenset[str]) -> Iterator[TableName]:
    if isinstance(value, list):
        for item in value:
            yield from _read(item, scope, ctes)
    elif isinstance(value, dict):
        kind = "" if "class" in value else value.get("type")
        if "cte_map" in value:
            yield from _read_query(value, scope, ctes)
        elif kind == "BASE_TABLE":
            yield from _read_table(value, scope, ctes)
        else:
            yield from _read(list(value.values()), scope, ctes)


def _read_query(node: Json, scope: Scope, ctes: frozenset[str]) -> Iterator[TableName]:
    for entry in node["cte_map"]["map"]:
        yield from _read(entry["value"], scope, ctes)
        ctes |= {fold(entry["key"])}
    rest = {key: value for key, value in node.items() if key not in ("cte_map", "right", "type")}
    yield from _read(list(rest.values()), scope, ctes)
    if "right" in node:
        if node["type"] == "RECURSIVE_CTE_NODE":
            name = fold(node["cte_name"])
            ctes |= {name, f"{RECURRING}.{name}"}
        yield from _read(node["right"], scope, ctes)


def _read_table(node: Json, scope: Scope, ctes: frozenset[str]) -> Iterator[TableName]:
    path = path_of(node)
    folded = tuple(fold(part) for part in path)
    is_cte = len(path) == 1 and folded[0] in ctes
    is_recurring = len(path) == 2 and folded[0] == RECURRING and ".".join(folded) in ctes
    if not is_cte and not is_recurring:
        yield TableName(path, node, find_mart(path, scope))
    rest = {key: value for key, value in node.items() if key != "type"}
    yield from _read(list(rest.values()), scope, ctes)
