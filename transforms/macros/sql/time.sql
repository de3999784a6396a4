{#-
    A moment as TIMESTAMP in UTC; text must be ISO 8601, and without an offset it is read as UTC.
-#}
{% macro utc(moment) -%} cast({{ moment }} as timestamptz) at time zone 'UTC' {%- endmacro %}

{#- The calendar day of a UTC moment where the company is. -#}
{% macro reporting_date(moment) -%}
    cast({{ moment }} at time zone 'UTC' at time zone '{{ var("reporting_timezone") }}' as date)
{%- endmacro %}
