"""The marts against what the raw data generator knows to be true."""

from __future__ import annotations

from tests.transforms.conftest import Ask

PAIRS = """
with matched as (
    select truth.person_id, map.master_customer_id
    from truth.person_identifiers as truth
    left join intermediate.int_customer_identity_map as map
    using (identifier_type, identifier_value)
    where truth.linkable
),
pairs as (select count(*) * (count(*) - 1) // 2 as n, 'both' as kind from matched
          where master_customer_id is not null group by person_id, master_customer_id
          union all
          select count(*) * (count(*) - 1) // 2, 'joined' from matched
          where master_customer_id is not null group by master_customer_id
          union all
          select count(*) * (count(*) - 1) // 2, 'true' from matched group by person_id)
select sum(n) filter (kind = 'both'), sum(n) filter (kind = 'joined'), sum(n) filter (kind = 'true')
from pairs
"""


def test_sales_of_every_day_equal_the_truth_to_the_cent(ask: Ask) -> None:
    wrong = ask("""
        with sales as (
            select order_date as date, sum(gross_sales) as gross, sum(net_sales) as net
            from marts.fct_sales group by 1)
        select date, gross, gross_revenue, net, net_revenue
        from truth.daily_revenue full join sales using (date)
        where coalesce(net, 0) is distinct from net_revenue
           or coalesce(gross, 0) is distinct from gross_revenue""")
    days, revenue = ask("select count(*), sum(net_revenue) from truth.daily_revenue")[0]
    assert wrong == []
    assert days > 700 and revenue > 1_000_000


def test_the_daily_sales_report_equals_the_truth_to_the_cent(ask: Ask) -> None:
    wrong = ask("""
        select date, sales.gross_revenue, sales.net_revenue
        from marts.sales_daily as sales full join truth.daily_revenue as truth using (date)
        where sales.gross_revenue is distinct from coalesce(truth.gross_revenue, 0)
           or sales.net_revenue is distinct from coalesce(truth.net_revenue, 0)""")
    assert wrong == []


def test_refunds_by_their_own_day_give_back_what_the_truth_says(ask: Ask) -> None:
    wrong = ask("""
        with given_back as (
            select order_key, sum(refund_amount) as refund_amount
            from marts.fct_refunds group by 1)
        select order_key from (select * from truth.orders where is_valid) as truth
        full join given_back using (order_key)
        where truth.refund_amount is distinct from coalesce(given_back.refund_amount, 0)""")
    late, early = ask("""
        select count(*) filter (days_to_refund > 30), count(*) filter (days_to_refund < 0)
        from marts.fct_refunds""")[0]
    assert wrong == []
    assert late > 50 and early == 0


def test_every_order_and_line_equals_the_truth(ask: Ask) -> None:
    orders = ask("""
        select order_key from marts.fct_orders full join
            (select * from truth.orders where is_valid) as truth using (order_key)
        where fct_orders.net_sales is distinct from truth.net_revenue
           or fct_orders.refund_amount is distinct from truth.refund_amount
           or fct_orders.order_date is distinct from truth.order_date""")
    lines = ask("""
        select order_line_key from marts.fct_sales full join
            (select order_key || ':' || line_id as order_line_key, line_id, line_sales.*
             from truth.line_sales semi join truth.orders
             on orders.order_key = line_sales.order_key and orders.is_valid) as truth
            using (order_line_key)
        where fct_sales.net_sales is distinct from truth.net_sales
           or fct_sales.discount_amount is distinct from truth.discount_amount
           or fct_sales.refund_amount is distinct from truth.refund_amount
           or fct_sales.quantity is distinct from truth.quantity""")
    assert (orders, lines) == ([], [])


def test_cohorts_come_back_as_the_orders_say(ask: Ask) -> None:
    """Counted from the truth's orders and people, without the marts' own steps."""
    apart, active = ask("""
        with orders as (
            select person_id, date_trunc('month', order_date)::date as month
            from truth.orders where is_valid),
        firsts as (select person_id, min(month) as cohort_month from orders group by 1),
        counted as (
            select cohort_month, month as period_month, count(distinct person_id) as people
            from orders join firsts using (person_id) group by 1, 2)
        select sum(abs(coalesce(active_customers, 0) - coalesce(people, 0))), sum(active_customers)
        from marts.cohort_retention full join counted using (cohort_month, period_month)""")[0]
    # guests whom no identifier ties to their other orders begin a cohort of their own
    assert active > 3_000 and apart <= active * 5 // 100


def test_spend_of_every_campaign_and_day_equals_the_truth(ask: Ask) -> None:
    wrong = ask("""
        with spent as (
            select date, platform, campaign_id, sum(spend) as spend
            from marts.fct_ads_performance group by all having sum(spend) != 0)
        select * from spent full join
            (select * replace (platform || '_ads' as platform) from truth.daily_ad_spend) as truth
            using (date, platform, campaign_id)
        where spent.spend is distinct from truth.spend""")
    assert wrong == []


def test_identifiers_join_the_right_people(ask: Ask) -> None:
    both, joined, true = ask(PAIRS)[0]
    assert true > 10_000
    assert both / joined >= 0.999, "precision"
    assert both / true >= 0.98, "recall"


def test_of_each_identifier_the_company_is_the_right_one(ask: Ask) -> None:
    """B-cubed: large people weigh no more than small ones, as they do where pairs are counted."""
    precision, recall = ask("""
        with matched as (
            select truth.person_id,
                coalesce(map.master_customer_id, 'lost:' || identifier_value) as customer_id
            from truth.person_identifiers as truth
            left join intermediate.int_customer_identity_map as map
            using (identifier_type, identifier_value)
            where truth.linkable),
        shared as (select person_id, customer_id, count(*) as n from matched group by all)
        select sum(n * n / in_customer) / sum(n), sum(n * n / of_person) / sum(n)
        from shared
        join (select customer_id, count(*) as in_customer from matched group by 1)
        using (customer_id)
        join (select person_id, count(*) as of_person from matched group by 1)
        using (person_id)""")[0]
    assert precision >= 0.999
    assert recall >= 0.98


def test_people_known_only_over_several_steps_are_joined(ask: Ask) -> None:
    """M2: the cookie and the e-mail never meet, the PostHog person and the account join them."""
    apart, joined = ask("""
        with chained as (
            select distinct identifiers.person_id
            from truth.planted
            join truth.person_identifiers as identifiers
            on identifiers.identifier_type = 'shopify_customer'
            and identifiers.identifier_value = planted.row_id
            where fault = 'M2' and table_name = 'shopify_customers')
        select count(*) filter (people > 1), count(*) filter (people = 1) from (
            select person_id, count(distinct map.master_customer_id) as people
            from chained join truth.person_identifiers as identifiers using (person_id)
            join intermediate.int_customer_identity_map as map
            using (identifier_type, identifier_value)
            where identifiers.linkable group by 1)""")[0]
    assert joined > 100
    assert apart <= 0.01 * joined


def test_shared_devices_join_nobody(ask: Ask) -> None:
    """A cookie that stands for several people in truth is alone, and is marked."""
    met = ask("""
        with shared as (
            select identifier_value from truth.person_identifiers
            where identifier_type = 'posthog_distinct_id'
            group by 1 having count(distinct person_id) > 1)
        select map.match_rule, count(*), max(map.identifier_count)
        from shared join intermediate.int_customer_identity_map as map
        on map.identifier_type = 'posthog_distinct_id'
        and map.identifier_value = shared.identifier_value
        group by 1""")
    assert [(rule, size) for rule, _, size in met] == [("shared_device", 1)]
    assert met[0][1] > 50


def test_orders_belong_to_one_person_each(ask: Ask) -> None:
    """Two people's orders never meet in one customer."""
    mixed = ask("""
        select fct_orders.master_customer_id, count(distinct truth.person_id)
        from marts.fct_orders join truth.orders as truth using (order_key)
        group by 1 having count(distinct truth.person_id) > 1""")
    assert mixed == []
