{#-
    The rows of `relation` that this table lacks or holds otherwise; all of them in a full
    refresh. What is written is then equal to a full refresh by construction, whatever arrived
    late, twice or out of order.
-#}
{% macro changed_rows(relation) -%}
    select *
    from {{ relation }}
    {% if is_incremental() -%}
        except
        select *
        from {{ this }}
    {%- endif %}
{%- endmacro %}

{#- A pre-hook: rows whose key the upstream model no longer has leave the table. -#}
{% macro delete_vanished(key, upstream, condition="true", upstream_key=none) -%}
    {%- if is_incremental() -%}
        delete from {{ this }}
        where
            {{ key }}
            not in (select {{ upstream_key or key }} from {{ upstream }} where {{ condition }})
    {%- endif -%}
{%- endmacro %}

{#-
    What `replace_rows` has to write: rows of `final` that `known` lacks or holds otherwise, and the
    keys of those that `final` lacks. Both hold the same entities whole, `known` as this table has
    them, whatever the order of its columns.
-#}
{% macro rows_to_replace(final, known, key) -%}
    (
        select *
        from {{ final }}
        except
        select *
        from
            (
                select *
                from {{ final }}
                where false
                union all by name
                select *
                from {{ known }}
            )
    )
    union all by name
    select {{ key }}
    from {{ known }}
    anti join {{ final }} using ({{ key }})
{%- endmacro %}
