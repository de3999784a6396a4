-- grain: one row per event of a customer: ad click, page view, add to cart, checkout, login,
-- purchase, refund
{{ fed_by(["posthog", "shopify", "woocommerce"]) }}
{{
    config(
        materialized="incremental",
        unique_key="event_key",
        incremental_strategy="delete+insert",
        on_schema_change="fail",
        pre_hook="{{ delete_vanished('event_key', ref('int_customer_events_stamped')) }}",
    )
}}
with

    stamped as (select * from {{ ref("int_customer_events_stamped") }}),

    {% if is_incremental() %}
        known as (
            select event_key, master_customer_id, session_id, channel, amount, loaded_at
            from {{ this }}
        ),

        -- who has an event that is new, or that belongs to somebody else now
        touched as (
            select stamped.master_customer_id
            from stamped
            left join known using (event_key)
            where
                known.event_key is null
                or known.loaded_at != stamped.loaded_at
                or known.master_customer_id is distinct from stamped.master_customer_id
                or known.session_id is distinct from stamped.session_id
                or known.channel is distinct from stamped.channel
                or known.amount is distinct from stamped.amount
            union
            select known.master_customer_id
            from stamped
            inner join known using (event_key)
            where known.master_customer_id is distinct from stamped.master_customer_id
        ),
    {% endif %}

    events as (
        select stamped.*
        from stamped
        {% if is_incremental() %}
            semi join
                touched
                on touched.master_customer_id is not distinct from stamped.master_customer_id
        {% endif %}
    ),

    final as (
        select
            event_key,
            master_customer_id,
            session_id,
            order_key,
            product_key,
            source_system,
            event_type,
            channel,
            source,
            medium,
            campaign,
            url,
            sku,
            case
                when master_customer_id is not null
                then
                    row_number() over (
                        partition by master_customer_id order by occurred_at, event_key
                    )
            end as event_sequence_number,
            amount,
            {{ reporting_date("occurred_at") }} as event_date,
            occurred_at,
            loaded_at
        from events
    )

    {{ changed_rows("final") }}
