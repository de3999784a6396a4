{#-
    The name of a link's site without its country and subdomains: google for
    www.google.co.uk/search.
-#}
{% macro site_name(link) -%}
    nullif(
        regexp_extract(
            lower({{ link }}),
            '([a-z0-9-]+)\.(?:(?:co|com|org|net|ac|gov)\.)?[a-z]{2,}(?:[:/?#]|$)',
            1
        ),
        ''
    )
{%- endmacro %}

{#- The value of one query parameter of a link; null when it is absent or empty. -#}
{% macro url_parameter(link, name) -%}
    nullif(url_decode(regexp_extract({{ link }}, '[?&]{{ name }}=([^&#]*)', 1)), '')
{%- endmacro %}

{% macro url_without_query(link) -%} regexp_replace({{ link }}, '[?#].*$', '') {%- endmacro %}

{#- The path of a link without parameters; / for the front page. -#}
{% macro url_path(link) -%}
    coalesce(
        nullif(
            regexp_extract({{ link }}, '^(?:[a-zA-Z][a-zA-Z0-9+.-]*://)?[^/?#]*([^?#]*)', 1), ''
        ),
        '/'
    )
{%- endmacro %}

{#- The host of a link, in lower case; null where there is none. -#}
{% macro url_host(link) -%}
    nullif(lower(regexp_extract({{ link }}, '^[a-zA-Z][a-zA-Z0-9+.-]*://([^/?#:]*)', 1)), '')
{%- endmacro %}
