"""Marts handed over as Parquet: the same rows and types, and nothing that was tampered with."""

from __future__ import annotations

import ast
import hashlib
import json
import shutil
import sqlite3
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import duckdb
import pytest

from martlet.errors import BuildFailed
from martlet.flow.build import BuildState
from martlet.publish.dbt.choice import Rules
from martlet.publish.handoff.source import source_from_handoff
from tests.publish.handoff.exported import (
    EXPORTER,
    HERE,
    INVOCATION,
    NODES,
    export,
    make_warehouse,
    node,
    write_artifacts,
)
from tests.publish.shop import (
    publish_file,
    publish_source,
    published_database,
    rows,
    settings_for,
)

QUICK = {"never": ["every_type"]}  # a wide mart, published where its types matter


@pytest.fixture(scope="module")
def handed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the warehouse, its artifacts and a hand-off; copy it to change it."""
    folder = tmp_path_factory.mktemp("handed")
    make_warehouse(folder / "ware house.duckdb")
    write_artifacts(folder / "target")
    done = hand_over(folder)
    assert done == "", done
    return folder


@pytest.fixture
def copy(handed: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(handed, tmp_path / "copy"))


def hand_over(folder: Path, *words: str) -> str:
    """Export; gives what went wrong."""
    database = str(folder / "ware house.duckdb")
    places = ("--artifacts", str(folder / "target"), "--to", str(folder / "out"))
    done = export("--database", database, *places, *words)
    return done.stderr if done.returncode else ""


def publish(folder: Path, home: Path, **given: Any) -> BuildState:
    rules = Rules(**given.pop("rules", QUICK))
    settings = settings_for(home)
    with source_from_handoff(str(folder / "out"), rules, settings, **given) as (source, _):
        return publish_source(source, home)


def index_of(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / "out" / "marts.json").read_text("utf-8"))
    return found


def sealed(index: dict[str, Any]) -> str:
    """The index with its own hash, as somebody would write it who knows how."""
    rest = {name: value for name, value in index.items() if name != "sha256"}
    digest = hashlib.sha256(json.dumps(rest, sort_keys=True).encode()).hexdigest()
    return json.dumps({**rest, "sha256": digest})


def compared(file: Path, mart: str) -> tuple[Sequence[object], Sequence[object]]:
    """Types and rows of a published mart, the latter as text."""
    table = f'marts."{mart}"'
    types = rows(file, f"select column_name, column_type from (describe {table})")
    return types, rows(file, f"select columns(*)::varchar from {table} order by all")


def test_rows_and_types_arrive_as_a_published_database_has_them(
    handed: Path, tmp_path: Path
) -> None:
    state = publish(handed, tmp_path / "one", rules={})
    direct = publish_file(handed / "ware house.duckdb", tmp_path / "two", hide=["people.email"])
    files = (
        published_database(tmp_path / "one", state),
        published_database(tmp_path / "two", direct),
    )
    assert state.marts.keys() == direct.marts.keys()
    for mart in state.marts:
        assert compared(files[0], mart) == compared(files[1], mart)
    types = {name: held.type for name, held in state.marts["every_type"].columns.items()}
    assert (types["big"], types["mood"], types["span"]) == ("HUGEINT", "VARCHAR", "INTERVAL")
    assert types["pair"] == 'STRUCT(a HUGEINT, "b c" VARCHAR[])'
    assert types["two"] == "DECIMAL(4,1)[2]"


def test_what_dbt_proved_comes_along(handed: Path, tmp_path: Path) -> None:
    state = publish(handed, tmp_path / "home")
    assert (state.origin, state.dbt_invocation_id) == ("parquet", INVOCATION)
    assert [(test.name, test.status, test.counts) for test in state.tests] == [
        ("unique_v_orders_order_id", "pass", True)
    ]
    (key,) = state.marts["v_orders"].keys
    assert (key.columns, key.holds) == (("order_id",), True)
    assert all(mart.rebuilt for mart in state.marts.values())
    assert state.built_at == index_of(handed)["exported_at"]
    assert not list((tmp_path / "home").glob(".incoming*"))


def test_personal_columns_stay_at_home_unless_they_are_handed_over(copy: Path) -> None:
    (out,) = (copy / "out").glob("people.*.parquet")
    assert b"CANARY" not in out.read_bytes()
    assert duckdb.sql(f"from read_parquet('{out}')").columns == ["id"]
    assert publish(copy, copy / "home").marts["people"].withheld == ("email: personal data",)
    assert hand_over(copy, "--with-personal") == ""
    (out,) = (copy / "out").glob(index_of(copy)["marts"][2]["file"])
    assert duckdb.sql(f"from read_parquet('{out}')").columns == ["id", "email"]
    state = publish(copy, copy / "home")
    assert state.marts["people"].withheld == ("email: personal data",)
    assert b"CANARY" not in published_database(copy / "home", state).read_bytes()


def test_a_column_can_be_left_out_and_a_mart_named(copy: Path) -> None:
    assert hand_over(copy, "--mart", "v_orders", "--leave-out", "v_orders.customer_id") == ""
    state = publish(copy, copy / "home")
    assert set(state.marts) == {"v_orders"}
    assert state.marts["v_orders"].withheld == ("customer_id: left out",)
    assert "no column totl" in hand_over(copy, "--leave-out", "v_orders.totl")
    assert "has no model v_order" in hand_over(copy, "--mart", "v_order")


def test_an_export_replaces_the_one_before_and_a_reader_of_that_one_goes_on(copy: Path) -> None:
    first = index_of(copy)
    with source_from_handoff(str(copy / "out"), Rules(**QUICK), settings_for(copy / "home")) as (
        source,
        _,
    ):
        with duckdb.connect(str(copy / "ware house.duckdb")) as con:
            con.execute("insert into marts.people values (9, 'x')")
        assert hand_over(copy) == ""
        assert publish_source(source, copy / "home").marts["people"].row_count == 3
    assert publish(copy, copy / "home").marts["people"].row_count == 4
    old = next(mart["file"] for mart in first["marts"] if mart["name"] == "people")
    assert (copy / "out" / old).is_file() and old in index_of(copy)["before"]
    assert hand_over(copy) == ""
    assert not (copy / "out" / old).is_file()
    assert {path.name for path in (copy / "out").iterdir()} == {
        "marts.json",
        *(mart["file"] for mart in index_of(copy)["marts"]),
        *(entry["file"] for entry in index_of(copy)["artifacts"].values()),
    }


def test_an_export_that_fails_leaves_the_one_before(copy: Path) -> None:
    before = (copy / "out" / "marts.json").read_bytes()
    nodes = [node("v_orders"), node("zz_not_there")]
    write_artifacts(copy / "target", nodes)
    assert "zz_not_there" in hand_over(copy)
    assert (copy / "out" / "marts.json").read_bytes() == before
    assert publish(copy, copy / "home").marts


def bend_parquet(out: Path) -> None:
    file = next(out.glob("v_orders.*.parquet"))
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)


def other_parquet(out: Path) -> None:
    file = next(out.glob("v_orders.*.parquet"))
    duckdb.sql(f"copy (select 1 as order_id, 2 as customer_id) to '{file}'")


def bend_results(out: Path) -> None:
    file = next(out.glob("run_results.*.json"))
    file.write_text(file.read_text("utf-8").replace('"pass"', '"fail"'), "utf-8")


def edit_index(**changed: object) -> Callable[[Path], None]:
    """Change the index and leave its hash."""

    def change(out: Path) -> None:
        index = json.loads((out / "marts.json").read_text("utf-8"))
        (out / "marts.json").write_text(json.dumps({**index, **changed}), "utf-8")

    return change


def seal_mart(**changed: object) -> Callable[[Path], None]:
    """Change the entry of v_orders and seal the index again."""

    def change(out: Path) -> None:
        index = json.loads((out / "marts.json").read_text("utf-8"))
        next(mart for mart in index["marts"] if mart["name"] == "v_orders").update(changed)
        (out / "marts.json").write_text(sealed(index), "utf-8")

    return change


TAMPERED: list[tuple[Callable[[Path], object], str]] = [
    (bend_parquet, "v_orders.*is not the file that was exported"),
    (other_parquet, "v_orders.*is not the file that was exported"),
    (lambda out: next(out.glob("v_orders.*")).unlink(), "v_orders.*is missing"),
    (bend_results, "run_results.json of the hand-off is not the file"),
    (lambda out: next(out.glob("manifest.*")).write_text("{}"), "manifest.json of the hand-off"),
    (edit_index(invocation_id="other"), "marts.json of the hand-off was changed"),
    (edit_index(format=2), "another version of the exporter"),
    (edit_index(marts=[]), "cannot be read: marts"),
    (lambda out: (out / "marts.json").write_text("["), "it is no JSON"),
    (lambda out: (out / "marts.json").unlink(), "marts.json of the hand-off is missing"),
    (seal_mart(file="../../ware house.duckdb"), "cannot be read: marts.3.file"),
    (seal_mart(file="/etc/passwd"), "cannot be read: marts.3.file"),
    (seal_mart(rows=11), "has 10 rows instead of 11"),
    (seal_mart(columns=[{"name": "order_id", "type": "MOOD"}]), "unknown type in `v_orders`"),
    (
        seal_mart(columns=[{"name": "order_id", "type": "BIGINT) from x; --"}]),
        "unknown type in `v_orders`",
    ),
    (seal_mart(columns=[{"name": "total", "type": "BIGINT"}]), "v_orders.*cannot be read"),
]


@pytest.mark.parametrize(("tamper", "told"), TAMPERED)
def test_what_was_tampered_with_is_refused(
    copy: Path, tamper: Callable[[Path], object], told: str
) -> None:
    tamper(copy / "out")
    with pytest.raises(BuildFailed, match=told) as caught:
        publish(copy, copy / "home")
    assert caught.value.code == "build.source"
    assert str(copy) not in str(caught.value)
    assert not (copy / "home" / "published").exists()


def test_a_file_that_changes_while_it_is_published_is_refused(copy: Path) -> None:
    settings = settings_for(copy / "home")
    with source_from_handoff(str(copy / "out"), Rules(), settings) as (source, _):
        other_parquet(copy / "out")
        with pytest.raises(BuildFailed, match="was changed while it was published"):
            publish_source(source, copy / "home")


def test_artifacts_from_elsewhere_must_be_those_of_the_export(copy: Path) -> None:
    assert publish(copy, copy / "home", artifacts=copy / "target").tests
    write_artifacts(copy / "target", [node("v_orders")])
    with pytest.raises(BuildFailed, match=r"manifest.json of the hand-off is not the file"):
        publish(copy, copy / "home", artifacts=copy / "target")
    (copy / "target" / "manifest.json").unlink()
    with pytest.raises(BuildFailed, match="missing or cannot be read"):
        publish(copy, copy / "home", artifacts=copy / "target")


def test_artifacts_that_another_command_wrote_over_prove_nothing(copy: Path) -> None:
    write_artifacts(copy / "target", command="generate")
    assert hand_over(copy) == ""
    with pytest.raises(BuildFailed, match="`dbt generate` wrote over them"):
        publish(copy, copy / "home")


def test_a_failed_test_stops_publishing_and_a_failed_model_always_does(copy: Path) -> None:
    file = copy / "target" / "run_results.json"
    text = file.read_text("utf-8")
    file.write_text(text.replace('"pass"', '"fail"'), "utf-8")
    assert hand_over(copy) == ""
    with pytest.raises(BuildFailed, match="dbt tests failed: unique_v_orders_order_id"):
        publish(copy, copy / "home")
    file.write_text(text.replace('"success"', '"error"', 1), "utf-8")
    assert hand_over(copy) == ""
    with pytest.raises(BuildFailed, match="1 dbt model failed"):
        publish(copy, copy / "home")


def test_only_the_marts_that_are_chosen_here_are_published(copy: Path) -> None:
    assert set(publish(copy, copy / "home", rules={"never": ["people"]}).marts) == {
        "empty_mart",
        "every_type",
        "v_orders",
    }
    with pytest.raises(BuildFailed, match="None of the marts handed over"):
        publish(copy, copy / "home", rules={"never": ["*"]})


def test_models_that_dbt_switched_off_are_told_as_such(copy: Path) -> None:
    off = node("fct_deals", access="protected", config={"meta": {"switched_off": "crm"}})
    write_artifacts(copy / "target", [*NODES, off])
    assert hand_over(copy) == ""
    state = publish(copy, copy / "home")
    assert state.switched_off == {"fct_deals": "it needs crm, and that source is off"}


@pytest.fixture
def elsewhere(tmp_path: Path) -> Path:
    """A folder with other warehouses, a module that connects to them, and their artifacts."""
    shutil.copy(HERE / "driver.py", tmp_path)
    with duckdb.connect(str(tmp_path / "other.duckdb")) as con:
        con.execute((HERE / "orders.sql").read_text(encoding="utf-8"))
    lite = sqlite3.connect(tmp_path / "shop.sqlite")
    lite.executescript(
        "create table orders (order_id integer, total real, note text, raw blob, none text);"
        "insert into orders values (1, 2.5, 'CANARY', x'00ff', null), (2, 3.0, null, null, null);"
    )
    lite.close()
    return tmp_path


def connect(folder: Path, function: str, relation: str, **given: Any) -> BuildState:
    write_artifacts(folder / "target", [node("orders", relation_name=relation, **given)])
    done = export("--connect", f"driver:{function}", "--to", "out", cwd=folder)
    assert done.returncode == 0, done.stderr
    return publish(folder, folder / "home", rules={})


def test_any_driver_hands_over_values_of_their_own_types(elsewhere: Path) -> None:
    pii = {"note": {"name": "note", "meta": {"pii": True}}}
    state = connect(elsewhere, "lite", '"orders"', columns=pii)
    held = state.marts["orders"].columns
    assert {name: column.type for name, column in held.items()} == {
        "order_id": "BIGINT",
        "total": "DOUBLE",
        "raw": "BLOB",
        "none": "VARCHAR",
    }
    file = published_database(elsewhere / "home", state)
    assert rows(file, "select order_id, total, raw, none from marts.orders order by 1") == [
        (1, 2.5, b"\x00\xff", None),
        (2, 3.0, None, None),
    ]
    for place in (elsewhere / "out").iterdir():
        assert b"CANARY" not in place.read_bytes(), place.name


def test_a_driver_that_folds_names_gives_them_back_as_they_were_written(elsewhere: Path) -> None:
    state = connect(elsewhere, "folded", '"marts"."orders"')
    types = {name: column.type for name, column in state.marts["orders"].columns.items()}
    assert types == {
        "order_id": "BIGINT",
        "total": "DECIMAL(18,2)",
        "day": "DATE",
        "at": "TIMESTAMP",
        "moment": "TIMESTAMP WITH TIME ZONE",
        "paid": "BOOLEAN",
        "ratio": "DOUBLE",
        "bytes": "BLOB",
        "span": "INTERVAL",
        "clock": "TIME",
        "code": "UUID",
        "list": "JSON",
        "big": "HUGEINT",
        "note": "VARCHAR",
        "nothing": "VARCHAR",
    }
    same = (
        'select total, day, "at", moment, paid, ratio, bytes, span, clock, code, big, note '
        "from marts.orders order by order_id"
    )
    file = published_database(elsewhere / "home", state)
    assert rows(file, same) == rows(elsewhere / "other.duckdb", same)


def test_a_duckdb_connection_from_a_function_keeps_its_types(elsewhere: Path) -> None:
    state = connect(elsewhere, "motherduck_like", '"marts"."orders"')
    assert state.marts["orders"].columns["list"].type == "INTEGER[]"


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--database", "missing.duckdb"), "there is no database file missing.duckdb"),
        (("--connect", "driver:nothing"), "--connect driver:nothing"),
        (("--connect", "no_module:connect"), "No module named"),
        (("--connect", "driver:lite", "--artifacts", "nowhere"), "cannot be read; run dbt build"),
    ],
)
def test_what_the_exporter_cannot_do_is_said_in_a_line(
    elsewhere: Path, words: tuple[str, ...], told: str
) -> None:
    write_artifacts(elsewhere / "target")
    done = export(*words, "--to", "out", cwd=elsewhere)
    assert done.returncode == 1
    assert told in done.stderr and "Traceback" not in done.stderr
    assert not (elsewhere / "out" / "marts.json").exists()


def test_the_exporter_stands_alone_and_is_of_an_older_python() -> None:
    tree = ast.parse(EXPORTER.read_text(encoding="utf-8"), feature_version=(3, 9))
    imported = {
        alias.name
        for node in ast.walk(tree)
        for alias in getattr(node, "names", ())
        if isinstance(node, ast.Import)
    } | {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert imported - set(sys.stdlib_module_names) == {"duckdb"}


def test_tables_are_handed_over_without_dbt_and_then_nothing_is_proven_by_tests(
    copy: Path,
) -> None:
    shutil.rmtree(copy / "out")
    words = ("--table", "marts.v_orders", "--table", 'marts."people"')
    places = ("--to", str(copy / "out"), "--leave-out", "people.email")
    done = export("--database", str(copy / "ware house.duckdb"), *words, *places)
    assert done.returncode == 0, done.stderr
    state = publish(copy, copy / "home", rules={})
    assert set(state.marts) == {"people", "v_orders"}
    assert state.marts["people"].withheld == ("email: left out",)
    assert (state.tests, state.sources, state.dbt_invocation_id) == ((), (), "")
    (key,) = state.marts["v_orders"].keys
    assert (key.columns, key.origin, key.holds) == (("order_id",), "found", True)
    for asked in ({"rules": {"never": ["people"]}}, {"rules": {}, "artifacts": copy / "target"}):
        with pytest.raises(BuildFailed, match="without dbt's artifacts"):
            publish(copy, copy / "home", **asked)
    file = next((copy / "out").glob("people.*.parquet"))
    file.write_bytes(file.read_bytes()[:-1] + b"!")
    with pytest.raises(BuildFailed, match="is not the file that was exported"):
        publish(copy, copy / "home", rules={})


def test_two_tables_of_one_name_cannot_be_handed_over_without_dbt(copy: Path) -> None:
    words = ("--table", "marts.people", "--table", "other.[People]", "--to", str(copy / "out"))
    done = export("--database", str(copy / "ware house.duckdb"), *words)
    assert done.returncode == 1 and "would both be the mart people" in done.stderr
