{#-
    The newest version of each record that arrived since the newest row of this table, and of all
    that a copy of it could be: what was sent twice under two ids was received at one moment, in its
    old version or in its new one. Of all records in a full refresh. `key` names a record in
    `landed`, `known_as` in this table.
-#}
{% macro newest_with_copies(landed, key, known_as) -%}
    {%- if not is_incremental() -%} {{ deduplicate(landed, key) }}
    {%- else -%}
        with

            arrived as (select {{ key }}, received_at from ({{ landed_since(landed) }})),

            moments as (
                select received_at
                from arrived
                union
                select seen.received_at at time zone 'UTC'
                from {{ this }} as seen
                semi join arrived on arrived.{{ key }} = seen.{{ known_as }}
            ),

            possible as (
                select {{ key }}
                from arrived
                union
                select landed.{{ key }}
                from {{ landed }} as landed
                semi join moments on moments.received_at is not distinct from landed.received_at
            ),

            versions as (
                select landed.* from {{ landed }} as landed semi join possible using ({{ key }})
            ),

            newest as ({{ deduplicate("versions", key) }})

        select newest.*
        from newest
        semi join moments on moments.received_at is not distinct from newest.received_at
    {%- endif -%}
{%- endmacro %}
