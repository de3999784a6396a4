"""From a dbt project to a published build: what is a mart, what its tests proved, how old it is."""

from __future__ import annotations

import json
import os
import select
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest

from martlet.errors import BuildFailed
from martlet.flow.build import BuildState
from martlet.publish import store
from martlet.publish.dbt import DbtEvent, last_run, run_dbt, source_from_dbt
from martlet.publish.dbt.events import read_event
from martlet.publish.source import MartSource
from tests.publish.conftest import PROJECT, Built, make_home, make_project
from tests.publish.shop import publish_source, published_database, rows, settings_for

NOW = datetime(2026, 2, 11, 7, tzinfo=UTC)
Copy = Callable[[], Built]


def source_of(built: Built, **overrides: object) -> MartSource:
    return source_from_dbt(built.run, settings_for(built.home, **overrides), now=NOW)


def publish(built: Built, **overrides: object) -> BuildState:
    return publish_source(source_of(built, **overrides), built.home, **overrides)


@pytest.fixture(scope="module")
def published(dbt_home: Built) -> BuildState:
    """The shared run, published once; the warehouse is only read for it."""
    return publish(dbt_home)


def withheld(built: Built) -> dict[str, str]:
    """What is withheld of `fct_orders`, with the reason."""
    (orders,) = (mart for mart in source_of(built).marts if mart.name == "fct_orders")
    return {column.name: column.withheld for column in orders.columns if column.withheld}


def edit(file: Path, change: Callable[[Any], None]) -> None:
    content = json.loads(file.read_text(encoding="utf-8"))
    change(content)
    file.write_text(json.dumps(content), encoding="utf-8")


def test_progress_counts_every_node_to_the_end(dbt_home: Built) -> None:
    finished = [event for event in dbt_home.events if event.kind == "finished"]
    started = [event for event in dbt_home.events if event.kind == "started"]
    assert len(finished) == len(started) == started[0].total
    assert {event.name for event in finished} == {event.name for event in started}
    by_name = {event.name: event for event in finished}
    assert (by_name["fct_orders"].resource, by_name["fct_orders"].status) == ("model", "ok")
    assert by_name["unique_dim_customers_customer_id"].status == "pass"
    assert all(event.seconds is not None for event in finished)
    assert not any("\x1b" in event.text for event in dbt_home.events)


def test_only_public_models_are_published_and_nothing_of_the_others(
    dbt_home: Built, published: BuildState
) -> None:
    served = published_database(dbt_home.home, published)
    assert set(published.marts) == {"dim_customers", "fct_orders", "rpt_countries"}
    assert rows(served, "select distinct schema_name from duckdb_tables()") == [("marts",)]
    assert published.marts["dim_customers"].withheld == ("email: personal data",)
    for file in served.parent.iterdir():
        assert b"CANARY" not in file.read_bytes(), file.name
    assert b"CANARY" in dbt_home.run.warehouse.read_bytes()
    assert published.dbt_invocation_id == dbt_home.run.invocation_id
    assert all(mart.rebuilt for mart in published.marts.values()) and not published.marked


def test_a_key_whose_test_passes_by_a_threshold_is_measured_as_broken(
    published: BuildState,
) -> None:
    state = published
    keys = {key.columns: key for key in state.marts["dim_customers"].keys}
    assert keys[("customer_id",)].holds
    assert (keys[("device",)].rows, keys[("device",)].distinct) == (3, 2)
    assert not keys[("device",)].holds
    tests = {test.name: test for test in state.tests if not test.upstream}
    assert tests["unique_dim_customers_device"].status == "pass"
    assert not tests["unique_dim_customers_device"].counts


def test_keys_and_foreign_keys_are_those_dbt_declares(published: BuildState) -> None:
    orders = published.marts["fct_orders"]
    assert [(key.columns, key.nullable, key.holds) for key in orders.keys] == [
        (("order_id",), False, True)
    ]
    (link,) = orders.foreign_keys
    assert (link.to_mart, link.to_columns, link.unresolved) == (
        "dim_customers",
        ("customer_id",),
        10,
    )


def test_every_test_is_told_with_what_it_proves_and_for_which_mart(published: BuildState) -> None:
    told = {
        (test.name, test.upstream): (test.status, test.marts, test.columns, test.counts)
        for test in published.tests
    }
    relationship = "relationships_fct_orders_customer_id__customer_id__ref_dim_customers_"
    assert told == {
        ("unique_dim_customers_customer_id", False): (
            "pass", ("dim_customers",), ("customer_id",), True,
        ),
        ("unique_dim_customers_customer_id", True): ("pass", ("rpt_countries",), (), True),
        ("not_null_dim_customers_customer_id", False): (
            "pass", ("dim_customers",), ("customer_id",), True,
        ),
        ("not_null_dim_customers_customer_id", True): ("pass", ("rpt_countries",), (), True),
        ("unique_dim_customers_device", False): ("pass", ("dim_customers",), ("device",), False),
        ("unique_dim_customers_device", True): ("pass", ("rpt_countries",), (), False),
        ("unique_fct_orders_order_id", False): ("pass", ("fct_orders",), ("order_id",), False),
        (relationship, False): ("warn", ("fct_orders",), ("customer_id",), False),
        ("not_null_stg_orders_order_id", True): ("pass", ("fct_orders",), (), True),
        ("assert_totals_are_positive", False): ("pass", ("fct_orders",), (), True),
        ("an_order_keeps_its_total", False): ("pass", ("fct_orders",), (), False),
    }  # fmt: skip
    assert {test.name: test.failures for test in published.tests}[relationship] == 10


def test_every_test_tells_when_it_ran(published: BuildState, dbt_home: Built) -> None:
    moments = {test.name: test.ran_at for test in published.tests}
    ran = [datetime.fromisoformat(moment) for moment in moments.values() if moment]
    assert len(ran) == len(moments)
    results = json.loads((dbt_home.run.target / "run_results.json").read_bytes())
    end = datetime.fromisoformat(results["metadata"]["generated_at"])
    assert all(end - timedelta(seconds=results["elapsed_time"] + 60) < at <= end for at in ran)


def test_freshness_is_judged_against_the_wall_or_against_the_newest_row(dbt_home: Built) -> None:
    wall, data = (
        {source.name: source for source in source_of(dbt_home, freshness_clock=clock).sources}
        for clock in ("wall", "data")
    )
    assert (wall["shop.orders"].status, wall["shop.orders"].age_hours) == ("warn", 25.0)
    assert (wall["shop.customers"].status, wall["shop.customers"].age_hours) == ("error", 49.0)
    assert (data["shop.orders"].status, data["shop.orders"].age_hours) == ("pass", 0.0)
    assert (data["shop.customers"].status, data["shop.customers"].age_hours) == ("warn", 24.0)
    assert wall["shop.orders"].newest == "2026-02-10T06:00:00+00:00"
    assert wall["shop.orders"].marts == ("fct_orders",)
    assert wall["shop.customers"].marts == ("dim_customers", "rpt_countries")


def test_a_mart_that_this_run_did_not_build_is_not_called_new(built: Copy) -> None:
    copy = built()

    def skip(content: Any) -> None:
        content["results"] = [
            {**item, "status": "skipped"} if item["unique_id"].endswith(".fct_orders") else item
            for item in content["results"]
            if not item["unique_id"].endswith((".dim_customers", "totals_are_positive"))
        ]

    edit(copy.run.target / "run_results.json", skip)
    source = source_of(copy)
    assert {mart.name: mart.rebuilt for mart in source.marts} == {
        "dim_customers": False,
        "fct_orders": False,
        "rpt_countries": True,
    }
    statuses = {test.name: test.status for test in source.tests}
    assert statuses["assert_totals_are_positive"] == "not_run"


@pytest.mark.parametrize("status", ["error", "partial success"])
def test_a_model_that_failed_or_only_some_of_its_batches_is_not_published(
    built: Copy, status: str
) -> None:
    copy = built()

    def fail(content: Any) -> None:
        for item in content["results"]:
            if item["unique_id"].endswith(".fct_orders"):
                item["status"] = status

    edit(copy.run.target / "run_results.json", fail)
    with pytest.raises(BuildFailed, match=r"(?s)1 dbt model failed.*fct_orders") as caught:
        source_of(copy)
    assert caught.value.code == "build.dbt_failed"


def test_results_of_another_run_are_not_taken_for_this_build(built: Copy) -> None:
    copy = built()
    edit(
        copy.run.target / "run_results.json",
        lambda content: content["metadata"].update(invocation_id="other"),
    )
    with pytest.raises(BuildFailed, match="not of the run that built the warehouse"):
        source_of(copy)


@pytest.mark.parametrize(
    "broken",
    [
        {"results": [{}]},
        {"results": [5]},
        {"results": 5},
        {"metadata": []},
        {"results": [{"unique_id": "a", "status": "pass", "timing": [{"completed_at": "x"}]}]},
    ],
)
def test_results_that_are_no_results_are_told(built: Copy, broken: dict[str, Any]) -> None:
    copy = built()
    edit(copy.run.target / "run_results.json", lambda content: content.update(broken))
    with pytest.raises(BuildFailed, match=r"run_results\.json cannot be read"):
        source_of(copy)


def test_a_warehouse_changed_after_the_run_is_not_published_with_its_tests(built: Copy) -> None:
    copy = built()
    publish(copy)
    with duckdb.connect(str(copy.run.warehouse)) as con:
        con.execute("insert into marts.fct_orders select * from marts.fct_orders")
    with pytest.raises(BuildFailed, match="was changed after the dbt run"):
        publish(copy)
    assert len(store.build_folders(copy.home)) == 1


def test_the_last_run_can_be_published_again(built: Copy, tmp_path: Path) -> None:
    copy = built()
    again = last_run(PROJECT, copy.home)
    assert replace(again, project=copy.run.project) == copy.run
    assert publish(replace(copy, run=again)).dbt_invocation_id == copy.run.invocation_id
    with pytest.raises(BuildFailed, match="has not built anything"):
        last_run(PROJECT, tmp_path / "elsewhere")


def set_column_meta(content: Any, name: str, **column: object) -> None:
    node = content["nodes"]["model.little_shop.fct_orders"]
    node["columns"][name] = {"name": name, **column}


@pytest.mark.parametrize(
    "mark",
    [
        {"meta": {"pii": True}},
        {"config": {"meta": {"pii": "postal address"}}},
        {"tags": ["PII"]},
        {"config": {"tags": ["pii"]}},
    ],
)
def test_personal_data_is_withheld_however_dbt_marks_it(built: Copy, mark: Any) -> None:
    copy = built()
    edit(
        copy.run.target / "manifest.json",
        lambda content: set_column_meta(content, "STATUS", **mark),
    )
    assert withheld(copy) == {"status": "personal data"}


@pytest.mark.parametrize("mark", [False, "false", None, "no"])
def test_a_column_marked_as_not_personal_is_published(built: Copy, mark: Any) -> None:
    copy = built()
    edit(
        copy.run.target / "manifest.json",
        lambda content: set_column_meta(content, "status", meta={"pii": mark}),
    )
    assert withheld(copy) == {}


def test_a_personal_mark_that_fits_no_column_stops_publishing(built: Copy) -> None:
    copy = built()
    edit(
        copy.run.target / "manifest.json",
        lambda content: set_column_meta(content, "statuss", meta={"pii": True}),
    )
    with pytest.raises(BuildFailed, match=r"(?s)statuss.*`status`"):
        source_of(copy)


def test_a_mart_marked_as_personal_must_say_which_columns(built: Copy) -> None:
    copy = built()

    def mark(value: object) -> Callable[[Any], None]:
        def change(content: Any) -> None:
            content["nodes"]["model.little_shop.fct_orders"]["config"]["meta"] = {"pii": value}

        return change

    edit(copy.run.target / "manifest.json", mark(["status", "order_total"]))
    assert set(withheld(copy)) == {"order_total", "status"}
    edit(copy.run.target / "manifest.json", mark(True))
    with pytest.raises(BuildFailed, match="none of its columns is"):
        source_of(copy)


def test_a_project_without_public_models_has_nothing_to_publish(built: Copy) -> None:
    copy = built()

    def close(content: Any) -> None:
        for node in content["nodes"].values():
            node["access"] = "protected"
            node["config"]["access"] = "protected"

    edit(copy.run.target / "manifest.json", close)
    with pytest.raises(BuildFailed, match="no public model"):
        source_of(copy)


@pytest.mark.slow
def test_a_failed_test_leaves_the_last_build_in_force_or_publishes_marked(tmp_path: Path) -> None:
    home = make_home(tmp_path / "home")
    good_run = run_dbt(PROJECT, home, settings_for(home), on_event=lambda _: None)
    good = publish_source(source_from_dbt(good_run, settings_for(home)), home)
    project = make_project(tmp_path / "broken", "rows")

    with pytest.raises(BuildFailed) as caught:
        run_dbt(project, home, settings_for(home), on_event=lambda _: None)
    assert caught.value.code == "build.tests_failed"
    assert "relationships_fct_orders_customer_id" in caught.value.message
    assert (home / caught.value.where).is_file()
    with pytest.raises(BuildFailed, match="dbt tests failed"):
        publish_source(source_from_dbt(last_run(project, home), settings_for(home)), home)
    assert store.current(home).name == good.build_id

    marking = settings_for(home, on_test_failure="publish_marked")
    run = run_dbt(project, home, marking, on_event=lambda _: None)
    state = publish_source(source_from_dbt(run, marking), home, on_test_failure="publish_marked")
    assert state.marked and store.current(home).name == state.build_id
    failed = [test.name for test in state.tests if test.status == "fail"]
    assert failed == ["relationships_fct_orders_customer_id__customer_id__ref_dim_customers_"]
    key = state.marts["fct_orders"].keys[0]
    assert (key.columns, key.holds) == (("order_id",), False)


@pytest.mark.slow
def test_a_failed_model_or_a_project_that_does_not_parse_is_told(tmp_path: Path) -> None:
    home = make_home(tmp_path / "home")
    project = make_project(tmp_path / "project", "model")
    with pytest.raises(BuildFailed) as caught:
        run_dbt(project, home, settings_for(home), on_event=lambda _: None)
    assert caught.value.code == "build.dbt_failed"
    assert "fct_orders" in caught.value.message
    assert caught.value.where == "dbt/logs/dbt.log"
    with pytest.raises(BuildFailed, match="1 dbt model failed"):
        source_from_dbt(last_run(project, home), settings_for(home))

    (project / "models" / "marts" / "rpt_countries.sql").write_text(
        "select * from {{ ref('no_such_model') }}", encoding="utf-8"
    )
    with pytest.raises(BuildFailed) as caught:
        run_dbt(project, home, settings_for(home), on_event=lambda _: None)
    assert caught.value.code == "build.dbt_failed"
    assert "no_such_model" in caught.value.message


@pytest.mark.slow
def test_what_dbt_parsed_is_used_again_as_long_as_it_is_true(tmp_path: Path) -> None:
    """No artifact of an earlier run is; a broken record of the parse is read anew."""
    home, project = make_home(tmp_path / "home"), make_project(tmp_path / "project")
    target = home / "dbt" / "target"
    target.mkdir(parents=True)
    (target / "partial_parse.msgpack").write_bytes(b"cut off")
    (target / "sources.json").write_text("{}", encoding="utf-8")
    first = times_of_parsing(project, home)
    assert not (target / "sources.json").exists()
    assert times_of_parsing(project, home) == first

    mart = project / "models" / "marts" / "rpt_countries.sql"
    mart.write_text("select 'Atlantis' as country", encoding="utf-8")
    again = times_of_parsing(project, home)
    assert {name for name in first if again[name] != first[name]} == {"rpt_countries"}
    with duckdb.connect(str(home / "warehouse.duckdb"), read_only=True) as con:
        assert con.execute("from marts.rpt_countries").fetchall() == [("Atlantis",)]


def times_of_parsing(project: Path, home: Path) -> dict[str, float]:
    """When dbt parsed what it builds from, by model."""
    run = run_dbt(project, home, settings_for(home), on_event=lambda _: None)
    nodes = json.loads((run.target / "manifest.json").read_bytes())["nodes"].values()
    return {node["name"]: node["created_at"] for node in nodes if node["resource_type"] == "model"}


@pytest.mark.slow
def test_dbt_ends_with_the_process_that_started_it(tmp_path: Path) -> None:
    home = make_home(tmp_path / "home")
    script = (
        "import sys; from pathlib import Path; from martlet.publish.dbt import run_dbt\n"
        "from martlet.settings import load_settings\n"
        "home = Path(sys.argv[1])\n"
        "run_dbt(Path(sys.argv[2]), home, load_settings(home=home),"
        " on_event=lambda event: print(event.text, flush=True))"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script, str(home), str(PROJECT)], stdout=subprocess.PIPE
    ) as parent:
        assert parent.stdout and parent.stdout.readline()
        children = Path(f"/proc/{parent.pid}/task/{parent.pid}/children").read_text().split()
        parent.kill()
    assert len(children) == 1
    with suppress(ProcessLookupError):
        child = os.pidfd_open(int(children[0]))
        assert select.select([child], [], [], 30)[0], "dbt outlived its parent"
        os.close(child)
    run_dbt(PROJECT, home, settings_for(home), on_event=lambda _: None)


def test_an_event_without_json_is_a_message() -> None:
    assert read_event("Traceback (most recent call last):\n") == DbtEvent(
        "message", "Traceback (most recent call last):", level="error"
    )
    assert read_event("\n") is None
