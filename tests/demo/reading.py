"""Reading what the raw data generator wrote."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb

from martlet.demo.raw import SCHEMAS


def one(connection: duckdb.DuckDBPyConnection, sql: str) -> Any:
    """The first value of the first row."""
    row = connection.execute(sql).fetchone()
    assert row is not None
    return row[0]


def run_file(connection: duckdb.DuckDBPyConnection, name: str) -> None:
    connection.execute((Path(__file__).parent / name).read_text(encoding="utf-8"))


def fingerprints(database: Path) -> dict[str, tuple[int, int]]:
    """Per table its row count and a sum of row hashes, which no order of rows changes."""
    with duckdb.connect(str(database), read_only=True) as connection:
        tables = connection.execute(
            "select schema_name || '.' || table_name from duckdb_tables()"
            " where list_contains($schemas, schema_name) order by 1",
            {"schemas": list(SCHEMAS)},
        ).fetchall()
        return {
            table: connection.execute(
                f"select count(*), sum(hash(entry)::hugeint) from {table} as entry"
            ).fetchall()[0]
            for (table,) in tables
        }
