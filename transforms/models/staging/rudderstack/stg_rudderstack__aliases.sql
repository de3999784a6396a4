-- grain: one row per alias call of RudderStack
{%- set previous = [("rudderstack_user_id", "previous_id"), ("shopify_customer", "previous_id")] %}
with

    source as (select * from {{ raw("rudderstack", "aliases") }}),

    newest as ({{ deduplicate("source", "id") }}),

    kept as ({{ without_forgotten("newest", forgotten_rudderstack_call(previous)) }}),

    renamed as (
        select
            id as alias_id,
            nullif(trim(anonymous_id), '') as anonymous_id,
            nullif(trim(user_id), '') as user_id,
            nullif(trim(previous_id), '') as previous_id,
            {{ utc(repaired_time("timestamp", "received_at")) }} as occurred_at,
            {{ utc("_airbyte_extracted_at") }} as loaded_at
        from kept
    )

select *
from renamed
