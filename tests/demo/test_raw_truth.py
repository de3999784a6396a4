"""The truth that is planted beside the raw data follows from it by the published rules."""

from __future__ import annotations

import duckdb

from tests.demo.reading import one, run_file


def test_the_rules_give_the_planted_sales_to_the_cent(raw: duckdb.DuckDBPyConnection) -> None:
    run_file(raw, "sales.sql")
    differing = raw.execute(
        """
        select order_key, line_id
        from order_lines
        full join truth.line_sales as planted using (order_key, line_id)
        where
            order_lines.gross_sales is distinct from planted.gross_sales
            or order_lines.discount_amount is distinct from planted.discount_amount
            or order_lines.refund_amount is distinct from planted.refund_amount
            or order_lines.net_sales is distinct from planted.net_sales
        """
    ).fetchall()
    assert differing == []
    assert one(raw, "select count(*) from order_lines where refund_amount > 0") > 50
    days = raw.execute(
        """
        select date, daily_revenue.gross_revenue, daily_revenue.net_revenue
        from truth.daily_revenue
        left join order_lines on date = order_date and is_valid
        group by all
        having
            coalesce(sum(gross_sales), 0) <> daily_revenue.gross_revenue
            or coalesce(sum(net_sales), 0) <> daily_revenue.net_revenue
        """
    ).fetchall()
    assert days == []


def test_orders_and_lines_and_days_of_truth_add_up(raw: duckdb.DuckDBPyConnection) -> None:
    total = "select sum(net_revenue) from truth.orders where is_valid"
    assert one(raw, "select sum(net_revenue) from truth.daily_revenue") == one(raw, total)
    unequal = """
        select count(*)
        from truth.orders
        left join (
            select order_key, sum(net_sales) as net from truth.line_sales group by 1
        ) using (order_key)
        where coalesce(net, 0) <> net_revenue
    """
    assert one(raw, unequal) == 0


def test_no_line_gives_back_more_than_it_brought(raw: duckdb.DuckDBPyConnection) -> None:
    wrong = """
        select count(*) from truth.line_sales
        where
            refund_local not between 0 and gross_local - discount_local
            or discount_local > gross_local
    """
    assert one(raw, wrong) == 0


def test_the_rules_give_the_planted_ad_spend(raw: duckdb.DuckDBPyConnection) -> None:
    differing = raw.execute(
        """
        with
            meta as (
                select * from raw_data.meta_ads_insights
                qualify row_number() over (
                    partition by date_start, account_id, ad_id order by _airbyte_extracted_at desc
                ) = 1
            ),
            google as (
                select * from raw_data.google_ads_campaign
                qualify row_number() over (
                    partition by
                        "campaign.id", "segments.date", "segments.hour", "segments.ad_network_type"
                    order by _airbyte_extracted_at desc
                ) = 1
            ),
            spent as (
                select
                    date_start as date,
                    campaign_id,
                    round(
                        spend::decimal(18, 2)
                        * case account_currency when 'EUR' then 1 else rate end::decimal(18, 8),
                        2
                    ) as spend
                from meta
                asof left join raw_data.fx_rates
                    on account_currency = from_currency and date_start >= rate_date
                union all
                select
                    "segments.date",
                    "campaign.id"::varchar,
                    "metrics.cost_micros"::decimal(18, 2) / 1000000
                from google
            )
        select
            date,
            campaign_id,
            sum(spent.spend)::decimal(18, 2) as measured,
            any_value(planted.spend) as planned
        from spent
        full join truth.daily_ad_spend as planted using (date, campaign_id)
        group by all
        having measured is distinct from planned
        """
    ).fetchall()
    assert differing == []


def test_identity_by_the_rules_finds_everybody_and_merges_nobody(
    raw: duckdb.DuckDBPyConnection,
) -> None:
    run_file(raw, "identity.sql")
    raw.execute(
        """
        create temp table found as
        select person_id, coalesce(cluster, node) as cluster, count(*) as n
        from (
            select person_id, identifier_type || ':' || identifier_value as node
            from truth.person_identifiers where linkable
        )
        left join clusters using (node)
        group by all
        """
    )
    assert one(raw, "select max(n) from (select count(*) as n from found group by cluster)") == 1
    assert one(raw, "select max(n) from (select count(*) as n from found group by person_id)") == 1
    assert one(raw, "select count(*) from found where n > 1") > 500


def test_no_identifier_is_linkable_to_two_people(raw: duckdb.DuckDBPyConnection) -> None:
    # a tool that saw only one of a device's people log in knows the device as that one's
    shared = """
        select identifier_type, identifier_value from truth.person_identifiers
        group by all
        having
            count(distinct person_id) > 1
            and count(*) filter (linkable)
            > case when identifier_type like 'posthog%' then 0 else 1 end
    """
    assert raw.execute(shared).fetchall() == []
    people = """
        select min(n), max(n) from (
            select count(*) as n from truth.person_identifiers
            where
                identifier_type = 'posthog_distinct_id'
                and identifier_value in (select row_id from truth.planted where fault = 'M4')
            group by identifier_value
        )
    """
    least, most = raw.execute(people).fetchall()[0]
    assert least == 2 and 5 < most <= 40
