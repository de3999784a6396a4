"""What the marts promise to those who read them."""

from __future__ import annotations

import pytest

from tests.transforms.conftest import Ask


def columns(ask: Ask, mart: str) -> list[str]:
    return [
        name
        for (name,) in ask(
            "select column_name from duckdb_columns() where schema_name = 'marts'"
            f" and table_name = '{mart}' order by column_index"
        )
    ]


@pytest.mark.parametrize(
    ("mart", "promised"),
    [
        (
            "dim_customers",
            "email first_seen_date first_touch_channel lifetime_value total_orders 60_day_LTV",
        ),
        ("fct_ads_performance", "date channel campaign_name spend impressions clicks"),
        ("fct_customer_events", "master_customer_id occurred_at event_type"),
        ("fct_sales", "sku quantity net_sales product_name"),
    ],
)
def test_a_mart_has_the_columns_that_were_asked_for(ask: Ask, mart: str, promised: str) -> None:
    assert set(promised.split()) <= set(columns(ask, mart))


def test_the_60_day_value_has_a_twin_that_needs_no_quotes(ask: Ask) -> None:
    differing = 'count(*) filter ("60_day_LTV" is distinct from ltv_60_day)'
    positive = "count(*) filter (ltv_60_day > 0)"
    differ, some = ask(f"select {differing}, {positive} from marts.dim_customers")[0]
    assert differ == 0 and some > 1_000


def test_orders_and_lines_add_up_to_the_same(ask: Ask) -> None:
    parts = "sum(gross_sales), sum(discount_amount), sum(refund_amount), sum(net_sales)"
    assert ask(f"select {parts} from marts.fct_orders") == ask(
        f"select {parts} from marts.fct_sales"
    )


def test_the_marketing_mix_spends_what_the_ads_cost(ask: Ask) -> None:
    for channel in ("meta", "google_search", "google_shopping", "google_display", "google_video"):
        mix = f"select sum({channel}_spend), sum({channel}_clicks)::bigint"
        ads = "select sum(spend), sum(clicks)::bigint"
        assert ask(f"{mix} from marts.fct_marketing_mix_daily") == ask(
            f"{ads} from marts.fct_ads_performance where channel = '{channel}'"
        )


def test_the_marketing_mix_has_every_day_of_the_data(ask: Ask) -> None:
    rows, days = ask(
        "select count(*), max(date) - min(date) + 1 from marts.fct_marketing_mix_daily"
    )[0]
    assert rows == days > 700


def test_customers_are_worth_what_they_ordered(ask: Ask) -> None:
    assert ask("select sum(lifetime_value), sum(total_orders) from marts.dim_customers") == ask(
        "select sum(net_sales), count(*) from marts.fct_orders"
    )


def test_discounts_and_refunds_are_large_enough_to_matter(ask: Ask) -> None:
    gross, net = ask("select sum(gross_sales), sum(net_sales) from marts.fct_sales")[0]
    assert net < gross * 95 / 100


def test_descriptions_stand_in_the_database_too(ask: Ask) -> None:
    missing = ask(
        "select table_name, column_name from duckdb_columns()"
        " where schema_name = 'marts' and comment is null"
    )
    assert missing == []
