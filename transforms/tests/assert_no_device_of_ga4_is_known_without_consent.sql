-- a cookie of GA4 leads to a person only where a login or a form of that cookie had consent
with

    consented as (
        select user_pseudo_id
        from {{ ref("base__ga4__events") }}
        where consent__analytics_storage = 'Yes' and user_id is not null
        union
        select user_pseudo_id
        from {{ ref("base__form_submissions") }}
        where has_marketing_consent and email is not null
    )

select identifier_value, master_customer_id
from {{ ref("int_customer_identity_map") }}
where
    identifier_type = 'ga4_user_pseudo_id'
    and identifier_value not in (select user_pseudo_id from consented)
