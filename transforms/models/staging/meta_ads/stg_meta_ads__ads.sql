-- grain: one row per Meta ad
with

    source as (select * from {{ raw("meta_ads", "ads") }}),

    newest as ({{ deduplicate("source", "id") }}),

    renamed as (
        select
            id as ad_id,
            campaign_id,
            adset_id,
            coalesce(creative ->> 'creative_id', creative ->> 'id') as creative_id,
            name as ad_name,
            status as ad_status,
            {{ utc("created_time") }} as created_at,
            {{ utc("updated_time") }} as updated_at,
            {{ utc("_airbyte_extracted_at") }} as loaded_at
        from newest
    )

select *
from renamed
