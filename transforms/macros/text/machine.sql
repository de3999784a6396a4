{#-
    Whether a program or one of the staff made a call, by what it calls itself and by the network
    it came from. Never null. A program that calls itself a browser is not found here.
-#}
{% macro is_machine(user_agent, ip) -%}
    coalesce(
        regexp_matches(
            lower({{ user_agent }}),
            'bot\b|crawl|spider|monitor|headless|lighthouse|python-requests|curl/|wget/'
        ),
        false
    )
    {%- for network in var("staff_networks") %}
        or coalesce(starts_with({{ ip }}, '{{ network }}'), false)
    {%- endfor %}
{%- endmacro %}
