"""What all tests share: one demo company, built by dbt and published."""

from __future__ import annotations

from pathlib import Path

import pytest

from martlet.settings import Settings
from tests.warehouse import publish_demo

# Fixtures that run dbt: the tests that ask for one share a worker, so that dbt runs once.
DBT_FIXTURES = ("demo", "dbt_home")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        asked = getattr(item, "fixturenames", ())
        for name in DBT_FIXTURES:
            if name in asked:
                item.add_marker(pytest.mark.xdist_group(name))


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


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print what the proofs recorded that they had shown."""
    for report in terminalreporter.getreports("passed"):
        for name, value in report.user_properties:
            terminalreporter.write_line(f"{name}: {value}")
