"""Greedy queries that the gate lets through, `greedy.sql` line by line: the sandbox ends all."""

from __future__ import annotations

import pytest

from martlet.engines.duckdb import DuckDbEngine
from martlet.errors import MartletError
from martlet.flow.query import Limits, Scope
from tests.gate.asking import HERE, ask

LIMITS = Limits(rows=200, characters=25_000, cell_characters=2_000, seconds=1.0)
ENDS = frozenset(
    {"ok", "sql.failed", "sql.memory", "sql.size", "query.deadline", "server.sandbox_died"}
)


@pytest.mark.slow
def test_a_greedy_query_ends_and_the_next_one_works(scope: Scope, engine: DuckDbEngine) -> None:
    queries = (HERE / "greedy.sql").read_text(encoding="utf-8").splitlines()
    wrong = []
    for sql in queries:
        code = ending_of(sql, scope, engine)
        next_code = ending_of("select 1", scope, engine)
        if code not in ENDS or next_code != "ok":
            wrong.append((sql, code, next_code))
    assert wrong == []
    assert len(queries) > 150


def ending_of(sql: str, scope: Scope, engine: DuckDbEngine) -> str:
    """The code of its error, or ok; what it gives keeps within the limits."""
    try:
        rows = ask(sql, scope, engine, LIMITS)
    except MartletError as ended:
        return ended.code
    assert len(rows.values) <= LIMITS.rows
    return "ok"
