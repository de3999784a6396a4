"""Publishing from the command line: each origin, the plan of it, and the catalog alone."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest

from martlet.build import Origin, plan_from
from martlet.publish import store
from martlet.settings import load_settings
from tests.command import martlet
from tests.publish.conftest import Built, make_project
from tests.publish.handoff.exported import EXPORTER, make_warehouse, write_artifacts
from tests.publish.shop import make_database, published_database, rows

CATALOG = """
version: 1
catalog: {{name: shop, timezone: UTC}}
models:
  - name: {mart}
    description: Orders, one row each.
    columns:
      - name: order_id
        description: Number of the order.
"""


REVIEWED = """
version: 1
catalog: {name: shop, timezone: UTC}
models:
  - name: t
    description: Things, one row each.
    columns:
      - name: asked
        pii: pseudonym
"""


def publish(home: Path, *words: str) -> Any:
    done = martlet("publish", "--home", str(home), "--json", *words)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    return found[0] if isinstance(found, list) else found


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path / "files"
    place.mkdir()
    (place / "orders.csv").write_text("order_id,total\n1,2.50\n2,3\n", encoding="utf-8")
    return place


def test_a_plan_of_a_dbt_run_tells_of_every_node_and_column_and_changes_nothing(
    built: Callable[[], Built], tmp_path: Path
) -> None:
    copy = built()
    project = make_project(tmp_path / "project")
    (project / "martlet.toml").write_text('[publish]\nnever = ["rpt_*"]\n', encoding="utf-8")
    before = {path: path.stat().st_mtime_ns for path in copy.home.rglob("*")}
    words = ("--project", str(project), "--plan")
    plan = publish(copy.home, *words)
    assert {path: path.stat().st_mtime_ns for path in copy.home.rglob("*")} == before
    told = {item["name"]: (item["published"], item["reason"]) for item in plan["considered"]}
    assert told["fct_orders"] == (True, "access: public")
    assert told["rpt_countries"] == (False, "never: rpt_*")
    assert told["stg_orders"][0] is False and "protected" in told["stg_orders"][1]
    marts = {mart["name"]: mart for mart in plan["marts"]}
    assert set(marts) == {"dim_customers", "fct_orders"}
    columns = {item["name"]: item for item in marts["dim_customers"]["columns"]}
    assert not columns["email"]["published"] and "personal" in columns["email"]["reason"]
    assert columns["country"]["published"]
    assert marts["fct_orders"]["keys"] == ["order_id"]
    assert marts["fct_orders"]["foreign_keys"] == ["customer_id -> dim_customers (customer_id)"]
    counts = {test["name"]: test["counts"] for test in marts["fct_orders"]["tests"]}
    assert counts["assert_totals_are_positive"] and not counts["unique_fct_orders_order_id"]
    text = martlet("publish", "--home", str(copy.home), *words).stdout
    assert "- rpt_countries (model): never: rpt_*" in text
    assert "    keys to measure: order_id" in text


def test_a_plan_gives_the_reason_for_every_column_and_for_a_mart_of_which_nothing_is_left(
    tmp_path: Path,
) -> None:
    file = make_database(
        tmp_path / "shop.duckdb",
        "create table mails as select 'ann' || i || '@example.com' as email from range(9) as r(i);"
        "create table t as select i as id, 'bo' || i || '@example.com' as asked, "
        "'cy' || i || '@example.com' as shop from range(9) as r(i)",
    )
    decisions = tmp_path / "semantic"
    decisions.mkdir()
    (decisions / "shop.yml").write_text(REVIEWED, encoding="utf-8")
    settings = load_settings(home=tmp_path / "home", catalog=decisions)
    plan = plan_from(settings, Origin(database=file))
    told = {item.name: (item.published, item.reason) for item in plan.considered}
    assert told["t"] == (True, "all of marts")
    assert told["mails"][0] is False
    assert told["mails"][1].startswith("no column of it may be published: email (")
    (mart,) = plan.marts
    reasons = {column.name: (column.published, column.reason) for column in mart.columns}
    assert reasons["id"] == (True, "not marked, and nothing personal found")
    assert reasons["asked"] == (True, "as a keyed pseudonym")
    assert reasons["shop"][0] is False and "e-mail" in reasons["shop"][1]
    assert "columns: id, asked (as a keyed pseudonym)" in mart.lines()


def test_what_the_plan_says_is_what_is_published(
    built: Callable[[], Built], tmp_path: Path
) -> None:
    copy = built()
    project = make_project(tmp_path / "project")
    words = ("--project", str(project))
    plan = publish(copy.home, *words, "--plan")
    state = store.open_build(copy.home / "published" / publish(copy.home, *words)["build_id"]).state
    seen = {
        mart["name"]: [column["name"] for column in mart["columns"] if column["published"]]
        for mart in plan["marts"]
    }
    assert seen == {name: list(mart.columns) for name, mart in state.marts.items()}
    assert {name: len(mart.keys) for name, mart in state.marts.items() if name == "fct_orders"} == {
        "fct_orders": 1
    }


@pytest.mark.slow
def test_a_run_that_martlet_did_not_make_is_published_from_its_artifacts(
    built: Callable[[], Built], tmp_path: Path
) -> None:
    copy = built()
    project, home = make_project(tmp_path / "project"), tmp_path / "served"
    words = ("--project", str(project), "--artifacts", str(copy.run.target))
    state = publish(home, *words, "--warehouse", str(copy.run.warehouse))
    assert (state["origin"], state["dbt_invocation_id"]) == ("dbt", copy.run.invocation_id)
    done = martlet("publish", "--home", str(home), *words)
    assert done.returncode == 1 and "--warehouse FILE" in done.stderr


@pytest.mark.slow
def test_a_hand_off_is_published_with_the_script_that_is_printed(tmp_path: Path) -> None:
    home = tmp_path / "home"
    script = tmp_path / "export.py"
    script.write_text(martlet("handoff-script").stdout, encoding="utf-8")
    assert script.read_bytes() == EXPORTER.read_bytes()
    warehouse = make_warehouse(tmp_path / "shop.duckdb")
    target = write_artifacts(tmp_path / "target")
    places = ("--artifacts", str(target), "--to", str(tmp_path / "out"))
    subprocess.run(
        [sys.executable, str(script), "--database", str(warehouse), *places],
        check=True,
        capture_output=True,
    )
    words = ("--from-parquet", str(tmp_path / "out"))
    plan = publish(home, *words, "--plan")
    assert {item["name"] for item in plan["considered"] if item["published"]} == {
        "empty_mart",
        "every_type",
        "people",
        "v_orders",
    }
    state = publish(home, *words, "--artifacts", str(target))
    assert state["origin"] == "parquet"
    assert store.open_build(store.current(home)).state.marts["v_orders"].row_count == 10


def test_a_changed_catalog_is_published_over_the_same_file(folder: Path, tmp_path: Path) -> None:
    home, catalog = tmp_path / "home", tmp_path / "shop.yml"
    first = publish(home, "--from-files", str(folder))
    assert first["origin"] == "files"
    catalog.write_text(CATALOG.format(mart="orders"), encoding="utf-8")
    second = publish(home, "--catalog-only", "--catalog", str(catalog))
    assert second["build_id"] > first["build_id"] and second["built_at"] == first["built_at"]
    opened = store.open_build(store.current(home))
    assert opened.catalog.marts["orders"].description == "Orders, one row each."
    old = home / "published" / first["build_id"] / "serving_default.duckdb"
    assert opened.database.samefile(old)
    assert opened.state.marts["orders"] == store.open_build(old.parent).state.marts["orders"]
    personal = CATALOG.format(mart="orders") + "      - {name: total, pii: true}\n"
    catalog.write_text(personal, encoding="utf-8")
    publish(home, "--catalog-only", "--catalog", str(catalog))
    opened = store.open_build(store.current(home))
    assert not opened.database.samefile(old)
    assert list(opened.state.marts["orders"].columns) == ["order_id"]


def test_without_a_build_there_is_no_data_for_a_catalog(tmp_path: Path) -> None:
    done = martlet("publish", "--catalog-only", "--home", str(tmp_path))
    assert done.returncode == 1 and "build.missing" in done.stderr


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--from-files", "a", "--from-parquet", "b"), "Name one origin"),
        (("--catalog-only", "--plan"), "Name one origin"),
        (("--from-database", "a", "--catalog-only"), "Name one origin"),
        (("--hide", "a.b"), "--hide goes with"),
    ],
)
def test_origins_that_contradict_one_another_are_wrong_usage(
    tmp_path: Path, words: tuple[str, ...], told: str
) -> None:
    done = martlet("publish", "--home", str(tmp_path), *words)
    assert done.returncode == 2 and told in done.stderr


def test_any_database_file_is_taken_with_what_stands_in_it(tmp_path: Path) -> None:
    file = make_database(
        tmp_path / "their.duckdb",
        """create type state as enum ('new', 'paid'); create macro doubled(x) as x * 2;
        create table "My Orders" (id integer primary key, net decimal(9, 2), status state,
            gross decimal(10, 2) generated always as (net + 1) virtual);
        insert into "My Orders" values (1, 2.5, 'new'); create table "60_day" as select 1 as "1st";
        create table empty_one (a integer, b state[]);
        create view seen as select doubled(net) as twice, status from "My Orders";""",
    )
    home = tmp_path / "home"
    publish(home, "--from-database", str(file), "--schema", "MARTS")
    state = store.open_build(store.current(home)).state
    types = {
        name: {column: held.type for column, held in mart.columns.items()}
        for name, mart in state.marts.items()
    }
    assert types == {
        "60_day": {"1st": "INTEGER"},
        "My Orders": {
            "id": "INTEGER",
            "net": "DECIMAL(9,2)",
            "status": "VARCHAR",
            "gross": "DECIMAL(10,2)",
        },
        "empty_one": {"a": "INTEGER", "b": "VARCHAR[]"},
        "seen": {"twice": "DECIMAL(18,2)", "status": "VARCHAR"},
    }
    served = published_database(home, state)
    assert rows(served, 'select gross::varchar, status from marts."My Orders"') == [("3.50", "new")]
    assert state.marts["empty_one"].row_count == 0


def test_a_file_of_another_storage_version_is_told_so(tmp_path: Path) -> None:
    file = make_database(tmp_path / "newer.duckdb")
    content = bytearray(file.read_bytes())
    content[12:20] = (9_999).to_bytes(8, "little")  # the storage version, behind the magic bytes
    file.write_bytes(content)
    done = martlet("publish", "--home", str(tmp_path / "h"), "--from-database", str(file))
    assert done.returncode == 1
    assert "newer.duckdb cannot be opened as a DuckDB database" in done.stderr
    assert str(tmp_path) not in done.stderr


def test_a_file_that_an_older_duckdb_wrote_is_read(tmp_path: Path) -> None:
    file = tmp_path / "older.duckdb"
    with duckdb.connect() as con:
        con.execute(f"attach '{file}' as older (storage_version 'v1.0.0')")
        con.execute("create schema older.marts; create table older.marts.t as select 1 as a")
    publish(tmp_path / "home", "--from-database", str(file))
    opened = store.open_build(store.current(tmp_path / "home"))
    assert rows(opened.database, "from marts.t") == [(1,)]
