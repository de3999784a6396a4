{#-
    What a table took from a model beside its events, kept as it was taken: a copy of two hashes
    for each key, so that the next run finds what another model says differently now. It is
    written in the table's own transaction, so a run that fails loses nothing. `pairs` is SQL that
    gives `key_hash` and `fingerprint`, hashes of the key and of what is taken.
-#}
{% macro changed_since_consumed(name, pairs) -%}
    select key_hash
    from ({{ pairs }}) as stands
    full join {{ consumed(name) }} as known using (key_hash)
    where stands.fingerprint is distinct from known.fingerprint
{%- endmacro %}

{#- A pre-hook; an empty copy lets everything count as changed. -#}
{% macro open_consumed(name) -%}
    {{-
        return(
            "create table if not exists "
            ~ consumed(name)
            ~ " (key_hash ubigint, fingerprint ubigint)"
        )
    -}}
{%- endmacro %}

{#- A post-hook: the copy as of this run. -#}
{% macro remember_consumed(name, pairs) -%}
    {{- return("create or replace table " ~ consumed(name) ~ " as " ~ pairs) -}}
{%- endmacro %}

{% macro consumed(name) -%}
    {{-
        return(
            api.Relation.create(
                database=this.database,
                schema=generate_schema_name("consumed", none),
                identifier=this.identifier ~ "__" ~ name,
            )
        )
    -}}
{%- endmacro %}

{#- An on-run-start hook. -#}
{% macro open_consumed_schema() -%}
    {{- return("create schema if not exists " ~ generate_schema_name("consumed", none)) -}}
{%- endmacro %}
