-- Which events are one session, by the 30-minute rule on repaired times, for each tool on its own.
create table landing.truth.sessions (
    source varchar,
    visitor_id varchar,
    session_no bigint,
    person_id bigint,
    first_event_id varchar,
    n_events bigint,
    started_at timestamp,
    ended_at timestamp,
    is_machine boolean
);

create temp macro sessions_of(source_name, events) as table
with
    spaced as (
        select
            visitor_id,
            event_id,
            occurred_at,
            person_id,
            is_machine,
            coalesce(
                date_diff('second', lag(occurred_at) over by_time, occurred_at) > 1800, true
            )::int as is_new
        from query_table(events)
        window by_time as (partition by visitor_id order by occurred_at, event_id)
    ),

    numbered as (
        select
            *,
            sum(is_new) over (
                partition by visitor_id order by occurred_at, event_id rows unbounded preceding
            )::bigint as session_no
        from spaced
    )
select
    source_name,
    visitor_id,
    session_no,
    -- nobody's, where several people used the device
    case when min(person_id) = max(person_id) then min(person_id) end,
    arg_min(event_id, (occurred_at, event_id)),
    count(*),
    min(occurred_at),
    max(occurred_at),
    bool_or(is_machine)
from numbered
group by visitor_id, session_no;

create temp view measure_clean as
select
    client_id as visitor_id,
    least(event_id, second_id) as event_id,
    clean_at as occurred_at,
    person_id,
    kind <> 'person' as is_machine
from measure_facts;

create temp view rudder_clean as
select
    visitor_id,
    least(id, second_id) as event_id,
    clean_at as occurred_at,
    person_id,
    kind <> 'person' as is_machine
from rudder_facts;

create temp view ga4_clean as
select
    user_pseudo_id as visitor_id,
    ga4_event_id(bundle_id, step_number) as event_id,
    occurred_at,
    person_id,
    kind <> 'person' as is_machine
from ga4_facts
where user_pseudo_id is not null and event_name <> 'session_start';

insert into landing.truth.sessions
from sessions_of('ga4', 'ga4_clean')
order by all;

insert into landing.truth.sessions
from sessions_of('measure_js', 'measure_clean')
order by all;

insert into landing.truth.sessions
from sessions_of('rudderstack', 'rudder_clean')
order by all;
