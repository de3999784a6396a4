-- no model makes or loses a cent, and no part has the other sign of the whole
{%- set models = attribution_models() %}
select conversion_id
from {{ ref("mrt__marketing__attributed_touchpoints") }}
group by conversion_id
having
    {%- for model in models %}
        {{ "or " if not loop.first }}sum(attributed_value_{{ model }})
        != any_value(conversion_value)
        or min(attributed_value_{{ model }} * sign(conversion_value)) < 0
    {%- endfor %}
