"""One company, one story: what one tool saw agrees with what the others saw."""

from __future__ import annotations

import duckdb
import pytest

from tests.demo.reading import one


@pytest.mark.parametrize(
    ("table", "order_id"),
    [
        ("ga4_events", "ecommerce.transaction_id"),
        ("measure_js_events", "properties ->> 'order_id'"),
    ],
)
def test_a_purchase_that_a_tool_saw_is_an_order_of_the_devices_owner(
    raw: duckdb.DuckDBPyConnection, table: str, order_id: str
) -> None:
    device, kind = (
        ("user_pseudo_id", "ga4_user_pseudo_id")
        if table == "ga4_events"
        else ("client_id", "measure_js_client_id")
    )
    wrong = f"""
        with purchases as (
            select distinct {order_id} as order_id, {device} as device from raw_data.{table}
            where event_name = 'purchase' and {device} is not null
        )
        select * from purchases
        left join truth.orders on orders.order_id::varchar = purchases.order_id
        left join truth.person_identifiers as owners
            on identifier_type = '{kind}' and identifier_value = device
            and owners.person_id = orders.person_id
        where owners.person_id is null
    """
    assert raw.execute(wrong).fetchmany(3) == []
    bought = f"select count(*) from raw_data.{table} where event_name = 'purchase'"
    assert one(raw, bought) > 500


def test_the_visit_that_ends_in_an_order_begins_before_it(raw: duckdb.DuckDBPyConnection) -> None:
    late = """
        select ecommerce.transaction_id
        from raw_data.ga4_events
        inner join truth.orders on order_id::varchar = ecommerce.transaction_id
        where
            event_name = 'purchase'
            and (
                abs(epoch(make_timestamp(event_timestamp)) - epoch(ordered_at)) > 5
                or list_filter(event_params, lambda p: p.key = 'ga_session_id')[1].value.int_value
                >= epoch(ordered_at)
            )
    """
    assert raw.execute(late).fetchmany(3) == []


def test_the_tools_saw_the_visits_that_posthog_saw(raw: duckdb.DuckDBPyConnection) -> None:
    """A page of GA4, Measure.js and the app is a page of PostHog at the same second."""
    raw.execute(
        """
        create temp table seen as
        select distinct timestamp, split_part(properties ->> '$."$current_url"', '?', 1) as url
        from raw_data.posthog_events
        """
    )
    for table, moment, url, wanted in (
        ("measure_js_events", "timestamp", "url", "true"),
        ("rudderstack_tracks", "timestamp", "context_page_url", "true"),
        (
            "ga4_events",
            "make_timestamp(event_timestamp) at time zone 'UTC'",
            "event_params[1].value.string_value",
            "event_name not in ('session_start', 'form_submit', 'generate_lead')"
            " and device.web_info.hostname not like 'trade%'",
        ),
    ):
        share = one(
            raw,
            f"""
            select avg(
                (({moment}, split_part({url}, '?', 1)) in (select (timestamp, url) from seen))::int
            )
            from raw_data.{table} where {wanted}
            """,
        )
        # the rest are machines, wrong clocks and the visits on the edge of the rules
        assert 0.88 < share < 1, table


def test_deals_have_companies_contacts_and_visits(raw: duckdb.DuckDBPyConnection) -> None:
    orphans = """
        select deal_id, contact_id from raw_data.crm_deal_contacts
        where
            deal_id not in (select deal_id from raw_data.crm_deals)
            or contact_id not in (select id from raw_data.crm_contacts)
    """
    assert raw.execute(orphans).fetchall() == []
    unknown = """
        select id from raw_data.crm_contacts
        where
            property_company is not null
            and split_part(property_email, '@', 2) not in (
                select property_domain from raw_data.crm_companies
            )
    """
    assert raw.execute(unknown).fetchall() == []
    early = """
        select deal_id from raw_data.crm_deals
        inner join raw_data.crm_deal_contacts using (deal_id)
        inner join raw_data.crm_contacts on crm_contacts.id = contact_id and type_id = 1
        where
            property_company is not null
            and crm_contacts.property_createdate > crm_deals.property_createdate
    """
    assert raw.execute(early).fetchall() == []
    inquiries = """
        select count(distinct contacts.id) from raw_data.crm_contacts as contacts
        inner join raw_data.form_submissions as forms on forms.email = contacts.property_email
        where form_name = 'trade_inquiry'
    """
    assert one(raw, inquiries) > 10


def test_no_consent_no_link(raw: duckdb.DuckDBPyConnection) -> None:
    """Without consent in any row, a device is nobody's, though rows carry an account."""
    linked = """
        select identifier_value from truth.person_identifiers
        where
            identifier_type = 'ga4_user_pseudo_id' and linkable
            and identifier_value not in (
                select user_pseudo_id from raw_data.ga4_events
                where privacy_info.analytics_storage = 'Yes' and user_pseudo_id is not null
            )
    """
    assert raw.execute(linked).fetchall() == []
    tempting = """
        select count(*) from raw_data.ga4_events
        where privacy_info.analytics_storage <> 'Yes' and user_id is not null
    """
    assert one(raw, tempting) > 100
    forms = """
        select count(*) from raw_data.form_submissions as forms
        inner join raw_data.ga4_events as events using (user_pseudo_id)
        where
            event_name = 'form_submit' and consent_marketing
            and make_timestamp(event_timestamp) = submitted_at at time zone 'UTC'
            and privacy_info.analytics_storage <> 'Yes'
    """
    assert one(raw, forms) == 0


def test_stock_ends_where_the_variants_say_and_costs_less_than_the_price(
    raw: duckdb.DuckDBPyConnection,
) -> None:
    wrong = """
        with counted as (
            select inventory_item_id, sum(available) as available
            from (
                select distinct on (id) * from raw_data.shopify_inventory_levels
                order by id, updated_at desc
            )
            group by 1
        )
        select sku, available, inventory_quantity
        from raw_data.shopify_product_variants
        inner join counted using (inventory_item_id)
        where available <> inventory_quantity
    """
    assert raw.execute(wrong).fetchall() == []
    dear = """
        select items.sku from raw_data.shopify_inventory_items as items
        inner join raw_data.shopify_product_variants as variants on items.id = inventory_item_id
        where cost not between 0.3 * price and 0.7 * price
    """
    assert raw.execute(dear).fetchall() == []
    assert one(raw, "select min(available) from raw_data.shopify_inventory_levels") == 0


def test_the_ads_of_a_campaign_add_up_to_its_day(raw: duckdb.DuckDBPyConnection) -> None:
    wrong = """
        with
            ads as (
                select distinct on ("segments.date", "ad_group_ad.ad.id") *
                from raw_data.google_ads_ad_group_ad_legacy
                order by "segments.date", "ad_group_ad.ad.id", _airbyte_extracted_at desc
            ),
            spent as (
                select "segments.date" as date, "campaign.id"::varchar as campaign_id,
                    sum("metrics.cost_micros")::decimal(18, 2) / 1000000 as spend
                from ads group by all
            )
        select * from spent
        full join (from truth.daily_ad_spend where platform = 'google') as truth
            using (date, campaign_id)
        where spent.spend is distinct from truth.spend
    """
    assert raw.execute(wrong).fetchall() == []
    pictured = """
        select count(*) from raw_data.meta_ads_insights
        where ad_id not in (
            select ads.id from raw_data.meta_ads as ads
            inner join raw_data.meta_ad_creatives as shown
                on shown.id = ads.creative ->> 'creative_id'
        )
    """
    assert one(raw, pictured) == 0


def test_a_promotion_in_the_calendar_is_a_code_in_the_orders(
    raw: duckdb.DuckDBPyConnection,
) -> None:
    off = """
        select distinct order_date
        from raw_data.shopify_orders as landed
        inner join truth.orders on order_id = landed.id
        left join raw_data.marketing_calendar on date = order_date and is_promo
        where
            discount_codes::varchar similar to '.*(BLACKWEEK|SUMMER15|SPRING10).*'
            and date is null
    """
    assert raw.execute(off).fetchall() == []
    lift = """
        select avg(gross_revenue) filter (is_promo) / avg(gross_revenue) filter (is_promo is null)
        from truth.daily_revenue left join raw_data.marketing_calendar using (date)
    """
    assert one(raw, lift) > 1.1


def test_conversions_are_orders_and_won_deals_with_channels_before_them(
    raw: duckdb.DuckDBPyConnection,
) -> None:
    orders = "select sum(amount) from truth.conversions where conversion_type = 'order'"
    assert one(raw, orders) == one(raw, "select sum(net_revenue) from truth.daily_revenue")
    deals = """
        with newest as (
            select distinct on (deal_id) * from raw_data.crm_deals
            order by deal_id, _fivetran_synced desc
        )
        select sum(regexp_replace(property_amount, '[$,]', '', 'g')::decimal(18, 2))
        from newest where deal_pipeline_stage_id = 'closedwon' and not _fivetran_deleted
    """
    won = "select sum(amount) from truth.conversions where conversion_type = 'deal'"
    assert one(raw, won) == one(raw, deals)
    paths = """
        select count(*) filter (len(channel_path) > 1), count(*) filter (channel_path = [])
        from truth.conversions
    """
    several, nothing = raw.execute(paths).fetchall()[0]
    assert several > 100 and nothing > 100
