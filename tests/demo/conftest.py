"""One landing zone, generated once for all tests of the raw data."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from martlet.demo.raw import generate


@pytest.fixture(scope="package")
def raw_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("raw") / "warehouse.duckdb"
    generate(path, scale=0.4)
    return path


@pytest.fixture
def raw(raw_database: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(str(raw_database), read_only=True) as connection:
        connection.execute("set TimeZone = 'UTC'")
        yield connection
