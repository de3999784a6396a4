"""A published file small enough to add up in the head, and engines over it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import duckdb
import pytest

from martlet.engines.duckdb import DuckDbEngine
from martlet.flow.query import Limits, Scope, ValidatedQuery
from martlet.settings import Settings

WIDE = Limits(rows=1_000, characters=1_000_000, cell_characters=10_000, seconds=20.0)

MakeEngine = Callable[..., DuckDbEngine]


@pytest.fixture(scope="session")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("it's published") / "serving_default.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute("create schema marts")
        connection.execute(
            "create table marts.fct_orders as select * from (values "
            "(1, 'DE', 10.50::decimal(12, 2), timestamp '2026-01-31 10:00:00'), "
            "(2, 'US', 20.25::decimal(12, 2), timestamp '2026-02-01 00:00:00'), "
            "(3, 'DE', 30.00::decimal(12, 2), null)) as given(order_id, country, total, ordered_at)"
        )
    return path


@pytest.fixture
def make_engine(published: Path) -> Iterator[MakeEngine]:
    """Makes engines with settings of the test's own; all are closed after it."""
    made: list[DuckDbEngine] = []

    def make(**settings: object) -> DuckDbEngine:
        made.append(DuckDbEngine(published, Settings.model_validate(settings)))
        return made[-1]

    yield make
    for engine in made:
        engine.close()


@pytest.fixture(scope="session")
def engine(published: Path) -> Iterator[DuckDbEngine]:
    """One engine for the tests that leave it as they found it."""
    engine = DuckDbEngine(published, Settings())
    yield engine
    engine.close()


def query(sql: str) -> ValidatedQuery:
    """A query as the gate hands it over; the gate itself is tested elsewhere."""
    columns = {"order_id": "INTEGER", "country": "VARCHAR", "total": "DECIMAL(12,2)"}
    scope = Scope("build-1", "default", {"fct_orders": columns})
    return ValidatedQuery(sql, ("fct_orders",), (), (), False, scope)
