"""The raw data as it landed: its columns, its faults, its story."""

from __future__ import annotations

import datetime
import re
from importlib.resources import files

import duckdb
import pytest

from martlet.demo.raw import THROUGH
from tests.demo.keys import DEVICES, KEYS, RESTATED
from tests.demo.reading import one

README = (files("martlet.demo") / "README.md").read_text(encoding="utf-8")
AIRBYTE = {
    "_airbyte_raw_id": "VARCHAR",
    "_airbyte_extracted_at": "TIMESTAMP WITH TIME ZONE",
    "_airbyte_meta": "JSON",
    "_airbyte_generation_id": "BIGINT",
}
FIVETRAN = {"_fivetran_deleted": "BOOLEAN", "_fivetran_synced": "TIMESTAMP WITH TIME ZONE"}
PARAMS = (
    "STRUCT(key VARCHAR, value STRUCT(string_value VARCHAR, int_value BIGINT,"
    " float_value DOUBLE, double_value DOUBLE))[]"
)
PEOPLE = "select count(distinct person_id) from truth.person_identifiers"
DEVICES_SEEN = (
    "select count(distinct properties ->> '$.\"$device_id\"') from raw_data.posthog_events"
)
CATALOGUE = (
    "select (select count(*) from raw_data.shopify_product_variants)"
    " + (select count(*) from raw_data.woocommerce_products)"
)
# fault and where it sits: least and most, as a share of what the SQL counts (a name: a raw table)
RATES = {
    "M1 person_identifiers": (0.6, 0.95, PEOPLE),
    "M2 shopify_customers": (0.10, 0.20, PEOPLE),
    "M2 rudderstack_aliases": (0.12, 0.30, PEOPLE),
    "M3 %_orders": (0.04, 0.12, "select count(*) from truth.orders"),
    "M3 form_submissions": (0.03, 0.15, "form_submissions"),
    "M4 posthog_events": (0.012, 0.05, DEVICES_SEEN),
    "M5 posthog_%": (0.002, 0.010, "posthog_events"),
    "M5 ga4_events": (0.001, 0.010, "ga4_events"),
    "M5 measure_js_events": (0.002, 0.010, "measure_js_events"),
    "M5 rudderstack_tracks": (0.002, 0.010, "rudderstack_tracks"),
    "M5 form_submissions": (0.005, 0.05, "form_submissions"),
    "M6 form_submissions": (0.008, 0.05, "form_submissions"),
    "M7 ga4_events": (0.19, 0.24, "ga4_events"),
    "M7 measure_js_events": (0.19, 0.24, "measure_js_events"),
    "M7 rudderstack_tracks": (0.19, 0.24, "rudderstack_tracks"),
    "M8 posthog_events": (0.015, 0.030, "posthog_events"),
    "M8 ga4_events": (0.030, 0.060, "ga4_events"),
    "M8 measure_js_events": (0.015, 0.030, "measure_js_events"),
    "M8 rudderstack_tracks": (0.015, 0.030, "rudderstack_tracks"),
    "M8 %_orders": (0.02, 0.07, "select count(*) from truth.orders"),
    "M8 crm_deals": (0.05, 0.20, "crm_deals"),
    "M9 crm_deals": (0.008, 0.06, "crm_deals"),
    "M9 crm_contacts": (0.05, 0.25, "crm_contacts"),
    "M10 %_orders": (0.20, 0.32, "select count(*) from truth.orders"),
    "M11 %": (0.06, 0.11, "select count(*) from truth.orders"),
    "M12 %_orders": (0.03, 0.07, "select count(*) from truth.orders"),
    "M13 measure_js_events": (0.002, 0.015, "measure_js_events"),
    "M13 rudderstack_tracks": (0.002, 0.015, "rudderstack_tracks"),
    "M13 ga4_events": (0.0005, 0.01, "ga4_events"),
    "M14 measure_js_events": (0.006, 0.02, "measure_js_events"),
    "M14 rudderstack_tracks": (0.006, 0.02, "rudderstack_tracks"),
    "M15 %_orders": (0.07, 0.14, "select count(*) from truth.orders"),
    "M16 measure_js_events": (0.02, 0.06, "measure_js_events"),
    "M16 rudderstack_tracks": (0.01, 0.05, "rudderstack_tracks"),
    "M16 ga4_events": (0.03, 0.09, "ga4_events"),
    "M17 ga4_events": (0.08, 0.18, "ga4_events"),
    "M17 form_submissions": (0.25, 0.50, "form_submissions"),
    "M18 %": (0.02, 0.06, CATALOGUE),
    "M19 meta_ads_insights": (0.15, 0.35, "meta_ads_insights"),
    "M19 google_ads_campaign": (0.20, 0.35, "google_ads_campaign"),
    "M19 google_ads_ad_group_ad_legacy": (0.30, 0.70, "google_ads_ad_group_ad_legacy"),
    "M20 crm_deals": (0.03, 0.12, "select count(distinct deal_id) from raw_data.crm_deals"),
}


def documented_tables() -> dict[str, dict[str, str]]:
    """The raw tables and their columns as the README promises them."""
    tables: dict[str, dict[str, str]] = {}
    for name, columns in re.findall(r"^\| `(\w+)` \([^|]*\) \| ([^|]*) \|$", README, re.M):
        promised: dict[str, str] = {}
        waiting: list[str] = []
        for part in _flat(columns.split("; ")[0]).split(","):
            column, _, kind = part.strip().partition(" ")
            waiting.append(column.strip('"'))
            if kind:
                promised.update(dict.fromkeys(waiting, _long(kind)))
                waiting.clear()
        assert not waiting, f"{name}: {waiting} have no type"
        tables[name] = promised | _loader_columns(name)
    return tables


def _loader_columns(table: str) -> dict[str, str]:
    if table in ("fx_rates", "marketing_calendar"):
        return {}
    return FIVETRAN if table.startswith("crm_") else AIRBYTE


def _flat(columns: str) -> str:
    """The same with other signs inside a STRUCT, so that a comma parts columns only."""
    inner = re.compile(r"STRUCT\(([^()]*)\)")
    while "STRUCT(" in columns:
        columns = inner.sub(lambda found: "STRUCT{" + found[1].replace(",", "¦") + "}", columns)
    return columns


def _long(kind: str) -> str:
    kind = kind.replace("{", "(").replace("}", ")").replace("¦", ",")
    return kind.replace("PARAMS", PARAMS).replace("TIMESTAMPTZ", "TIMESTAMP WITH TIME ZONE")


@pytest.mark.parametrize("table", documented_tables())
def test_a_raw_table_has_the_columns_that_the_readme_lists(
    raw: duckdb.DuckDBPyConnection, table: str
) -> None:
    found = raw.execute(f"describe raw_data.{table}").fetchall()
    assert {row[0]: row[1].replace('"', "") for row in found} == documented_tables()[table]


def test_the_readme_lists_all_raw_tables(raw: duckdb.DuckDBPyConnection) -> None:
    found = raw.execute(
        "select table_name from duckdb_tables() where schema_name = 'raw_data'"
    ).fetchall()
    assert {row[0] for row in found} == set(documented_tables())


@pytest.mark.parametrize("place", RATES)
def test_a_fault_is_planted_at_about_its_rate(raw: duckdb.DuckDBPyConnection, place: str) -> None:
    fault, table = place.split(" ")
    least, most, whole = RATES[place]
    planted = one(
        raw,
        f"select count(*) from truth.planted where fault = '{fault}' and table_name like '{table}'",
    )
    if not whole.startswith("select"):
        whole = f"select count(*) from raw_data.{whole}"
    assert least <= planted / int(one(raw, whole)) <= most


@pytest.mark.parametrize("table", KEYS)
def test_planted_rows_exist_and_every_repeated_key_is_planted(
    raw: duckdb.DuckDBPyConnection, table: str
) -> None:
    key, device = KEYS[table], DEVICES.get(table, "null")
    missing = f"""
        select fault, row_id from truth.planted
        where
            table_name = '{table}'
            and not regexp_matches(row_id, '/(no spend|renamed)$')
            and case
                when fault = 'M4' then row_id not in (select distinct {device} from raw_data.{table}
                                                      where {device} is not null)
                else row_id not in (select {key} from raw_data.{table})
            end
    """
    assert raw.execute(missing).fetchmany(3) == []
    fault = "M19" if table in RESTATED else "M8"
    unlogged = f"""
        select {key} as row_id from raw_data.{table} group by 1 having count(*) > 1
        except
        select row_id from truth.planted where table_name = '{table}' and fault = '{fault}'
    """
    assert raw.execute(unlogged).fetchmany(3) == []
    loaded = "_fivetran_synced" if table.startswith("crm_") else "_airbyte_extracted_at"
    tied = f"select {key}, {loaded} from raw_data.{table} group by all having count(*) > 1"
    assert raw.execute(tied).fetchmany(3) == []


def test_planted_faults_are_told_of_known_tables_once(raw: duckdb.DuckDBPyConnection) -> None:
    tables = raw.execute("select distinct table_name from truth.planted").fetchall()
    assert {row[0] for row in tables} <= {*KEYS, "person_identifiers"}
    twice = "select columns(*) from truth.planted group by all having count(*) > 1"
    assert raw.execute(twice).fetchall() == []
    faults = raw.execute("select distinct fault from truth.planted").fetchall()
    assert {row[0] for row in faults} == {f"M{number}" for number in range(1, 21)}
    assert {place.split(" ")[0] for place in RATES} == {row[0] for row in faults}


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
