"""A person in every source is forgotten: no byte of them is left, and the books still balance."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import duckdb
import pytest

from martlet.build import Origin, publish_from
from martlet.demo import raw
from martlet.flow.query import Stop
from martlet.house import House
from martlet.publish import store
from martlet.settings import Settings
from martlet.tools.surface import call_tool
from tests.warehouse import WITHOUT_UNIT_TESTS, build_demo, demo_settings

PLANTED = Path(__file__).parent / "planted.sql"
TRACES = (
    *(b"zwetschge", b"quitten", b"6899000000001", b"99990001", b"+4930555777999", b"198.18.99.177"),
    *(b"uuid-zwetschge", b"7099900000"),
)
COMMAND = ("--who", "Ann", "--why", "request 12", "--raw", "--json")
BOOKS = """
select
    (select sum(net_sales) from marts.fct_sales), (select count(*) from marts.fct_sales),
    (select sum(gross_sales) from marts.fct_orders), (select count(*) from marts.fct_orders),
    (select count(*) from marts.fct_orders where order_key like '%5499000000001'),
    (select list(distinct channel order by 1) from marts.fct_orders
     where order_key like '%54990000000%')
"""


def run(settings: Settings, *words: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "martlet", "purge", *words, "--home", str(settings.home)]
    pipe = subprocess.PIPE
    environment = {**os.environ, **WITHOUT_UNIT_TESTS}
    return subprocess.Popen(command, stdout=pipe, stderr=pipe, env=environment, text=True)


def ask(settings: Settings, sql: str) -> Any:
    with duckdb.connect(str(settings.home / "warehouse.duckdb"), read_only=True) as con:
        return con.execute(sql).fetchall()


def holders(home: Path) -> dict[str, bytes]:
    """Every file with a byte of the person, and every database with a row of them."""
    found = {}
    for file in (path for path in home.rglob("*") if path.is_file()):
        content = file.read_bytes().lower()
        for trace in TRACES:
            if trace in content:
                found[str(file.relative_to(home))] = trace
        if file.suffix == ".duckdb":
            found.update(rows_with(file))
    return found


def rows_with(file: Path) -> dict[str, bytes]:
    """Compression hides bytes in a file, so its rows are read, too."""
    found = {}
    with duckdb.connect(str(file), read_only=True) as con:
        tables = con.execute("select schema_name, table_name from duckdb_tables()").fetchall()
        for schema, table in tables:
            rows = con.execute(f'select lower(to_json(t)::varchar) from "{schema}"."{table}" as t')
            while batch := rows.fetchmany(50_000):
                for trace in TRACES:
                    if any(trace.decode() in row for (row,) in batch):
                        found[f"{file.name}: {schema}.{table}"] = trace
    return found


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A small demo company with one person more, published; a question was asked of them."""
    settings = demo_settings(tmp_path / "home")
    settings.home.mkdir()
    raw.generate(settings.home / "warehouse.duckdb", scale=0.1)
    with duckdb.connect(str(settings.home / "warehouse.duckdb")) as con:
        con.execute(PLANTED.read_text(encoding="utf-8"))
        # what was deleted stays in blocks of the file that are free
        names = "select 'Zora Zwetschge' || i as name from range(9999) as numbers(i)"
        con.execute(f"create table raw_data.gone as {names}")
        con.execute("drop table raw_data.gone")
    build_demo(settings)
    house = House(settings)
    for sql in ("select 'zora.zwetschge@quitten.example'", "select zwetschge from dim_customers"):
        call_tool(house, "query", {"sql": sql}, Stop())
    house.close()
    return settings


@pytest.mark.slow
def test_no_byte_of_a_forgotten_person_is_left_and_revenue_is_what_it_was(
    settings: Settings,
) -> None:
    before = ask(settings, BOOKS)
    known = ask(
        settings,
        "select count(*), count(distinct master_customer_id) "
        "from intermediate.int_customer_identity_map where identifier_value like '%zwetschge%'",
    )
    assert known == [(7, 1)], "the person is one customer before"
    (master,) = ask(
        settings,
        "select distinct master_customer_id from intermediate.int_customer_identity_map "
        "where identifier_value like '%zwetschge%'",
    )[0]
    assert "warehouse.duckdb: marts.dim_customers" in holders(settings.home)

    killed = run(settings, "zora.zwetschge@quitten.example", *COMMAND)
    until = time.monotonic() + 60
    while not (settings.home / "dbt" / "logs" / "dbt.log").is_file():  # dbt has begun
        assert time.monotonic() < until and killed.poll() is None
    killed.send_signal(signal.SIGKILL)
    killed.communicate()

    done = run(settings, "ZORA.zwetschge+news@quitten.example", *COMMAND)
    output, errors = done.communicate()
    assert done.returncode == 0, errors
    report = json.loads(output)
    assert report["landed"] == {}
    assert report["builds_removed"]

    assert holders(settings.home) == {}
    assert master.encode() not in b"".join(
        path.read_bytes() for path in settings.home.rglob("*") if path.is_file()
    )
    assert [folder.name for folder in store.build_folders(settings.home)] == [report["build_id"]]
    assert ask(settings, BOOKS) == before
    assert ask(
        settings,
        "select count(*) from raw_data.posthog_events where id = 'event-of-somebody-else'",
    ) == [(1,)]

    assert publish_from(settings, Origin()).origin == "dbt", "its tests still speak of the file"
    with duckdb.connect(str(settings.home / "warehouse.duckdb")) as con:
        # the connector lands them again, as records of its own
        con.execute(PLANTED.read_text(encoding="utf-8").replace("'raw-zw-", "'raw-zw-again-"))
    build_demo(settings)
    assert {name for name in holders(settings.home) if "raw_data" not in name} <= {
        "warehouse.duckdb"
    }
