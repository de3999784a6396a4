{#- The address as people compare it: lower case, no white space, null when it is no address. -#}
{% macro normalize_email(email) -%}
    nullif(
        regexp_extract(
            lower(nfc_normalize(regexp_replace({{ email }}, '[\s\p{Z}\p{Cf}]', '', 'g'))),
            '^[^@]+@[^@]+\.[^@.]+$'
        ),
        ''
    )
{%- endmacro %}

{% macro extract_email_domain(email) -%} split_part({{ email }}, '@', 2) {%- endmacro %}

{#- One mailbox, one address: without +tag, and without the dots that Gmail ignores. -#}
{% macro canonical_email(email) -%}
    case
        when {{ extract_email_domain(email) }} in ('gmail.com', 'googlemail.com')
        then
            replace(regexp_replace(split_part({{ email }}, '@', 1), '\+.*$', ''), '.', '')
            || '@gmail.com'
        else regexp_replace({{ email }}, '\+[^@]*@', '@')
    end
{%- endmacro %}
