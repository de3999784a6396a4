"""Analysts' SQL: `allowed/*.sql`, a statement a line, all run and equal what bare DuckDB gives."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from martlet.engines.duckdb import DuckDbEngine
from martlet.flow.query import Scope
from tests.gate.asking import HERE, ask, connect_bare, plain

STATEMENTS = [
    pytest.param(sql.strip(), id=f"{path.stem}: {sql.strip()[:60]}")
    for path in sorted((HERE / "allowed").glob("*.sql"))
    for sql in re.split(r";\n", path.read_text(encoding="utf-8"))
    if sql.strip()
]


@pytest.mark.parametrize("sql", STATEMENTS)
def test_it_runs_and_gives_what_bare_duckdb_gives(
    sql: str, scope: Scope, engine: DuckDbEngine, published: Path
) -> None:
    rows = ask(sql, scope, engine)
    with connect_bare(published) as bare:
        result = bare.execute(sql)
        names = [column[0] for column in result.description or []]
        expected = [plain(row) for row in result.fetchall()]
    assert [column.name for column in rows.columns] == names
    assert [list(row) for row in rows.values] == expected or sorted(
        map(repr, map(list, rows.values))
    ) == sorted(map(repr, expected))
