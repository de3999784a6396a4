{#-
    The newest version of each record that arrived since the newest row of this table, and of all
    that a copy of it could be: what was sent twice, under two ids, is of one `moment`, in an old
    version or in the new one. Of all records in a full refresh.
-#}
{% macro newest_with_copies(landed, key, moment) -%}
    {%- if not is_incremental() -%} {{ deduplicate(landed, key) }}
    {%- else -%}
        with
            moments as ({{ touched_moments(landed, key, moment) }}),

            newest as ({{ newest_of_moments(landed, key, moment, "moments") }})

        select *
        from newest
    {%- endif -%}
{%- endmacro %}

{#- The moments of records that arrived, of all their versions: at these something is new or gone. -#}
{% macro touched_moments(landed, key, moment, stream=none) -%}
    with arrived as (select {{ key }} from ({{ landed_since(landed, stream) }}))
    select distinct landed.{{ moment }} as moment
    from {{ landed }} as landed
    semi join arrived on arrived.{{ key }} = landed.{{ key }}
{%- endmacro %}

{#- The newest versions of the records that are of these moments. -#}
{% macro newest_of_moments(landed, key, moment, moments) -%}
    with

        possible as (
            select landed.{{ key }}
            from {{ landed }} as landed
            semi join
                {{ moments }} as moments on moments.moment is not distinct from landed.{{ moment }}
        ),

        versions as (
            select landed.* from {{ landed }} as landed semi join possible using ({{ key }})
        ),

        newest as ({{ deduplicate("versions", key) }})

    -- a record that was of the moment once may be of another now
    select newest.*
    from newest
    semi join {{ moments }} as moments on moments.moment is not distinct from newest.{{ moment }}
{%- endmacro %}
