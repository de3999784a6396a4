-- grain: one row per person whom GA4 saw with consent
with

    sessions as (
        select *
        from {{ ref("mrt__marketing__web_sessions") }}
        where resolved_user_id is not null and not is_bot and not is_internal
    ),

    final as (
        select
            resolved_user_id as master_customer_id,
            count(*) as total_sessions,
            cast(sum(page_views) as bigint) as total_page_views,
            count(distinct session_date) as days_active,
            min(session_start_at) as first_seen_at,
            max(session_end_at) as last_seen_at
        from sessions
        group by resolved_user_id
    )

select *
from final
