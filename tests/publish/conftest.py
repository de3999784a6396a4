"""One dbt run of the little project in tests/publish/project, shared by the tests that read it."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import duckdb
import pytest

from martlet.publish.dbt import DbtEvent, DbtRun, run_dbt
from tests.publish.publisher import Publishers, publishers
from tests.publish.shop import settings_for

PROJECT = Path(__file__).parent / "project"
RAW = """
create schema raw_data;
create table raw_data.orders as select i + 1 as order_id, 1 + i % 4 as customer_id,
    10 + i * 1.5 as amount, timestamptz '2026-01-01 09:00+00' + to_days(i::int) as ordered_at,
    timestamptz '2026-02-10 06:00+00' as _airbyte_extracted_at from range(40) as t(i);
create table raw_data.customers as select i + 1 as customer_id,
    'CANARY_PII_' || i || '@example.com' as email, (['DE', 'US', null])[1 + i] as country,
    'device' || (i % 2) as device, timestamptz '2026-02-09 06:00+00' as _airbyte_extracted_at
    from range(3) as t(i);
"""


@dataclass(frozen=True)
class Built:
    """A home in which dbt has run, and what was heard."""

    home: Path
    run: DbtRun
    events: tuple[DbtEvent, ...]


def make_home(home: Path) -> Path:
    """A home whose warehouse holds the raw data and nothing else."""
    home.mkdir(parents=True)
    with duckdb.connect(str(home / "warehouse.duckdb")) as con:
        con.execute(RAW)
    return home


def make_project(folder: Path, broken: str = "none") -> Path:
    """The little project with what is wrong with its data."""
    shutil.copytree(PROJECT, folder)
    file = folder / "dbt_project.yml"
    text = file.read_text(encoding="utf-8").replace("broken: none", f"broken: {broken}")
    file.write_text(text, encoding="utf-8")
    return folder


@pytest.fixture(scope="session")
def dbt_home(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """The shared run; tests that change anything take a copy with `built`."""
    home = make_home(tmp_path_factory.mktemp("dbt") / "a home")
    events: list[DbtEvent] = []
    run = run_dbt(PROJECT, home, settings_for(home), on_event=events.append)
    return Built(home, run, tuple(events))


@pytest.fixture
def built(dbt_home: Built, tmp_path: Path) -> Callable[[], Built]:
    """A copy of the shared run of this test's own, the warehouse's times kept."""

    def copy() -> Built:
        home = tmp_path / "home"
        shutil.copytree(dbt_home.home, home, ignore=shutil.ignore_patterns("published"))
        run = replace(
            dbt_home.run, target=home / "dbt" / "target", warehouse=home / "warehouse.duckdb"
        )
        return replace(dbt_home, home=home, run=run)

    return copy


@pytest.fixture(scope="session")
def workers() -> Iterator[Publishers]:
    """Publishers as processes; the one that they are forks of starts once."""
    with publishers() as found:
        yield found
