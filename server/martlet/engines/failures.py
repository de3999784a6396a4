"""What DuckDB said when it could not run a query, put for the reader who will try again."""

from __future__ import annotations

import re
from typing import Any

from martlet.errors import MartletError, RequestError, UnknownName, did_you_mean
from martlet.flow.hidden import clean
from martlet.flow.query import ValidatedQuery

MESSAGE_CHARACTERS = 300
# DuckDB adds the SQL text and lists of names; both may be long, and names may be foreign.
TAIL = re.compile(r"\s*(?:LINE \d+:|Candidate |Did you mean|, or SET |Use SET |Use TRY\(|\n\n)")
KIND = re.compile(r"^(?:[A-Z][\w-]*|INTERNAL)(?: [A-Za-z-]+){0,3} Error: ")
STACK = re.compile(r"Stack Trace.*", re.DOTALL)
QUOTED_VALUE = re.compile(r"'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\"")
COLUMN = re.compile(r'(?:Referenced column|does not have a column named|Column) "([^"]+)"')
BROKEN = ("InternalException", "FatalException", "TransactionException", "IOException")
SPOILING = ("OutOfMemoryException", "MemoryError", "InterruptException", *BROKEN)
PATH = re.compile(r"(?:/[\w.@~+-]+){2,}")

NO_COLUMN = (
    "not found in FROM clause",
    "not found in the FROM clause",
    "does not have a column named",
    "does not exist on",
)
HINTS = (
    ("must appear in the GROUP BY", "Add the column to GROUP BY, or wrap it in an aggregate."),
    (
        "Could not find key",
        "A row has the fields that `describe` lists.",
    ),
    ("is not an aggregate function", "Name an aggregate: 'sum', 'avg', 'min', 'max', 'median'."),
    ("Could not convert", "Use try_cast to get NULL where a value does not fit."),
    ("field format", "Use try_cast, or strptime with the format the text has."),
    ("cannot be cast", "Use an explicit cast, or try_cast."),
    ("No function matches", "Cast the arguments to the types that the function takes."),
    ("ambiguous", "Write the column with its table: alias.column."),
    ("Ambiguous", "Write the column with its table: alias.column."),
    ("ivision by zero", "Divide by nullif(x, 0) to get NULL instead."),
    ("Overflow", "Cast to a wider type first: double or decimal(38, 2)."),
    ("out of range", "Cast to a wider type first, or use try_cast."),
    ("More than one row", "Aggregate or limit the subquery to one row."),
    ("No matching columns", "`describe` lists the columns of a mart."),
    ("empty set of columns", "`describe` lists the columns of a mart."),
    ("Set operations can only", "Give both sides the same number of columns."),
)


def spoils(reply: dict[str, Any]) -> bool:
    """Whether the sandbox is better not used again after such a reply."""
    return reply.get("failed") == "error" and reply.get("type") in SPOILING


def from_reply(reply: dict[str, Any], query: ValidatedQuery | None) -> MartletError:
    """The error to raise for a failed reply of a sandbox."""
    if reply.get("failed") == "columns":
        return RequestError(
            "sql.size",
            f"The result would have {reply.get('count')} columns; "
            f"at most {reply.get('most')} can be given.",
            next_step="Name the columns you need instead of `*`.",
        )
    if reply.get("failed") == "headings":
        return RequestError(
            "sql.size",
            f"The names and types of the {reply.get('count')} columns alone have more than "
            f"{reply.get('most')} characters.",
            next_step="Name the columns you need instead of `*`, with shorter names.",
        )
    kind, text = str(reply.get("type", "")), clean(str(reply.get("text", "")))
    if kind in ("OutOfMemoryException", "MemoryError"):
        return RequestError(
            "sql.memory",
            "The query needed more memory than one query may use.",
            next_step="Filter first, aggregate before joining, or select fewer columns.",
        )
    if kind == "InterruptException":
        return RequestError(
            "query.deadline",
            "The query ran longer than a query may and was stopped.",
            next_step="Filter to a shorter time range, or aggregate before joining.",
        )
    if kind in BROKEN:
        return RequestError(
            "sql.failed",
            "DuckDB met an internal error with this query.",
            next_step="Write it in another way, in smaller steps.",
        )
    if query is not None and (column := _unknown_column(text)):
        return _column_error(column, query, is_shared="does not exist on" in text)
    return RequestError("sql.failed", scrub(text), where=_where(text), next_step=_hint(text))


def scrub(text: str) -> str:
    """The helpful first part of DuckDB's message, without SQL text, name lists and paths."""
    first = TAIL.split(STACK.sub("", text), maxsplit=1)[0]
    message = PATH.sub("…", KIND.sub("", first).strip())
    if "resulted in an empty set of columns" in message:  # it shows how DuckDB rewrote it
        return "The star expression fits no column."
    lines = [line.strip() for line in message.splitlines() if line.strip()][:2]
    message = " ".join(lines)
    if len(message) > MESSAGE_CHARACTERS:
        message = message[: MESSAGE_CHARACTERS - 1] + "…"
    return message or "DuckDB could not run the query."


def _unknown_column(text: str) -> str:
    if not any(sign in text for sign in NO_COLUMN):
        return ""
    found = COLUMN.search(text)
    return found.group(1) if found else ""


def _column_error(column: str, query: ValidatedQuery, *, is_shared: bool) -> UnknownName:
    """`is_shared`: one side of a join may have the column, but both must."""
    names = {name for mart in query.tables for name in query.scope.marts.get(mart, {})}
    marts = ", ".join(f"'{mart}'" for mart in query.tables)
    return UnknownName(
        "sql.unknown_column",
        f"A side of the join has no column `{column[:100]}`."
        if is_shared
        else f"There is no column `{column[:100]}` here.",
        where=_place(column, query.sql),
        next_step=" ".join(
            part
            for part in (
                did_you_mean(column, names - {column}),
                "Write the join with ON where the names differ." if is_shared else "",
                f"`describe` with names=[{marts}] lists all columns." if marts else "",
            )
            if part
        ),
    )


def _place(word: str, sql: str) -> str:
    """Line and column of a word in the SQL; empty when it does not stand there as it is."""
    found = re.search(rf"(?<!\w){re.escape(word)}(?!\w)", sql)
    if found is None:
        return ""
    before = sql[: found.start()]
    column = found.start() - before.rfind("\n")
    return f"line {before.count(chr(10)) + 1}, column {column}: {word[:40]}"


def _where(text: str) -> str:
    found = re.search(r"\nLINE (\d+): ", text)
    return f"line {found.group(1)}" if found else ""


def _hint(text: str) -> str:
    return next((hint for sign, hint in HINTS if sign in text), "Correct the query and try again.")
