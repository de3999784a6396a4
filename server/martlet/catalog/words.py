"""The words of SQL snippets and of names: enough to see what a snippet mentions, no parser."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import get_args

from martlet.flow.catalog import Grain

GRAINS: tuple[str, ...] = get_args(Grain)


def quoted(column: str) -> str:
    """The column as SQL; bare where that is safe."""
    if re.fullmatch(r"[a-z_][a-z0-9_]*", column) and column not in RESERVED:
        return column
    return '"' + column.replace('"', '""') + '"'


def mentioned(expr: str) -> list[str]:
    """The names an expression may take from its table, in order: no literals, no functions.

    Types after `as` and `::` are left out, and so are the words in `KEYWORDS`.
    """
    found: list[str] = []
    for match in _TOKEN.finditer(expr):
        quoted_name, bare = match["quoted"], match["bare"]
        if quoted_name is not None:
            found.append(quoted_name.replace('""', '"'))
        elif bare is not None and bare.lower() not in KEYWORDS:
            found.append(bare)
    return list(dict.fromkeys(found))


def missing_columns(expr: str, columns: set[str]) -> list[str]:
    """The names in `expr` that are no column; DuckDB compares names without case."""
    known = {column.lower() for column in columns}
    return [name for name in mentioned(expr) if name.lower() not in known]


def qualified(expr: str, table: str) -> str:
    """The expression with the table before each name that it takes from it."""
    return renamed(expr, lambda name: f"{quoted(table)}.{quoted(name)}")


def renamed(expr: str, change: Callable[[str], str]) -> str:
    """The expression with other SQL for each name that it takes from its table."""

    def swap(match: re.Match[str]) -> str:
        inner, bare = match["quoted"], match["bare"]
        if inner is not None:
            return change(inner.replace('""', '"'))
        return match[0] if bare is None or bare.lower() in KEYWORDS else change(bare)

    return _TOKEN.sub(swap, expr)


_TOKEN = re.compile(
    r"""'(?:[^']|'')*'                                  # a string
    | "(?P<quoted>(?:[^"]|"")*)"
    | (?:::|\bas\b)\s*[A-Za-z_]\w*(?:\s*\([^()]*\))?    # a type
    | [A-Za-z_]\w*(?=\s*\()                             # a function
    | (?:\d[\w.]*)                                      # a number
    | (?P<bare>[A-Za-z_]\w*)
    """,
    re.VERBOSE | re.IGNORECASE,
)

_RESERVED_TEXT = """
all analyse analyze and any array as asc asymmetric both case cast check collate column constraint
create default deferrable desc describe distinct do else end except false fetch for foreign from
group having in initially intersect into lambda lateral leading limit not null offset on only or
order pivot pivot_longer pivot_wider placing primary qualify references returning select show some
summarize symmetric table then to trailing true union unique unpivot using variadic when where
window with
"""
_SPOKEN_TEXT = """
between century current_date current_timestamp date day days decade dow doy epoch exclude filter
glob hour hours ilike interval is isnull isodow isoyear like microsecond millennium millisecond
minute minutes month months notnull nulls over partition quarter quarters rows second seconds
similar timestamp within week weeks year years
"""
RESERVED = frozenset(_RESERVED_TEXT.split())
KEYWORDS = RESERVED | frozenset(_SPOKEN_TEXT.split())
