{#-
    The body of a recursive CTE's query: each identifier with the smallest identifier it is
    connected to. `edges` is a CTE with the columns identifier_key and neighbour_key that holds
    every edge both ways. Identifiers without an edge are not in the result.
-#}
{% macro connected_components(edges) -%}
    with recursive reached(identifier_key, component)
    using
        key(identifier_key) as (
            select identifier_key, min(least(identifier_key, neighbour_key))
            from {{ edges }}
            group by identifier_key
            union
            select edge.neighbour_key, min(reached.component)
            from reached
            inner join {{ edges }} as edge on edge.identifier_key = reached.identifier_key
            inner join recurring.reached as known on known.identifier_key = edge.neighbour_key
            where reached.component < known.component
            group by edge.neighbour_key
        )
    select identifier_key, component
    from reached
{%- endmacro %}
