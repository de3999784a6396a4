"""What is built step by step equals what is built at once."""

from __future__ import annotations

import shutil
from pathlib import Path

import duckdb
import pytest

from tests.warehouse import run_dbt

BUILT = "schema_name in ('staging', 'intermediate', 'marts')"
INCREMENTAL = (
    "staging.base__ga4__events",
    "intermediate.int__identity_device_bridged",
    "intermediate.int__identity_resolved",
    "intermediate.int_events_unioned",
    "intermediate.int_web_sessions",
    "intermediate.dbt_mapped_tracks",
    "marts.dbt_track_facts",
    "marts.dbt_tracks_flow",
    "staging.events_sessionated",
    "intermediate.users_incremental",
    "intermediate.daily_performance_partitioned",
    "marts.fct_orders",
    "marts.fct_sales",
    "marts.fct_customer_events",
    "marts.mrt__core__customer_360",
    "marts.fct_ads_performance",
    "marts.mrt__marketing__web_sessions",
)
BATCHES = 3


def differing(one: Path, other: Path, incremental: tuple[str, ...] = INCREMENTAL) -> dict[str, int]:
    """Tables with rows that only one of the two files has, and how many; copies count."""
    with duckdb.connect() as connection:
        connection.execute(f"attach '{one}' as one (read_only)")
        connection.execute(f"attach '{other}' as other (read_only)")
        tables = connection.execute(
            "select schema_name || '.' || table_name from duckdb_tables()"
            f" where database_name = 'one' and {BUILT} order by 1"
        ).fetchall()
        assert {name for (name,) in tables} >= set(incremental)
        counted = {}
        for (table,) in tables:
            rows = connection.execute(
                f"select count(*) from ((from one.{table} except all from other.{table})"
                f" union all (from other.{table} except all from one.{table}))"
            ).fetchone()
            assert rows is not None
            if rows[0]:
                counted[table] = rows[0]
        return counted


@pytest.mark.slow
def test_a_second_build_changes_nothing(warehouse: Path, tmp_path: Path) -> None:
    shutil.copy(warehouse, tmp_path / "warehouse.duckdb")
    run_dbt(tmp_path, "run")
    assert differing(warehouse, tmp_path / "warehouse.duckdb") == {}


@pytest.mark.slow
def test_batches_of_late_and_changed_rows_equal_a_full_refresh(
    warehouse: Path, tmp_path: Path
) -> None:
    """Rows arrive in a random order over three loads, exchange rates and old versions among them.

    Each load has its own, later time of extraction, as a connector gives it.
    """
    stepwise, at_once = tmp_path / "stepwise", tmp_path / "at_once"
    stepwise.mkdir()
    at_once.mkdir()
    for batch in range(BATCHES):
        land(warehouse, stepwise / "warehouse.duckdb", batch)
        run_dbt(stepwise, "run" if batch else "build", *SKIPPED_TESTS[bool(batch)])
    shutil.copy(stepwise / "warehouse.duckdb", at_once / "warehouse.duckdb")
    run_dbt(at_once, "run", "--full-refresh")
    assert differing(stepwise / "warehouse.duckdb", at_once / "warehouse.duckdb") == {}


SKIPPED_TESTS = {
    False: ("--exclude-resource-type", "test", "--exclude-resource-type", "unit_test"),
    True: (),
}


def land(source: Path, target: Path, batch: int) -> None:
    """Append one random part of all raw rows; the reference tables come with the first."""
    with duckdb.connect(str(target)) as connection:
        connection.execute("set TimeZone = 'UTC'")
        connection.execute(f"attach '{source}' as source (read_only)")
        connection.execute("create schema if not exists raw_data")
        for (table,) in connection.execute(
            "select table_name from duckdb_tables()"
            " where database_name = 'source' and schema_name = 'raw_data'"
        ).fetchall():
            if batch == 0:
                connection.execute(
                    f"create table raw_data.{table} as from source.raw_data.{table} limit 0"
                )
            connection.execute(f"insert into raw_data.{table} {part(table, batch)}")


def part(table: str, batch: int) -> str:
    if table == "fx_rates":
        late = "hash(rate_date) % 10 = 0 and rate_date > date '2024-11-15'"
        wanted = {0: f"not ({late})", 1: late}.get(batch, "false")
        return f"from source.raw_data.fx_rates where {wanted}"
    if table == "marketing_calendar":
        return f"from source.raw_data.{table} where {batch} = 0"
    loaded = "_fivetran_synced" if table.startswith("crm_") else "_airbyte_extracted_at"
    return (
        f"select * replace ({loaded} + interval {1000 * batch} day as {loaded})"
        f" from source.raw_data.{table} as landed where hash(landed) % {BATCHES} = {batch}"
    )
