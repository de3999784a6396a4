-- What people typed into forms, on visits that GA4 saw.
create temp table form_facts as
with
    sent as (
        select
            ga4_visits.*,
            ga4_pages.occurred_at,
            path,
            draw('form fault', ga4_visits.visit_id) as fault_draw,
            coalesce(corporate.email, account.email_before, own.email) as email,
            split_part(corporate.email, '@', 2) as company_domain
        from ga4_visits
        inner join
            ga4_pages
            on ga4_visits.visit_id = ga4_pages.visit_id
            and event_name = 'form_submit'
        left join
            crm_contacts as corporate
            on is_trade
            and ga4_visits.person_id = corporate.person_id
            and corporate.number = 1
        left join
            account_emails as account
            on not is_trade
            and ga4_visits.login_id = account.customer_id
        left join
            addresses as own
            on not is_trade
            and ga4_visits.person_id = own.person_id
            and own.slot = 1
        where coalesce(corporate.email, account.email_before, own.email) is not null
    ),

    faulty as (
        select
            *,
            case
                when is_trade and fault_draw < 0.08
                then 'role'
                when not is_trade and fault_draw < 0.10
                then 'case and blanks'
            end as email_fault,
            analytics_storage = 'Yes' and draw('agrees', visit_id) < 0.75 as consent_marketing
        from sent
    )
select
    visit_id,
    person_id,
    0 as attempt,
    form_name,
    email as email_clean,
    case email_fault
        when 'role'
        then 'info@' || company_domain
        when 'case and blanks'
        then ' ' || upper(left(email, 1)) || substr(email, 2) || ' '
        else email
    end as email,
    email_fault,
    case when consent_kind <> 'cookieless' then user_pseudo_id end as user_pseudo_id,
    analytics_storage,
    consent_marketing,
    occurred_at as submitted_at,
    is_trade
from faulty
union all
-- mistyped a minute before, from a page that sets no cookie
select
    visit_id,
    person_id,
    1,
    form_name,
    email,
    replace(email, '@', 'e@'),
    'typo',
    null,
    analytics_storage,
    false,
    occurred_at - interval 70 second,
    is_trade
from faulty
where email_fault is null and draw('mistypes', visit_id) < 0.02;

create table landing.raw_data.form_submissions as
with
    loads as (
        select
            *,
            visit_id * 2 + attempt as form_key,
            loaded_after(submitted_at + to_seconds(late_seconds('form', visit_id))) as loaded_at
        from form_facts
    ),

    versioned as (
        select *, 0 as version
        from loads
        union all
        select * replace (loaded_at + interval 6 hour as loaded_at), 1
        from loads
        where
            draw('form twice', form_key) < 0.02
            and loaded_at + interval 6 hour < getvariable('last_load')
    )
select
    draw_uuid('raw form_submissions', form_key * 2 + version) as _airbyte_raw_id,
    loaded_at at time zone 'UTC' as _airbyte_extracted_at,
    load_meta(loaded_at) as _airbyte_meta,
    0::bigint as _airbyte_generation_id,
    draw_uuid('form', form_key) as submission_id,
    'form-' || replace(form_name, '_', '-') as form_id,
    form_name,
    email,
    user_pseudo_id,
    submitted_at at time zone 'UTC' as submitted_at,
    'https://'
    || case when is_trade then 'trade' else 'eu' end
    || '.kestrelpine.example'
    || case when is_trade then '/inquiry' else '/pages/' || form_name end as page_url,
    consent_marketing
from versioned
order by loaded_at, form_key, version;
