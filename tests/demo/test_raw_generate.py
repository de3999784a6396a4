"""How the raw data is written: the same each time, all or nothing, and nothing else touched."""

from __future__ import annotations

import datetime
import resource
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from martlet.demo import raw
from martlet.demo.raw import generate
from martlet.errors import RequestError, Unavailable
from tests.demo.reading import fingerprints, one


def test_the_same_arguments_give_the_same_data_on_any_number_of_threads(tmp_path: Path) -> None:
    generate(tmp_path / "one.duckdb", scale=0.1, threads=1)
    generate(tmp_path / "four.duckdb", scale=0.1, threads=4, memory_limit="600MB")
    assert fingerprints(tmp_path / "one.duckdb") == fingerprints(tmp_path / "four.duckdb")


def test_the_budgets_of_a_large_company_are_as_many_times_larger() -> None:
    """At scale 100 a day's budget in cents times its shares is more than 32 bits hold."""
    spent = {}
    for people in (3_000, 300_000):
        with duckdb.connect(":memory:") as connection:
            first_day, through = datetime.date(2025, 1, 1), datetime.date(2025, 6, 30)
            raw._set_arguments(connection, people, raw.SEED, first_day, through)
            for statement in raw._statements("01_draws", "01_tools", "02_calendar", "12_ads"):
                connection.execute(statement)
            spent[people] = one(
                connection,
                "select (select sum(cents) from meta_days) + (select sum(cents) from google_hours)",
            )
    assert 95 < spent[300_000] / spent[3_000] < 105


@pytest.mark.slow
def test_another_seed_gives_other_data_and_twice_the_scale_twice_the_people(
    tmp_path: Path,
) -> None:
    small = generate(tmp_path / "a.duckdb", scale=0.05)
    large = generate(tmp_path / "b.duckdb", scale=0.1, seed=7)
    assert large.people == 2 * small.people
    assert 1.5 < large.rows["truth.orders"] / small.rows["truth.orders"] < 2.7
    assert fingerprints(tmp_path / "a.duckdb") != fingerprints(tmp_path / "b.duckdb")


@pytest.mark.slow
def test_another_last_day_moves_the_24_months(tmp_path: Path) -> None:
    summary = generate(tmp_path / "raw_data.duckdb", scale=0.02, through=datetime.date(2025, 3, 31))
    assert summary.first_day == datetime.date(2023, 4, 1)
    with duckdb.connect(str(tmp_path / "raw_data.duckdb"), read_only=True) as connection:
        last = one(connection, "select max(date) from truth.daily_revenue")
    assert last == datetime.date(2025, 3, 31)


@pytest.mark.slow
def test_other_schemas_of_the_file_stay(tmp_path: Path) -> None:
    path = tmp_path / "warehouse.duckdb"
    generate(path, scale=0.02)
    with duckdb.connect(str(path)) as connection:
        connection.execute("create table main.orders as select 41 as answer")
        connection.execute("create schema staging")
        connection.execute("create view staging.rates as select * from raw_data.fx_rates")
        connection.execute("create table raw_data.left_over as select 1 as one")
    generate(path, scale=0.02)
    with duckdb.connect(str(path), read_only=True) as connection:
        assert one(connection, "select answer from main.orders") == 41
        assert one(connection, "select count(*) from staging.rates") > 1000
        left_over = "select count(*) from duckdb_tables() where table_name = 'left_over'"
        assert one(connection, left_over) == 0


def test_a_run_killed_halfway_leaves_the_old_data(tmp_path: Path) -> None:
    path = tmp_path / "warehouse.duckdb"
    generate(path, scale=0.02)
    before = fingerprints(path)
    killed = subprocess.run(
        [sys.executable, "-m", "martlet.demo.raw", str(path), "--scale", "2"],
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_CPU, (1, 1)),
        capture_output=True,
        check=False,
    )
    assert killed.returncode < 0
    assert fingerprints(path) == before
    assert generate(path, scale=0.02).rows["truth.orders"] == before["truth.orders"][0]


def test_a_run_that_duckdb_breaks_off_is_begun_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = list(raw._statements())
    broken = 0

    def breaking_once() -> Iterator[str]:
        nonlocal broken
        yield from whole[: len(whole) // 2]
        if not broken:
            broken += 1
            raise duckdb.InternalException("INTERNAL Error: a dictionary changed identity")
        yield from whole[len(whole) // 2 :]

    generate(tmp_path / "calm.duckdb", scale=0.02)
    monkeypatch.setattr(raw, "_statements", breaking_once)
    generate(tmp_path / "broken.duckdb", scale=0.02)
    assert broken == 1
    assert fingerprints(tmp_path / "broken.duckdb") == fingerprints(tmp_path / "calm.duckdb")


def test_a_file_that_is_open_elsewhere_is_reported(tmp_path: Path) -> None:
    path = tmp_path / "warehouse.duckdb"
    with (
        duckdb.connect(str(path)),
        pytest.raises(Unavailable, match=r"warehouse\.duckdb: the file cannot be opened"),
    ):
        generate(path, scale=0.02)


@pytest.mark.slow
def test_only_the_systems_that_are_named_land(tmp_path: Path) -> None:
    path = tmp_path / "warehouse.duckdb"
    summary = generate(path, scale=0.02, systems={"rudderstack", "crm"})
    raw = {table.removeprefix("raw_data.") for table in summary.rows if "raw_data." in table}
    assert raw == {
        "fx_rates",
        "marketing_calendar",
        "rudderstack_tracks",
        "rudderstack_identifies",
        "rudderstack_aliases",
        "crm_contacts",
        "crm_companies",
        "crm_deals",
        "crm_deal_contacts",
    }
    with duckdb.connect(str(path), read_only=True) as connection:
        tables = connection.execute("select distinct table_name from truth.planted").fetchall()
    assert {row[0] for row in tables} <= {*raw, "person_identifiers"}
    generate(tmp_path / "whole.duckdb", scale=0.02)
    alone, whole = fingerprints(path), fingerprints(tmp_path / "whole.duckdb")
    assert all(alone[f"raw_data.{table}"] == whole[f"raw_data.{table}"] for table in raw)


def test_an_unknown_system_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RequestError, match="no system `magento`"):
        generate(tmp_path / "warehouse.duckdb", scale=0.02, systems=["shopify", "magento"])


def test_a_scale_that_gives_nobody_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RequestError, match="gives no people"):
        generate(tmp_path / "warehouse.duckdb", scale=0)


@pytest.mark.slow
def test_the_command_line_prints_the_tables(tmp_path: Path) -> None:
    path = tmp_path / "ware house.duckdb"
    ran = subprocess.run(
        [sys.executable, "-m", "martlet.demo.raw", str(path), "--scale", "0.02", "--seed", "3"],
        capture_output=True,
        check=True,
        text=True,
    )
    assert "raw_data.shopify_orders" in ran.stdout
    assert ran.stderr == ""
