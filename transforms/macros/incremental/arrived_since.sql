{#-
    Keeps what arrived since the newest row that this table has of the same stream. By arrival,
    not by event time, so late events are not lost; with ties, so a load that is cut in two is not
    either. `column` is where this table has the stream.
-#}
{% macro arrived_since(loaded_at, stream, column="stream") -%}
    {%- if is_incremental() -%}
        where
            {{ loaded_at }} >= coalesce(
                (
                    select max(seen.loaded_at)
                    from {{ this }} as seen
                    where seen.{{ column }} = {{ stream }}
                ),
                timestamp '-infinity'
            )
    {%- endif -%}
{%- endmacro %}
