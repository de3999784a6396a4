-- grain: one row per Meta ad creative, its copy found wherever its format keeps it
with

    source as (select * from {{ raw("meta_ads", "ad_creatives") }}),

    newest as ({{ deduplicate("source", "id") }}),

    -- plain creatives keep copy in columns, videos in their story, dynamic ones in a feed
    renamed as (
        select
            id as creative_id,
            account_id,
            name as creative_name,
            case
                when asset_feed_spec is not null
                then 'dynamic'
                when (object_story_spec ->> '$.video_data') is not null
                then 'video'
                when (object_story_spec ->> '$.link_data.child_attachments') is not null
                then 'carousel'
                else 'image'
            end as format,
            coalesce(
                nullif(trim(title), ''),
                object_story_spec ->> '$.video_data.title',
                object_story_spec ->> '$.link_data.name',
                asset_feed_spec ->> '$.titles[0].text'
            ) as headline,
            coalesce(
                nullif(trim(body), ''),
                object_story_spec ->> '$.video_data.message',
                object_story_spec ->> '$.link_data.message',
                asset_feed_spec ->> '$.bodies[0].text'
            ) as body_copy,
            coalesce(
                call_to_action_type,
                object_story_spec ->> '$.video_data.call_to_action.type',
                object_story_spec ->> '$.link_data.call_to_action.type'
            ) as call_to_action,
            coalesce(
                image_url,
                object_story_spec ->> '$.video_data.image_url',
                asset_feed_spec ->> '$.images[0].url',
                thumbnail_url
            ) as ad_creative_url,
            coalesce(
                link_url,
                object_story_spec ->> '$.video_data.call_to_action.value.link',
                object_story_spec ->> '$.link_data.link',
                asset_feed_spec ->> '$.link_urls[0].website_url'
            ) as landing_page_url,
            status as creative_status,
            {{ utc("_airbyte_extracted_at") }} as loaded_at
        from newest
    )

select *
from renamed
