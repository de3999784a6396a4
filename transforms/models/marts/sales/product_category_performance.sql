-- grain: one row per category and calendar month, those without sales among them
{{ fed_by(["shopify", "woocommerce"]) }}
with

    months as (select * from {{ ref("sales_monthly") }}),

    products as (select * from {{ ref("dim_products") }}),

    sales as (select * from {{ ref("fct_sales") }}),

    -- a category that nothing was filed under is a category of its own
    categories as (select distinct coalesce(category, '(none)') as category from products),

    sales_summed_to_category as (
        select
            coalesce(category, '(none)') as category,
            cast(date_trunc('month', order_date) as date) as month_start_date,
            count(distinct order_key) as orders,
            count(distinct master_customer_id) as customers,
            count(distinct product_key) as products_sold,
            sum(quantity) as units_sold,
            sum(refunded_quantity) as units_returned,
            sum(gross_sales) as gross_sales,
            sum(discount_amount) as discount_amount,
            sum(refund_amount) as refund_amount,
            sum(net_sales) as net_sales
        from sales
        group by 1, 2
    ),

    final as (
        select
            categories.category,
            coalesce(sales.orders, 0) as orders,
            coalesce(sales.customers, 0) as customers,
            coalesce(sales.products_sold, 0) as products_sold,
            cast(coalesce(sales.units_sold, 0) as bigint) as units_sold,
            cast(coalesce(sales.units_returned, 0) as bigint) as units_returned,
            {{ money("sales.gross_sales") }} as gross_sales,
            {{ money("sales.discount_amount") }} as discount_amount,
            {{ money("sales.refund_amount") }} as refund_amount,
            {{ money("sales.net_sales") }} as net_sales,
            cast(
                coalesce(
                    sales.net_sales
                    / nullif(sum(sales.net_sales) over (partition by months.month_start_date), 0),
                    0
                ) as double
            ) as share_of_net_sales,
            months.is_complete_period,
            months.month_start_date,
            months.data_through_date
        from categories
        cross join months
        left join
            sales_summed_to_category as sales
            on sales.category = categories.category
            and sales.month_start_date = months.month_start_date
    )

select *
from final
