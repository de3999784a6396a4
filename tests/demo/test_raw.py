"""The raw data as it landed: its columns, its faults, its story."""

from __future__ import annotations

import datetime
import re
from importlib.resources import files

import duckdb
import pytest

from martlet.demo.raw import THROUGH
from tests.demo.reading import one

README = (files("martlet.demo") / "README.md").read_text(encoding="utf-8")
AIRBYTE = {
    "_airbyte_raw_id": "VARCHAR",
    "_airbyte_extracted_at": "TIMESTAMP WITH TIME ZONE",
    "_airbyte_meta": "JSON",
    "_airbyte_generation_id": "BIGINT",
}
# fault: least and most, as a share of what the SQL counts
RATES = {
    "M1": (0.6, 0.95, "select count(distinct person_id) from truth.person_identifiers"),
    "M2": (0.10, 0.20, "select count(distinct person_id) from truth.person_identifiers"),
    "M3": (0.04, 0.12, "select count(*) from truth.orders"),
    "M4": (
        0.012,
        0.05,
        "select count(distinct properties ->> '$.\"$device_id\"') from raw_data.posthog_events",
    ),
    "M5": (0.002, 0.010, "select count(*) from raw_data.posthog_events"),
    "M8": (0.015, 0.060, "select sum(estimated_size) from duckdb_tables()"
           " where table_name in ('posthog_events', 'shopify_orders', 'woocommerce_orders')"),
    "M10": (0.20, 0.32, "select count(*) from truth.orders"),
    "M11": (0.06, 0.11, "select count(*) from truth.orders"),
    "M12": (0.03, 0.07, "select count(*) from truth.orders"),
    "M15": (0.07, 0.14, "select count(*) from truth.orders"),
    "M19": (0.20, 0.35, "select (select count(*) from raw_data.meta_ads_insights)"
            " + (select count(*) from raw_data.google_ads_campaign)"),
}  # fmt: skip


def documented_tables() -> dict[str, dict[str, str]]:
    """The raw tables and their columns as the README promises them."""
    tables: dict[str, dict[str, str]] = {}
    for name, columns in re.findall(r"^\| `(\w+)` \([^|]*\) \| ([^|]*) \|$", README, re.M):
        promised = {} if name == "fx_rates" else dict(AIRBYTE)
        waiting: list[str] = []
        for part in columns.split(";")[0].split(","):
            column, _, kind = part.strip().partition(" ")
            waiting.append(column.strip('"'))
            if kind:
                kind = kind.replace("TIMESTAMPTZ", "TIMESTAMP WITH TIME ZONE")
                promised.update(dict.fromkeys(waiting, kind))
                waiting.clear()
        assert not waiting, f"{name}: {waiting} have no type"
        tables[name] = promised
    return tables


@pytest.mark.parametrize("table", documented_tables())
def test_a_raw_table_has_the_columns_that_the_readme_lists(
    raw: duckdb.DuckDBPyConnection, table: str
) -> None:
    found = raw.execute(f"describe raw_data.{table}").fetchall()
    assert {row[0]: row[1] for row in found} == documented_tables()[table]


def test_the_readme_lists_all_raw_tables(raw: duckdb.DuckDBPyConnection) -> None:
    found = raw.execute(
        "select table_name from duckdb_tables() where schema_name = 'raw_data'"
    ).fetchall()
    assert {row[0] for row in found} == set(documented_tables())


@pytest.mark.parametrize("fault", RATES)
def test_a_fault_is_planted_at_about_its_rate(raw: duckdb.DuckDBPyConnection, fault: str) -> None:
    least, most, whole = RATES[fault]
    planted = one(raw, f"select count(*) from truth.planted where fault = '{fault}'")
    assert least <= planted / int(one(raw, whole)) <= most


@pytest.mark.parametrize(
    ("table", "key"),
    [
        ("shopify_orders", "id"),
        ("woocommerce_orders", "id"),
        ("shopify_order_refunds", "id"),
        ("shopify_customers", "id"),
        ("posthog_events", "id"),
        ("posthog_persons", "id"),
    ],
)
def test_planted_rows_exist_and_every_repeated_key_is_planted(
    raw: duckdb.DuckDBPyConnection, table: str, key: str
) -> None:
    missing = f"""
        select count(*) from truth.planted
        where
            table_name = '{table}' and fault <> 'M4'
            and row_id not in (select {key}::varchar from raw_data.{table})
    """
    assert one(raw, missing) == 0
    unlogged = f"""
        select count(*) from (select {key} from raw_data.{table} group by 1 having count(*) > 1)
        where {key}::varchar not in (
            select row_id from truth.planted where table_name = '{table}' and fault = 'M8'
        )
    """
    assert one(raw, unlogged) == 0
    tied = f"""
        select count(*) from (
            select {key}, _airbyte_extracted_at from raw_data.{table}
            group by all
            having count(*) > 1
        )
    """
    assert one(raw, tied) == 0


def test_the_story_has_what_questions_need(raw: duckdb.DuckDBPyConnection) -> None:
    assert one(raw, "select min(date) from truth.daily_revenue") == datetime.date(2024, 11, 1)
    assert one(raw, "select max(order_date) from truth.orders") == THROUGH
    assert one(raw, 'select max("segments.date") from raw_data.google_ads_campaign') == THROUGH
    gap = "select 1 - sum(net_revenue) / sum(gross_revenue) from truth.daily_revenue"
    assert one(raw, gap) > 0.05
    moved = "select count(*) from truth.orders where order_date <> ordered_at::date"
    assert one(raw, moved) > 20
    weekend = "select count(*) from raw_data.fx_rates where isodow(rate_date) > 5"
    assert one(raw, weekend) == 0
    steps = raw.execute(
        """
        select count(distinct properties ->> '$."$session_id"') as visits
        from raw_data.posthog_events
        where event in ('$pageview', 'add_to_cart', 'checkout_started', 'purchase')
        group by event order by visits desc
        """
    ).fetchall()
    counts = [row[0] for row in steps]
    assert len(counts) == 4 and all(
        after < 0.9 * before for before, after in zip(counts, counts[1:], strict=False)
    )


def test_nothing_happens_outside_the_window(raw: duckdb.DuckDBPyConnection) -> None:
    for table, moment in (
        ("posthog_events", "timestamp"),
        ("shopify_orders", "created_at"),
        ("shopify_orders", "updated_at"),
        ("shopify_order_refunds", "created_at"),
    ):
        outside = f"""
            select count(*) from raw_data.{table}
            where
                ({moment} at time zone 'Europe/Berlin')::date
                not between '2024-11-01' and '2026-10-18'
        """
        assert one(raw, outside) == 0, table
    unborn = "select count(*) from raw_data.posthog_events where timestamp > _airbyte_extracted_at"
    assert one(raw, unborn) == 0
