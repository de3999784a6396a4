{#- The site of a link without www and the like, e.g. google for https://www.google.com/search. -#}
{% macro site_name(link) -%}
    nullif(
        regexp_extract(lower({{ link }}), '^(?:[a-z]+://)?(?:(?:www|m|l|lm)\.)?([a-z0-9-]+)\.', 1),
        ''
    )
{%- endmacro %}

{#- The value of one query parameter of a link; null when it is absent or empty. -#}
{% macro url_parameter(link, name) -%}
    nullif(url_decode(regexp_extract({{ link }}, '[?&]{{ name }}=([^&#]*)', 1)), '')
{%- endmacro %}

{% macro url_without_query(link) -%} regexp_replace({{ link }}, '[?#].*$', '') {%- endmacro %}
