"""What is in the published file, and what is not."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from martlet.errors import BuildFailed, RequestError
from martlet.flow.catalog import Catalog, Column, Mart
from martlet.publish.database import source_from_database
from martlet.publish.serving import check_file
from tests.publish.shop import SHOP, make_database, publish_file, published_database, rows

OBJECTS = "select schema_name, table_name from duckdb_tables() order by all"


def test_only_the_schema_of_the_marts_is_copied_and_views_become_tables(tmp_path: Path) -> None:
    file = make_database(
        tmp_path / "ware.house.duckdb",
        SHOP
        + 'create view v as select country from "ware"."marts"."dim_customers";'
        + "create macro twice(x) as x * 2; create sequence numbers;"
        + "create index place on fct_orders (order_id); create type mood as enum ('a', 'b');"
        + "comment on table dim_customers is 'CANARY_COMMENT';",
        other="create schema raw_data; create table raw_data.secret as select 'CANARY_RAW' as c;"
        "create table main.token as select 'CANARY_MAIN' as c",
    )
    state = publish_file(file, tmp_path / "home")
    served = published_database(tmp_path / "home", state)

    assert rows(served, OBJECTS) == [
        ("marts", "dim_customers"),
        ("marts", "fct_orders"),
        ("marts", "v"),
    ]
    for listing in ("views", "functions", "types", "sequences", "indexes", "constraints"):
        where = "" if listing in ("sequences", "indexes", "constraints") else "where not internal"
        assert rows(served, f"select * from duckdb_{listing}() {where}") == []
    assert rows(served, "select comment from duckdb_tables() where comment is not null") == []
    for canary in (b"CANARY_RAW", b"CANARY_MAIN", b"CANARY_COMMENT"):
        assert canary in file.read_bytes()
        assert canary not in served.read_bytes()


def test_no_byte_of_a_withheld_column_is_in_any_published_file(tmp_path: Path) -> None:
    file = make_database(
        tmp_path / "shop.duckdb",
        "create table people as select i as id, 'CANARY_MAIL_' || i as e_mail, "
        "'CANARY_PHONE_' || i as phone, i % 3 as plan from range(5000) as t(i)",
    )
    catalog = Catalog(
        name="shop",
        marts={"people": Mart(name="people", columns=(Column(name="Phone", pii=True),))},
    )
    state = publish_file(file, tmp_path / "home", catalog, hide=["PEOPLE.E_mail"])

    assert list(state.marts["people"].columns) == ["id", "plan"]
    assert state.marts["people"].withheld == ("e_mail: hidden", "phone: personal data")
    folder = published_database(tmp_path / "home", state).parent
    for published in folder.iterdir():
        assert b"CANARY" not in published.read_bytes(), published.name


def test_a_column_hidden_in_the_catalog_is_published_and_only_left_out_of_the_cards(
    tmp_path: Path,
) -> None:
    file = make_database(tmp_path / "shop.duckdb", 'create table d as select 1.5 as "60_day_LTV"')
    columns = (Column(name="60_day_LTV", hidden=True),)
    catalog = Catalog(name="shop", marts={"d": Mart(name="d", columns=columns)})
    state = publish_file(file, tmp_path / "home", catalog)
    assert rows(
        published_database(tmp_path / "home", state), 'select "60_day_LTV"::varchar from marts.d'
    ) == [("1.5",)]


def test_types_survive_exactly_and_an_enum_becomes_text_wherever_it_stands(tmp_path: Path) -> None:
    file = make_database(
        tmp_path / "types.duckdb",
        """create type mood as enum ('a', 'b');
        create table t as select 12.3456::decimal(38, 4) as price, {'a': 1, 'b c': ['x']} as pair,
        ['a'::mood] as moods, {'m': 'b'::mood, 'n': {'k': 1::tinyint}} as nested, 'a'::mood as mood,
        map {'k': 'a'::mood} as by_key, array_value('a'::mood, 'b'::mood) as two,
        timestamptz '2026-01-01 10:00+00' as moment, timestamp_ns '2026-01-01' as exact,
        '{"a": 1}'::json as note, 1::hugeint as big, uuid() as id, 'x'::blob as bytes,
        [1.5::decimal(4, 1)] as list, interval 1 day as span, 7.5::double as "60_day_LTV" """,
    )
    state = publish_file(file, tmp_path / "home")
    types = {name: held.type for name, held in state.marts["t"].columns.items()}
    assert types == {
        "price": "DECIMAL(38,4)",
        "pair": 'STRUCT(a INTEGER, "b c" VARCHAR[])',
        "moods": "VARCHAR[]",
        "nested": "STRUCT(m VARCHAR, n STRUCT(k TINYINT))",
        "mood": "VARCHAR",
        "by_key": "MAP(VARCHAR, VARCHAR)",
        "two": "VARCHAR[2]",
        "moment": "TIMESTAMP WITH TIME ZONE",
        "exact": "TIMESTAMP_NS",
        "note": "JSON",
        "big": "HUGEINT",
        "id": "UUID",
        "bytes": "BLOB",
        "list": "DECIMAL(4,1)[]",
        "span": "INTERVAL",
        "60_day_LTV": "DOUBLE",
    }
    same = "select price, moods::varchar, nested::varchar, mood::varchar, two::varchar from marts.t"
    assert rows(published_database(tmp_path / "home", state), same) == rows(file, same)


def test_names_that_need_quotes_are_published_as_they_are(tmp_path: Path) -> None:
    file = make_database(
        tmp_path / "my shop's.duckdb",
        'create table "Order ""Lines""" as select 1 as "select", 2 as "a.b", 3 as "Größe"',
    )
    state = publish_file(file, tmp_path / "a home's place", hide=['order "lines".a.b'])
    assert list(state.marts['Order "Lines"'].columns) == ["select", "Größe"]


def test_a_published_file_can_itself_be_published_from(tmp_path: Path) -> None:
    first = publish_file(make_database(tmp_path / "a.duckdb"), tmp_path / "one")
    second = publish_file(published_database(tmp_path / "one", first), tmp_path / "two")
    assert second.marts.keys() == first.marts.keys()


@pytest.mark.parametrize(
    ("hide", "error", "told"),
    [
        ("fct_orders.totl", BuildFailed, "`fct_orders.totl`"),
        ("fct_order.order_total", RequestError, "Did you mean `fct_orders`?"),
        ("order_total", RequestError, "table.column"),
    ],
)
def test_a_column_to_hide_that_does_not_exist_stops_publishing(
    tmp_path: Path, hide: str, error: type[Exception], told: str
) -> None:
    file = make_database(tmp_path / "shop.duckdb")
    with pytest.raises(error) as caught:
        publish_file(file, tmp_path / "home", hide=[hide])
    assert told in str(caught.value)


def test_a_personal_column_that_the_catalog_misspells_stops_publishing(tmp_path: Path) -> None:
    file = make_database(tmp_path / "shop.duckdb")
    columns = (Column(name="emial", pii=True),)
    catalog = Catalog(
        name="shop", marts={"dim_customers": Mart(name="dim_customers", columns=columns)}
    )
    with pytest.raises(BuildFailed, match=r"(?s)emial.*`email`"):
        publish_file(file, tmp_path / "home", catalog)


def test_a_mart_of_which_nothing_may_be_seen_stops_publishing(tmp_path: Path) -> None:
    file = make_database(tmp_path / "shop.duckdb", "create table t as select 1 as a")
    with pytest.raises(BuildFailed, match="No column of `t`"):
        publish_file(file, tmp_path / "home", hide=["t.a"])


@pytest.mark.parametrize(
    ("schema", "told"),
    [("mart", "Did you mean `marts`"), ("empty", "no tables or views"), ("MARTS", "")],
)
def test_the_schema_is_found_in_any_case_or_the_nearest_is_offered(
    tmp_path: Path, schema: str, told: str
) -> None:
    file = make_database(tmp_path / "shop.duckdb", other="create schema empty")
    if not told:
        assert len(source_from_database(file, schema, []).marts) == 2
        return
    with pytest.raises(BuildFailed) as caught:
        source_from_database(file, schema, [])
    assert caught.value.code == "build.source"
    assert told in str(caught.value)


def test_a_file_that_is_missing_or_no_database_is_told_without_its_path(tmp_path: Path) -> None:
    (tmp_path / "text.duckdb").write_text("no database\n" * 2000, encoding="utf-8")
    for name in ("missing.duckdb", "text.duckdb"):
        with pytest.raises(BuildFailed) as caught:
            source_from_database(tmp_path / name, "marts", [])
        assert caught.value.code == "build.source"
        assert name in caught.value.message


def test_a_database_that_another_program_writes_is_told_so(tmp_path: Path) -> None:
    file = make_database(tmp_path / "shop.duckdb")
    hold = "import duckdb, sys; c = duckdb.connect(sys.argv[1]); print('open', flush=True); input()"
    with subprocess.Popen(
        [sys.executable, "-c", hold, str(file)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as holder:
        assert holder.stdout and holder.stdout.readline() == b"open\n"
        with pytest.raises(BuildFailed, match="another program has it open"):
            source_from_database(file, "marts", [])
        holder.communicate(b"\n")


def test_a_view_that_reads_a_file_outside_cannot_be_published(tmp_path: Path) -> None:
    (tmp_path / "outside.csv").write_text("a\n1\n", encoding="utf-8")
    file = make_database(
        tmp_path / "shop.duckdb",
        f"create view v as select * from read_csv('{tmp_path / 'outside.csv'}')",
    )
    with pytest.raises(BuildFailed, match="marts.v cannot be read"):
        publish_file(file, tmp_path / "home")


def test_a_file_with_anything_beside_the_marts_is_not_accepted(tmp_path: Path) -> None:
    file = make_database(tmp_path / "shop.duckdb")
    source = source_from_database(file, "marts", [])
    check_file(file, source.marts)
    for stray in (
        "create table main.t as select 1 as a",
        "create view marts.v as select 1 as a",
        "create macro marts.m(x) as x",
        "create type marts.e as enum ('a')",
        "create sequence marts.s",
        "create schema other",
        "alter table marts.fct_orders add column note varchar",
        "alter table marts.fct_orders drop column order_id",
    ):
        served = Path(shutil.copy(file, tmp_path / "served.duckdb"))
        with duckdb.connect(str(served)) as con:
            con.execute(stray)
        with pytest.raises(BuildFailed, match="not what was to be published"):
            check_file(served, source.marts)
