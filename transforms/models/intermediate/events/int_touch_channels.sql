-- grain: one row per visit and per order, with the marketing channel that it came through
{{ config(materialized="table") }}
with

    touches as (select * from {{ ref("int_touches") }}),

    channels as ({{ visit_channels("touches") }})

select
    touches.touch_key,
    channels.channel,
    touches.source,
    touches.medium,
    touches.campaign,
    touches.referring_site,
    touches.touched_at
from touches
inner join channels on {{ same_origin("touches", "channels") }}
