-- grain: one row per PostHog person, the newest version that was loaded
{{ config(materialized="ephemeral") }}
with

    source as (select * from {{ source("posthog", "persons") }}),

    newest as ({{ deduplicate("source", "id") }})

select *
from newest
