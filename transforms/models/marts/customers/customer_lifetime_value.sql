-- grain: one row per customer with at least one valid order
{{ fed_by(["shopify", "woocommerce"]) }}
{%- set windows = [30, 60, 90, 180, 365] %}
with

    orders as (select * from {{ ref("fct_orders") }}),

    first_orders as (
        select master_customer_id, order_date as first_order_date from orders where is_first_order
    ),

    today as (select {{ as_of_date() }} as as_of_date),

    orders_summed_to_day as (
        select master_customer_id, order_date, count(*) as orders, sum(net_sales) as net_sales
        from orders
        group by 1, 2
    ),

    -- the day of the first order is day 0, and the last day of a window still counts
    days_summed_to_customer as (
        select
            master_customer_id,
            as_of_date,
            first_order_date,
            cast(sum(orders) as bigint) as total_orders,
            count(*) - 1 as frequency,
            max(order_date) - first_order_date as recency,
            as_of_date - first_order_date as t,
            as_of_date - max(order_date) as days_since_last_order,
            sum(net_sales) as lifetime_value,
            {% for days in windows %}
                {{
                    money(
                        "sum(net_sales) filter (where order_date <= first_order_date + "
                        ~ days
                        ~ ")"
                    )
                }} as ltv_{{ days }}_day,
                as_of_date >= first_order_date + {{ days }} as is_ltv_{{ days }}_day_mature,
            {% endfor %}
            {{ money("avg(net_sales) filter (where order_date > first_order_date)") }}
            as monetary_value,
            bool_or(
                order_date > as_of_date - 730 and order_date <= as_of_date - 365
            ) as was_active_in_year_before,
            max(order_date) > as_of_date - 365 as is_active_in_last_year
        from orders_summed_to_day
        inner join first_orders using (master_customer_id)
        cross join today
        group by 1, 2, 3
    ),

    -- one rate for all: of those active in the year before last, who stayed away in the last
    yearly_churn as (
        select avg(cast(not is_active_in_last_year as integer)) as churn_rate
        from days_summed_to_customer
        where was_active_in_year_before
    ),

    predicted as (
        select
            customers.*,
            yearly_churn.churn_rate,
            customers.total_orders / (
                greatest(customers.t, {{ var("clv_shortest_tenure_days") }}) * 12 / 365.0
            ) as monthly_purchase_rate
        from days_summed_to_customer as customers
        cross join yearly_churn
    ),

    final as (
        select
            master_customer_id,
            total_orders,
            frequency,
            recency,
            t,
            days_since_last_order,
            cast(lifetime_value as decimal(18, 2)) as historic_value,
            {% for days in windows %} ltv_{{ days }}_day, {% endfor %}
            cast(lifetime_value / total_orders as decimal(18, 2)) as average_order_value,
            monetary_value,
            monthly_purchase_rate,
            churn_rate,
            cast(
                case
                    when not is_active_in_last_year
                    then 0
                    else
                        (lifetime_value / total_orders)
                        * monthly_purchase_rate
                        * 12
                        * (1 - churn_rate)
                end as decimal(18, 2)
            ) as predicted_12_month_value,
            {% for days in windows %} is_ltv_{{ days }}_day_mature, {% endfor %}
            not is_active_in_last_year as is_churned,
            first_order_date,
            as_of_date
        from predicted
    )

select *
from final
