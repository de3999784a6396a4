"""What the tests of the gate share: ask as a caller does, and read what bare DuckDB says."""

from __future__ import annotations

import datetime
import json
import math
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb

from martlet.engines.base import Engine
from martlet.flow.query import Limits, NeedsValues, Rows, Scope, ValidatedQuery
from martlet.gate.gate import check

HERE = Path(__file__).parent
WIDE = Limits(rows=100_000, characters=50_000_000, cell_characters=1_000_000, seconds=10.0)


@dataclass(frozen=True)
class Case:
    """One entry of the corpus."""

    name: str
    category: str
    sql: str
    expect: str
    leak_marker: str


def read_corpus() -> Iterator[Case]:
    """Every entry of the corpus; expect: reject, allow or bounded."""
    for file in ("corpus.jsonl", "corpus_hygiene.jsonl"):
        for line in (HERE / file).read_text(encoding="utf-8").splitlines():
            entry = json.loads(line)
            yield Case(
                entry["id"],
                entry["category"],
                entry["sql"],
                entry["expect"],
                entry.get("leak_marker") or "",
            )


def validate(sql: str, scope: Scope, engine: Engine) -> ValidatedQuery:
    """Through the gate as a caller goes, a dynamic PIVOT with its probes first."""
    verdict = check(sql, scope, engine.parse)
    if isinstance(verdict, NeedsValues):
        values = [[row[0] for row in engine.run(one, WIDE).values] for one in verdict.probes]
        verdict = check(sql, scope, engine.parse, pivot_values=values)
    assert isinstance(verdict, ValidatedQuery)
    return verdict


def ask(sql: str, scope: Scope, engine: Engine, limits: Limits = WIDE) -> Rows:
    return engine.run(validate(sql, scope, engine), limits)


def connect_bare(published: Path) -> duckdb.DuckDBPyConnection:
    """DuckDB itself over the same file, without gate or sandbox."""
    connection = duckdb.connect(":memory:")
    connection.execute(f"attach '{published}' as serving (read_only)")
    connection.execute("use serving.marts")
    connection.execute("set TimeZone = 'UTC'")
    return connection


def plain(value: Any) -> Any:
    """A Python value of DuckDB's as the cell it should have become."""
    if isinstance(value, Decimal):
        digits = "".join(map(str, value.as_tuple().digits)).strip("0")
        if value.as_tuple().exponent == 0:
            return plain(int(value))
        return float(value) if len(digits) <= 15 else format(value, "f")
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, int):
        return value if abs(value) <= 2**53 else str(value)
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, datetime.date | datetime.time):
        return value.isoformat()
    if isinstance(value, bytes):
        return "0x" + value.hex()
    if isinstance(value, list | tuple):
        return [plain(one) for one in value]
    if isinstance(value, dict):
        return {str(name): plain(one) for name, one in value.items()}
    return str(value)
