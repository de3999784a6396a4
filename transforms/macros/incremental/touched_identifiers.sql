{#-
    The identifiers of which `stands` adds the evidence up to another `evidence_hash` than this
    table knows, those that are new and those that are gone. For incremental runs only.
-#}
{% macro touched_identifiers(stands) -%}
    select identifier_key, stands.identifier_key is null as is_gone
    from {{ stands }} as stands
    full join {{ this }} as known using (identifier_key)
    where stands.evidence_hash is distinct from known.evidence_hash
{%- endmacro %}

{#-
    The identifiers that may be of another component now: those at the ends of each edge that came,
    went, or began or ceased to join (`turned` are the identifiers whose edges did), with the
    components that this table has there, by their `root`. Beyond them none can have changed.
-#}
{% macro identifiers_in_reach(touched, turned, neighbours, root) -%}
    with
        ends as (
            select identifier_key
            from {{ touched }}
            union
            select neighbours.neighbour_key
            from {{ neighbours }} as neighbours
            semi join {{ turned }} as turned using (identifier_key)
        )
    select identifier_key
    from ends
    union
    select identifier_key
    from {{ this }}
    where {{ root }} in (select {{ root }} from {{ this }} semi join ends using (identifier_key))
{%- endmacro %}
