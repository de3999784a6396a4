"""The hand-off and dbt in environments of their own: older DuckDBs, an older dbt, an S3 store."""

from __future__ import annotations

import sqlite3
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from martlet.errors import BuildFailed
from martlet.flow.build import BuildState
from martlet.publish.dbt import last_run, run_dbt, source_from_dbt
from martlet.publish.dbt.choice import Rules
from martlet.publish.handoff.source import source_from_handoff
from tests.publish.handoff.exported import export, make_warehouse, write_artifacts
from tests.publish.shop import (
    publish_file,
    publish_source,
    published_database,
    rows,
    settings_for,
)

ROOT = Path(__file__).parents[3]
OLDER = {name: ROOT / ".judges" / name / "bin" / "python" for name in ("duckdb14", "duckdb15")}
ENVIRONMENTS = {**OLDER, "duckdb20": ROOT / ".venv" / "bin" / "python"}
KEYS = {
    "AWS_ACCESS_KEY_ID": "testing",
    "AWS_SECRET_ACCESS_KEY": "testing",
    "AWS_REGION": "us-east-1",
    "AWS_DEFAULT_REGION": "us-east-1",
}
STORE = """
from moto.server import ThreadedMotoServer
server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
server.start()
print("http://%s:%s" % server.get_host_and_port(), flush=True)
input()
"""


def publish(place: str, home: Path) -> BuildState:
    with source_from_handoff(place, Rules(), settings_for(home)) as (source, _):
        return publish_source(source, home)


def content(file: Path, mart: str) -> tuple[object, object]:
    """Types and rows of a published mart, the latter as text."""
    table = f'marts."{mart}"'
    types = rows(file, f"select column_name, column_type from (describe {table})")
    return types, rows(file, f"select columns(*)::varchar from {table} order by all")


@pytest.mark.slow
@pytest.mark.parametrize("name", ENVIRONMENTS)
def test_each_duckdb_hands_over_the_same_rows_and_types(tmp_path: Path, name: str) -> None:
    python = str(ENVIRONMENTS[name])
    theirs = make_warehouse(tmp_path / "theirs.duckdb", python)
    target = write_artifacts(tmp_path / "target")
    words = ("--database", str(theirs), "--artifacts", str(target), "--to", str(tmp_path / "out"))
    done = export(*words, python=python)
    assert done.returncode == 0, done.stderr
    handed = publish(str(tmp_path / "out"), tmp_path / "handed")
    ours = make_warehouse(tmp_path / "ours.duckdb")
    for reference in (theirs, ours):
        direct = publish_file(reference, tmp_path / reference.stem, hide=["people.email"])
        expected = published_database(tmp_path / reference.stem, direct)
        arrived = published_database(tmp_path / "handed", handed)
        assert handed.marts.keys() == direct.marts.keys()
        for mart in handed.marts:
            assert content(arrived, mart) == content(expected, mart), (name, mart)


FAR = """
import adbc_driver_sqlite.dbapi
def connect():
    return adbc_driver_sqlite.dbapi.connect("shop.sqlite")
"""


@pytest.mark.slow
def test_an_adbc_driver_hands_over_what_arrow_says_of_types(tmp_path: Path) -> None:
    (tmp_path / "far.py").write_text(FAR, encoding="utf-8")
    lite = sqlite3.connect(tmp_path / "shop.sqlite")
    lite.executescript(
        "create table orders (order_id integer, total real, note text, raw blob, secret text);"
        "insert into orders values (1, 2.5, null, x'00ff', 'CANARY'), (2, null, 'a', null, null);"
    )
    lite.close()
    words = ("--connect", "far:connect", "--table", "orders", "--leave-out", "orders.secret")
    done = export(*words, "--to", "out", python=str(OLDER["duckdb15"]), cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    state = publish(str(tmp_path / "out"), tmp_path / "home")
    held = state.marts["orders"].columns
    assert {name: column.type for name, column in held.items()} == {
        "order_id": "BIGINT",
        "total": "DOUBLE",
        "note": "VARCHAR",
        "raw": "BLOB",
    }
    file = published_database(tmp_path / "home", state)
    assert rows(file, "from marts.orders order by 1") == [
        (1, 2.5, None, b"\x00\xff"),
        (2, None, "a", None),
    ]
    for place in (tmp_path / "out").iterdir():
        assert b"CANARY" not in place.read_bytes()


@pytest.fixture
def store() -> Iterator[str]:
    """The address of an S3-compatible server with a bucket `marts`."""
    with subprocess.Popen(
        [str(OLDER["duckdb15"]), "-c", STORE],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as server:
        assert server.stdin and server.stdout
        address = server.stdout.readline().strip()
        boto(address, "client.create_bucket(Bucket='marts')")
        yield address
        server.stdin.close()


def boto(address: str, code: str) -> None:
    """Speak to the store as somebody else."""
    script = f"import boto3; client = boto3.client('s3', endpoint_url={address!r}); {code}"
    subprocess.run([str(OLDER["duckdb15"]), "-c", script], check=True, env=KEYS)


@pytest.mark.slow
def test_a_hand_off_goes_through_an_s3_compatible_store(
    tmp_path: Path, store: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    environment = {**KEYS, "AWS_ENDPOINT_URL": store, "AWS_ALLOW_HTTP": "true"}
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    python = str(OLDER["duckdb15"])
    make_warehouse(tmp_path / "theirs.duckdb", python)
    write_artifacts(tmp_path / "target")
    words = ("--database", "theirs.duckdb", "--to", "s3://marts/shop/daily/")
    for _ in range(2):
        done = export(*words, python=python, cwd=tmp_path, **environment)
        assert done.returncode == 0, done.stderr
    good = publish("s3://marts/shop/daily", tmp_path / "home")
    assert (len(good.marts), good.marts["v_orders"].row_count) == (4, 10)
    assert not list((tmp_path / "home").glob(".incoming*"))

    listing = "client.list_objects_v2(Bucket='marts')['Contents']"
    boto(
        store,
        f"keys = [item['Key'] for item in {listing} if 'v_orders' in item['Key']];"
        "client.put_object(Bucket='marts', Key=keys[0], Body=b'PAR1')",
    )
    with pytest.raises(BuildFailed, match="v_orders.*is not the file that was exported"):
        publish("s3://marts/shop/daily/", tmp_path / "home")
    with pytest.raises(BuildFailed, match="marts.json of the hand-off is missing"):
        publish("s3://marts/nowhere", tmp_path / "home")
    with pytest.raises(BuildFailed, match="cannot be fetched|is missing") as caught:
        publish("s3://other/shop/daily", tmp_path / "home")
    assert "testing" not in str(caught.value)


PROJECT = {
    "dbt_project.yml": """
name: theirs
version: "1.0"
profile: theirs
model-paths: [models]
models: {theirs: {+materialized: table, +schema: analytics}}
""",
    "profiles.yml": """
theirs:
  target: dev
  outputs: {dev: {type: duckdb, path: data/theirs.duckdb, threads: 1}}
""",
    "martlet.toml": """
[publish]
access = ["public", "protected"]
tags = ["served"]
[dbt]
command = "'{dbt}'"
""",
    "models/fct_visits.sql": "select range as visit_id, range % 3 as site_id from range(10)",
    "models/dim_sites.sql": """
{{ config(materialized="view") }} select range as site_id from range(3)
""",
    "models/helper.sql": "select 1 as a",
    "models/models.yml": """
models:
  - name: fct_visits
    config: {tags: [served]}
    columns:
      - name: visit_id
        data_tests: [unique, not_null]
      - name: site_id
        data_tests:
          - relationships: {to: ref('dim_sites'), field: site_id}
  - name: dim_sites
    config: {tags: [served]}
    columns:
      - name: site_id
        data_tests: [unique]
""",
}


@pytest.mark.slow
def test_another_teams_project_is_built_by_its_own_older_dbt(tmp_path: Path) -> None:
    project, home = tmp_path / "their project", tmp_path / "home"
    dbt = OLDER["duckdb14"].with_name("dbt")
    for name, text in PROJECT.items():
        (project / name).parent.mkdir(parents=True, exist_ok=True)
        (project / name).write_text(text.replace("{dbt}", str(dbt)), encoding="utf-8")
    (project / "data").mkdir()
    heard: list[str] = []
    settings = settings_for(home)
    run = run_dbt(project, home, settings, on_event=lambda event: heard.append(event.text))
    assert any("dbt=1.8" in text for text in heard)
    assert run.warehouse == project / "data" / "theirs.duckdb"
    state = publish_source(source_from_dbt(run, settings), home)
    assert {name: mart.row_count for name, mart in state.marts.items()} == {
        "dim_sites": 3,
        "fct_visits": 10,
    }
    (link,) = state.marts["fct_visits"].foreign_keys
    assert (link.to_mart, link.unresolved) == ("dim_sites", 0)
    assert {test.status for test in state.tests} == {"pass"}
    assert last_run(project, home) == run
    assert not (project / "target").exists() and not (project / "logs").exists()
