"""Analysts' questions to the demo company: `legitimate/*.sql` all run, and equal bare DuckDB."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest

from martlet.engines.duckdb import DuckDbEngine
from martlet.flow.query import Scope
from martlet.publish import store
from martlet.settings import Settings
from tests.gate.asking import HERE, ask, connect_bare, plain
from tests.gate.published import read_scope

FILES = sorted((HERE / "legitimate").glob("*.sql"))
QUERIES = [
    (f"{path.stem}: {block.split(chr(10), 1)[0]}", block.split("\n", 1)[1].strip())
    for path in FILES
    for block in path.read_text(encoding="utf-8").split("-- query: ")[1:]
]
EACH_OF_THE_SAMPLE = 8


@pytest.fixture(scope="module")
def company(demo: Settings) -> Path:
    return store.current(demo.home) / "serving_default.duckdb"


@pytest.fixture(scope="module")
def company_scope(company: Path) -> Scope:
    return read_scope(company)


@pytest.fixture(scope="module")
def company_engine(company: Path) -> Iterator[DuckDbEngine]:
    engine = DuckDbEngine(company, Settings(sandboxes=1))
    yield engine
    engine.close()


@pytest.fixture(scope="module")
def bare(company: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with connect_bare(company) as connection:
        yield connection


@pytest.mark.parametrize(
    "sql",
    [
        pytest.param(sql, id=title, marks=pytest.mark.slow if number % EACH_OF_THE_SAMPLE else ())
        for number, (title, sql) in enumerate(QUERIES)
    ],
)
def test_it_runs_and_gives_what_bare_duckdb_gives(
    sql: str,
    company_scope: Scope,
    company_engine: DuckDbEngine,
    bare: duckdb.DuckDBPyConnection,
) -> None:
    rows = ask(sql, company_scope, company_engine)
    result = bare.execute(sql)
    assert [one.name for one in rows.columns] == [one[0] for one in result.description or []]
    given = [list(row) for row in rows.values]
    expected = [[plain(cell) for cell in row] for row in result.fetchall()]
    if not is_ordered(company_engine.parse(sql)):
        given, expected = sorted(given, key=rough), sorted(expected, key=rough)
    assert len(given) == len(expected)
    for one, other in zip(given, expected, strict=True):
        assert alike(one, other), (one, other)


def test_there_are_enough_of_them_and_each_asks_something_else() -> None:
    assert len(QUERIES) >= 150
    assert len({sql for _, sql in QUERIES}) == len({title for title, _ in QUERIES}) == len(QUERIES)


def is_ordered(tree: str) -> bool:
    """Whether the query says in which order its rows come; a dynamic PIVOT has no tree."""
    statements = json.loads(tree).get("statements") or [{"node": {"modifiers": []}}]
    return any(one["type"] == "ORDER_MODIFIER" for one in statements[0]["node"]["modifiers"])


def alike(one: Any, other: Any) -> bool:
    """Equal, but for the last digits of sums of floats, which two threads add in any order."""
    if isinstance(one, float) and isinstance(other, float):
        return math.isclose(one, other, rel_tol=1e-9, abs_tol=1e-12)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(alike, one, other))
    return bool(one == other)


def rough(row: list[Any]) -> str:
    return repr([round(cell, 6) if isinstance(cell, float) else cell for cell in row])
