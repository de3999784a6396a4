"""What publishing counts in the published file itself."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from martlet.errors import BuildFailed
from martlet.flow.build import BuildState, MartState
from martlet.flow.catalog import Catalog, Column, Dimension, Entity, Freshness, Mart
from martlet.publish import measure
from martlet.publish.database import source_from_database
from martlet.publish.days import with_intervals
from martlet.publish.source import SourceForeignKey, SourceKey
from tests.publish.shop import SHOP, make_database, publish_file, publish_source


def publish_one(tmp_path: Path, sql: str, *keys: SourceKey) -> MartState:
    source = source_from_database(make_database(tmp_path / "shop.duckdb", sql), "marts", [])
    marts = tuple(replace(mart, keys=keys) for mart in source.marts)
    state = publish_source(replace(source, marts=marts), tmp_path / "home")
    return next(iter(state.marts.values()))


@pytest.mark.parametrize(
    ("values", "key", "counted", "holds"),
    [
        ("(1), (2), (3)", SourceKey(("a",)), (3, 3, 0), True),
        ("(1), (2), (2)", SourceKey(("a",)), (3, 2, 0), False),
        ("(1), (2), (null)", SourceKey(("a",)), (3, 2, 1), False),
        ("(1), (2), (null), (null)", SourceKey(("a",), nullable=True), (4, 2, 2), True),
        ("(1), (1), (null)", SourceKey(("a",), nullable=True), (3, 1, 1), False),
    ],
)
def test_a_declared_key_is_counted_and_not_believed(
    tmp_path: Path, values: str, key: SourceKey, counted: tuple[int, ...], holds: bool
) -> None:
    mart = publish_one(tmp_path, f"create table t as select * from (values {values}) as v (a)", key)
    (found,) = mart.keys
    assert (found.rows, found.distinct, found.nulls, found.holds) == (*counted, holds)


def test_a_key_of_two_columns_repeats_only_when_both_do(tmp_path: Path) -> None:
    sql = (
        "create table t as select * from (values (1, 'a'), (1, 'b'), (2, 'a'), (2, null)) v (a, b)"
    )
    (key,) = publish_one(tmp_path, sql, SourceKey(("A", "b"))).keys
    assert (key.columns, key.rows, key.distinct, key.nulls) == (("a", "b"), 4, 3, 1)


@pytest.mark.parametrize("kind", ["integer", "varchar", "double", "date"])
def test_a_key_counted_in_passes_counts_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    monkeypatch.setattr(measure, "ROWS_OF_A_PASS", 1_000)
    value = "date '2020-01-01' + i::integer % 7000" if kind == "date" else f"(i % 7000)::{kind}"
    sql = f"create table t as select {value} as a, nullif(i % 3, 2) as b from range(20000) r(i)"
    one, two = publish_one(tmp_path, sql, SourceKey(("a",)), SourceKey(("a", "b"))).keys
    assert (one.rows, one.distinct, one.nulls) == (20_000, 7_000, 0)
    assert (two.rows, two.distinct, two.nulls) == (20_000, 13_334, 6_666)


def test_without_a_declared_key_the_columns_that_are_one_are_found(tmp_path: Path) -> None:
    sql = "create table t as select i as id, i % 2 as kind, i * 1.5 as price from range(9) as r(i)"
    assert [(k.columns, k.origin) for k in publish_one(tmp_path, sql).keys] == [(("id",), "found")]


def test_rows_whose_foreign_key_leads_nowhere_are_counted(tmp_path: Path) -> None:
    source = source_from_database(make_database(tmp_path / "shop.duckdb"), "marts", [])
    link = SourceForeignKey(("customer_id",), "dim_customers", ("customer_id",))
    marts = tuple(
        replace(mart, foreign_keys=(link,)) if mart.name == "fct_orders" else mart
        for mart in source.marts
    )
    state = publish_source(replace(source, marts=marts), tmp_path / "home")
    (found,) = state.marts["fct_orders"].foreign_keys
    assert (found.nulls, found.unresolved) == (1, 1)


def test_the_keys_of_the_catalog_are_measured_too(tmp_path: Path) -> None:
    catalog = Catalog(
        name="shop",
        marts={
            "dim_customers": Mart(
                name="dim_customers",
                columns=(Column(name="email", pii=False),),
                entities=(
                    Entity(name="customer", type="primary", expr="customer_id"),
                    Entity(name="mailbox", type="unique", expr='"email"'),
                    Entity(name="market", type="primary", expr="upper(country)"),
                ),
            ),
            "fct_orders": Mart(
                name="fct_orders",
                entities=(Entity(name="customer", type="foreign", expr="customer_id"),),
            ),
        },
    )
    state = publish_file(make_database(tmp_path / "shop.duckdb"), tmp_path / "home", catalog)
    keys = state.marts["dim_customers"].keys
    assert [(key.columns, key.nullable, key.holds) for key in keys] == [
        (("customer_id",), False, True),
        (("email",), True, True),
    ]
    (link,) = state.marts["fct_orders"].foreign_keys
    assert (link.to_mart, link.unresolved) == ("dim_customers", 1)


def test_a_profile_counts_nulls_and_values_and_shows_the_frequent_ones(tmp_path: Path) -> None:
    mart = publish_one(
        tmp_path,
        """create table t as select i as id, case when i < 600 then 'paid' when i < 900 then 'open'
        end as status, i % 2 = 0 as is_even, date '2026-01-01' + (i % 10)::int as day,
        repeat('x', 300 + i % 2) as note, {'a': i} as pair, (i / 4)::decimal(8, 2) as price,
        null::varchar as nothing from range(1000) as r(i)""",
    )
    held = mart.columns
    assert mart.row_count == 1000
    assert (held["status"].nulls, held["status"].distinct) == (100, 2)
    assert held["status"].top == (("paid", 600), ("open", 300))
    assert held["is_even"].top == ((False, 500), (True, 500))
    assert (held["id"].distinct, held["id"].min, held["id"].max) == (1000, "0", "999")
    assert (held["price"].min, held["price"].max) == ("0.00", "249.75")
    assert (held["day"].min, held["day"].max, held["day"].top) == ("2026-01-01", "2026-01-10", ())
    assert held["note"].top == () and len(held["note"].max or "") == 200
    assert (held["pair"].min, held["pair"].distinct) == (None, 1000)
    assert (held["nothing"].nulls, held["nothing"].max) == (1000, None)


def test_every_column_of_a_wide_mart_has_its_own_profile(tmp_path: Path) -> None:
    numbered = ", ".join(f"{n} + i as c{n}" for n in range(50))
    held = publish_one(tmp_path, f"create table t as select {numbered} from range(3) as r(i)")
    assert [(name, item.min, item.distinct) for name, item in held.columns.items()] == [
        (f"c{n}", str(n), 3) for n in range(50)
    ]


LARGE = """
create table t as select i as id, if(i % 4 = 0, null, 'kind ' || i % 3) as kind, i // 2 as pair,
    date '2026-01-01' + (i // 10000)::int as day from range(300000) as r(i);
create table little as select i as id, null as nothing from range(10) as r(i)
"""


def test_profiles_beyond_the_time_budget_are_of_a_sample_and_say_so(tmp_path: Path) -> None:
    file = make_database(tmp_path / "shop.duckdb", LARGE)
    told = [
        publish_file(file, tmp_path / f"home{seconds}", profile_seconds=seconds).marts
        for seconds in (0, 0.000001, 600)
    ]
    assert told[0] == told[1]
    part, whole = told[0]["t"], told[2]["t"]
    assert {held.sampled for held in part.columns.values()} == {50 * 2048}
    assert {held.sampled for held in whole.columns.values()} == {0}
    assert whole.columns["kind"].nulls == 75_000
    assert abs(part.columns["kind"].nulls - 75_000) < 500
    assert {value for value, _ in part.columns["kind"].top} == {"kind 0", "kind 1", "kind 2"}
    assert not part.columns["id"].is_never_null and whole.columns["id"].is_never_null
    assert (part.keys, part.newest, part.row_count) == (whole.keys, whole.newest, whole.row_count)
    assert [key.columns for key in part.keys] == [("id",)]
    assert told[0]["little"] == told[2]["little"]


def test_distinct_values_are_counted_for_keys_and_else_said_to_be_an_estimate(
    tmp_path: Path,
) -> None:
    sql = "create table t as select i as id, 7 * (i % 9000) as code from range(20000) as r(i)"
    held = publish_one(tmp_path, sql, SourceKey(("id",))).columns
    assert (held["id"].distinct, held["id"].estimated) == (20_000, False)
    assert held["code"].estimated and 8_000 < held["code"].distinct < 10_000


def test_an_empty_mart_is_measured(tmp_path: Path) -> None:
    mart = publish_one(tmp_path, "create table t (id integer, day date)", SourceKey(("id",)))
    assert (mart.row_count, mart.newest, mart.keys[0].holds) == (0, {}, True)
    assert (mart.columns["id"].distinct, mart.columns["id"].max) == (0, None)


def test_infinity_is_never_the_newest_value(tmp_path: Path) -> None:
    mart = publish_one(
        tmp_path,
        "create table t as select * from (values (date '2026-02-03', timestamp 'infinity'), "
        "('infinity', timestamp '2026-02-04 05:06:07')) as v (day, moment)",
    )
    assert mart.newest == {"day": "2026-02-03", "moment": "2026-02-04 05:06:07"}


MARTS = """
create table fct_orders as select timestamptz '2026-02-28 23:30+00' as ordered_at,
    timestamptz '2026-03-01 06:00+00' as loaded_at;
create table fct_ads as select date '2026-02-26' as day;
create table dim_date as select date '2031-01-01' as day
"""


def freshness_catalog(orders: str, *, declared: bool = True) -> Catalog:
    def mart(name: str, column: str, freshness: Freshness) -> Mart:
        dimension = Dimension(name=f"{name}_day", type="time", expr=column)
        return Mart(
            name=name,
            agg_time_dimension=dimension.name,
            dimensions=(dimension,),
            data_freshness=freshness if declared else Freshness(),
        )

    marts = (
        mart("fct_orders", "ordered_at", Freshness(loaded_at="loaded_at", complete_through=orders)),
        mart("fct_ads", "day", Freshness(complete_through="max(day)")),
        mart("dim_date", "day", Freshness()),
    )
    return Catalog(
        name="shop",
        timezone="Europe/Berlin",
        time_spine="dim_date",
        marts={item.name: item for item in marts},
    )


def publish_days(tmp_path: Path, catalog: Catalog) -> BuildState:
    return publish_file(make_database(tmp_path / "s.duckdb", MARTS), tmp_path / "home", catalog)


def test_days_are_told_in_the_time_zone_of_the_catalog(tmp_path: Path) -> None:
    state = publish_days(tmp_path, freshness_catalog("max(ordered_at) - 1 day"))
    assert state.marts["fct_orders"].complete_through == "2026-02-28"
    assert state.marts["fct_ads"].complete_through == "2026-02-26"
    assert (state.as_of, state.complete_through) == ("2026-03-01", "2026-02-26")
    assert state.marts["fct_orders"].loaded_at == "2026-03-01 06:00:00+00"


def test_the_days_ahead_in_the_time_spine_are_no_data(tmp_path: Path) -> None:
    state = publish_days(tmp_path, freshness_catalog("", declared=False))
    assert (state.as_of, state.complete_through) == ("2026-03-01", None)


@pytest.mark.parametrize("expr", ["max(no_such_column)", "ordered_at, 1", "max('x')", "day("])
def test_a_freshness_that_gives_no_day_names_the_mart_and_keeps_the_last_build(
    tmp_path: Path, expr: str
) -> None:
    with pytest.raises(BuildFailed) as caught:
        publish_days(tmp_path, freshness_catalog(expr))
    assert caught.value.code == "catalog.invalid"
    assert "fct_orders" in caught.value.message
    assert not (tmp_path / "home" / "published" / "current").exists()


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("max(day) - 1 day", "max(day) - interval 1 day"),
        ("max(day)-2 weeks", "max(day)-interval 2 week"),
        ("max(day) - interval 1 day", "max(day) - interval 1 day"),
        ("max(day) - interval '1 day'", "max(day) - interval '1 day'"),
        ("max(day) - 1", "max(day) - 1"),
        ("date_trunc('month', max(day)) - 1 day", "date_trunc('month', max(day)) - interval 1 day"),
    ],
)
def test_a_bare_interval_is_read_as_one(written: str, meant: str) -> None:
    assert with_intervals(written) == meant


def test_two_marts_of_one_name_are_refused(tmp_path: Path) -> None:
    source = source_from_database(make_database(tmp_path / "shop.duckdb", SHOP), "marts", [])
    twin = replace(source.marts[0], name=source.marts[1].name.upper())
    with pytest.raises(BuildFailed, match="Two marts are called"):
        publish_source(replace(source, marts=(twin, source.marts[1])), tmp_path / "home")
