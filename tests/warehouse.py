"""Real warehouses for tests: raw data of the demo company, and dbt builds over it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from martlet.build import build_and_publish
from martlet.demo import raw
from martlet.flow.build import BuildState
from martlet.settings import Settings, load_settings

PROJECT = Path(__file__).parent.parent / "transforms"
# They read nothing of the data, take half of dbt's time, and run where the whole demo is published.
WITHOUT_UNIT_TESTS = {"DBT_EXCLUDE_RESOURCE_TYPES": "unit_test"}
_parsed: list[bytes] = []  # the project as dbt parsed it first in this process


def demo_settings(home: Path) -> Settings:
    """Settings as the demo has them, for any home."""
    return load_settings(home=home, freshness_clock="data", sandboxes=1)


def publish_demo(home: Path) -> Settings:
    """The demo company in `home`, the way the product builds it: raw data, dbt, published."""
    settings = demo_settings(home)
    raw.generate(home / "warehouse.duckdb")
    build_and_publish(settings, lambda event: None)
    return settings


def build_demo(settings: Settings) -> BuildState:
    """Build and publish without dbt's unit tests; answers tell that they did not run."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in WITHOUT_UNIT_TESTS.items():
            patch.setenv(name, value)
        return build_and_publish(settings, lambda event: None)


def build_warehouse(folder: Path, scale: float = 1.0) -> Path:
    """The DuckDB file of a fresh `dbt build`; dbt's artifacts are in `folder`/target."""
    warehouse = folder / "warehouse.duckdb"
    raw.generate(warehouse, scale=scale)
    run_dbt(folder, "build")
    return warehouse


def run_dbt(folder: Path, *arguments: str, profiles: Path = PROJECT) -> str:
    """The output of dbt over `folder`/warehouse.duckdb; a failure of dbt fails the test with it."""
    code, output = try_dbt(folder, *arguments, profiles=profiles)
    assert code == 0, output[-8000:]
    return output


def try_dbt(folder: Path, *arguments: str, profiles: Path = PROJECT) -> tuple[int, str]:
    """The exit code and the output of dbt over `folder`/warehouse.duckdb.

    dbt reads every file once a process: the path of the warehouse, of which it makes sure, is the
    same in each folder, so what it parsed in one serves in the next.
    """
    parsed = folder / "target" / "partial_parse.msgpack"
    if _parsed and not parsed.exists():
        parsed.parent.mkdir(exist_ok=True)
        parsed.write_bytes(_parsed[0])
    environment = {
        **os.environ,
        "MARTLET_WAREHOUSE": "warehouse.duckdb",
        "DBT_TARGET_PATH": str(folder / "target"),
        "DBT_LOG_PATH": str(folder / "logs"),
        "DO_NOT_TRACK": "1",
    }
    dbt = str(Path(sys.executable).parent / "dbt")
    where = ["--project-dir", str(PROJECT), "--profiles-dir", str(profiles)]
    ended = subprocess.run(
        [dbt, "--no-use-colors", *arguments, *where],
        env=environment,
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    if not _parsed and parsed.exists():
        _parsed.append(parsed.read_bytes())
    return ended.returncode, ended.stdout + ended.stderr
