-- grain: one row per identifier that any source has shown
{{ config(materialized="table") }}
with

    observations as (select * from {{ ref("int_identity_observations") }}),

    blocklist as (select * from {{ ref("identity_blocklist") }}),

    shopify_customers as (
        select distinct identifier_a as identifier_key
        from observations
        where identifier_a like 'shopify!_customer:%' escape '!'
    ),

    seen as (
        select source_system, identifier_a as identifier_key, seen_at
        from observations
        where identifier_a is not null
        union all
        select source_system, identifier_b as identifier_key, seen_at
        from observations
        where identifier_b is not null
    ),

    nodes as (
        select
            identifier_key,
            split_part(identifier_key, ':', 1) as identifier_type,
            substr(identifier_key, strpos(identifier_key, ':') + 1) as identifier_value,
            arg_min(source_system, (seen_at, source_system)) as source_system,
            count(*) as observation_count,
            min(seen_at) as first_seen_at,
            max(seen_at) as last_seen_at
        from seen
        group by 1, 2, 3
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
            -- a cookie: a distinct id that is nobody's customer id
            comparable.identifier_type = 'posthog_distinct_id'
            and shopify_customers.identifier_key is null as is_device,
            comparable.first_seen_at,
            comparable.last_seen_at
        from comparable
        left join blocked using (identifier_key)
        left join
            shopify_customers
            on shopify_customers.identifier_key = 'shopify_customer:' || comparable.identifier_value
    )

select *
from final
