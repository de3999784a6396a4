"""What the marts promise to those who read them."""

from __future__ import annotations

import pytest

from tests.transforms.conftest import Ask


def columns(ask: Ask, mart: str, schema: str = "marts") -> list[str]:
    return [
        name
        for (name,) in ask(
            f"select column_name from duckdb_columns() where schema_name = '{schema}'"
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
        ("sales_daily", "date revenue net_revenue refunds_on_date"),
        ("cohort_retention", "cohort_month period_index cohort_size retention_rate"),
        (
            "dim_ad_creatives",
            "creative_id ad_creative_url headline body_copy format call_to_action",
        ),
        ("inventory_daily", "date product_key location_id on_hand units_sold is_stockout"),
        ("customer_lifetime_value", "frequency recency t monetary_value ltv_365_day"),
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


PAID = ("meta", "google_search", "google_shopping", "google_display", "google_video")


@pytest.mark.parametrize("suffix", ["", "_weekly"])
def test_meridian_gets_media_and_spend_of_the_same_channels_in_one_order(
    ask: Ask, suffix: str
) -> None:
    media = [f"{channel}_{what}" for channel in PAID for what in ("impression", "spend")]
    organic = [f"organic_{kind}_sessions" for kind in ("email", "direct", "search")]
    head = ["time", "conversions", "revenue_per_conversion"]
    assert columns(ask, f"mmm_input_meridian{suffix}") == [
        *head,
        *media,
        *organic,
        "promo",
        "stockout_share",
    ]


@pytest.mark.parametrize("suffix", ["", "_weekly"])
def test_robyn_gets_a_variable_for_each_spend_in_one_order(ask: Ask, suffix: str) -> None:
    told = {"google_search": "clicks_P", "google_shopping": "clicks_P"}
    media = [f"{name}_{what}" for name in PAID for what in ("S", told.get(name, "I"))]
    organic = ["newsletter", "direct_visits", "organic_search_visits"]
    assert columns(ask, f"mmm_input_robyn{suffix}") == [
        "DATE",
        "revenue",
        *media,
        *organic,
        "promo",
        "stockout_share",
    ]


def test_the_exports_are_long_and_varied_enough_for_the_models(ask: Ask) -> None:
    """What dbt only warns of, since a young company may be shorter: the demo is not."""
    for export in ("mmm_input_meridian", "mmm_input_robyn"):
        names = columns(ask, export)
        varied = ", ".join(f'count(distinct "{name}") > 1' for name in names)
        rows, *varies = ask(f"select count(*), {varied} from marts.{export}")[0]
        assert rows >= 10 * len(names) and all(varies)
    assert ask("select count(*) >= 52 from marts.mmm_input_robyn_weekly")[0][0]


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
