"""What the catalog says of a column's additivity reaches whoever adds it up by hand."""

from __future__ import annotations

import pytest

from martlet.flow.catalog import Catalog, Column, Dimension, Mart, Metric, MetricInput, NonAdditive
from martlet.flow.query import Rows
from martlet.trust.additivity import additivity
from tests.trust.asking import ask

CATALOG = Catalog(
    name="shop",
    marts={
        "fct_stock": Mart(
            name="fct_stock",
            agg_time_dimension="day",
            dimensions=(Dimension(name="day", type="time", expr="stock_date"),),
            columns=(
                Column(name="on_hand"),
                Column(name="reserved", additivity="semi_additive"),
                Column(name="fill_rate", unit="ratio"),
                Column(name="sold"),
            ),
        ),
        "fct_orders": Mart(
            name="fct_orders",
            columns=(
                Column(name="total_local", unit_column="currency"),
                Column(name="basket", additivity="non_additive"),
                Column(name="weight", unit="ratio", additivity="additive"),
            ),
        ),
    },
    metrics={
        "units_on_hand": Metric(
            name="units_on_hand",
            type="simple",
            mart="fct_stock",
            agg="sum",
            expr="on_hand",
            non_additive=NonAdditive(name="day", group_by=("sku",)),
        ),
        "aov": Metric(
            name="aov",
            type="ratio",
            label="Basket",
            numerator=MetricInput(name="revenue"),
            denominator=MetricInput(name="orders"),
        ),
    },
)
COLUMNS = {
    "fct_stock": ("stock_date", "sku", "on_hand", "reserved", "fill_rate", "sold"),
    "fct_orders": ("order_id", "currency", "total_local", "basket", "weight", "sku"),
}


def said(sql: str, *, units: int = 3) -> str:
    """What the check says of a query; `units` is what its probe would count."""
    return ask(additivity, sql, CATALOG, COLUMNS, lambda _: Rows((), ((units,),))).caveat


@pytest.mark.parametrize(
    ("sql", "words"),
    [
        ("select avg(basket) from fct_orders", "weighs every row alike"),
        ("select avg(basket) from fct_orders", "the metric `aov`"),
        ("select sum(cast(basket as double)) from fct_orders", "means nothing"),
        ("select fsum(basket) from fct_orders", "means nothing"),
        ("select kahan_sum(on_hand) from fct_stock", "stock"),
        ("select sumkahan(total_local) from fct_orders", "mixes 3 different values"),
        ("select sum_no_overflow(total_local::bigint) from fct_orders", "mixes"),
        ("select mean(basket) from fct_orders", "weighs every row alike"),
        ("select FAVG(basket) from fct_orders", "weighs every row alike"),
        ("select avg(s.fill_rate) from fct_stock s join fct_orders o using (sku)", "`fill_rate`"),
        ("select sku, sum(on_hand) from fct_stock group by sku", "the metric `units_on_hand`"),
        ("select date_trunc('month', stock_date), sum(on_hand) from fct_stock group by 1", "stock"),
        ("select sum(coalesce(reserved, 0)) from fct_stock", "take one day"),
        ("with s as (select sku, on_hand as n from fct_stock) select sum(n) from s", "`on_hand`"),
        ("select sum(on_hand) over (partition by sku) from fct_stock", "stock"),
        ("select sum(total_local) from fct_orders", "mixes 3 different values of `currency`"),
        ("select sku, avg(total_local) from fct_orders group by all", "Group by `currency`"),
        ("select sum(total_local) from fct_orders where currency in ('EUR', 'USD')", "mixes"),
    ],
)
def test_what_does_not_add_up_is_told(sql: str, words: str) -> None:
    assert words in said(sql)


@pytest.mark.parametrize(
    "sql",
    [
        "select sum(sold) from fct_stock",
        "select max(basket), median(basket) from fct_orders",
        "select sum(basket * weight) / sum(weight) from fct_orders",
        "select avg(weight) from fct_orders",
        "select stock_date, sum(on_hand) from fct_stock group by stock_date",
        "select stock_date as d, sum(on_hand) from fct_stock group by d",
        "select sum(on_hand) from fct_stock where stock_date = '2026-03-01' and sku <> 'A'",
        "select avg(on_hand) from fct_stock",
        "select sum(on_hand) over (partition by stock_date) from fct_stock",
        "with s as (select stock_date d, on_hand n from fct_stock) "
        "select d, sum(n) from s group by 1",
        "select currency, sum(total_local) from fct_orders group by currency",
        "select sum(total_local) from fct_orders where currency = 'EUR'",
        "with o as (select * from fct_orders where currency = 'EUR') "
        "select sum(total_local) from o",
    ],
)
def test_what_adds_up_is_left_alone(sql: str) -> None:
    assert not said(sql)


def test_one_unit_among_the_rows_is_no_mixture() -> None:
    assert not said("select sum(total_local) from fct_orders where sku = 'A'", units=1)
