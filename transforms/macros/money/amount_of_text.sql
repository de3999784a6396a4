{#-
    The number in an amount that somebody typed, such as $40,000 or 1.250,50 €; null where there is
    none, or where it could be read in two ways (1.250). The currency is not read: it is the
    reporting currency, whatever sign was typed.
-#}
{% macro amount_of_text(text) -%}
    {%- set typed = "regexp_replace(" ~ text ~ ", '\s|[$€£¥]|EUR|USD|GBP|JPY', '', 'g')" -%}
    case
        when regexp_full_match({{ typed }}, '-?([0-9]+|[0-9]{1,3}(,[0-9]{3})+)(\.[0-9]{1,2})?')
        then cast(replace({{ typed }}, ',', '') as decimal(18, 2))
        when
            regexp_full_match(
                {{ typed }},
                '-?([0-9]+,[0-9]{1,2}|[0-9]{1,3}(\.[0-9]{3})+,[0-9]{1,2}|[0-9]{1,3}(\.[0-9]{3}){2,})'
            )
        then cast(replace(replace({{ typed }}, '.', ''), ',', '.') as decimal(18, 2))
    end
{%- endmacro %}
