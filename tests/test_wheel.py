"""The wheel carries the dbt project and the catalog: `martlet` works without a checkout."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.warehouse import WITHOUT_UNIT_TESTS

ROOT = Path(__file__).parents[1]

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What an installation of the wheel would hold."""
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder / "site")
    return folder / "site"


def test_the_demo_runs_from_the_wheel_alone(unpacked: Path, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "martlet", "demo", "--home", "home", "--scale", "0.1"],
        cwd=tmp_path,
        env={**os.environ, **WITHOUT_UNIT_TESTS, "PYTHONPATH": str(unpacked)},
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    assert "claude mcp add martlet" in done.stdout


def test_the_wheel_holds_what_it_reads_and_no_build_results(unpacked: Path) -> None:
    names = {path.relative_to(unpacked).as_posix() for path in unpacked.rglob("*")}
    assert "martlet/_project/semantic/catalog.yml" in names
    assert "martlet/_project/transforms/dbt_project.yml" in names
    assert {"martlet/site/templates/base.html", "martlet/site/assets/site.css"} <= names
    assert not [name for name in names if "/target/" in name or name.endswith(".duckdb")]
