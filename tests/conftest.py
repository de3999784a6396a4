"""What all tests share: one dbt build of the demo company."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.warehouse import build_warehouse


@pytest.fixture(scope="session")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The DuckDB file of one `dbt build`; read it, and copy it before writing."""
    return build_warehouse(tmp_path_factory.mktemp("warehouse"))
