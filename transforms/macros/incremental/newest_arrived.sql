{#-
    The newest version of each record that arrived since the newest row of this table; it is the
    newest of all, since nothing older arrives later. Of each record in a full refresh.
-#}
{% macro newest_arrived(landed, key) -%}
    with arrived as ({{ landed_since(landed) }}) {{ deduplicate("arrived", key) }}
{%- endmacro %}
