-- a store that no location ships for would sell out of nothing: add it to stock_locations
select distinct store
from {{ ref("fct_sales") }}
where source_system = 'shopify' and store not in (select store from {{ ref("stock_locations") }})
