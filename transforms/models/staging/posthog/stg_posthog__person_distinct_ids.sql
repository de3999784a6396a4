-- grain: one row per distinct id of a PostHog person
with

    persons as (select * from {{ ref("base_posthog__persons") }}),

    distinct_ids as (
        select
            id as person_id,
            created_at,
            _airbyte_extracted_at,
            unnest(cast(distinct_ids as varchar[])) as distinct_id
        from persons
    ),

    renamed as (
        select distinct
            person_id,
            distinct_id,
            {{ utc("created_at") }} as created_at,
            {{ utc("_airbyte_extracted_at") }} as loaded_at
        from distinct_ids
    )

select *
from renamed
