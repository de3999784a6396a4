{#-
    The days (UTC) of which two relations do not hold the same events: one is missing, is gone or
    was loaded again. Both have `event_key`, `occurred_at` and `loaded_at`.
-#}
{% macro differing_days(one, other) -%}
    select day
    from ({{ fingerprinted_days(one) }}) as one
    full join ({{ fingerprinted_days(other) }}) as other using (day)
    where one.fingerprint is distinct from other.fingerprint
{%- endmacro %}

{% macro fingerprinted_days(events) -%}
    select cast(occurred_at as date) as day, sum(hash(event_key, loaded_at)) as fingerprint
    from {{ events }}
    group by 1
{%- endmacro %}
