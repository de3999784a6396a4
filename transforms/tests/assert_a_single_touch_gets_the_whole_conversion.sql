-- where there is nothing to share, all models agree
{%- set models = attribution_models() %}
select touchpoint_key
from {{ ref("mrt__marketing__attributed_touchpoints") }}
where
    n_touches <= 1
    and (
        {%- for model in models %}
            {{ "or " if not loop.first }}weight_{{ model }} != 1
            or attributed_value_{{ model }} != conversion_value
        {%- endfor %}
    )
