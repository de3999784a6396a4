"""The refusals of the gate, written for the one who will ask again."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Sequence

from martlet.errors import RefusedSql, UnknownName, nearest
from martlet.flow.query import Scope
from martlet.gate import functions
from martlet.gate.literals import digit_word_at, twin_of
from martlet.gate.tables import find_mart
from martlet.gate.tree import Node
from martlet.gate.words import Text, fold

METADATA = ("duckdb_", "pragma_", "pg_", "sqlite_", "information_schema", "show_", "table_info")
FILES = ("read_", "parquet_", "glob", "sniff_")
SESSION = ("current_", "has_", "inet_", "txid_", "get_current_role", "session_", "user", "version")
CLOSE = 0.6  # how alike two names must be, from 0 to 1, before one is offered for the other
MARGIN = 0.1  # how much less alike than the best another may be and still be offered
USE_DESCRIBE = "Use the `describe` tool: it lists marts and columns."
NO_FILES = "Files cannot be read; only published marts can."
NO_SESSION = "Nothing about the session or the server can be asked; leave it out."
NO_SETTINGS = "Settings cannot be changed; write the query without them."
SUM_OF_LIST = "Write list_aggregate(x, 'sum'), or list_sum(x)."
READ_ONLY = "Martlet only reads: write one SELECT over the marts."
PLAIN_SQL = "Write it in plainer SQL: SELECT, joins, CTEs, windows, PIVOT."

# First word of a statement that is no query -> what to do instead.
INSTEAD = {
    "explain": "Use the `query` tool with explain=true.",
    "call": "Use the `describe` tool for marts and columns; nothing else can be called.",
    "use": "Name the mart as marts.name; there is nothing to switch to.",
    "prepare": "Write the values into the query itself.",
    "execute": "Write the query itself.",
    **dict.fromkeys(("show", "describe", "desc", "pragma"), USE_DESCRIBE),
    **dict.fromkeys(("set", "reset"), NO_SETTINGS),
}
READING = frozenset(
    {"select", "from", "with", "values", "table", "pivot", "unpivot", "pivot_wider"}
    | {"pivot_longer", "summarize", "describe", "desc", "show", "("}
)
WRITING = frozenset({"insert", "update", "delete", "merge", "copy", "create", "truncate"})
# Kind of a node that may not occur -> its name, and what to write instead.
CONSTRUCTS = {
    "POSITIONAL_REFERENCE": ("A column by its place (#1)", "Write the column's name."),
    "PARAMETER": ("A parameter", "Write the value into the query."),
    "DEFAULT": ("DEFAULT", "Write the value."),
    "INSERT_QUERY_NODE": ("INSERT", READ_ONLY),
    "UPDATE_QUERY_NODE": ("UPDATE", READ_ONLY),
    "DELETE_QUERY_NODE": ("DELETE", READ_ONLY),
    "MERGE_QUERY_NODE": ("MERGE", READ_ONLY),
    "COPY_QUERY_NODE": ("COPY", READ_ONLY),
}


def syntax(message: str, place: int | None, text: Text, scope: Scope) -> RefusedSql:
    word = digit_word_at(text.bytes, place) if place is not None else ""
    advice = _instead_of_digits(word, scope) or (
        "A name that begins with a digit stands in double quotes." if word else ""
    )
    if message.startswith("A CTE body must be"):
        return RefusedSql(
            "sql.not_a_query",
            "A CTE holds a query that reads.",
            where=_other_body(text),
            next_step=READ_ONLY,
        )
    if found := _ORDERED.match(message):
        advice = f"Write {found.group(1)}(x, ... order by y) instead of WITHIN GROUP."
    return RefusedSql(
        "sql.syntax",
        f"DuckDB cannot parse the SQL: {message}.",
        where=text.where(place),
        next_step=advice or "Correct the SQL there (the dialect is DuckDB 2.0).",
    )


def nested() -> RefusedSql:
    return RefusedSql("sql.size", "The SQL is nested too deeply.", next_step="Split it with CTEs.")


def not_a_query(text: Text) -> RefusedSql:
    word = next((one for one in text.words if one.text not in ("(", ";")), None)
    if word is not None and word.name == "with":
        word = next((one for one in text.words if fold(one.text) in WRITING), word)
    return RefusedSql(
        "sql.not_a_query",
        f"`{word.text.upper()[:60]}` is not a query that reads." if word else "There is no query.",
        where=text.at(word) if word else "",
        next_step=INSTEAD.get(word.name if word else "", READ_ONLY),
    )


def several_statements(text: Text) -> RefusedSql:
    ends = [place for place, one in enumerate(text.words) if one.text == ";"]
    later = [one for one in text.words[ends[0] :] if one.text != ";"] if ends else []
    return RefusedSql(
        "sql.several_statements",
        "There is more than one statement.",
        where=text.at(later[0], later[-1]) if later else "",
        next_step="Send one query at a time.",
    )


def construct(
    what: str, node: Node, text: Text, next_step: str, words: Iterable[str] = ()
) -> RefusedSql:
    """`words` are those to look for where DuckDB tells no place of the node."""
    return RefusedSql(
        "sql.construct",
        f"{what} is not allowed.",
        where=_place(node, text, *((word,) for word in words)),
        next_step=next_step,
    )


def unknown_shape(node: Node, text: Text) -> RefusedSql:
    kind = str(node.json.get("class") or node.json.get("type") or "")
    what, instead = CONSTRUCTS.get(kind, ("This construct", PLAIN_SQL))
    words = ("truncate", *what.lower().split()) if what == "DELETE" else what.lower().split()
    return construct(what, node, text, instead, words)


def size(message: str, node: Node, text: Text, next_step: str) -> RefusedSql:
    return RefusedSql(
        "sql.size", message, where=text.where(node.start, node.length), next_step=next_step
    )


def function(name: str, node: Node, text: Text) -> RefusedSql:
    return RefusedSql(
        "sql.function",
        f"The function `{name[:60]}` is not on the list of allowed functions.",
        where=_place(node, text, name.split(".")),
        next_step=_instead_of(name) or offer(name, functions.NAMED) or PLAIN_SQL,
    )


def aggregate_name(name: str, node: Node, text: Text) -> RefusedSql:
    return RefusedSql(
        "sql.function",
        f"`{name[:60]}` is not on the list of allowed aggregates."
        if name
        else "The aggregate must be named by a literal.",
        where=text.where(node.start, node.length),
        next_step=offer(name, functions.AGGREGATES) or SUM_OF_LIST,
    )


def table_function(name: str, node: Node, text: Text) -> RefusedSql:
    known = ", ".join(f"`{one}`" for one in sorted(functions.IN_FROM))
    return RefusedSql(
        "sql.function",
        f"The function `{name[:60]}` is not allowed in FROM.",
        where=text.where(node.start, node.length),
        next_step=_instead_of(name) or f"FROM takes marts, CTEs and {known}.",
    )


def unknown_mart(path: tuple[str, ...], node: Node, text: Text, scope: Scope) -> UnknownName:
    if any(fold(part).startswith(METADATA) for part in path):
        advice = USE_DESCRIBE
    elif len(path) == 1 and find_mart(tuple(path[0].split(".")), scope):
        advice = f"Write {path[0]} without quotes, or with each part in quotes of its own."
    elif "/" in path[-1] or "." in path[-1]:
        advice = NO_FILES
    else:
        found = offer(path[-1], scope.marts)
        advice = f"{found} `search` and `describe` find the published marts.".strip()
    return UnknownName(
        "sql.unknown_mart",
        f"`{'.'.join(path)[:100]}` is not a published mart.",
        where=_place(node, text, path),
        next_step=advice,
    )


def unknown_column(
    names: list[str], known: set[str], marts: list[str], node: Node, text: Text
) -> UnknownName:
    written = ".".join(names)[:100]
    listing = ", ".join(f"'{mart}'" for mart in marts)
    is_quoted = node.start is not None and text.bytes[node.start : node.start + 1] == b'"'
    advice = (
        offer(names[-1], known),
        "Text stands in single quotes." if is_quoted else "",
        f"`describe` with names=[{listing}] lists all columns."
        if marts
        else "The query reads no mart; name one in FROM.",
    )
    return UnknownName(
        "sql.unknown_column",
        f"`{marts[0]}` has no column `{written}`."
        if len(marts) == 1
        else f"There is no column `{written}` here.",
        where=_place(node, text, names),
        next_step=" ".join(part for part in advice if part),
    )


def arrow_lambda(node: Node, text: Text) -> RefusedSql:
    return RefusedSql(
        "sql.construct",
        "`->` takes a value out of JSON; it does not make a lambda.",
        where=text.where(node.start, node.length),
        next_step="Write the lambda as `lambda x: x + 1`.",
    )


def type_name(path: tuple[str, ...], node: Node, text: Text) -> RefusedSql:
    return RefusedSql(
        "sql.type",
        f"The type `{'.'.join(path)[:60]}` is not allowed.",
        where=text.where(node.start, node.length),
        next_step="Use a built-in type: VARCHAR, BIGINT, DECIMAL(18,2), DATE, TIMESTAMP, ...",
    )


def glued_number(word: str, node: Node, text: Text, scope: Scope) -> RefusedSql:
    return RefusedSql(
        "sql.construct",
        f"`{word[:60]}` reads as a number followed by a name, not as a column.",
        where=text.where(node.start, len(word.encode())),
        next_step=_instead_of_digits(word, scope)
        or "Put a space or AS between them, or quote the name.",
    )


def disagreement() -> RefusedSql:
    return RefusedSql(
        "sql.disagreement",
        "Two parsers read the tables of this SQL differently, so it is not run.",
        next_step="Write it in a plainer way: one clause a line, names in double quotes.",
    )


def offer(name: str, known: Iterable[str]) -> str:
    """The names that are really like this one, as a question; or nothing."""
    alike = {
        one: difflib.SequenceMatcher(None, fold(name), fold(one)).ratio()
        for one in nearest(name, known)
    }
    least = max(CLOSE, max(alike.values(), default=0.0) - MARGIN)
    close = [one for one, ratio in alike.items() if ratio >= least]
    return f"Did you mean {' or '.join(f'`{one}`' for one in close)}?" if close else ""


def _instead_of_digits(word: str, scope: Scope) -> str:
    """For a word like 60_day_LTV: the column's twin with a plain name, or the name in quotes."""
    columns = [column for mart in scope.marts.values() for column in mart]
    twin = twin_of(word, columns)
    exact = next((name for name in columns if fold(name) == fold(word)), "")
    advice = (f"Use `{twin}`." if twin else "", f'Or quote it: "{exact}".' if exact else "")
    return " ".join(part for part in advice if part) or (offer(word, columns) if word else "")


def _instead_of(name: str) -> str:
    *places, last = name.split(".")
    if last in functions.INSTEAD:
        return functions.INSTEAD[last]
    if last in functions.NAMED and places:
        return f"Write `{last}` without a schema."
    if last.startswith(FILES) or last.endswith("_scan"):
        return NO_FILES
    if last.startswith(METADATA):
        return USE_DESCRIBE
    return NO_SESSION if last.startswith(SESSION) else ""


def _other_body(text: Text) -> str:
    """The place of the first CTE body that does not begin as a query."""
    words = text.words
    for before, bracket, word in zip(words, words[1:], words[2:], strict=False):
        is_body = bracket.text == "(" and before.name in ("as", "materialized")
        if is_body and word.name not in READING:
            return text.at(word)
    return ""


def _place(node: Node, text: Text, *names: Sequence[str]) -> str:
    """The place of a node; where DuckDB tells none, the first place of one of the names."""
    if node.start is not None:
        return text.where(node.start, node.length)
    return next((found for one in names if (found := text.find(one))), "")


_ORDERED = re.compile(r'Unknown ordered aggregate "(\w+)"')
