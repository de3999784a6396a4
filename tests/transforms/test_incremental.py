"""What is built step by step equals what is built at once."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest
import yaml

from tests.warehouse import PROJECT, run_dbt, try_dbt

BUILT = "schema_name in ('staging', 'intermediate', 'marts')"
BATCHES = 4
PROVEN = "incremental models that equal a full refresh"

# New events of the past, by the raw table: copies of others with ids and times of their own.
LATE = {
    "posthog_events": "id || ' late' as id, timestamp - interval 3 day as timestamp",
    "measure_js_events": "event_id || ' late' as event_id, timestamp - interval 3 day as timestamp,"
    " received_at - interval 3 day as received_at",
    "rudderstack_tracks": "id || ' late' as id, timestamp - interval 3 day as timestamp",
    "ga4_events": "event_bundle_sequence_id + 1000000 as event_bundle_sequence_id,"
    " event_timestamp - 60000000 as event_timestamp",
    "shopify_order_refunds": "id + 1000000000 as id",
}
# Newer versions of what was landed before.
CHANGED = {
    "shopify_orders": "'voided' as financial_status, total_price + 1 as total_price,"
    " updated_at + interval 1 hour as updated_at",
    "woocommerce_orders": "'[]'::json as line_items",
    "shopify_order_refunds": "'[]'::json as refund_line_items",
    "shopify_inventory_items": "cost + 1 as cost",
    "posthog_events": "'$pageleave' as event, replace(cast(properties as varchar),"
    ' \'"$session_id":"\', \'"$session_id":"moved-\')::json as properties',
    "measure_js_events": "'scroll' as event_name",
    "rudderstack_tracks": "anonymous_id || '-moved' as anonymous_id",
    "meta_ads_insights": "spend + 1 as spend",
}


@pytest.fixture
def incremental(manifest: dict[str, Any]) -> list[str]:
    """The incremental models, as `schema.table`; those about dbt's own runs left out."""
    return sorted(
        f"{node['schema']}.{node['alias']}"
        for node in manifest["nodes"].values()
        if node["config"]["materialized"] == "incremental" and node["schema"] != "ops"
    )


def differing(one: Path, other: Path, incremental: list[str]) -> dict[str, int]:
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


def test_a_batch_of_late_changed_and_repeated_rows_equals_a_full_refresh(
    warehouse: Path, tmp_path: Path, incremental: list[str]
) -> None:
    """The short proof: one batch, and the incremental models alone, over tables as they stand."""
    build, batched = tmp_path / "warehouse.duckdb", tmp_path / "batched.duckdb"
    shutil.copy(warehouse, build)
    land_again(build)
    run_dbt(tmp_path, "run", "--select", "config.materialized:incremental")
    shutil.copy(build, batched)
    run_dbt(tmp_path, "run", "--select", "config.materialized:incremental", "--full-refresh")
    assert differing(batched, build, incremental) == {}
    changed = differing(warehouse, build, incremental)
    events = {"staging.events_sessionated", "staging.base__ga4__events"}
    assert {*events, "marts.dbt_track_facts", "marts.fct_customer_events"} <= {*changed}


def test_a_changed_variable_that_shapes_tables_is_refused_until_all_is_built_anew(
    warehouse: Path, tmp_path: Path
) -> None:
    shutil.copy(warehouse, tmp_path / "warehouse.duckdb")
    changed = "{session_idle_minutes: 20, staff_networks: []}"
    code, output = try_dbt(tmp_path, "run", "--vars", changed)
    assert code != 0
    assert "`session_idle_minutes` is 20, and was 30 before." in output
    assert '`staff_networks` is [], and was ["10.20."] before.' in output
    assert "--full-refresh" in output
    # one table anew would leave all others as they are
    code, output = try_dbt(
        tmp_path, "run", "--full-refresh", "--select", "dim_date", "--vars", changed
    )
    assert code != 0
    assert "`session_idle_minutes`" in output
    assert differing(warehouse, tmp_path / "warehouse.duckdb", []) == {}


def test_every_variable_shapes_tables_or_is_applied_by_each_run(warehouse: Path) -> None:
    declared = yaml.safe_load((PROJECT / "dbt_project.yml").read_text(encoding="utf-8"))["vars"]
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        rows = connection.execute("select name, value from consumed.variables").fetchall()
    shaping = {name: json.loads(value) for name, value in rows}
    assert shaping == {name: declared[name] for name in shaping}
    assert {*shaping, *APPLIED, *IN_CONTRACTS} == {*declared}
    assert not {*shaping} & {*APPLIED}


@pytest.mark.slow
def test_a_second_build_changes_nothing(
    warehouse: Path, tmp_path: Path, incremental: list[str]
) -> None:
    shutil.copy(warehouse, tmp_path / "warehouse.duckdb")
    run_dbt(tmp_path, "run")
    assert differing(warehouse, tmp_path / "warehouse.duckdb", incremental) == {}


@pytest.mark.slow
def test_batches_of_late_and_changed_rows_equal_a_full_refresh(
    warehouse: Path,
    tmp_path: Path,
    incremental: list[str],
    record_property: Callable[[str, object], None],
) -> None:
    """Rows arrive in a random order over four loads, exchange rates and old versions among them.

    Each load has its own, later time of extraction, as a connector gives it. One run ends before
    the marts, as a failed one does, and one is of a few models alone. Before the last, people have
    decided otherwise in every seed, and in every variable that a run applies to all rows.
    """
    stepwise, at_once = tmp_path / "stepwise", tmp_path / "at_once"
    stepwise.mkdir()
    at_once.mkdir()
    for batch in range(BATCHES):
        land(warehouse, stepwise / "warehouse.duckdb", batch)
        if batch == BATCHES - 1:
            decide_otherwise(stepwise / "warehouse.duckdb")
        run_dbt(stepwise, *RUNS[batch])
    shutil.copy(stepwise / "warehouse.duckdb", at_once / "warehouse.duckdb")
    run_dbt(at_once, "run", "--full-refresh", *OTHERWISE)
    batched, built = (folder / "warehouse.duckdb" for folder in (stepwise, at_once))
    assert differing(batched, built, incremental) == {}
    record_property(PROVEN, ", ".join(incremental))


# Variables that every run applies to all rows, with other values than they have.
APPLIED: dict[str, object] = {
    "as_of_date": "2026-01-10",
    "attribution_restarts_after_conversion": True,
    "attribution_window_days": 30,
    "calendar_end": "2032-01-01",
    "calendar_start": "2019-01-01",
    "clv_shortest_tenure_days": 30,
    "dead_stock_days": 30,
    "google_ads_account_id": "other",
    "google_ads_currency": "USD",
    "late_events_days": 10,
    "lead_time_days": 20,
    "lost_deal_stages": [],
    "position_first_weight": 0.3,
    "position_last_weight": 0.3,
    "primary_contact_type_id": 2,
    "run_results_kept_days": 30,
    "service_level_z": 1.2,
    "time_decay_half_life_days": 3,
    "won_deal_stages": ["closedwon", "contractsent"],
}
# A change of these is a change of contracts, which dbt refuses by itself.
IN_CONTRACTS = ("channels_paid_by_click", "paid_channels")
OTHERWISE = ("--vars", json.dumps(APPLIED))

# Some of a chain, without what lies between: each must find later what it saw only a part of.
PART = ("stg_shopify__order_lines", "int_refund_lines_allocated", "fct_orders", "int_touchpoints")
RUNS = (
    ("build", "--exclude-resource-type", "test", "--exclude-resource-type", "unit_test"),
    ("run", "--exclude", "path:models/marts"),
    ("run", "--select", *PART),
    ("run", *OTHERWISE),
)


# By seed: what holds of it from now on.
DECIDED = {
    "channel_mapping": "set channel = 'google_display' where campaign_type = 'SEARCH'",
    "channel_source_categories": "set category = 'social' where source = 'google'",
    "currencies": "set decimals = 0 where currency = 'USD'",
    "email_domain_classification": "set classification = 'corporate' where domain = 'gmail.com'",
    "event_type_map": "set event_type = 'page_view' where event_type = 'add_to_cart'",
    "holidays": "set holiday = 'New Year' where month(ds) = 1",
    "identity_blocklist": "set pattern = 'visitor' where pattern = 'guest'",
    "order_status_map": "set is_valid = false where status = 'pending'",
    "rfm_segments": "set meaning = 'often' where segment = 'loyal'",
    "stock_locations": "set location_name = 'Bonn'",
    "visit_channel_rules": "set channel = 'referral' where channel = 'email'",
}
# The two that are empty until somebody decides.
MERGED = {
    "merged_company_domain": "select min(d), max(d) from"
    " (select split_part(email, '@', 2) as d from marts.dim_customers where email is not null)",
    "merged_user": "select min(email), max(email) from marts.dim_customers",
}


def decide_otherwise(target: Path) -> None:
    with duckdb.connect(str(target)) as connection:
        seeds = connection.execute(
            "select table_name from duckdb_tables() where schema_name = 'seeds'"
        ).fetchall()
        assert {name for (name,) in seeds} == {*DECIDED, *MERGED}
        for seed, decision in DECIDED.items():
            changed = connection.execute(f"update seeds.{seed} {decision}").fetchone()
            assert changed is not None and changed[0], seed
        for seed, pairs in MERGED.items():
            connection.execute(f"insert into seeds.{seed} {pairs}")


def land_again(target: Path) -> None:
    """Land some rows once more, later: as they were, with other content, and as new, late ones."""
    with duckdb.connect(str(target)) as connection:
        connection.execute("set TimeZone = 'UTC'")
        for table, landed in connection.execute(
            "select table_name, column_name from duckdb_columns() where schema_name = 'raw_data'"
            " and column_name in ('_airbyte_extracted_at', '_fivetran_synced')"
        ).fetchall():
            replaced = {7: "", 8: CHANGED.get(table, ""), 9: LATE.get(table, "")}
            for part, others in replaced.items():
                columns = ", ".join(
                    filter(None, [f"{landed} + interval 1000 day as {landed}", others])
                )
                rows = f"from raw_data.{table} as landed where hash(landed) % 50 = {part}"
                connection.execute(
                    f"insert into raw_data.{table} select * replace ({columns}) {rows}"
                )


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
