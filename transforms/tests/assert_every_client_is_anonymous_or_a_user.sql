-- A browser is in clients or, from its first login on, in users; in one of them, and in only one.
with

    seen as (select distinct client_id from {{ ref("sessions") }}),

    anonymous as (select client_id, true as is_anonymous from {{ ref("clients") }}),

    known as (select distinct client_id, true as is_known from {{ ref("users") }})

select client_id
from seen
full join anonymous using (client_id)
full join known using (client_id)
where coalesce(is_anonymous, false) = coalesce(is_known, false)
