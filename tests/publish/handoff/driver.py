"""Functions that connect to warehouses, as a team writes them for the exporter."""

from __future__ import annotations

import sqlite3
from typing import Any

import duckdb


def lite() -> sqlite3.Connection:
    return sqlite3.connect("shop.sqlite")


def motherduck_like() -> duckdb.DuckDBPyConnection:
    return duckdb.connect("other.duckdb", read_only=True)


def folded() -> Connection:
    return Connection()


class Connection:
    """A driver that folds names to upper case, as some warehouses do, and declares decimals."""

    def cursor(self) -> Cursor:
        return Cursor()


class Cursor:
    def __init__(self) -> None:
        self.inner = motherduck_like()
        self.description: list[tuple[Any, ...]] = []

    def execute(self, sql: str) -> None:
        self.inner.execute(sql)
        self.description = [
            (name.upper(), kind, None, None, *_precision(str(kind)), None)
            for name, kind, *_ in self.inner.description
        ]

    def fetchmany(self, size: int) -> list[tuple[Any, ...]]:
        return self.inner.fetchmany(min(size, 2))

    def close(self) -> None:
        self.inner.close()


def _precision(kind: str) -> tuple[int, int] | tuple[None, None]:
    return (18, 2) if "DECIMAL" in kind else (None, None)
