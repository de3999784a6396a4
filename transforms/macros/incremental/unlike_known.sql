{#-
    The rows of `relation` that this table lacks or holds otherwise; all of them in a full refresh.
    They are told by a hash of `columns`, from which all other columns follow: what is dear to
    reckon is then reckoned for these rows alone.
-#}
{% macro unlike_known(relation, columns) -%}
    select *
    from {{ relation }} as stands
    {% if is_incremental() -%}
        anti join
            (select hash({{ columns | join(", ") }}) as row_hash from {{ this }}) as known
            on known.row_hash = hash(stands.{{ columns | join(", stands.") }})
    {%- endif %}
{%- endmacro %}

{#-
    For `replace_touched`: what `unlike_known` found, reckoned to its end in `final`, and the keys
    of this table that are in `relation` no longer.
-#}
{% macro unlike_or_gone(final, relation, columns, key) -%}
    select *
    from {{ final }}
    {% if is_incremental() -%}
        union all by name
        select known.{{ key }}
        from {{ this }} as known
        anti join
            (select hash({{ columns | join(", ") }}) as row_hash from {{ relation }}) as stands
            on stands.row_hash = hash(known.{{ columns | join(", known.") }})
        anti join {{ final }} as final on final.{{ key }} = known.{{ key }}
    {%- endif %}
{%- endmacro %}
