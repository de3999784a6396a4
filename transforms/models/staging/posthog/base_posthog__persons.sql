-- grain: one row per PostHog person, the newest version that was loaded
{{ config(materialized="ephemeral") }}
with

    source as (select * from {{ raw("posthog", "persons") }}),

    newest as ({{ deduplicate("source", "id") }}),

    final as ({{ without_forgotten("newest", forgotten_posthog_person("newest")) }})

select *
from final
