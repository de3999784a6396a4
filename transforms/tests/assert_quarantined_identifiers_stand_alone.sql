-- a shared device or mailbox joins nobody to anybody
select identifier_key, master_customer_id, match_rule
from {{ ref("int_customer_identity_map") }}
where
    match_rule in ('shared_device', 'shared_email')
    and master_customer_id in (
        select master_customer_id
        from {{ ref("int_customer_identity_map") }}
        group by 1
        having count(*) > 1
    )
