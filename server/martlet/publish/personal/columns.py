"""The columns of a mart as texts in which personal data can be looked for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from duckdb.sqltypes import DuckDBPyType

from martlet.publish.connect import quoted

Held = Literal["text", "nested", "whole", "number", "day", "none"]
_NESTED = frozenset(("struct", "list", "map", "array", "union", "variant"))
_WHOLE = frozenset(
    ("tinyint", "smallint", "integer", "bigint", "hugeint")
    + ("utinyint", "usmallint", "uinteger", "ubigint", "uhugeint")
)
_DECIMAL = frozenset(["float", "double", "decimal", "bignum"])


@dataclass(frozen=True)
class Searched:
    """A column: what it holds, and its values as text (SQL)."""

    name: str
    held: Held
    sql: str


def searched(name: str, kind: DuckDBPyType) -> Searched:
    """How a column of that type is searched."""
    held = _held(kind)
    column = quoted(name)
    if held == "number":
        return Searched(name, held, f"regexp_replace(cast({column} as varchar), '\\.0+$', '')")
    if held == "nested":
        return Searched(name, held, _decoded(f"cast(to_json({column}) as varchar)"))
    if held == "text":
        return Searched(name, held, _decoded(f"cast({column} as varchar)"))
    return Searched(name, held, f"cast({column} as varchar)")


def _held(kind: DuckDBPyType) -> Held:
    known = str(kind.id)
    if known in _NESTED:
        return "nested"
    if known in _WHOLE:
        return "whole"
    if known in _DECIMAL:
        return "number"
    if known.startswith(("date", "timestamp")):
        return "day"
    if known.startswith("time") or known in ("boolean", "interval", "uuid", "bit", "null"):
        return "none"
    return "nested" if str(kind) == "JSON" else "text"


def _decoded(text: str) -> str:
    """Text with the escapes of JSON and URLs undone, as far as they hide what is looked for."""
    plain = text
    for escape, char in (("\\u0040", "@"), ("\\u002b", "+"), ("\\u002B", "+"), ("\\/", "/")):
        plain = f"replace({plain}, '{escape}', '{char}')"
    plain = f"case when contains({text}, '\\') then {plain} else {text} end"
    return (
        f"case when regexp_matches({text}, '%[0-9A-Fa-f]{{2}}') "
        f"then {text} || ' ' || coalesce(try(url_decode({plain})), '') else {plain} end"
    )
