"""How builds are watched: the log of runs, freshness, nulls; and that none of it is published."""

from __future__ import annotations

import json
import re
import shutil
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest

from martlet.settings import Settings
from tests.transforms.conftest import Ask
from tests.warehouse import PROJECT, run_dbt, try_dbt

CLOCK = re.compile(
    r"\b(now|today|get_current_timestamp)\s*\(|\bcurrent_(date|timestamp)\b", re.IGNORECASE
)


def test_the_log_holds_everything_that_the_build_ran(warehouse: Path, ask: Ask) -> None:
    """As dbt's own results say it, with what the hook itself could not know left out."""
    text = (warehouse.parent / "dbt" / "target" / "run_results.json").read_text(encoding="utf-8")
    results = json.loads(text)
    ran = {
        (item["unique_id"], item["status"], item["failures"])
        for item in results["results"]
        if item["unique_id"].split(".")[0] in ("model", "seed", "snapshot", "test", "unit_test")
    }
    logged = ask(
        "select unique_id, status, failures from ops.dbt_run_results"
        f" where invocation_id = '{results['metadata']['invocation_id']}'"
    )
    assert set(logged) == ran
    assert len(logged) == len(ran) > 500


def test_durations_are_those_of_the_run(warehouse: Path, ask: Ask) -> None:
    untimed = ask("""
        select unique_id from ops.dbt_run_results
        where status != 'skipped' and not coalesce(duration_seconds >= 0, false)""")
    slowest = ask(
        "select model_name, p50_seconds from ops.model_performance where slowest_rank = 1"
    )
    share = ask("select sum(share_of_all_seconds), min(runs) from ops.model_performance")[0]
    assert untimed == []
    assert slowest[0][1] > 0
    assert (round(share[0], 9), share[1]) == (1, 1)


def test_the_log_quotes_no_rows(ask: Ask) -> None:
    """An error's later lines can hold values, of people who must be forgotten, too."""
    assert (
        ask("select message from ops.raw_dbt_run_results where message like '%' || chr(10) || '%'")
        == []
    )


def test_freshness_watches_every_source(ask: Ask, manifest: dict[str, Any]) -> None:
    sources = {f"{s['schema']}.{s['identifier']}" for s in manifest["sources"].values()}
    seen = dict(
        ask("select table_name, latest_record from ops.data_freshness where layer = 'source'")
    )
    newest = ask(
        "select max(_airbyte_extracted_at at time zone 'UTC') from raw_data.measure_js_events"
    )
    assert set(seen) == sources
    assert seen["raw_data.measure_js_events"] == newest[0][0]
    assert ask("select status from ops.data_freshness where hours_behind > error_after_hours") != []


def test_planted_late_events_are_seen_on_the_days_they_arrived(ask: Ask) -> None:
    """All of them; and few others, records that landed again."""
    days = ask("""
        select count(distinct arrived_date), count(*), max(arrived_date) - min(arrived_date)
        from ops.late_event_stats""")[0]
    planted = ask("""
        with late as (select distinct row_id from truth.planted where fault = 'M7')
        select cast(loaded_at at time zone 'UTC' at time zone 'Europe/Berlin' as date), count(*)
        from staging.events_sessionated
        semi join late on late.row_id = event_id
        group by 1""")
    seen = ask("""
        select arrived_date, events_after_1_day
        from ops.late_event_stats where source_system = 'measure_js'""")
    found = {day: int(events) for day, events in seen}
    known = {day: int(events) for day, events in planted}
    assert days == (30, 120, 29)
    assert all(found[day] >= known[day] for day in found)
    assert 1_000 < sum(known[day] for day in found) <= sum(found.values())
    assert sum(found.values()) < 1.02 * sum(known[day] for day in found)


def test_what_the_guards_of_identity_did_is_counted_and_names_nobody(ask: Ask) -> None:
    everything = ask("""
        select blocked, shared_devices, shared_emails, clusters, largest_cluster, identifiers
        from ops.identity_quality where identifier_type = '(all)'""")[0]
    counted = ask("select reason, count(*) from intermediate.int_identity_quarantine group by 1")
    reasons = {reason: int(count) for reason, count in counted}
    clusters = ask("""
        select count(distinct cluster_root), max(cluster_size)
        from intermediate.int_identity_clusters""")[0]
    types = ask("select distinct identifier_type from intermediate.int_identity_nodes")
    told = ask("select identifier_type from ops.identity_quality where identifier_type != '(all)'")
    summed = ask("""
        select sum(identifiers) from ops.identity_quality where identifier_type != '(all)'""")
    kinds = ("blocked", "shared_device", "shared_email")
    assert everything[:3] == tuple(reasons.get(kind, 0) for kind in kinds)
    assert everything[1] > 100
    assert everything[3:5] == clusters
    assert set(told) == set(types)
    assert summed == [(everything[5],)]


def test_nothing_of_monitoring_is_published(demo: Settings, manifest: dict[str, Any]) -> None:
    """It reads the clock, and two builds of the same data are the same bytes."""
    names = {node["name"] for node in manifest["nodes"].values() if node["schema"] == "ops"}
    states = list(demo.home.glob("**/build.json"))
    published = {name for state in states for name in json.loads(state.read_text())["marts"]}
    assert {"dbt_run_results", "model_performance", "data_freshness"} <= names
    assert {"late_event_stats", "identity_quality", "test_failures"} <= names
    assert "daily_performance" in published
    assert names & published == set()


def test_only_monitoring_reads_the_clock() -> None:
    files = [
        file
        for folder in ("models", "macros", "seeds")
        for file in PROJECT.glob(f"{folder}/**/*.sql")
    ]
    reading = {
        file.relative_to(PROJECT).parts[1]
        for file in files
        if CLOCK.search(without_comments(file.read_text(encoding="utf-8")))
    }
    assert reading == {"ops"}


def without_comments(sql: str) -> str:
    return re.sub(r"\{#.*?#\}|--[^\n]*", "", sql, flags=re.DOTALL)


@pytest.mark.slow
def test_check_nulls_names_the_column_and_fails_when_asked(warehouse: Path, tmp_path: Path) -> None:
    shutil.copy(warehouse, tmp_path / "warehouse.duckdb")
    told = check_nulls(tmp_path, "table_name: events_sessionated")
    with duckdb.connect(str(tmp_path / "warehouse.duckdb"), read_only=True) as connection:
        nulls = connection.execute(
            "select count(*) - count(user_id) from staging.events_sessionated"
        ).fetchone()
    assert nulls is not None and f"user_id: {nulls[0]} of" in told
    check_nulls(
        tmp_path, "table_name: events_sessionated, columns: [event_id, client_id], fail: true"
    )
    with pytest.raises(AssertionError, match=f"user_id: {nulls[0]} of"):
        check_nulls(tmp_path, "table_name: events_sessionated, columns: user_id, fail: true")
    with pytest.raises(AssertionError, match="has no column `usr`"):
        check_nulls(tmp_path, "table_name: events_sessionated, columns: [usr]")
    with pytest.raises(AssertionError, match="There is no model `nowhere`"):
        check_nulls(tmp_path, "table_name: nowhere")


def check_nulls(folder: Path, arguments: str) -> str:
    return run_dbt(folder, "run-operation", "check_nulls", "--args", f"{{{arguments}}}")


@pytest.mark.slow
def test_the_log_outlives_a_full_refresh_and_forgets_old_runs(
    warehouse: Path, tmp_path: Path
) -> None:
    shutil.copy(warehouse, tmp_path / "warehouse.duckdb")
    select = ("--select", "raw_dbt_run_results", "event_blocks")
    run_dbt(tmp_path, "run", "--full-refresh", *select)
    with duckdb.connect(str(tmp_path / "warehouse.duckdb")) as connection:
        runs = connection.execute(
            "select count(distinct invocation_id), bool_or(was_full_refresh),"
            " count(*) filter (model_name = 'event_blocks') from ops.raw_dbt_run_results"
        ).fetchone()
        connection.execute(
            "update ops.raw_dbt_run_results set logged_at = logged_at - interval 91 day"
        )
    run_dbt(tmp_path, "run", *select)
    with duckdb.connect(str(tmp_path / "warehouse.duckdb"), read_only=True) as connection:
        kept = connection.execute(
            "select count(distinct invocation_id), count(*) from ops.raw_dbt_run_results"
        ).fetchone()
    assert runs == (2, True, 2)
    assert kept == (1, 2)


@pytest.mark.slow
def test_a_late_event_and_a_failing_test_are_told_and_quote_nobody(
    warehouse: Path, tmp_path: Path
) -> None:
    shutil.copy(warehouse, tmp_path / "warehouse.duckdb")
    late = "select * from ops.late_event_stats where source_system = 'measure_js' order by all"
    with duckdb.connect(str(tmp_path / "warehouse.duckdb")) as connection:
        connection.execute("set TimeZone = 'UTC'")
        before = connection.execute(late).fetchall()
        connection.execute("""
            insert into raw_data.measure_js_events
            select * replace (
                'planted' as event_id, 'planted@nobody.example' as client_id,
                timestamptz '2026-10-05 12:00:00+00' as timestamp,
                timestamptz '2026-10-05 12:00:00+00' as received_at,
                timestamptz '2026-10-20 12:00:00+00' as _airbyte_extracted_at)
            from raw_data.measure_js_events where event_id is not null limit 1""")
    run_dbt(tmp_path, "run", "--select", "events_sessionated", "late_event_stats")
    with duckdb.connect(str(tmp_path / "warehouse.duckdb")) as connection:
        after = connection.execute(late).fetchall()
        new = connection.execute("""
            select events, events_after_10_days, latest_hours, oldest_occurred_at
            from ops.late_event_stats where arrived_date = date '2026-10-20'""").fetchall()
        connection.execute("""
            update staging.events_sessionated set event_id = null where event_id = 'planted'""")
    code, _ = try_dbt(tmp_path, "test", "--select", "not_null_events_sessionated_event_id")
    with duckdb.connect(str(tmp_path / "warehouse.duckdb"), read_only=True) as connection:
        failing = connection.execute("""
            select test_name, status, failing_rows, is_failing, last_passed_at is not null
            from ops.test_failures""").fetchall()
        told = connection.execute("from ops.test_failures").fetchall()
    assert len(after) == len(before)  # the day that came in drives the oldest one out
    assert new == [(1, 1, 360.0, datetime(2026, 10, 5, 12))]
    assert code != 0
    assert failing == [("not_null_events_sessionated_event_id", "fail", 1, True, True)]
    assert "planted" not in str(told)


@pytest.mark.slow
@pytest.mark.parametrize("profile", ["profiles.yml", "profiles.yml.example"])
@pytest.mark.parametrize(("target", "schema"), [("dev", "dev_marts"), ("prod", "marts")])
def test_the_profiles_have_a_target_to_develop_in_and_one_to_publish(
    tmp_path: Path, profile: str, target: str, schema: str
) -> None:
    """Both parse, and only the second one builds what is published."""
    shutil.copy(PROJECT / profile, tmp_path / "profiles.yml")
    with duckdb.connect(str(tmp_path / "warehouse.duckdb")):
        pass
    told = run_dbt(
        tmp_path,
        *("list", "--select", "daily_performance", "--resource-type", "model"),
        *("--output", "json", "--output-keys", "schema", "--target", target),
        profiles=tmp_path,
    )
    assert f'"schema": "{schema}"' in told
