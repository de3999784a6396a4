-- The outlet's registered customers.
create table landing.raw_data.woocommerce_customers as
with
    bought as (
        select customer_id, min(ordered_at) as first_ordered_at
        from woocommerce_facts
        where customer_id <> 0
        group by customer_id
    ),

    known as (
        select
            woocommerce_accounts.*,
            first_name,
            last_name,
            country,
            least(
                first_ordered_at, acquired_on::timestamp + interval 10 hour
            ) as created_moment
        from woocommerce_accounts
        inner join people using (person_id)
        inner join bought using (customer_id)
    ),

    loads as (
        select
            *,
            loaded_after(greatest(created_moment, getvariable('window_start'))) as loaded_at
        from known
    ),

    versioned as (
        select *, 0 as version
        from loads
        union all
        select * replace (loaded_at + interval 6 hour as loaded_at), 1
        from loads
        where
            draw('outlet customer twice', customer_id) < 0.02
            and loaded_at + interval 6 hour < getvariable('last_load')
    )
select
    draw_uuid('raw woocommerce_customers', customer_id * 2 + version) as _airbyte_raw_id,
    loaded_at at time zone 'UTC' as _airbyte_extracted_at,
    load_meta(loaded_at) as _airbyte_meta,
    0::bigint as _airbyte_generation_id,
    customer_id as id,
    email,
    first_name,
    last_name,
    'customer' as role,
    split_part(email, '@', 1) as username,
    created_moment as date_created_gmt,
    to_json(
        {
            'first_name': first_name,
            'last_name': last_name,
            'company': '',
            'country': country,
            'email': email
        }
    ) as billing
from versioned
order by loaded_at, customer_id, version;
