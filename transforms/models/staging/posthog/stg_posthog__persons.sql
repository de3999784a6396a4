-- grain: one row per PostHog person
with

    source as (select * from {{ ref("base_posthog__persons") }}),

    renamed as (
        select
            id as person_id,
            uuid as person_uuid,
            name,
            {{ normalize_email("properties ->> 'email'") }} as email,
            {{ utc("created_at") }} as created_at,
            {{ utc("_airbyte_extracted_at") }} as loaded_at
        from source
    )

select *
from renamed
