-- What was won, by whom, and over which channels, as far as consented data of GA4 can know.
create table landing.truth.conversions as
with
    won as (
        select
            order_key as conversion_id,
            'order' as conversion_type,
            person_id,
            ordered_at as converted_at,
            net_revenue as amount
        from landing.truth.orders
        where is_valid
        union all
        select
            'crm:' || deal_id::varchar,
            'deal',
            person_id,
            greatest(closed_as_typed, created_at),
            major(amount, 'EUR')
        from crm_deals
        where outcome = 'won' and archive_fault is distinct from 'archived'
    ),

    touches as (
        select
            linked.person_id,
            user_pseudo_id,
            session_number,
            min(occurred_at) as touched_at,
            arg_min(analytics_storage, (occurred_at, event_key)) as consent,
            coalesce(any_value(channel), 'direct') as channel
        from ga4_facts
        inner join
            landing.truth.person_identifiers as linked
            on linkable
            and identifier_type = 'ga4_user_pseudo_id'
            and identifier_value = user_pseudo_id
        left join arrivals on session_arrival = arrivals.arrival_number
        where kind = 'person' and event_name <> 'session_start'
        group by all
    ),

    paths as (
        select
            conversion_id,
            list(channel order by touched_at, user_pseudo_id) as channel_path
        from won
        inner join
            touches
            on won.person_id = touches.person_id
            and touched_at <= converted_at
            and touched_at > converted_at - interval 90 day
        where consent = 'Yes'
        group by conversion_id
    )
select
    conversion_id,
    conversion_type,
    person_id,
    converted_at,
    amount,
    coalesce(channel_path, []) as channel_path
from won
left join paths using (conversion_id)
order by converted_at, conversion_id;
