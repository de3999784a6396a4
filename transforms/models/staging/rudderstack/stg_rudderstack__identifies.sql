-- grain: one row per identify call of RudderStack
with

    source as (select * from {{ raw("rudderstack", "identifies") }}),

    newest as ({{ deduplicate("source", "id") }}),

    kept as ({{ without_forgotten("newest", forgotten_rudderstack_call([("email", "email")])) }}),

    renamed as (
        select
            id as identify_id,
            nullif(trim(anonymous_id), '') as anonymous_id,
            nullif(trim(user_id), '') as user_id,
            {{ normalize_email("email") }} as email,
            first_name,
            last_name,
            {{ utc(repaired_time("timestamp", "received_at")) }} as occurred_at,
            {{ utc("_airbyte_extracted_at") }} as loaded_at
        from kept
    )

select *
from renamed
