"""Reads metric cases, fills a real DuckDB with their rows, and runs what the compiler writes."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import yaml

from martlet.flow.build import BuildState
from martlet.flow.catalog import Catalog
from martlet.flow.metric import CompiledMetric, MetricRequest
from martlet.flow.query import Scope, ValidatedQuery
from martlet.gate.gate import check
from martlet.metrics.compiler import Compiler

CASES = Path(__file__).parent / "cases"


@dataclass
class Shop:
    """A database of marts, its catalog and the compiler over it."""

    database: duckdb.DuckDBPyConnection
    catalog: Catalog
    compiler: Compiler

    def compile(self, request: MetricRequest) -> CompiledMetric:
        return self.compiler.compile(request)

    def rows(self, request: MetricRequest) -> list[tuple[Any, ...]]:
        """The rows of a request: compiled, let through by the gate, run."""
        compiled = self.compile(request)
        query = self.gated(compiled.sql)
        assert sorted(query.tables) == sorted(compiled.marts)
        cursor = self.database.execute(query.sql)
        titles = [item[0] for item in cursor.description or ()]
        assert titles == [column.name for column in compiled.columns]
        return cursor.fetchall()

    def counts(self, request: MetricRequest) -> list[list[int]]:
        """What conversions count on their two sides."""
        texts = [self.gated(count.sql).sql for count in self.compile(request).counts]
        return [list(self.database.execute(text).fetchall()[0]) for text in texts]

    def gated(self, sql: str) -> ValidatedQuery:
        verdict = check(sql, self.scope(), self._parse, max_characters=1_000_000)
        assert isinstance(verdict, ValidatedQuery)
        return verdict

    def scope(self) -> Scope:
        found = self.database.execute(
            "select table_name, column_name, data_type from duckdb_columns() "
            "where schema_name = 'marts'"
        ).fetchall()
        marts: dict[str, dict[str, str]] = {}
        for mart, column, kind in found:
            marts.setdefault(mart, {})[column] = kind
        return Scope("build", "default", marts)

    def _parse(self, sql: str) -> str:
        found = self.database.execute("select json_serialize_sql(?)", [sql]).fetchone()
        return str(found[0]) if found else "{}"


def open_shop(
    tables: Mapping[str, str], catalog: Mapping[str, Any], build: Mapping[str, Any] | None = None
) -> Shop:
    """A shop whose marts hold the drawn rows."""
    database = duckdb.connect()
    database.execute("create schema marts")
    for name, drawing in tables.items():
        _fill(database, name, drawing)
    named = {
        kind: {item["name"]: item for item in catalog.get(kind, ())}
        for kind in ("marts", "metrics")
    }
    made = Catalog.model_validate({"name": "shop", **catalog, **named})
    state = BuildState.model_validate(build) if build else None
    return Shop(database, made, Compiler(made, state))


def _fill(database: duckdb.DuckDBPyConnection, name: str, drawing: str) -> None:
    header, *lines = [line for line in drawing.strip().splitlines() if line.strip()]
    columns = [cell.strip().split(" ", 1) for cell in header.split("|")]
    typed = ", ".join(f'"{title}" {kind}' for title, kind in columns)
    database.execute(f"create table marts.{name} ({typed})")
    places = ", ".join("?" for _ in columns)
    for line in lines:
        cells = [_cell(cell) for cell in line.split("|")]
        database.execute(f"insert into marts.{name} values ({places})", cells)


def _cell(text: str) -> str | None:
    text = text.strip()
    return None if text in ("", "null") else text


def drawn(drawing: str) -> tuple[list[str], list[list[str]]]:
    """Titles and cells of a drawn result; an empty cell is null."""
    header, *lines = [line for line in drawing.strip().splitlines() if line.strip()]
    titles = [cell.strip() for cell in header.split("|")]
    return titles, [[_cell(cell) or "null" for cell in line.split("|")] for line in lines]


def shown(row: Iterable[Any]) -> list[str]:
    """A row as it would be drawn: exact decimals, floats to six places."""
    return [_shown(value) for value in row]


def _shown(value: Any) -> str:
    if value is None:
        return "null"
    if isinstance(value, float):
        return f"{value:.6f}".rstrip("0").rstrip(".")
    if isinstance(value, bool):
        return str(value).lower()
    return str(value)


def read_cases(path: Path) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """What a case file is about, and its cases."""
    given = yaml.safe_load(path.read_text(encoding="utf-8"))
    return given["given"], given["cases"]


def request_of(given: Mapping[str, Any]) -> MetricRequest:
    """A request as a case writes it; MetricFlow calls `by` group_by."""
    known = {key: given[key] for key in MetricRequest.model_fields if key in given}
    if "group_by" in given:
        known["by"] = given["group_by"]
    return MetricRequest.model_validate(
        {key: tuple(v) if isinstance(v, list) else v for key, v in known.items()}
    )


def plain(value: Any) -> Any:
    """A cell in a form that both sides can be compared in: days as text, numbers as floats."""
    if isinstance(value, datetime):
        value = value.isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, str):
        return value.removesuffix("T00:00:00")
    if isinstance(value, (int, float, Decimal)) and not isinstance(value, bool):
        return round(float(value), 5)
    return value


def same_rows(found: Sequence[Sequence[Any]], wanted: Sequence[Sequence[Any]]) -> str:
    """What differs between two sets of rows, in words; empty when nothing does."""
    left = sorted(([plain(cell) for cell in row] for row in found), key=_order)
    right = sorted(([plain(cell) for cell in row] for row in wanted), key=_order)
    if len(left) != len(right):
        return f"{len(left)} rows instead of {len(right)}"
    for one, two in zip(left, right, strict=True):
        if not all(_close(a, b) for a, b in zip(one, two, strict=True)):
            return f"{one} instead of {two}"
    return ""


def _order(row: Sequence[Any]) -> str:
    """Keys first: numbers that may differ in the last digit come after them."""
    texts = [str(cell) for cell in row if not isinstance(cell, float)]
    return json.dumps([texts, [f"{cell:.2f}" for cell in row if isinstance(cell, float)]])


def _close(one: Any, two: Any) -> bool:
    if isinstance(one, float) and isinstance(two, float):
        return abs(one - two) <= 2e-5 * max(1.0, abs(two) / 1e4)
    return bool(one == two)
