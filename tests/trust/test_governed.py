"""A caller's aggregate is told as the metric that it is, or nearly is, or as none."""

from __future__ import annotations

from collections.abc import Iterator

import duckdb
import pytest

from martlet.flow.catalog import Catalog, Dimension, Mart, Metric, MetricInput
from martlet.flow.query import Rows
from martlet.flow.trust import Check
from martlet.trust.governed import governed
from tests.trust.asking import ask


def simple(name: str, agg: str, expr: str, *filters: str) -> Metric:
    return Metric.model_validate(
        {"name": name, "type": "simple", "mart": "fct_orders", "agg": agg, "expr": expr}
        | {"filter": filters}
    )


METRICS = (
    simple("orders", "count", "order_id"),
    simple("paid", "count", "order_id", "order__status = 'paid'"),
    simple("revenue", "sum", "total", "{{ Dimension('order__status') }} = 'paid'", "shown"),
    simple("refunded", "sum_boolean", "status = 'refunded' and total > 0"),
    simple("web", "sum", "case when channel = 'web' then total - tax end"),
    simple("customers", "count_distinct", "customer_id"),
    simple("dearest", "max", "total"),
    Metric(
        name="tax_rate",
        type="ratio",
        numerator=MetricInput(name="tax"),
        denominator=MetricInput(name="gross"),
    ),
    simple("tax", "sum", "tax"),
    simple("gross", "sum", "total + tax"),
)
CATALOG = Catalog(
    name="shop",
    marts={
        "fct_orders": Mart(
            name="fct_orders",
            dimensions=(
                Dimension(name="status", type="categorical", expr="state"),
                Dimension(name="shown", type="categorical", expr="not hidden"),
            ),
        )
    },
    metrics={metric.name: metric for metric in METRICS},
)
COLUMNS = {
    "fct_orders": (
        *("order_id", "customer_id", "state", "status", "hidden", "channel", "total", "tax"),
    ),
    "dim_customers": ("customer_id", "country"),
}


@pytest.fixture(scope="module")
def shop() -> Iterator[duckdb.DuckDBPyConnection]:
    """Orders of 10, 20, 40 and 80; the third is not paid, the fourth is hidden."""
    with duckdb.connect() as connection:
        connection.execute("create schema marts; set search_path = 'marts'")
        connection.execute(
            """create table fct_orders as from (values
            (1, 1, 'paid', 'paid', false, 'web', 10, 1),
            (2, 1, 'paid', 'paid', false, 'app', 20, 2),
            (3, 2, 'open', 'open', false, 'web', 40, 4),
            (4, 2, 'paid', 'paid', true, 'app', 80, 8)
            ) t(order_id, customer_id, state, status, hidden, channel, total, tax)"""
        )
        connection.execute("create table dim_customers as select 1 as customer_id, 'DE' as country")
        yield connection


def judge(sql: str, shop: duckdb.DuckDBPyConnection) -> Check:
    shop.execute(sql)  # every question of these tests is one that DuckDB answers
    return ask(
        governed, sql, CATALOG, COLUMNS, lambda text: Rows((), tuple(shop.execute(text).fetchall()))
    )


@pytest.mark.parametrize(
    ("sql", "metric"),
    [
        ("select count(*) from fct_orders", "orders"),
        ("select channel, count(order_id) from fct_orders group by 1", "orders"),
        ("select count(*) from fct_orders where state = 'paid' and total > 5", "paid"),
        ("select count(*) filter (where 'paid' = o.state) from fct_orders as o", "paid"),
        ("select sum(case when state in ('paid') then 1 else 0 end) from fct_orders", "paid"),
        ("select sum(total) from fct_orders where (not hidden) and state = 'paid'", "revenue"),
        ("select sum(\"total\") from fct_orders where state = 'paid' and not hidden", "revenue"),
        ("select count_if(status = 'refunded' and total > 0) from fct_orders", "refunded"),
        ("select sum(TOTAL - TAX) from fct_orders where channel = 'web'", "web"),
        ("select count(distinct customer_id) from fct_orders", "customers"),
        ("select max(total) from fct_orders", "dearest"),
        ("with o as (select *, total + tax as g from fct_orders) select sum(g) from o", "gross"),
        ("select sum(tax) / sum(total + tax) from fct_orders", "tax_rate"),
        (
            "select country, sum(o.tax) from fct_orders o join dim_customers using (customer_id) "
            "group by all",
            "tax",
        ),
    ],
)
def test_an_aggregate_that_is_a_metric_is_named(
    sql: str, metric: str, shop: duckdb.DuckDBPyConnection
) -> None:
    check = judge(sql, shop)
    assert (check.status, f"is the metric `{metric}`" in check.detail) == ("ok", True), check


@pytest.mark.parametrize(
    ("sql", "metric", "condition", "values"),
    [
        (
            "select sum(total) from fct_orders",
            "revenue",
            "`NOT hidden` and `state",
            "150, the metric 30",
        ),
        (
            "select sum(total) from fct_orders where state = 'paid'",
            "revenue",
            "NOT hidden",
            "110, ",
        ),
        (
            "select sum(o.total) from fct_orders o where o.channel = 'app'",
            "revenue",
            "",
            "100, the metric 20",
        ),
        ("select sum(total - tax) from fct_orders", "web", "channel = 'web'", "135, the metric 45"),
        (
            "with o as (select state s, total as t, hidden from fct_orders where not hidden) "
            "select s, sum(t) from o group by s",
            "revenue",
            "state = 'paid'",
            "70, the metric 30",
        ),
    ],
)
def test_an_aggregate_without_a_metrics_condition_is_told_with_both_values(
    sql: str, metric: str, condition: str, values: str, shop: duckdb.DuckDBPyConnection
) -> None:
    said = judge(sql, shop).caveat
    assert f"is the metric `{metric}` without its condition" in said
    assert condition in said
    assert f"yours is {values}" in said


@pytest.mark.parametrize(
    "sql",
    ["select median(total) from fct_orders", "select sum(total * 2) from fct_orders"],
)
def test_an_aggregate_that_is_no_metric_is_told_as_none(
    sql: str, shop: duckdb.DuckDBPyConnection
) -> None:
    check = judge(sql, shop)
    assert (check.status, "is no metric" in check.detail) == ("ok", True)


def test_an_aggregate_of_groups_is_not_compared(shop: duckdb.DuckDBPyConnection) -> None:
    sql = "select avg(n) from (select channel, count(*) + 1 as n from fct_orders group by 1)"
    assert "`orders`" in judge(sql, shop).detail
    joined = "select count(*) from fct_orders join dim_customers using (customer_id)"
    assert judge(joined, shop).status == "not_checked"


def test_a_value_of_another_case_is_another_value(shop: duckdb.DuckDBPyConnection) -> None:
    check = judge("select count(*) from fct_orders where state = 'PAID'", shop)
    assert "`orders`" in check.detail
