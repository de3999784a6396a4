-- an address that somebody gave without agreeing to be known is nobody's, unless it is known anyway
select identifier_value
from {{ ref("int_customer_identity_map") }} as identity_map
where
    identifier_type = 'email'
    and source_system = 'forms'
    and identifier_value not in (
        select email
        from {{ ref("base__form_submissions") }}
        where has_marketing_consent and email is not null
    )
