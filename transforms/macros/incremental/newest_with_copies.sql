{#-
    The newest version of each record that arrived since the newest row of this table, and of all
    that a copy of it could be: what was sent twice, under two ids, is of one `moment`, in the
    version that this table has or in the new one. Of all records in a full refresh. This table has
    the key as `known_key`, and the moment, as UTC, under its own name.
-#}
{% macro newest_with_copies(landed, key, moment, known_key=none) -%}
    {%- if not is_incremental() -%} {{ deduplicate(landed, key) }}
    {%- else -%}
        with
            arrivals as ({{ landed_since(landed) }}),

            moments as (
                select {{ moment }} as moment
                from arrivals
                union
                select {{ moment }} at time zone 'UTC'
                from {{ this }}
                where {{ known_key or key }} in (select {{ key }} from arrivals)
            ),

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

{#- The newest versions of the records that are of these moments, which are those of what arrived. -#}
{% macro newest_of_moments(landed, key, moment, moments, stream=none) -%}
    with

        arrived as ({{ landed_since(landed, stream) }}),

        -- few, and found by themselves: else DuckDB reads the keys of all records
        possible as materialized(
            select landed.{{ key }}
            from {{ landed }} as landed
            semi join
                {{ moments }} as moments on moments.moment is not distinct from landed.{{ moment }}
        ),

        copies as (select {{ key }} from possible anti join arrived using ({{ key }})),

        -- nothing arrives after a newer version of it: of what arrived, the newest is there
        versions as (
            select *
            from arrived
            union all
            select landed.*
            from {{ landed }} as landed
            semi join copies using ({{ key }})
        ),

        newest as ({{ deduplicate("versions", key) }})

    -- a record that was of the moment once may be of another now
    select newest.*
    from newest
    semi join {{ moments }} as moments on moments.moment is not distinct from newest.{{ moment }}
{%- endmacro %}
