-- grain: one row per event id of RudderStack
with

    landed as (select * from {{ ref("base_rudderstack__tracks") }}),

    newest as ({{ deduplicate("landed", "id") }}),

    final as ({{ rudderstack_tracks("newest") }})

select *
from final
