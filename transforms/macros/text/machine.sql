{#- Whether a program made a call, by what it calls itself. Never null. -#}
{% macro is_bot_agent(user_agent) -%}
    coalesce(
        regexp_matches(
            {{ user_agent }},
            'bot\b|crawl|spider|slurp|monitor|headless|lighthouse|python-requests|curl/|wget/',
            'i'
        ),
        false
    )
{%- endmacro %}

{#- Whether an address is of a network from which the own staff uses the shop. Never null. -#}
{% macro is_staff_address(ip) -%}
    {%- for network in var("staff_networks") -%}
        coalesce(starts_with({{ ip }}, '{{ network }}'), false) {{- " or " if not loop.last }}
    {%- else -%} false
    {%- endfor -%}
{%- endmacro %}

{#-
    Whether a program or one of the staff made a call, by what it calls itself and by the network
    it came from. Never null. A program that calls itself a browser is not found here.
-#}
{% macro is_machine(user_agent, ip) -%}
    {{ is_bot_agent(user_agent) }} or {{ is_staff_address(ip) }}
{%- endmacro %}
