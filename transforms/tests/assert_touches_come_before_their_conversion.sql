-- a session after the conversion, without consent or of a machine gets nothing of it
select touches.touchpoint_key
from {{ ref("mrt__marketing__attributed_touchpoints") }} as touches
inner join {{ ref("mrt__marketing__web_sessions") }} as sessions using (session_key)
where
    sessions.session_start_at > touches.converted_at
    or sessions.consent != 'Yes'
    or sessions.is_bot
    or sessions.is_internal
