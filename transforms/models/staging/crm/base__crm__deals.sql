-- grain: one row per CRM deal that is there today
with

    source as (select * from {{ raw("crm", "deals") }}),

    newest as ({{ newest_crm_records("source", "deal_id") }}),

    staged as (
        select
            *,
            deal_pipeline_stage_id in ('{{ var("won_deal_stages") | join("', '") }}') as is_won,
            deal_pipeline_stage_id in ('{{ var("lost_deal_stages") | join("', '") }}') as is_lost
        from newest
        where not is_deleted_record and not coalesce(is_deleted, false)
    ),

    renamed as (
        select
            cast(deal_id as varchar) as deal_id,
            property_dealname as deal_name,
            deal_pipeline_id as pipeline,
            deal_pipeline_stage_id as deal_stage,
            case when is_won then 'won' when is_lost then 'lost' else 'open' end as deal_status,
            cast(owner_id as varchar) as owner_id,
            property_amount as amount_as_typed,
            {{ amount_of_text("property_amount") }} as amount,
            is_won,
            property_closedate < property_createdate as is_closed_before_created,
            {{ utc("property_createdate") }} as created_at,
            -- nothing closes before it exists: the close was typed wrong
            case
                when is_won or is_lost
                then {{ utc("greatest(property_closedate, property_createdate)") }}
            end as closed_at,
            {{ utc("synced_at") }} as loaded_at
        from staged
    )

select *
from renamed
