{#-
    Limits `relation` to the partitions that a run rebuilds: those in which a row arrived since
    the newest row of this table, however old its day, and the last `lookback` days, which the
    source restates. `day` is the partition as a date, `loaded_at` the time of arrival; both are
    SQL over `relation`.
-#}
{% macro touched_partitions(relation, day, loaded_at, lookback) -%}
    select *
    from {{ relation }}
    {% if is_incremental() -%}
            {%- set column = config.meta_require("partition_column") -%}
        where
            {{ day }} in (
                select {{ day }}
                from {{ relation }}
                where
                    {{ loaded_at }}
                    >= (select coalesce(max(loaded_at), timestamp '-infinity') from {{ this }})
                    or {{ day }} >= (select max({{ column }}) - {{ lookback }} from {{ this }})
            )
    {%- endif -%}
{%- endmacro %}
