{#-
    People who asked to be forgotten. The list holds keyed hashes of their identifiers, never the
    identifiers; it is read from a file at the start of a run, so that views can look into it. The
    file stands in MARTLET_SUPPRESSED, its key in MARTLET_SUPPRESSION_KEY. Without them nobody is
    forgotten, and no query is the slower for it.
-#}
{% macro has_suppression_list() -%}
    {{- return(env_var("MARTLET_SUPPRESSED", "") != "") -}}
{%- endmacro %}

{#- An on-run-start hook: the list and its key as tables of the schema `martlet`. -#}
{% macro load_suppression_list() -%}
    {%- if has_suppression_list() -%}
        {%- set list = env_var("MARTLET_SUPPRESSED") | replace("'", "''") -%}
        {%- set key = env_var("MARTLET_SUPPRESSION_KEY") | replace("'", "''") -%}
        create schema if not exists martlet
        ;
        create or replace table martlet.suppressed as
        select distinct digest
        from read_csv('{{ list }}', header = true, all_varchar = true)
        ;
        create or replace table martlet.suppression_key as
        select trim(content, e' \n') as suppression_key
        from read_text('{{ key }}')
    {%- endif -%}
{%- endmacro %}

{#-
    Whether one of the identifiers is on the list: pairs of a type, as the identity map has it, and
    SQL for the value. Never null.
-#}
{% macro is_forgotten(identifiers) -%}
    {%- if has_suppression_list() -%}
        (
        {%- for type, value in identifiers -%}
            {%- if type == "email" -%}
                {%- set value = canonical_email(normalize_email(value)) -%}
            {%- endif -%}
                coalesce(
                    sha256(
                        (select suppression_key from {{ target.database }}.martlet.suppression_key)
                        || '{{ type }}:'
                        || trim({{ value }})
                    ) in (select digest from {{ target.database }}.martlet.suppressed),
                    false
                )
            {%- if not loop.last %} or {% endif -%}
        {%- endfor -%}
        )
    {%- else -%} false
    {%- endif -%}
{%- endmacro %}

{#- The rows of `relation` of people who were not forgotten. -#}
{% macro without_forgotten(relation, condition) -%}
    select *
    from {{ relation }}
    {%- if has_suppression_list() %} where not {{ condition }}
    {% endif %}
{%- endmacro %}

{#-
    All rows of `relation`; those of forgotten people with other values in some columns. The
    values are SQL by column.
-#}
{% macro with_forgotten_anonymous(relation, condition, values) -%}
    {%- if has_suppression_list() -%}
        select
            * exclude (is_forgotten_) replace (
        {%- for column, value in values.items() %}
                    case
                        when is_forgotten_ then {{ value }} else {{ column }}
                    end as {{ column }}{{ "," if not loop.last }}
        {%- endfor %}
            )
        from (select *, {{ condition }} as is_forgotten_ from {{ relation }})
    {%- else -%} select * from {{ relation }}
    {%- endif -%}
{%- endmacro %}
