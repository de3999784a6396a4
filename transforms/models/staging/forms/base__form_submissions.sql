-- grain: one row per form that somebody sent
with

    source as (select * from {{ raw("forms", "submissions") }}),

    newest as ({{ deduplicate("source", "submission_id") }}),

    kept as ({{ without_forgotten("newest", forgotten_form_submission()) }}),

    renamed as (
        select
            submission_id,
            form_id,
            form_name,
            {{ normalize_email("email") }} as email,
            nullif(trim(user_pseudo_id), '') as user_pseudo_id,
            page_url,
            coalesce(consent_marketing, false) as has_marketing_consent,
            {{ utc("submitted_at") }} as submitted_at,
            {{ utc("_airbyte_extracted_at") }} as loaded_at
        from kept
    )

select *
from renamed
