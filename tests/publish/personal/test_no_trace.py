"""Planted values are in no byte that a publish, the tools and the commands leave behind or say."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest
from mcp import Client

from martlet.house import House
from martlet.server import make_server
from martlet.settings import Settings
from tests.publish.shop import make_database, settings_for

pytestmark = [pytest.mark.slow, pytest.mark.anyio]

# What is planted; none of it may be found anywhere, in whatever case.
PLANTED = (
    "quittenbaum",
    "zwetschgen",
    "4915199887766",
    "151 99887766",
    "81.2.69.177",
    "DE89370400440532013000",
    "TAGGED-7731",
    "MEMBER-5501",
)
SQL = """
create table fct_orders as select
    i as order_id, date '2026-01-01' + (i % 60)::int as order_date, 10 + i * 1.5 as order_total,
    (['web', 'app', 'n/a'])[1 + i % 3] as channel,
    case when i = 57 then 'rang Ida Quittenbaum, ida@quittenbaum.example' else 'ok ' || i end as a1,
    case when i = 58 then ['vip', 'max_zwetschgen@example.org'] else ['vip'] end as a2,
    case when i = 59 then '{"to": {"tel": "+49 151 99887766"}}' else '{"n": 1}' end::json as a3,
    case when i = 60 then 'https://shop.example/?e=ida%40quittenbaum.example' else '/a' end as a4,
    case when i = 61 then {'x': 'ip 81.2.69.177'} else {'x': 'none'} end as a5,
    case when i = 62 then 'IBAN DE89370400440532013000' else 'paid' end as a6,
    case when i % 2 = 0 then 4915199887766 else 4917612345678 + i * 7919131 end as customer_phone,
    'TAGGED-' || (7700 + i) as secret_code, 'MEMBER-' || (5500 + i % 5) as member
from range(300) as t(i);
create table dim_members as select 'MEMBER-' || (5500 + i) as member, 1 + i as points,
    'Zwetschgen ' || chr(65 + i::int) as last_name from range(5) as t(i);
create view v_totals as select order_id, a1 from fct_orders;
"""
CATALOG = """
version: 1
catalog: {name: planted, description: A shop with planted people.}
models:
  - name: fct_orders
    description: One row per order.
    columns:
      - {name: secret_code, description: A code., pii: true}
      - {name: member, description: Who ordered., pii: pseudonym}
  - name: dim_members
    description: One row per member.
    columns: [{name: member, description: Who it is., pii: pseudonym}]
"""
CALLS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("search", {"query": "orders"}),
    ("search", {"query": "quince"}),
    ("describe", {}),
    ("describe", {"names": ["fct_orders", "dim_members"], "detail": "full"}),
    ("values", {"field": "fct_orders.channel", "like": "wep"}),
    ("values", {"field": "fct_orders.a1"}),
    ("values", {"field": "fct_orders.member", "like": "MEMB"}),
    ("metric", {"metrics": ["orders"]}),
    ("query", {"sql": "select * from fct_orders"}),
    ("query", {"sql": "select * from dim_members"}),
    ("query", {"sql": "select member, count(*) from fct_orders group by member"}),
    ("query", {"sql": "select cast(channel as integer) from fct_orders"}),
    ("query", {"sql": "select cast(member as integer) from fct_orders"}),
    ("query", {"sql": "select cast(a1 as integer) from fct_orders"}),
    ("query", {"sql": "select a1, a2, a3 from fct_orders"}),
    ("query", {"sql": "select order_id from v_totals where a1 like 'rang%'"}),
    ("query", {"sql": "select 1 from fct_orders where channel = 'wep'"}),
    ("query", {"sql": "select 1 from fct_orders where member = 'nobody'"}),
    ("query", {"sql": "select error(channel) from fct_orders"}),
    ("query", {"sql": "select date_trunc('day', channel::date) from fct_orders"}),
    ("query", {"sql": "summarize fct_orders"}),
)


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A home in which everything was done once; beside it `said` holds what the commands said."""
    folder = tmp_path_factory.mktemp("planted")
    make_database(folder / "any.duckdb", SQL)
    (folder / "semantic").mkdir()
    (folder / "semantic" / "shop.yml").write_text(CATALOG, encoding="utf-8")
    settings = settings_for(folder / "home", catalog=folder / "semantic", sandboxes=1)
    origin = ["--from-database", str(folder / "any.duckdb")]
    known = ["--catalog", str(folder / "semantic")]
    said = martlet(settings, "publish", "--plan", *origin, *known)
    said += martlet(settings, "publish", *origin, *known)
    said += martlet(settings, "publish", *origin, *known, "--json")
    with duckdb.connect(str(folder / "any.duckdb")) as con:
        con.execute(
            "use marts; create view broken as "
            "select order_id, cast(a1 as integer) as n from fct_orders where order_id = 57"
        )
    said += martlet(settings, "publish", *origin, *known)
    for words in (["review", "pii"], ["review", "pii", "--json"], ["doctor"], ["builds"]):
        said += martlet(settings, *words)
    (folder / "said").write_text(said, encoding="utf-8")
    return settings


def martlet(settings: Settings, *words: str) -> str:
    """What a command says, be it good or bad."""
    command = [sys.executable, "-m", "martlet", *words, "--home", str(settings.home)]
    done = subprocess.run(command, capture_output=True, text=True)
    return done.stdout + done.stderr


def contents(folder: Path) -> Iterator[tuple[str, str]]:
    """Every file, as its bytes, and of a DuckDB file every cell, which the bytes compress."""
    for file in sorted(path for path in folder.rglob("*") if path.is_file()):
        yield file.name, file.read_bytes().decode("latin-1")
        if file.suffix == ".duckdb":
            with duckdb.connect(str(file), read_only=True) as con:
                for schema, table in con.execute(
                    "select schema_name, table_name from duckdb_tables()"
                ).fetchall():
                    found = con.execute(f'select * from "{schema}"."{table}"').fetchall()
                    yield f"{file.name} {table}", repr(found)


def traces(text: str) -> list[str]:
    return [value for value in PLANTED if value.casefold() in text.casefold()]


async def test_no_planted_value_is_in_any_answer_file_or_word_of_a_command(
    settings: Settings,
) -> None:
    source = settings.home.parent / "any.duckdb"
    with duckdb.connect(str(source), read_only=True) as con:
        held = repr(con.execute("select * from marts.fct_orders").fetchall())
        held += repr(con.execute("select * from marts.dim_members").fetchall())
    assert set(traces(held)) == {*PLANTED}, "all that is looked for is there to be found"

    house = House(settings)
    try:
        async with Client(make_server(house)) as client:
            answers = [await client.call_tool(name, given) for name, given in CALLS]
    finally:
        house.close()
    said = json.dumps([answer.model_dump(mode="json") for answer in answers])
    assert said.count("fct_orders") > 10 and sum(bool(answer.is_error) for answer in answers) < 15
    assert not traces(said)
    assert not traces(martlet(settings, "audit") + martlet(settings, "audit", "--json"))
    assert not traces((settings.home.parent / "said").read_text(encoding="utf-8"))
    found = {name: traces(text) for name, text in contents(settings.home)}
    assert not {name: values for name, values in found.items() if values}
    assert any(name.endswith(".jsonl") for name in found) and "build.json" in found


async def test_pseudonyms_join_and_count_and_the_key_is_in_its_own_file_alone(
    settings: Settings,
) -> None:
    key = (settings.home / "keys" / "default.key").read_text(encoding="ascii").strip()
    for name, text in contents(settings.home):
        assert key not in text or name == "default.key", name
        assert bytes.fromhex(key).decode("latin-1") not in text, name
    database = next(settings.home.glob("published/2*/serving_default.duckdb"))
    with duckdb.connect(str(database), read_only=True) as con:
        joined = con.execute(
            "select count(*), count(distinct m.member) from marts.fct_orders as o "
            "inner join marts.dim_members as m using (member)"
        ).fetchone()
    assert joined == (300, 5)
