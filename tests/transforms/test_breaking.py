"""What breaks a contract, a key or a rule stops dbt: real runs over a part of the project."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.transforms.evaluator import RULES, Project
from tests.warehouse import PROJECT

pytestmark = pytest.mark.slow

MART = "models/marts/core/dim_date"
PARTS = (
    "dbt_project.yml",
    "profiles.yml",
    "macros",
    "seeds/holidays.csv",
    "models/_groups.yml",
    "models/_columns.md",
    "models/intermediate/sales/int_calendar_days.sql",
    "models/intermediate/sales/int_calendar_days.yml",
    f"{MART}.sql",
    f"{MART}.yml",
)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """The calendar alone: one seed, one mart with a contract, a key and a rule."""
    for part in PARTS:
        source, target = PROJECT / part, tmp_path / part
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, target)
        else:
            shutil.copy(source, target)
    # what dbt does before and after a run needs tables that are not here
    change(tmp_path, "dbt_project.yml", r"\non-run-.*?\n(?=models:)", "\n")
    return tmp_path


def change(project: Path, file: str, old: str, new: str) -> None:
    """Replace what is found; a pattern that is not found would break nothing."""
    text = (project / file).read_text(encoding="utf-8")
    changed, times = re.subn(old, new, text, flags=re.DOTALL)
    assert times == 1, old
    (project / file).write_text(changed, encoding="utf-8")


def dbt(project: Path, command: str) -> tuple[int, str]:
    """Exit code and output of dbt over the project and a warehouse of its own."""
    environment = {
        **os.environ,
        "MARTLET_WAREHOUSE": str(project / "warehouse.duckdb"),
        "DBT_TARGET_PATH": str(project / "target"),
        "DBT_LOG_PATH": str(project / "logs"),
        "DO_NOT_TRACK": "1",
    }
    ended = subprocess.run(
        [str(Path(sys.executable).parent / "dbt"), "--no-use-colors", command]
        + ["--project-dir", str(project), "--profiles-dir", str(project)],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    return ended.returncode, ended.stdout


def test_the_part_builds_as_it_is(project: Path) -> None:
    code, said = dbt(project, "build")
    assert code == 0 and "ERROR=0" in said, said


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        pytest.param(
            r"(isodow\(days\.date_day\)) as day_of_week",
            r"cast(\1 as varchar) as day_of_week",
            "This model has an enforced contract that failed",
            id="a column of another type",
        ),
        pytest.param(
            r"\nselect \*\nfrom final\n$",
            "\nselect *\nfrom final\nunion all\nselect *\nfrom final\n",
            "duplicate key",
            id="a key twice",
        ),
        pytest.param(
            r"\n            days\.date_day,",
            "\nnullif(days.date_day, date '2025-01-01') as date_day,",
            "NOT NULL constraint failed",
            id="a key that is null",
        ),
        pytest.param(
            r"\nselect \*\nfrom final\n$",
            "\nselect *\nfrom final\nwhere date_day <> date '2025-01-01'\n",
            "Failure in test no_gaps_in_dates_dim_date",
            id="a rule of the data",
        ),
    ],
)
def test_a_broken_mart_is_not_built(project: Path, old: str, new: str, said: str) -> None:
    change(project, f"{MART}.sql", old, new)
    code, output = dbt(project, "build")
    assert code == 1 and said in output, output[-3000:]


def test_a_mart_without_its_contract_breaks_the_rules_of_the_project(project: Path) -> None:
    change(project, "dbt_project.yml", r"      \+contract: \{enforced: true\}\n", "")
    change(
        project,
        f"{MART}.yml",
        r"        data_tests:\n          - unique\n",
        "        data_tests:\n",
    )
    code, output = dbt(project, "parse")
    assert code == 0, output
    text = (project / "target" / "manifest.json").read_text(encoding="utf-8")
    found = {rule.__name__: set(rule(Project(json.loads(text)))) for rule in RULES}
    assert found["public_models_without_contracts"] == {"dim_date"}
    assert found["missing_primary_key_tests"] == {"dim_date"}
