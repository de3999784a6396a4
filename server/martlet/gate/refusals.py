"""The refusals of the gate, written for the one who will ask again."""

from __future__ import annotations

from martlet.errors import RefusedSql, UnknownName, did_you_mean
from martlet.flow.query import Scope
from martlet.gate import functions
from martlet.gate.tree import Node
from martlet.gate.words import Text, fold

METADATA = ("duckdb_", "pragma_", "pg_", "sqlite_", "information_schema", "show_", "table_info")
READ_ONLY = "Martlet only reads: write one SELECT over the marts."
# First word of a statement that is no query -> what to do instead.
INSTEAD = {
    "explain": "Use the `query` tool with explain=true.",
    "show": "Use the `describe` tool: it lists marts and columns.",
    "describe": "Use the `describe` tool: it lists marts and columns.",
    "desc": "Use the `describe` tool: it lists marts and columns.",
    "pragma": "Use the `describe` tool: it lists marts and columns.",
    "call": "Use the `describe` tool for marts and columns; nothing else can be called.",
    "set": "Settings cannot be changed; write the query without them.",
    "reset": "Settings cannot be changed; write the query without them.",
    "use": "Name the mart as marts.name; there is nothing to switch to.",
    "prepare": "Write the values into the query itself.",
    "execute": "Write the query itself.",
}


def syntax(message: str, place: str) -> RefusedSql:
    return RefusedSql(
        "sql.syntax",
        f"DuckDB cannot parse the SQL: {message}.",
        where=place,
        next_step="Correct the SQL there (the dialect is DuckDB 2.0).",
    )


def not_a_query(word: str) -> RefusedSql:
    shown = f"`{word.upper()}` is not a query that reads." if word else "This is not a query."
    return RefusedSql(
        "sql.not_a_query",
        shown,
        next_step=INSTEAD.get(fold(word), READ_ONLY),
    )


def several_statements() -> RefusedSql:
    return RefusedSql(
        "sql.several_statements",
        "There is more than one statement.",
        next_step="Send one query at a time.",
    )


def construct(what: str, node: Node, text: Text, next_step: str) -> RefusedSql:
    return RefusedSql(
        "sql.construct",
        f"{what} is not allowed.",
        where=text.where(node.start, node.length),
        next_step=next_step,
    )


def size(message: str, node: Node, text: Text, next_step: str) -> RefusedSql:
    return RefusedSql(
        "sql.size", message, where=text.where(node.start, node.length), next_step=next_step
    )


def function(name: str, node: Node, text: Text) -> RefusedSql:
    if name.startswith(METADATA):
        advice = "Use the `describe` tool: it lists marts and columns."
    elif name.startswith(("read_", "parquet_", "glob", "sniff_")):
        advice = "Files cannot be read; only published marts can."
    else:
        advice = did_you_mean(name, functions.NAMED) or "Use another function, or a plain join."
    return RefusedSql(
        "sql.function",
        f"The function `{name[:60]}` is not on the list of allowed functions.",
        where=text.where(node.start, node.length),
        next_step=advice,
    )


def unknown_mart(path: tuple[str, ...], node: Node, text: Text, scope: Scope) -> UnknownName:
    written = ".".join(path)
    if any(fold(part).startswith(METADATA) for part in path):
        advice = "Use the `describe` tool: it lists marts and columns."
    else:
        known = did_you_mean(path[-1], scope.marts)
        advice = f"{known} " if known else ""
        advice += "`search` and `describe` find the published marts."
    return UnknownName(
        "sql.unknown_mart",
        f"`{written[:100]}` is not a published mart.",
        where=text.where(node.start, node.length),
        next_step=advice,
    )


def disagreement() -> RefusedSql:
    return RefusedSql(
        "sql.disagreement",
        "Two parsers read the tables of this SQL differently, so it is not run.",
        next_step="Write it in a plainer way: one clause a line, names in double quotes.",
    )
