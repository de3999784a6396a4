"""A real warehouse for tests: raw data of the demo company, and one dbt build over it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from martlet.demo import raw

PROJECT = Path(__file__).parent.parent / "transforms"


def build_warehouse(folder: Path, scale: float = 1.0) -> Path:
    """The DuckDB file of a fresh `dbt build`; dbt's artifacts are in `folder`/target."""
    warehouse = folder / "warehouse.duckdb"
    raw.generate(warehouse, scale=scale)
    run_dbt(folder, "build")
    return warehouse


def run_dbt(folder: Path, *arguments: str) -> str:
    """The output of dbt over `folder`/warehouse.duckdb; a failure of dbt fails the test with it."""
    environment = {
        **os.environ,
        "MARTLET_WAREHOUSE": str(folder / "warehouse.duckdb"),
        "DBT_TARGET_PATH": str(folder / "target"),
        "DBT_LOG_PATH": str(folder / "logs"),
        "DO_NOT_TRACK": "1",
    }
    dbt = str(Path(sys.executable).parent / "dbt")
    where = ["--project-dir", str(PROJECT), "--profiles-dir", str(PROJECT)]
    ended = subprocess.run(
        [dbt, "--no-use-colors", *arguments, *where],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 0, ended.stdout[-8000:] + ended.stderr
    return ended.stdout
