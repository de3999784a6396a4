"""SQL text: identifiers, literals and the layout of a SELECT. All caller text arrives parsed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from sqlglot import exp

_PLAIN = re.compile(r"[a-z_][a-z0-9_]*")
_BREAK = re.compile(r"""'(?:[^']|'')*'|"(?:[^"]|"")*"|\n""")
_ATOM = re.compile(r'("[^"]*"|\w+)(\.("[^"]*"|\w+))*')

# Words that DuckDB 2.0 does not take as a bare name everywhere (duckdb_keywords()).
_RESERVED_WORDS = """
all analyse analyze and anti any array as asc asof asymmetric at authorization between bigint
binary bit boolean both by case cast char character check coalesce collate collation column
columns concurrently constraint create cross dec decimal default deferrable desc describe
distinct do else end except exists extract false fetch float for foreign freeze from full
generated glob group grouping grouping_id having ilike in initially inner inout int integer
intersect interval into is isnull join lambda lateral leading left like limit map national
natural nchar none not notnull null nullif numeric offset on only or order out outer overlaps
overlay pivot pivot_longer pivot_wider placing position positional precision primary qualify
real references returning right row select semi setof show similar smallint some struct
substring summarize symmetric table tablesample then time timestamp to trailing treat trim true
try_cast tuple union unique unpack unpivot using values varchar variadic verbose when where
window with
"""
RESERVED = frozenset(_RESERVED_WORDS.split())


def name(text: str) -> str:
    """An identifier, quoted where DuckDB needs it."""
    if _PLAIN.fullmatch(text) and text not in RESERVED:
        return text
    return '"' + text.replace('"', '""') + '"'


def dotted(*parts: str) -> str:
    """A qualified name."""
    return ".".join(name(part) for part in parts)


def literal(text: str) -> str:
    """A string literal."""
    return exp.Literal.string(text).sql(dialect="duckdb")


def atom(sql: str) -> str:
    """The SQL as one operand: in parentheses unless it is a name."""
    return sql if _ATOM.fullmatch(sql) else f"({sql})"


def both(conditions: Iterable[str]) -> str:
    """All conditions, joined by AND; each keeps its own precedence."""
    found = list(dict.fromkeys(conditions))
    return found[0] if len(found) == 1 else " and ".join(f"({item})" for item in found)


def select(
    columns: Sequence[tuple[str, str]],
    tables: Sequence[str],
    *,
    where: Sequence[str] = (),
    group: int = 0,
    qualify: str = "",
) -> str:
    """A SELECT, one clause a line. `columns` are (SQL, name); `group` counts leading keys."""
    lines = ["select", *_columns(columns), f"from {tables[0]}", *tables[1:]]
    unique = list(dict.fromkeys(where))
    if unique:
        alone = len(unique) == 1
        lines.append("where " + (unique[0] if alone else f"({unique[0]})"))
        lines += [f"    and ({item})" for item in unique[1:]]
    if group:
        lines.append("group by " + ", ".join(str(i + 1) for i in range(group)))
    if qualify:
        lines.append(f"qualify {qualify}")
    return "\n".join(lines)


def with_ctes(ctes: Sequence[tuple[str, str]], body: str) -> str:
    """The body under its named CTEs, in order."""
    if not ctes:
        return body
    parts = [f"    {name(title)} as (\n{_indent(text, 8)}\n    )" for title, text in ctes]
    return "with\n" + ",\n\n".join(parts) + "\n\n" + body


def _columns(columns: Sequence[tuple[str, str]]) -> list[str]:
    last = len(columns) - 1
    return [
        f"    {_aliased(sql, title)}{'' if i == last else ','}"
        for i, (sql, title) in enumerate(columns)
    ]


def _aliased(sql: str, title: str) -> str:
    alias = name(title)
    named = sql in (alias, "*") or (sql.endswith(f".{alias}") and _ATOM.fullmatch(sql))
    return sql if named else f"{sql} as {alias}"


def _indent(text: str, by: int) -> str:
    """The text moved to the right, except for lines that go on inside a literal or a name."""
    pad = " " * by
    return pad + _BREAK.sub(lambda found: "\n" + pad if found[0] == "\n" else found[0], text)
