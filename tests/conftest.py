"""What all tests share: one demo company, built by dbt and published."""

from __future__ import annotations

from pathlib import Path

import pytest

from martlet.settings import Settings
from tests.warehouse import publish_demo


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Settings of the published demo company; read it, and copy it before writing."""
    return publish_demo(tmp_path_factory.mktemp("demo company"))


@pytest.fixture(scope="session")
def warehouse(demo: Settings) -> Path:
    """dbt's own file of the demo company; read it, and copy it before writing."""
    return demo.home / "warehouse.duckdb"


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"
