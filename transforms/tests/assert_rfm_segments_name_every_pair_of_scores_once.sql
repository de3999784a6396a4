-- a customer can neither fall between the segments nor into two of them
with scores as (select unnest(range(1, 6)) as score)

select recency.score as recency_score, frequency.score as frequency_score
from scores as recency
cross join scores as frequency
left join
    {{ ref("rfm_segments") }} as segments
    on recency.score between segments.recency_min and segments.recency_max
    and frequency.score between segments.frequency_min and segments.frequency_max
group by 1, 2
having count(segments.segment) != 1
