-- grain: one row per event, however often and under however many ids it was sent
{{
    config(
        materialized="incremental",
        unique_key="event_id",
        incremental_strategy="replace_rows",
        meta={"never_null": "loaded_at"},
        on_schema_change="append_new_columns",
    )
}}
with

    newest as (
        {{ newest_with_copies(ref("base_rudderstack__tracks"), "id", "received_at", "event_id") }}
    ),

    tracks as ({{ rudderstack_tracks("newest") }}),

    final as (
        select
            event_id, anonymous_id, user_id, event, is_machine, occurred_at, received_at, loaded_at
        from tracks
        qualify
            row_number() over (
                partition by
                    anonymous_id,
                    user_id,
                    event,
                    url,
                    referrer,
                    utm_source,
                    utm_medium,
                    utm_campaign,
                    user_agent,
                    is_machine,
                    occurred_at,
                    sent_at,
                    received_at
                order by event_id
            )
            = 1
    )

select *
from final
{% if is_incremental() %}
    union all by name
    select seen.event_id
    from {{ this }} as seen
    semi join newest on newest.id = seen.event_id
    anti join final on final.event_id = seen.event_id
{% endif %}
