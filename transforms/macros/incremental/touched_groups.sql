{#-
    The groups of `upstream` that are others than this table, which has a row for each, adds them up
    to: by the `sums` (SQL by column, which say when a row came or went) and by the newest arrival.
    A group that holds rows of the newest arrival is touched in any case: a load that was cut in two
    has the other part in the next run. For incremental runs only.
-#}
{% macro touched_groups(upstream, keys, sums) -%}
    select {{ keys | join(", ") }}
    from
        (
            select
                {{ keys | join(", ") }},
                {%- for column, value in sums.items() %} {{ value }} as {{ column }}, {%- endfor %}
                max(loaded_at) as loaded_at
            from {{ upstream }}
            group by {{ keys | join(", ") }}
        ) as stands
    full join {{ this }} as known using ({{ keys | join(", ") }})
    where
        stands.loaded_at is distinct from known.loaded_at
        or stands.loaded_at >= (select max(seen.loaded_at) from {{ this }} as seen)
        {%- for column in sums %}
            or stands.{{ column }} is distinct from known.{{ column }}
        {%- endfor %}
{%- endmacro %}
