-- grain: one row per event of a customer: ad click, page view, add to cart, checkout, login,
-- purchase, refund
{{ fed_by(["posthog", "shopify", "woocommerce"]) }}
{{
    config(
        materialized="incremental",
        unique_key="event_key",
        incremental_strategy="replace_rows",
        on_schema_change="fail",
        meta={"never_null": "loaded_at"},
        pre_hook=[
            "{{ open_consumed('people') }}",
            "{{ open_consumed('visits') }}",
            "{{ open_consumed('orders') }}",
        ],
        post_hook=[
            "{{ remember_consumed('people', people_of_identifiers()) }}",
            "{{ remember_consumed('visits', origins_of_visits()) }}",
            "{{ remember_consumed('orders', stamps_of_orders()) }}",
        ],
    )
}}
with

    -- read anew by each step, of which most want but a few columns
    events as not materialized(select * from {{ ref("int_events_unioned") }}),

    {% if is_incremental() %}

        known as not materialized(select * from {{ this }}),

        counting as not materialized({{ events_that_count("events") }}),

        tracked as not materialized(select * from counting where order_key is null),

        known_tracked as not materialized(select * from known where order_key is null),

        changed_days as ({{ differing_days("tracked", "known_tracked") }}),

        changed_events_of_orders as (
            select event_key
            from (select event_key, loaded_at from counting where order_key is not null) as counting
            full join
                (select event_key, loaded_at from known where order_key is not null) as known
                using (event_key)
            where counting.loaded_at is distinct from known.loaded_at
        ),

        -- an event says something else if its device, its visit or its order does
        changed_people as ({{ changed_since_consumed("people", people_of_identifiers()) }}),

        changed_visits as ({{ changed_since_consumed("visits", origins_of_visits()) }}),

        changed_orders as ({{ changed_since_consumed("orders", stamps_of_orders()) }}),

        looked_at as (
            select *
            from counting
            where
                (order_key is null and cast(occurred_at as date) in (select day from changed_days))
                or hash(distinct_id) in (select key_hash from changed_people)
                or hash(device_id) in (select key_hash from changed_people)
                or hash(session_id) in (select key_hash from changed_visits)
                or hash(order_key) in (select key_hash from changed_orders)
                or event_key in (select event_key from changed_events_of_orders)
        ),

        stamped as ({{ stamped_events("looked_at") }}),

        vanished as (
            select known.event_key
            from known
            anti join stamped using (event_key)
            where
                (
                    known.order_key is null
                    and cast(known.occurred_at as date) in (select day from changed_days)
                )
                or hash(known.order_key) in (select key_hash from changed_orders)
                or event_key in (select event_key from changed_events_of_orders)
        ),

        replaced as (
            select event_key
            from stamped
            union all
            select event_key
            from vanished
        ),

        -- a customer who got, changed or lost an event has all events numbered anew
        touched_people as (
            select master_customer_id
            from stamped
            union
            select master_customer_id
            from known
            where event_key in (select event_key from replaced)
        ),

        others_of_touched as (
            select *
            from known
            where
                master_customer_id in (select master_customer_id from touched_people)
                and event_key not in (select event_key from replaced)
        ),

        counted as (
            select *, true as is_told_anew, cast(null as bigint) as known_sequence_number
            from stamped
            union all by name
            select
                * exclude (event_sequence_number, event_date),
                false as is_told_anew,
                event_sequence_number as known_sequence_number
            from others_of_touched
        ),
    {% else %} counted as ({{ stamped_events("events") }}),
    {% endif %}

    numbered as (
        select
            *,
            case
                when master_customer_id is not null
                then
                    row_number() over (
                        partition by master_customer_id order by occurred_at, event_key
                    )
            end as event_sequence_number
        from counted
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
            event_sequence_number,
            amount,
            {{ reporting_date("occurred_at") }} as event_date,
            occurred_at,
            loaded_at
        from numbered
        {% if is_incremental() %}
            where is_told_anew or event_sequence_number is distinct from known_sequence_number
        {% endif %}
    )

select *
from final
{% if is_incremental() %}
    union all by name
    select event_key
    from vanished
{% endif %}
