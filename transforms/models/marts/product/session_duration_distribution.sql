-- grain: one row per day and class of session length, empty classes included
{{ fed_by(["measure_js"]) }}
with

    sessions as (select * from {{ ref("sessions") }}),

    days as (select date from {{ ref("daily_performance") }}),

    buckets(bucket_order, duration_bucket, from_seconds, below_seconds) as (
        values
            (1, '0-1 min', 0, 60),
            (2, '1-5 min', 60, 300),
            (3, '5-15 min', 300, 900),
            (4, '15-60 min', 900, 3600),
            (5, '60+ min', 3600, null)
    ),

    sessions_summed_to_bucket as (
        select
            session_date as date,
            buckets.bucket_order,
            count(*) as sessions,
            cast(sum(session_duration) as bigint) as total_session_duration
        from sessions
        inner join
            buckets
            on session_duration >= from_seconds
            and (session_duration < below_seconds or below_seconds is null)
        group by 1, 2
    ),

    final as (
        select
            md5(days.date || ' ' || buckets.bucket_order) as day_bucket_key,
            buckets.duration_bucket,
            buckets.bucket_order,
            coalesce(summed.sessions, 0) as sessions,
            coalesce(summed.total_session_duration, 0) as total_session_duration,
            days.date
        from days
        cross join buckets
        left join sessions_summed_to_bucket as summed using (date, bucket_order)
    )

select *
from final
