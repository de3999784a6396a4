"""The shop of nine marts and 63 metrics, read from its dbt manifest, against known rows."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import pytest
import yaml

from martlet.catalog.formats.semantic_manifest import load
from martlet.errors import MartletError
from martlet.flow.metric import MetricRequest
from martlet.metrics.compiler import Compiler
from martlet.metrics.names import dimensions_of
from tests.metrics.harness import Shop, request_of, same_rows

FOLDER = Path(__file__).parent / "shop"
TABLES = {
    "fct_orders": "orders",
    "fct_order_lines": "order_lines",
    "fct_sessions": "sessions",
    "fct_ads_daily": "ads_daily",
    "fct_inventory_daily": "inventory_daily",
    "dim_customers": "customers",
    "dim_customer_tiers": "customer_tiers",
    "dim_products": "products",
    "dim_countries": "countries",
}

# Where the rows are neither MetricFlow's nor hand-written ones: the rule of docs/metrics.md, and
# SQL by hand that gives the right rows.
DEVIATIONS: dict[str, tuple[str, str]] = {
    "r05_cross_fact_ratio_month": (
        "missing side: a month without orders has 0 orders for each session, not an unknown share",
        """
        with months as (
            select date_trunc('month', session_date) as month, count(*) as sessions
            from marts.fct_sessions group by 1
        ), orders as (
            select date_trunc('month', order_date) as month, count(*) as n,
                sum(order_total) as total
            from marts.fct_orders group by 1
        ), ads as (
            select date_trunc('month', ad_date) as month, sum(spend) as spend
            from marts.fct_ads_daily group by 1
        )
        select month::date, coalesce(n, 0) / sessions,
            case when spend is not null then coalesce(total, 0) / spend end
        from months left join orders using (month) left join ads using (month)
        """,
    ),
    "d05_different_filters_by_channel": (
        "missing side: web minus nothing is web, so the channels add up to the total",
        """
        select channel, sum(case channel when 'web' then order_total else -order_total end)
        from marts.fct_orders where channel in ('web', 'app') group by 1
        """,
    ),
    "c07_mtd_month_first_default": (
        "empty buckets: a cumulative metric shows the month without orders, with null",
        """
        with days as (
            select unnest(range(date '2024-01-01', date '2025-03-21', interval 1 day)) as day
        ), running as (
            select day, (select sum(order_total) from marts.fct_orders
                where order_date <= day and order_date >= date_trunc('month', day)) as value
            from days
        )
        select date_trunc('month', day)::date, arg_min(value, day) from running group by 1
        """,
    ),
    "n03_stock_eop_month_product": (
        "stock: the last snapshot of each product, also where others have a later one",
        """
        with last as (
            select date_trunc('month', snapshot_date)::date as month, product_id, units_on_hand,
                snapshot_date = max(snapshot_date) over (partition by month, product_id) as is_last
            from marts.fct_inventory_daily
        )
        select month, product_id, sum(units_on_hand), sum(units_on_hand)
        from last where is_last group by 1, 2
        """,
    ),
    "n04_stock_eop_warehouse": (
        "stock: the last snapshot of each product",
        """
        with last as (
            select product_id, warehouse, units_on_hand,
                snapshot_date = max(snapshot_date) over (partition by product_id) as is_last
            from marts.fct_inventory_daily
        )
        select warehouse, sum(units_on_hand), sum(units_on_hand)
        from last where is_last group by 1
        """,
    ),
    "n05_stock_per_product_month": (
        "stock: the first snapshot of each product, as the last one of each",
        """
        with edges as (
            select date_trunc('month', snapshot_date)::date as month, units_on_hand,
                snapshot_date = max(snapshot_date) over (partition by month, product_id) as is_last,
                snapshot_date = min(snapshot_date) over (partition by month, product_id) as is_first
            from marts.fct_inventory_daily
        )
        select month, sum(units_on_hand) filter (where is_last),
            sum(units_on_hand) filter (where is_first)
        from edges group by 1
        """,
    ),
    "n06_stock_by_category_filter": (
        "stock: the last snapshot of each product",
        """
        with last as (
            select date_trunc('month', snapshot_date)::date as month, category, units_on_hand,
                snapshot_date = max(snapshot_date) over (partition by month, product_id) as is_last
            from marts.fct_inventory_daily inner join marts.dim_products using (product_id)
            where brand = 'Acme'
        )
        select category, month, sum(units_on_hand) from last where is_last group by 1, 2
        """,
    ),
    "f05_time_constraint_filled": (
        "ranges: the last week ends with the range, it is not widened",
        """
        with weeks as (
            select distinct date_trunc('week', day)::date as week
            from range(date '2024-07-01', date '2024-08-01', interval 1 day) as days(day)
        ), orders as (
            select date_trunc('week', order_date)::date as week, count(*) as n
            from marts.fct_orders
            where order_date between '2024-07-01' and '2024-07-31' group by 1
        )
        select week, coalesce(n, 0) from weeks left join orders using (week)
        """,
    ),
    "v02_conv_count_month": (
        "the hand-written rows are of the first metric alone; sessions stand beside it",
        """
        with matched as (
            select max(session_date) as day
            from marts.fct_orders inner join marts.fct_sessions using (customer_id)
            where session_date <= order_date and session_date > order_date - interval 7 day
            group by order_id
        ), found as (
            select date_trunc('month', day)::date as month, count(*) as n from matched group by 1
        ), months as (
            select date_trunc('month', session_date)::date as month, count(*) as sessions
            from marts.fct_sessions group by 1
        )
        select month, n, sessions from months left join found using (month)
        """,
    ),
    "v03_conv_rate_by_source": (
        "conversion: sessions without a customer are in neither side; ties by the session's key",
        """
        with matched as (
            select arg_max(source, (session_date, session_id)) as source,
                arg_max(session_id, (session_date, session_id)) as session_id
            from marts.fct_orders inner join marts.fct_sessions using (customer_id)
            where session_date <= order_date and session_date > order_date - interval 7 day
            group by order_id
        ), found as (
            select sessions.source, count(*) as n
            from matched inner join marts.fct_sessions as sessions using (session_id) group by 1
        ), base as (
            select source, count(*) as sessions
            from marts.fct_sessions where customer_id is not null group by 1
        )
        select base.source, coalesce(n, 0) / sessions
        from base left join found on found.source is not distinct from base.source
        """,
    ),
    "v06_conv_rate_where": (
        "conversion: sessions without a customer are in neither side",
        """
        with base as (
            select * from marts.fct_sessions where channel = 'web' and customer_id is not null
        ), matched as (
            select max(session_date) as day
            from marts.fct_orders inner join base using (customer_id)
            where session_date <= order_date and session_date > order_date - interval 7 day
            group by order_id
        ), found as (
            select date_trunc('quarter', day)::date as quarter, count(*) as n
            from matched group by 1
        ), quarters as (
            select date_trunc('quarter', session_date)::date as quarter, count(*) as sessions
            from base group by 1
        )
        select quarter, coalesce(n, 0) / sessions from quarters left join found using (quarter)
        """,
    ),
}
# What no other compiler answers, with the SQL by hand.
BY_HAND = {
    "s12_date_part_year_month": """
        select extract(year from order_date), extract(month from order_date), sum(order_total)
        from marts.fct_orders group by 1, 2
    """,
    "v04_conv_ever": """
        select count(*) from marts.fct_orders as o where exists (
            select 1 from marts.fct_sessions as s
            where s.customer_id = o.customer_id and s.session_date <= o.order_date
        )
    """,
}
REFUSED = {
    "j12_revenue_by_product_invalid": ("metric.fan_out", "`line_revenue`"),
    "o10_offset_no_time_group_invalid": ("metric.unsupported", "grain='month'"),
    "x01_unknown_metric": ("name.unknown", "`revenue`"),
    "x02_unreachable_dim": ("metric.no_path", "`revenue` (fct_orders) has no join"),
}


@cache
def shop() -> Shop:
    database = duckdb.connect()
    database.execute("create schema marts")
    for table, file in TABLES.items():
        path = FOLDER / "marts" / f"{file}.csv"
        database.execute(f"create table marts.{table} as from read_csv('{path}')")
    spine = (FOLDER / "time_spine_daily.sql").read_text(encoding="utf-8")
    database.execute(f"create table marts.time_spine_daily as {spine}")
    catalog = load(FOLDER / "semantic_manifest.json")
    return Shop(database, catalog, Compiler(catalog))


def _cases() -> list[Any]:
    lines = (FOLDER / "cases.jsonl").read_text(encoding="utf-8").splitlines()
    return [pytest.param(case, id=case["id"]) for case in map(json.loads, lines)]


def _wanted(case: dict[str, Any]) -> list[list[Any]]:
    by_hand = BY_HAND.get(case["id"]) or DEVIATIONS.get(case["id"], ("", ""))[1]
    if by_hand:
        return [list(row) for row in shop().database.execute(by_hand).fetchall()]
    if "expected_rows" in case:
        return list(case["expected_rows"])
    return list(case["hand"]["rows"] if "hand" in case else case["metricflow_rows"])


@pytest.mark.parametrize("case", _cases())
def test_the_rows_are_the_right_ones(case: dict[str, Any]) -> None:
    request = request_of(case["request"])
    if case["id"] in REFUSED:
        code, said = REFUSED[case["id"]]
        with pytest.raises(MartletError) as refusal:
            shop().compile(request)
        assert refusal.value.code == code
        assert said in str(refusal.value)
        return
    rows = shop().rows(request)
    titles = [column.name for column in shop().compile(request).columns]
    found = [list(row) for row in rows]
    if case["id"] not in DEVIATIONS and case["id"] not in BY_HAND:
        columns = [titles.index(name) for name in case["columns"]]
        is_by_hand = "hand" in case and "expected_rows" not in case
        picked = [[row[i] for i in columns] for row in rows]
        found = _as_by_hand(found, titles) if is_by_hand else picked
    wanted = _wanted(case)
    assert same_rows(found, wanted) == ""


def _by_hand() -> list[Any]:
    cases = yaml.safe_load((FOLDER / "by_hand.yml").read_text(encoding="utf-8"))
    return [pytest.param(case, id=case["case"]) for case in cases]


@pytest.mark.parametrize("case", _by_hand())
def test_the_rows_are_those_of_sql_by_hand(case: dict[str, Any]) -> None:
    request = request_of(case["request"])
    found = shop().rows(request)[: request.limit]
    wanted = shop().database.execute(case["sql"]).fetchall()
    assert same_rows(found, wanted) == ""
    if case.get("in_order"):
        assert [tuple(row) for row in found] == wanted


def _as_by_hand(rows: list[list[Any]], titles: list[str]) -> list[list[Any]]:
    """Columns in the order of the hand-written SQL, which puts time first."""
    order = sorted(range(len(titles)), key=lambda i: not titles[i].startswith("metric_time"))
    return [[row[i] for i in order] for row in rows]


def test_every_listed_deviation_is_one() -> None:
    """A deviation whose rows equal MetricFlow's (or the hand-written ones) must leave the list."""
    cases = {param.values[0]["id"]: param.values[0] for param in _cases()}  # type: ignore[index]
    for name in DEVIATIONS:
        case = cases[name]
        given = case["hand"]["rows"] if "hand" in case else case["metricflow_rows"]
        width = {len(row) for row in given}
        rows = _wanted(case)
        assert {len(row) for row in rows} != width or same_rows(rows, given), name


@pytest.mark.slow
def test_every_metric_compiles_by_every_dimension_it_offers() -> None:
    catalog = shop().catalog
    for name in catalog.metrics:
        for reachable in dimensions_of(name, catalog):
            request = MetricRequest(metrics=(name,), by=(reachable.name, "metric_time__month"))
            shop().gated(shop().compile(request).sql)


def test_all_metrics_fit_into_one_request() -> None:
    names = tuple(name for name, metric in shop().catalog.metrics.items() if not metric.hidden)
    assert len(names) > 60
    rows = shop().rows(MetricRequest(metrics=names, grain="month"))
    apart = shop().rows(MetricRequest(metrics=(names[0],), grain="month"))
    together = {row[0]: row[1] for row in rows}
    assert [(month, together[month]) for month, _ in apart] == apart


def test_saved_queries_of_the_manifest_can_be_asked() -> None:
    saved = shop().catalog.saved_queries["weekly_sales"]
    rows = shop().rows(saved.query)
    by_hand = shop().database.execute(
        "select date_trunc('week', order_date)::date, channel, sum(order_total), count(*) "
        "from marts.fct_orders where status = 'completed' group by 1, 2"
    )
    assert same_rows(rows, by_hand.fetchall()) == ""
