-- grain: one row per identifier that any source has shown
{{ config(materialized="table") }}
with

    observations as (select * from {{ ref("int_identity_observations") }}),

    blocklist as (select * from {{ ref("identity_blocklist") }}),

    seen as (
        select
            source_system,
            unnest([identifier_a, identifier_b]) as identifier_key,
            observation_count,
            first_seen_at,
            last_seen_at
        from observations
    ),

    nodes as (
        select
            identifier_key,
            split_part(identifier_key, ':', 1) as identifier_type,
            substr(identifier_key, strpos(identifier_key, ':') + 1) as identifier_value,
            arg_min(source_system, (first_seen_at, source_system)) as source_system,
            cast(sum(observation_count) as bigint) as observation_count,
            min(first_seen_at) as first_seen_at,
            max(last_seen_at) as last_seen_at
        from seen
        where identifier_key is not null
        group by 1, 2, 3
    ),

    shopify_customers as (
        select identifier_value from nodes where identifier_type = 'shopify_customer'
    ),

    comparable as (
        select
            *,
            lower(trim(identifier_value, chr(34) || chr(39) || ' ')) as plain_value,
            case
                when identifier_type = 'email' then {{ canonical_email("identifier_value") }}
            end as mailbox
        from nodes
    ),

    blocked as (
        select comparable.identifier_key, min(blocklist.reason) as block_reason
        from comparable
        inner join
            blocklist
            on blocklist.identifier_type in ('any', comparable.identifier_type)
            and (
                comparable.plain_value like blocklist.pattern escape '!'
                or comparable.mailbox like blocklist.pattern escape '!'
            )
        group by comparable.identifier_key
    ),

    final as (
        select
            comparable.identifier_key,
            comparable.identifier_type,
            comparable.identifier_value,
            comparable.source_system,
            comparable.mailbox,
            blocked.block_reason,
            comparable.observation_count,
            blocked.identifier_key is not null as is_blocked,
            -- a cookie: the id of a device, or a distinct id that is nobody's customer id
            comparable.identifier_type in {{ device_types() }}
            or (
                comparable.identifier_type = 'posthog_distinct_id'
                and shopify_customers.identifier_value is null
            ) as is_device,
            comparable.first_seen_at,
            comparable.last_seen_at
        from comparable
        left join blocked using (identifier_key)
        left join
            shopify_customers on shopify_customers.identifier_value = comparable.identifier_value
    )

select *
from final
