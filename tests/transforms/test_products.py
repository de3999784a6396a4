"""Stock, costs and creatives against what the shops and the ad platforms landed."""

from __future__ import annotations

from tests.transforms.conftest import Ask


def test_the_last_counts_are_what_the_shop_says_of_each_variant(ask: Ask) -> None:
    """Shopify writes the sum of both locations into the variant; nothing here reads it."""
    wrong = ask("""
        with counted as (
            select product_key, sum(available) as available
            from marts.inventory_health group by 1),
        variants as (
            select 'sku:' || upper(sku) as product_key, max(inventory_quantity) as available
            from (
                from raw_data.shopify_product_variants
                qualify row_number() over (
                    partition by id order by _airbyte_extracted_at desc) = 1) as newest
            semi join raw_data.shopify_inventory_levels using (inventory_item_id)
            group by 1)
        select * from counted full join variants using (product_key)
        where counted.available is distinct from variants.available""")
    assert wrong == []
    assert ask("select count(*) > 100 and sum(available) > 1000 from marts.inventory_health")[0][0]


def test_stock_of_a_day_is_the_newest_count_of_it(ask: Ask) -> None:
    """Looked up count by count in the raw table, in the shop's own time zone."""
    wrong, looked_up = ask("""
        with counts as (
            select inventory_item_id::varchar as item, location_id::varchar as location_id,
                available,
                ((updated_at - interval 1 second) at time zone 'Europe/Berlin')::date as counted_on
            from raw_data.shopify_inventory_levels),
        items as (
            select distinct inventory_item_id::varchar as item, 'sku:' || upper(sku) as product_key
            from raw_data.shopify_product_variants),
        days as (from marts.inventory_daily where isodow(date) in (1, 7)),
        found as (
            select days.date, days.product_key, days.location_id, days.available,
                arg_max(counts.available, counted_on) as counted
            from days join items using (product_key)
            join counts on counts.item = items.item and counts.location_id = days.location_id
                and counts.counted_on <= days.date
            group by all)
        select count(*) filter (available is distinct from counted), count(*) from found""")[0]
    assert wrong == 0 and looked_up > 20_000


def test_the_cost_of_a_sale_is_that_of_its_day(ask: Ask) -> None:
    """The newest cost on the day by a subquery a line, where the marts join periods."""
    wrong, old, new = ask("""
        with costs as (
            select distinct 'sku:' || upper(sku) as product_key, cost::decimal(18, 2) as cost,
                (updated_at at time zone 'Europe/Berlin')::date as since
            from raw_data.shopify_inventory_items where cost is not null),
        told as (
            select sales.*, (
                select arg_max(cost, since) from costs
                where costs.product_key = sales.product_key and since <= order_date) as unit_cost,
                (select max(cost) from costs where costs.product_key = sales.product_key) as highest
            from marts.fct_sales as sales)
        select
            count(*) filter (
                cost_amount is distinct from unit_cost * (quantity - refunded_quantity)
                or gross_margin is distinct from net_sales - cost_amount),
            count(*) filter (unit_cost < highest), count(*) filter (unit_cost = highest)
        from told""")[0]
    assert wrong == 0
    assert old > 100 and new > 1_000


def test_what_is_due_is_at_or_below_the_reorder_point(ask: Ask) -> None:
    due, sold_out, dead = ask("""
        select count(*) filter (is_reorder_due), count(*) filter (is_stockout),
            count(*) filter (is_dead_stock) from marts.inventory_health""")[0]
    wrong = ask("""
        select count(*) from marts.inventory_health
        where days_in_stock_28d > 0
          and is_reorder_due is distinct from (reorder_point > 0 and available <= reorder_point)""")
    assert wrong == [(0,)]
    assert due + sold_out + dead > 0


def test_creatives_cost_what_the_truth_says_of_their_campaigns(ask: Ask) -> None:
    wrong = ask("""
        with spent as (
            select date, replace(platform, '_ads', '') as platform, campaign_id,
                sum(spend) as spend
            from marts.fct_creative_performance group by all having sum(spend) != 0)
        select * from spent full join truth.daily_ad_spend as truth
            using (date, platform, campaign_id)
        where spent.spend is distinct from truth.spend""")
    assert wrong == []
    told = "count(*) filter (headline is not null and body_copy is not null)"
    assert ask(f"select count(*), {told} > 10 from marts.dim_ad_creatives") == [(16, True)]


def test_the_funnel_equals_the_visits_of_the_tracker(ask: Ask) -> None:
    """Counted from the raw events with the newest row of each, by the day of the first event."""
    apart, visits = ask("""
        with events as (
            from raw_data.posthog_events
            qualify row_number() over (partition by id order by _airbyte_extracted_at desc) = 1),
        seen as (
            select properties ->> '$."$session_id"' as session_id,
                min(("timestamp" at time zone 'Europe/Berlin')::date) as date,
                bool_or(event = 'checkout_started') as has_checkout
            from events group by 1),
        counted as (
            select date, count(*) as visits, count(*) filter (has_checkout) as checkouts
            from seen where session_id is not null group by 1),
        funnel as (
            select date, sum(visits) as visits, sum(checkout_visits) as checkouts
            from marts.funnel_daily group by 1)
        select count(*) filter (
                funnel.visits is distinct from counted.visits
                or coalesce(funnel.checkouts, 0) < coalesce(counted.checkouts, 0)),
            sum(funnel.visits)
        from funnel full join counted using (date)""")[0]
    assert apart == 0 and visits > 10_000
