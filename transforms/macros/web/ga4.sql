{#-
    One parameter of a GA4 event: the export keeps them as a list of keys, each with its value in
    the column of its type (`string_value`, `int_value`, ...). Null when the event has none.
-#}
{% macro ga4_param(key, type="string_value") -%}
    list_filter(event_params, lambda param:param.key = '{{ key }}')[1].value.{{ type }}
{%- endmacro %}

{#- GA4's own words for nothing: (not set), (direct) and (none). -#}
{% macro ga4_text(value) -%}
    nullif(nullif(nullif(nullif({{ value }}, ''), '(not set)'), '(direct)'), '(none)')
{%- endmacro %}

{#- The medium of a session in GA4's words: organic and referral are of the site it came from. -#}
{% macro session_medium(sessions) -%}
    coalesce(
        {{ sessions }}.medium,
        case
            {{ sessions }}.channel
            when 'organic_search'
            then 'organic'
            when 'organic_social'
            then 'organic'
            when 'referral'
            then 'referral'
        end
    )
{%- endmacro %}
