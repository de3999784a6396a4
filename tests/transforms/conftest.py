"""Ways to ask the shared warehouse and its manifest."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest

Ask = Callable[[str], list[tuple[Any, ...]]]


@pytest.fixture
def ask(warehouse: Path) -> Iterator[Ask]:
    """A function from SQL to rows, over the warehouse as dbt left it."""
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        yield lambda sql: connection.execute(sql).fetchall()


@pytest.fixture(scope="session")
def manifest(warehouse: Path) -> dict[str, Any]:
    """What dbt knows of the project, from the build of the warehouse."""
    text = (warehouse.parent / "dbt" / "target" / "manifest.json").read_text(encoding="utf-8")
    loaded: dict[str, Any] = json.loads(text)
    return loaded
