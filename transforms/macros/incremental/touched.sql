{#-
    The entities of which a row is new, gone or changed in one of the columns, against what this
    table holds, so that all rows of each can be reckoned anew. Each side is added up to the entity
    first: rows need not be matched with one another. For incremental runs only.
-#}
{% macro touched(upstream, entity, columns) -%}
    {%- set digest -%}
        count(*) as row_count, sum(hash({{ columns | join(", ") }})) as digest
    {%- endset -%}
    select {{ entity }}
    from (select {{ entity }}, {{ digest }} from {{ upstream }} group by all) as stands
    full join
        (select {{ entity }}, {{ digest }} from {{ this }} group by all) as known using (
            {{ entity }}
        )
    where
        stands.row_count is distinct from known.row_count
        or stands.digest is distinct from known.digest
{%- endmacro %}
