-- every model gives each conversion once: weights from 0 to 1 that add up to 1
{%- set models = attribution_models() %}
select
    conversion_id,
    {%- for model in models %}
        sum(weight_{{ model }}) as weight_{{ model }}{{ "," if not loop.last }}
    {%- endfor %}
from {{ ref("mrt__marketing__attributed_touchpoints") }}
group by conversion_id
having
    {%- for model in models %}
        {{ "or " if not loop.first }}abs(sum(weight_{{ model }}) - 1) > 1e-9
        or min(weight_{{ model }}) < 0
        or max(weight_{{ model }}) > 1
    {%- endfor %}
