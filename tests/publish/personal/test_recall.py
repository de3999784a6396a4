"""What is found of the personal data in an untagged project, and what is taken for some wrongly."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from pathlib import Path

import pytest

from martlet.build import Origin, publish_from
from martlet.flow.build import BuildState
from tests.publish.handoff.exported import node, write_artifacts
from tests.publish.personal.cases import HERE, WIDTH, Case, make_tables, read_cases
from tests.publish.shop import publish_file, settings_for

PLANTED, CLEAN = read_cases("planted.txt"), read_cases("clean.txt")
MEASURED = tomllib.loads((HERE / "measured.toml").read_text(encoding="utf-8"))
RECALL = 0.99  # by column
FALSE_ALARMS = 0.02


def published(state: BuildState) -> set[str]:
    return {column for mart in state.marts.values() for column in mart.columns}


def untagged(folder: Path, cases: Sequence[Case]) -> Origin:
    return Origin(database=make_tables(folder / "any.duckdb", cases))


def built_by_dbt(folder: Path, cases: Sequence[Case]) -> Origin:
    """The same tables as a dbt project hands them over, with no column described."""
    make_tables(folder / "warehouse.duckdb", cases)
    (folder / "project").mkdir()
    marts = [node(f"m{number}") for number in range(-(-len(cases) // WIDTH))]
    return Origin(artifacts=write_artifacts(folder / "target", marts))


def publish(folder: Path, cases: Sequence[Case], *, by_dbt: bool) -> BuildState:
    origin = built_by_dbt(folder, cases) if by_dbt else untagged(folder, cases)
    given = {"project": folder / "project", "warehouse": folder / "warehouse.duckdb"}
    return publish_from(settings_for(folder / "home", **(given if by_dbt else {})), origin)


def test_the_cases_are_many_and_each_stands_once() -> None:
    for cases in (PLANTED, CLEAN):
        assert len({case.name.casefold() for case in cases}) == len(cases) > 60
    assert sum(case.rare for case in PLANTED) > 60


def test_some_of_everything_is_found_and_what_looks_alike_is_published(tmp_path: Path) -> None:
    """Every nineteenth case; all of them are published by the slow tests."""
    planted, clean = PLANTED[::19], CLEAN[::19]
    state = publish_file(make_tables(tmp_path / "some.duckdb", [*planted, *clean]), tmp_path)
    assert published(state) == {"row_id", *(case.name for case in clean)}


@pytest.mark.slow
@pytest.mark.parametrize("by_dbt", [False, True], ids=["a database file", "a dbt project"])
def test_nearly_all_columns_with_personal_data_are_withheld(tmp_path: Path, by_dbt: bool) -> None:
    missed = {case.name for case in PLANTED} & published(publish(tmp_path, PLANTED, by_dbt=by_dbt))
    assert len(missed) <= (1 - RECALL) * len(PLANTED), sorted(missed)
    assert sorted(missed) == MEASURED["missed"], "docs/personal-data.md tells of these"


@pytest.mark.slow
def test_few_columns_without_personal_data_are_withheld(tmp_path: Path) -> None:
    alarms = {case.name for case in CLEAN} - published(publish(tmp_path, CLEAN, by_dbt=False))
    assert len(alarms) <= FALSE_ALARMS * len(CLEAN), sorted(alarms)
    assert sorted(alarms) == MEASURED["false_alarms"], "docs/personal-data.md tells of these"
