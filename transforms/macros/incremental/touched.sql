{#-
    The entities of which a row is new, gone, changed in one of the columns, or with another entity
    now, against what this table holds. Both the old and the new entity of a row count, so that all
    rows of each can be reckoned anew. For incremental runs only.
-#}
{% macro touched(upstream, key, entity, columns) -%}
    select distinct unnest([known.{{ entity }}, arrived.{{ entity }}]) as {{ entity }}
    from {{ this }} as known
    full join {{ upstream }} as arrived on arrived.{{ key }} = known.{{ key }}
    where
        known.{{ entity }} is distinct from arrived.{{ entity }}
        {%- for column in columns %}
            or known.{{ column }} is distinct from arrived.{{ column }}
        {%- endfor %}
{%- endmacro %}
