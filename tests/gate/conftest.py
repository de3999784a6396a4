"""One published file, its scope and one engine for all tests of the gate."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from martlet.engines.duckdb import DuckDbEngine
from martlet.flow.query import Scope
from martlet.settings import Settings
from tests.gate.published import make_published, read_scope


@pytest.fixture(scope="session")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_published(tmp_path_factory.mktemp("published"))


@pytest.fixture(scope="session")
def scope(published: Path) -> Scope:
    return read_scope(published)


@pytest.fixture(scope="session")
def engine(published: Path) -> Iterator[DuckDbEngine]:
    engine = DuckDbEngine(published, Settings(sandboxes=1))
    yield engine
    engine.close()


@pytest.fixture(scope="session")
def ungated(published: Path) -> Iterator[DuckDbEngine]:
    """An engine for SQL that no gate has seen, which may leave its session in any state."""
    engine = DuckDbEngine(published, Settings(sandboxes=1))
    yield engine
    engine.close()
