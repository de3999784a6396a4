-- grain: one row per table of the sources and watched mart, how old its newest record is right now
{%- set watched = [
    ("fct_orders", "loaded_at"),
    ("fct_sales", "loaded_at"),
    ("fct_ads_performance", "loaded_at"),
    ("fct_customer_events", "loaded_at"),
    ("sessions", "loaded_at"),
    ("sales_daily", "cast(max(date) + 1 as timestamp)"),
    ("daily_performance", "cast(max(date) + 1 as timestamp)"),
] %}
with

    newest as (
        {%- for mart, newest in watched %}
            select
                '{{ ref(mart).schema }}.{{ ref(mart).identifier }}' as table_name,
                'mart' as layer,
                {{ newest if "(" in newest else "max(" ~ newest ~ ")" }} as latest_record,
                12 as warn_after_hours,
                48 as error_after_hours
            from {{ ref(mart) }}
            union all
        {%- endfor %}
        {{ newest_of_sources() }}
    ),

    aged as (
        select *, round(epoch((now() at time zone 'UTC') - latest_record) / 3600, 2) as hours_behind
        from newest
    ),

    final as (
        select
            table_name,
            layer,
            case
                when latest_record is null
                then 'empty'
                when coalesce(warn_after_hours, error_after_hours) is null
                then 'no limit'
                when hours_behind > error_after_hours
                then 'error'
                when hours_behind > warn_after_hours
                then 'warn'
                else 'pass'
            end as status,
            hours_behind,
            warn_after_hours,
            error_after_hours,
            latest_record
        from aged
    )

select *
from final
