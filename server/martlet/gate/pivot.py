"""Dynamic PIVOT: which values it needs, and the text with those values written out.

`PIVOT t ON status` makes its columns from the data, which DuckDB does by running two statements.
Here the values are asked for first, by queries of their own, and written into the caller's text
as `ON status IN (...)`. What results goes through the whole gate, so nothing here is trusted.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import sqlglot
from sqlglot.errors import SqlglotError
from sqlglot.tokenizer_core import Token

from martlet.errors import RefusedSql
from martlet.flow.query import Cell
from martlet.gate.words import Text, Word

KEYWORDS = frozenset({"pivot", "pivot_wider"})
ENDS_ON = frozenset(
    {"using", "group", "order", "limit", "offset", "fetch", "where", ";", ")"}
    | {"union", "except", "intersect"}
)
BARE_JOINS = frozenset({"cross", "natural", "positional"})


@dataclass(frozen=True)
class Dynamic:
    """One ON expression without values: the query that finds them, and its place in the text."""

    probe: str
    start: int
    end: int


@dataclass
class _Level:
    """One pair of brackets: the WITH list written so far at its start."""

    is_cte_body: bool = False
    with_start: int | None = None
    with_end: int | None = None
    recursive: bool = False
    listing: bool = False


@dataclass
class _Reader:
    sql: str
    tokens: list[Token]
    found: list[Dynamic] = field(default_factory=list)

    def words(self, index: int) -> str:
        """The token in lower case; quoted names and strings are never a word of the grammar."""
        if not 0 <= index < len(self.tokens):
            return ""
        token = self.tokens[index]
        first = self.sql[token.start : token.start + 1]  # sqlglot places a command's rest oddly
        return "" if first in "\"'$" else token.text.lower()


def count_statements(sql: str) -> int:
    """How many statements the text holds, by its semicolons."""
    reader = _tokenize(sql)
    if reader is None:
        return 1
    count, filled = 0, False
    for index in range(len(reader.tokens)):
        if reader.words(index) == ";":
            count, filled = count + filled, False
        else:
            filled = True
    return count + filled


def read(sql: str) -> tuple[Dynamic, ...]:
    """The ON expressions of this text that lack their values, in order; empty when there are none.

    Raises: RefusedSql `sql.construct` for `ON x IN (SELECT ...)`.
    """
    reader = _tokenize(sql)
    if reader is None or not any(
        reader.words(index) in KEYWORDS for index in range(len(reader.tokens))
    ):
        return ()
    levels = [_Level()]
    for index in range(len(reader.tokens)):
        word = reader.words(index)
        if word in KEYWORDS and _opens_query(reader, index):
            _read_pivot(reader, index, levels)
        _follow(reader, index, word, levels)
    return tuple(reader.found)


def write(sql: str, dynamic: Sequence[Dynamic], values: Sequence[Sequence[Cell]]) -> str:
    """The text with every list of values in its place. `values` are the probes' cells.

    Raises: RefusedSql `sql.construct` where there are no values, or odd ones.
    """
    if len(values) != len(dynamic):
        raise _list_the_values("The values of this PIVOT do not fit its ON list.")
    parts, end = [], len(sql)
    for one, cells in sorted(
        zip(dynamic, values, strict=True), key=lambda pair: pair[0].start, reverse=True
    ):
        if not cells:
            raise _list_the_values("The PIVOT finds no values, so it has no columns.")
        parts.append(sql[one.end : end])
        listed = ", ".join(_literal(cell) for cell in cells)
        parts.append(f"({sql[one.start : one.end]}) in ({listed})")
        end = one.start
    return sql[:end] + "".join(reversed(parts))


def unwritable(sql: str) -> RefusedSql:
    """A PIVOT of the caller's text that is still dynamic where its values were written."""
    places = (Text(sql).find([word]) for word in sorted(KEYWORDS))
    return _list_the_values(
        "The values of this PIVOT could not be written out.",
        where=next((place for place in places if place), ""),
    )


def _tokenize(sql: str) -> _Reader | None:
    try:
        return _Reader(sql, sqlglot.tokenize(sql, dialect="duckdb"))
    except SqlglotError:
        return None


def _opens_query(reader: _Reader, index: int) -> bool:
    """PIVOT as a statement stands where a SELECT could; `t PIVOT (...)` does not."""
    before = reader.words(index - 1)
    return index == 0 or before in ("(", ")", ";", "all", "union", "except", "intersect", "name")


def _follow(reader: _Reader, index: int, word: str, levels: list[_Level]) -> None:
    """Keeps the stack of brackets and the WITH list of each."""
    token, here = reader.tokens[index], levels[-1]
    if word == "(":
        is_body = here.listing and reader.words(index - 1) in ("as", "materialized")
        levels.append(_Level(is_cte_body=is_body))
    elif word == ")" and len(levels) > 1:
        closed = levels.pop()
        if closed.is_cte_body:
            levels[-1].with_end = token.end + 1
            levels[-1].listing = reader.words(index + 1) == ","
    elif word == "with" and reader.words(index - 1) in ("", "(", ";"):
        here.recursive = reader.words(index + 1) == "recursive"
        first = reader.tokens[index + (2 if here.recursive else 1)]
        here.with_start, here.listing = first.start, True


def _read_pivot(reader: _Reader, index: int, levels: list[_Level]) -> None:
    on = _find_on(reader, index + 1)
    if on is None:
        return
    source = reader.sql[reader.tokens[index + 1].start : reader.tokens[on - 1].end + 1]
    for start, end in _split_on(reader, on + 1):
        if _has_values(reader, start, end):
            continue
        first, last = reader.tokens[start], reader.tokens[end - 1]
        expression = reader.sql[first.start : last.end + 1]
        reader.found.append(
            Dynamic(
                _probe(_with_prefix(reader, levels), source, expression), first.start, last.end + 1
            )
        )


def _find_on(reader: _Reader, start: int) -> int | None:
    """The ON of the PIVOT itself: the first that no join of its source takes."""
    depth, joins = 0, 0
    for index in range(start, len(reader.tokens)):
        word = reader.words(index)
        depth += (word == "(") - (word == ")")
        if depth < 0 or word == ";":
            return None
        if depth:
            continue
        if word == "join" and reader.words(index - 1) not in BARE_JOINS:
            joins += 1
        elif word in ("on", "using") and joins:
            joins -= 1
        elif word == "on":
            return index
        elif word in ("using", "group"):
            return None
    return None


def _split_on(reader: _Reader, start: int) -> list[tuple[int, int]]:
    """The expressions of an ON list, as half-open ranges of tokens."""
    ranges, depth, begun, index = [], 0, start, start
    while index < len(reader.tokens):
        word = reader.words(index)
        if depth == 0 and word in ENDS_ON:
            break
        depth += (word in ("(", "[", "{")) - (word in (")", "]", "}"))
        if depth == 0 and word == ",":
            ranges.append((begun, index))
            begun = index + 1
        index += 1
    ranges.append((begun, index))
    return [(first, end) for first, end in ranges if first < end]


def _has_values(reader: _Reader, start: int, end: int) -> bool:
    depth = 0
    for index in range(start, end):
        word = reader.words(index)
        depth += (word in ("(", "[", "{")) - (word in (")", "]", "}"))
        if depth == 0 and word == "in":
            inner, token = reader.words(index + 2), reader.tokens[index]
            if reader.words(index + 1) == "(" and inner in ("select", "from", "with", "values"):
                raise _list_the_values(
                    "PIVOT takes its values from a list, not from a query.",
                    where=Text(reader.sql).at(Word(token.text, token.start)),
                )
            return True
    return False


def _with_prefix(reader: _Reader, levels: list[_Level]) -> str:
    """The CTEs that are complete before this place, of all brackets around it."""
    lists = [
        reader.sql[level.with_start : level.with_end]
        for level in levels
        if level.with_start is not None and level.with_end is not None
    ]
    recursive = "recursive " if any(level.recursive for level in levels) else ""
    return f"with {recursive}{', '.join(lists)}\n" if lists else ""


def _probe(prefix: str, source: str, expression: str) -> str:
    """The distinct values as text, in DuckDB's own order; hex keeps every character of them."""
    return (
        f"{prefix}select hex(given.v) from (\n"
        f"select distinct cast(({expression}\n) as varchar) as v from {source}\n"
        f"where ({expression}\n) is not null) as given\norder by given.v"
    )


def _literal(cell: Cell) -> str:
    try:
        value = bytes.fromhex(str(cell)).decode("utf-8")
    except ValueError as error:
        raise _list_the_values("A value of this PIVOT is too long for a column name.") from error
    return "'" + value.replace("'", "''") + "'"


def _list_the_values(message: str, *, where: str = "") -> RefusedSql:
    return RefusedSql(
        "sql.construct",
        message,
        where=where,
        next_step="Name the values: PIVOT ... ON column IN ('a', 'b').",
    )
