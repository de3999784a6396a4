-- Shopify customers as the connector lands them: the account as it stands, orders counted.
create temp table customer_facts as
with
    bought as (
        select
            customer_id,
            count(*) as order_count,
            sum(net + tax + shipping) filter (is_valid)::bigint as spent,
            min(ordered_at) as first_ordered_at,
            max(ordered_at) as last_ordered_at
        from shopify_facts
        where customer_id is not null
        group by customer_id
    ),

    logins as (
        select login_id as customer_id, min(occurred_at) as first_login_at
        from events
        where step = 'login'
        group by login_id
    )
select
    account_emails.*,
    people.* exclude (person_id),
    coalesce(order_count, 0) as order_count,
    coalesce(spent, 0) as spent,
    least(
        first_ordered_at, first_login_at, acquired_on::timestamp + interval 10 hour
    ) as created_moment,
    coalesce(last_ordered_at, acquired_on::timestamp + interval 11 hour) as updated_moment,
    case
        when changed_on <= getvariable('through') then email_after else email_before
    end as email_now
from account_emails
inner join people using (person_id)
left join bought using (customer_id)
left join logins using (customer_id);

create table landing.raw_data.shopify_customers as
with
    loads as (
        select
            *,
            loaded_after(greatest(updated_moment, created_moment)) as loaded_at,
            loaded_after(created_moment) as first_loaded_at
        from customer_facts
    ),

    versioned as (
        select *, 0 as version
        from loads
        union all
        select
            * replace (
                first_loaded_at as loaded_at,
                0 as order_count,
                0 as spent,
                created_moment as updated_moment,
                email_before as email_now
            ),
            1
        from loads
        where draw('older customer', customer_id) < 0.03 and first_loaded_at < loaded_at
        union all
        select * replace (loaded_at + interval 6 hour as loaded_at), 2
        from loads
        where
            draw('customer twice', customer_id) < 0.02
            and loaded_at + interval 6 hour < getvariable('last_load')
    )
select
    draw_uuid('raw shopify_customers', customer_id * 4 + version) as _airbyte_raw_id,
    loaded_at at time zone 'UTC' as _airbyte_extracted_at,
    load_meta(loaded_at) as _airbyte_meta,
    0::bigint as _airbyte_generation_id,
    customer_id as id,
    email_now as email,
    first_name,
    last_name,
    null::varchar as phone,
    case when order_count > 0 then 'enabled' else 'disabled' end as state,
    case when loyalty = 'loyal' and order_count > 5 then 'vip' else '' end as tags,
    currency,
    order_count::bigint as orders_count,
    money_number(spent, currency) as total_spent,
    true as verified_email,
    draw('marketing consent', person_id) < 0.6 as accepts_marketing,
    created_moment at time zone 'UTC' as created_at,
    greatest(updated_moment, created_moment) at time zone 'UTC' as updated_at,
    to_json(
        {'country_code': country, 'first_name': first_name, 'last_name': last_name}
    ) as default_address,
    to_json(
        [{'country_code': country, 'first_name': first_name, 'last_name': last_name}]
    ) as addresses,
    null::varchar as multipass_identifier,
    shop_url(currency) as shop_url
from versioned
order by loaded_at, customer_id, version;
