-- grain: one row per identifier that any source has shown
{{
    config(
        materialized="incremental",
        incremental_strategy="replace_touched",
        meta={"entity": "identifier_key", "row_key": "identifier_type"},
        on_schema_change="fail",
    )
}}
with

    observations as not materialized(select * from {{ ref("int_identity_observations") }}),

    blocklist as (select * from {{ ref("identity_blocklist") }}),

    seen as not materialized(
        select
            identifier_a as identifier_key,
            source_system,
            observation_count,
            first_seen_at,
            last_seen_at,
            evidence_hash
        from observations
        where identifier_a is not null
        union all
        select
            identifier_b,
            source_system,
            observation_count,
            first_seen_at,
            last_seen_at,
            evidence_hash
        from observations
        where identifier_b is not null
    ),

    -- another blocklist may block or free any identifier
    judged_by as (
        select coalesce(sum(hash(identifier_type, pattern, reason)), 0) as blocklist_hash
        from blocklist
    ),

    {% if is_incremental() %}
        evidence as (
            select
                seen.identifier_key,
                sum(seen.evidence_hash) + any_value(judged_by.blocklist_hash) as evidence_hash
            from seen
            cross join judged_by
            group by seen.identifier_key
        ),

        changed as ({{ touched_identifiers("evidence") }}),

        -- a distinct id is a cookie, or not, by whether there is an account of that name
        touched as (
            select identifier_key
            from changed
            union
            select regexp_replace(identifier_key, '^shopify_customer:', 'posthog_distinct_id:')
            from changed
            where identifier_key like 'shopify_customer:%'
        ),
    {% endif %}

    nodes as (
        select
            seen.identifier_key,
            split_part(seen.identifier_key, ':', 1) as identifier_type,
            substr(seen.identifier_key, strpos(seen.identifier_key, ':') + 1) as identifier_value,
            arg_min(seen.source_system, (seen.first_seen_at, seen.source_system)) as source_system,
            cast(sum(seen.observation_count) as bigint) as observation_count,
            sum(seen.evidence_hash) + any_value(judged_by.blocklist_hash) as evidence_hash,
            min(seen.first_seen_at) as first_seen_at,
            max(seen.last_seen_at) as last_seen_at
        from seen
        cross join judged_by
        {% if is_incremental() %} semi join touched using (identifier_key) {% endif %}
        group by seen.identifier_key
    ),

    shopify_customers as (
        select identifier_value
        from nodes
        where identifier_type = 'shopify_customer'
        {% if is_incremental() %}
            union
            select identifier_value
            from {{ this }}
            where
                identifier_type = 'shopify_customer'
                and identifier_key not in (select identifier_key from touched)
        {% endif %}
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
            comparable.evidence_hash,
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
{% if is_incremental() %}
    union all by name
    select identifier_key
    from changed
    where is_gone
{% endif %}
