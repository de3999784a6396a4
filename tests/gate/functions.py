"""`python -m tests.gate.functions`: what the installed DuckDB has that nobody has looked at.

Prints the names that neither `allowed.toml` nor `refused.toml` knows, with what DuckDB says of
them, and those that DuckDB no longer has; exit 1 when there are any. New names are refused until
somebody moves them into one of the lists.
"""

from __future__ import annotations

import fnmatch
import sys
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

import martlet.gate
from martlet.gate.words import fold

LISTS = Path(martlet.gate.__file__).parent
# Allowed words that DuckDB's parser turns into something else before it looks for a function.
OF_THE_PARSER = frozenset(
    {"coalesce", "columns", "grouping", "grouping_id", "ifnull", "in", "operator", "try"}
)


@dataclass(frozen=True)
class Review:
    """The lists held against one DuckDB. `unknown` has a line for the reviewer for each name."""

    unknown: dict[str, str]
    gone: tuple[str, ...]
    twice: tuple[str, ...]

    def __str__(self) -> str:
        lines = [f"new, and refused: {name}: {about}" for name, about in self.unknown.items()]
        lines += [f"in a list, but not in DuckDB: {name}" for name in self.gone]
        lines += [f"allowed and refused: {name}" for name in self.twice]
        return "\n".join(lines) or "Every function and type is allowed or refused by name."


def review(connection: duckdb.DuckDBPyConnection) -> Review:
    """The functions and types of this DuckDB against both lists."""
    allowed, refused = _read("allowed"), _read("refused")
    functions = [
        _review(
            _functions(connection),
            {fold(name) for kind in allowed if kind != "type" for name in allowed[kind]},
            {name for reason in refused["reason"] for name in reason["names"]},
            OF_THE_PARSER,
        ),
        _review(
            _types(connection),
            set(allowed["type"]),
            {name for reason in refused["type"] for name in reason["names"]},
            set(allowed["type"]),  # many are spellings of a type that the parser knows
        ),
    ]
    return Review(
        functions[0].unknown | functions[1].unknown,
        functions[0].gone + functions[1].gone,
        functions[0].twice + functions[1].twice,
    )


def _review(
    found: dict[str, str], allowed: set[str], refused: set[str], kept: set[str] | frozenset[str]
) -> Review:
    names = set(found)
    matched = {pattern: set(fnmatch.filter(names, pattern)) for pattern in refused}
    known = allowed.union(*matched.values())
    by_name = {pattern for pattern in refused if "*" not in pattern}
    return Review(
        {name: found[name] for name in sorted(names - known)},
        tuple(
            sorted((allowed - names - kept) | {one for one, hits in matched.items() if not hits})
        ),
        tuple(sorted(allowed & by_name)),
    )


def _functions(connection: duckdb.DuckDBPyConnection) -> dict[str, str]:
    rows = connection.execute(
        "select function_name, string_agg(distinct function_type, '/'), "
        "any_value(parameters::varchar), any_value(description) from duckdb_functions() group by 1"
    ).fetchall()
    return {
        fold(name): f"{kind} {given} {about or ''}".strip() for name, kind, given, about in rows
    }


def _types(connection: duckdb.DuckDBPyConnection) -> dict[str, str]:
    rows = connection.execute(
        "select type_name, any_value(logical_type) from duckdb_types() group by 1"
    )
    return {fold(name): f"type {logical}" for name, logical in rows.fetchall()}


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads((LISTS / f"{name}.toml").read_text(encoding="utf-8"))


def main() -> None:
    with duckdb.connect(":memory:") as connection:
        found = review(connection)
        print(f"DuckDB {duckdb.__version__}\n{found}")
    sys.exit(1 if found.unknown or found.gone or found.twice else 0)


if __name__ == "__main__":
    main()
