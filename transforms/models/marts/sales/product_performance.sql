-- grain: one row per product variant, those never sold among them
{{ fed_by(["shopify", "woocommerce"]) }}
with

    products as (select * from {{ ref("dim_products") }}),

    sales as (select * from {{ ref("fct_sales") }}),

    sales_summed_to_product as (
        select
            product_key,
            count(distinct order_key) as orders,
            count(distinct master_customer_id) as customers,
            sum(quantity) as units_sold,
            sum(refunded_quantity) as units_returned,
            sum(gross_sales) as gross_sales,
            sum(discount_amount) as discount_amount,
            sum(refund_amount) as refund_amount,
            sum(net_sales) as net_sales,
            sum(quantity) filter (
                where order_date > {{ as_of_date() }} - 28
            ) as units_sold_last_28_days,
            sum(net_sales) filter (
                where order_date > {{ as_of_date() }} - 28
            ) as net_sales_last_28_days,
            sum(net_sales) filter (
                where order_date > {{ as_of_date() }} - 56 and order_date <= {{ as_of_date() }} - 28
            ) as net_sales_28_days_before
        from sales
        group by 1
    ),

    -- what better ones sell says where in the ranking a product stands; equals stand together
    ranked as (
        select
            *,
            rank() over (order by net_sales desc) as net_sales_rank,
            sum(net_sales) over () as all_net_sales,
            coalesce(
                sum(net_sales) over (
                    order by net_sales desc groups between unbounded preceding and 1 preceding
                ),
                0
            ) as net_sales_of_better
        from sales_summed_to_product
    ),

    final as (
        select
            products.product_key,
            products.sku,
            products.product_name,
            products.category,
            case
                when ranked.product_key is null
                then null
                when ranked.net_sales_of_better < ranked.all_net_sales * 0.80
                then 'A'
                when ranked.net_sales_of_better < ranked.all_net_sales * 0.95
                then 'B'
                else 'C'
            end as abc_class,
            ranked.net_sales_rank,
            coalesce(ranked.orders, 0) as orders,
            coalesce(ranked.customers, 0) as customers,
            cast(coalesce(ranked.units_sold, 0) as bigint) as units_sold,
            cast(coalesce(ranked.units_returned, 0) as bigint) as units_returned,
            cast(coalesce(ranked.units_sold_last_28_days, 0) as bigint) as units_sold_last_28_days,
            {{ money("ranked.gross_sales") }} as gross_sales,
            {{ money("ranked.discount_amount") }} as discount_amount,
            {{ money("ranked.refund_amount") }} as refund_amount,
            {{ money("ranked.net_sales") }} as net_sales,
            {{ money("ranked.net_sales_last_28_days") }} as net_sales_last_28_days,
            {{ money("ranked.net_sales_28_days_before") }} as net_sales_28_days_before,
            cast(
                (ranked.gross_sales - ranked.discount_amount)
                / nullif(ranked.units_sold, 0) as decimal(18, 2)
            ) as average_selling_price,
            cast(
                coalesce(ranked.net_sales / nullif(ranked.all_net_sales, 0), 0) as double
            ) as share_of_net_sales,
            ranked.units_returned / nullif(ranked.units_sold, 0) as return_rate,
            products.is_deleted,
            products.first_sold_date,
            products.last_sold_date,
            {{ as_of_date() }} as as_of_date
        from products
        left join ranked using (product_key)
    )

select *
from final
