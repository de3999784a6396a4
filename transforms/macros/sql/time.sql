{#-
    A moment as TIMESTAMP in UTC; text must be ISO 8601, and without an offset it is read as UTC.
-#}
{% macro utc(moment) -%} cast({{ moment }} as timestamptz) at time zone 'UTC' {%- endmacro %}

{#- The calendar day of a UTC moment where the company is. -#}
{% macro reporting_date(moment) -%}
    cast({{ moment }} at time zone 'UTC' at time zone '{{ var("reporting_timezone") }}' as date)
{%- endmacro %}

{#-
    When an event happened: by its own clock, unless that clock was wrong. A device that is ahead of
    the server by more than five minutes, or that lives before the year 2000, has no true clock;
    the moment the server received the event stands in.
-#}
{% macro repaired_time(happened, received) -%}
    case
        when
            {{ happened }} > {{ received }} + interval 5 minute
            or {{ happened }} < timestamptz '2000-01-01 00:00:00+00'
            or {{ happened }} is null
        then {{ received }}
        else {{ happened }}
    end
{%- endmacro %}

{#-
    Whether an event begins a session: the visitor's first, or one more than the idle limit after
    the one before; exactly the limit stays. `previous` is the moment of that one, null for the
    first.
-#}
{% macro begins_session(moment, previous) -%}
    coalesce(
        {{ moment }} - {{ previous }} > interval {{ var("session_idle_minutes") }} minute, true
    )
{%- endmacro %}
