select order_id, 'CANARY_PRIVATE_77' as note
from {{ ref("fct_orders") }}
