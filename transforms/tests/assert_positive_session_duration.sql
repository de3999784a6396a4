-- No session ends before it begins, and its duration is what lies between.
select session_id, session_start, session_end, session_duration
from {{ ref("sessions") }}
where
    session_duration < 0
    or session_end < session_start
    or session_duration != date_diff('second', session_start, session_end)
