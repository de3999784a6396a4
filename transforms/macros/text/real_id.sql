{#-
    An identifier that names somebody: null for blanks and for what software writes when it knows
    none.
-#}
{% macro real_id(id) -%}
    case
        when lower(trim({{ id }})) not in ('', '{{ var("placeholder_ids") | join("', '") }}')
        then trim({{ id }})
    end
{%- endmacro %}
