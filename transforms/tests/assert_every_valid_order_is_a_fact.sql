-- an order that counts is in the mart, and nothing else is
(
    select order_key
    from {{ ref("int_orders_unioned") }}
    where is_valid_order
    except
    select order_key
    from {{ ref("fct_orders") }}
)
union all
(
    select order_key
    from {{ ref("fct_orders") }}
    except
    select order_key
    from {{ ref("int_orders_unioned") }}
    where is_valid_order
)
