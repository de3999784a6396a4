-- the channel columns of the wide table add up to its total: no channel is missing
select date
from {{ ref("fct_marketing_mix_daily") }}
where
    total_spend != {% for channel in var("paid_channels") -%}
        {{ channel }}_spend{{ " + " if not loop.last }}
    {%- endfor %}
