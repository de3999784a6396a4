-- The hours hold each event once, machines included.
with

    blocks as (select sum(event_count) as events from {{ ref("event_blocks") }}),

    events as (select count(*) as events from {{ ref("events_sessionated") }})

select blocks.events as events_of_hours, events.events
from blocks
cross join events
where coalesce(blocks.events, 0) != events.events
