-- both models refuse a missing value and a negative one
{%- set inputs = [
    "mmm_input_meridian",
    "mmm_input_robyn",
    "mmm_input_meridian_weekly",
    "mmm_input_robyn_weekly",
] %}
{% for input in inputs %}
    {%- set relation = ref(input) %}
    select '{{ input }}' as input
    from {{ relation }}
    where
        false
        {%- for column in adapter.get_columns_in_relation(relation) %}
            or {{ column.quoted }} is null
            {%- if not loop.first %} or {{ column.quoted }} < 0 {%- endif %}
        {%- endfor %}
        {{ "union all" if not loop.last }}
{% endfor %}
