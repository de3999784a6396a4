-- The CRM as its connector lands it: rows that are archived, restored, or merged into another.
create temp table crm_contact_facts as
with
    merges as (
        select
            winners.contact_id,
            max(greatest(losers.created_at, winners.created_at)) + interval 15 day as merged_at,
            string_agg(losers.contact_id::varchar, ';' order by losers.contact_id) as merged_ids
        from crm_contacts as losers
        inner join crm_contacts as winners on losers.merged_into_id = winners.contact_id
        group by winners.contact_id
    ),

    buyers as (
        select
            person_id,
            bool_or(outcome = 'won') as has_won,
            max(created_at) as last_deal_at
        from crm_deals
        group by person_id
    )
select
    crm_contacts.* exclude (merged_into_id, archive_fault),
    -- nobody archives what is being merged
    case
        when coalesce(won.merged_at, lost.merged_at) is null then crm_contacts.archive_fault
    end as archive_fault,
    case
        when coalesce(won.merged_at, lost.merged_at) < getvariable('window_end')
        then coalesce(won.merged_at, lost.merged_at)
    end as merged_at,
    case when won.merged_at < getvariable('window_end') then won.merged_ids end as merged_ids,
    case
        when lost.merged_at < getvariable('window_end') then crm_contacts.merged_into_id
    end as merged_into_id,
    case
        when crm_contacts.number = 1 and has_won
        then 'customer'
        when crm_contacts.number = 1 and has_won is not null
        then 'opportunity'
        when crm_contacts.customer_id is not null
        then 'subscriber'
        else 'lead'
    end as lifecycle,
    created_at + interval 30 day as archived_at,
    number > 1 as is_private,
    -- a contact that was archived for good is no evidence; one that was merged is
    crm_contacts.archive_fault is distinct from 'archived'
    or created_at + interval 30 day >= getvariable('window_end') as is_evidence
from crm_contacts
left join merges as won on crm_contacts.contact_id = won.contact_id
left join merges as lost on crm_contacts.merged_into_id = lost.contact_id
left join
    buyers on crm_contacts.person_id = buyers.person_id and crm_contacts.number = 1;

create table landing.raw_data.crm_contacts as
with
    states as (
        -- 0 as it stands, 1 as it was first, 2 while archived, 3 the same once more
        select
            *,
            0 as version,
            archive_fault is not distinct from 'archived'
            and archived_at < getvariable('window_end')
            or merged_into_id is not null as is_deleted,
            case
                when merged_at is not null
                then merged_at
                when archive_fault = 'archived' and archived_at < getvariable('window_end')
                then archived_at
                when
                    archive_fault = 'restored'
                    and archived_at + interval 14 day < getvariable('window_end')
                then archived_at + interval 14 day
                else created_at
            end as modified_at
        from crm_contact_facts
        union all
        select * replace (null as merged_ids, 'lead' as lifecycle), 1, false, created_at
        from crm_contact_facts
        where
            coalesce(merged_at, archived_at) < getvariable('window_end')
            and (
                draw('older contact', contact_id) < 0.2
                and (merged_at is not null or archive_fault is not null)
            )
        union all
        select *, 2, true, archived_at
        from crm_contact_facts
        where
            archive_fault = 'restored'
            and archived_at + interval 14 day < getvariable('window_end')
    ),

    loads as (select *, loaded_after(modified_at) as loaded_at from states),

    versioned as (
        select *
        from loads
        union all
        select * replace (3 as version, loaded_at + interval 6 hour as loaded_at)
        from loads
        where
            version = 0
            and draw('contact twice', contact_id) < 0.03
            and loaded_at + interval 6 hour < getvariable('last_load')
    )
select
    contact_id as id,
    email as property_email,
    first_name as property_firstname,
    last_name as property_lastname,
    company_name as property_company,
    job_title as property_jobtitle,
    null::varchar as property_phone,
    lifecycle as property_lifecyclestage,
    created_at at time zone 'UTC' as property_createdate,
    modified_at at time zone 'UTC' as property_lastmodifieddate,
    merged_ids as property_hs_merged_object_ids,
    customer_id::varchar as external_id,
    is_deleted as _fivetran_deleted,
    loaded_at at time zone 'UTC' as _fivetran_synced
from versioned
order by loaded_at, contact_id, version;

create table landing.raw_data.crm_companies as
with
    loads as (select *, 0 as version, loaded_after(known_since) as loaded_at from companies),

    versioned as (
        select *
        from loads
        union all
        select * replace (1 as version, loaded_at + interval 6 hour as loaded_at)
        from loads
        where draw('company twice', company_number) < 0.03
    )
select
    company_id as id,
    company_name as property_name,
    domain as property_domain,
    known_since at time zone 'UTC' as property_createdate,
    false as _fivetran_deleted,
    loaded_at at time zone 'UTC' as _fivetran_synced
from versioned
order by loaded_at, company_id, version;

create table landing.raw_data.crm_deals as
with
    states as (
        -- 0 as it stands, 1 while it was open, 2 while archived, 3 the same once more
        select
            *,
            0 as version,
            archive_fault is not distinct from 'archived' as is_deleted,
            greatest(created_at, case when outcome <> 'open' then closes_at end)
            + case when archive_fault is not null then interval 2 hour else interval 0 hour end
            as modified_at
        from crm_deals
        union all
        select * replace ('open' as outcome), 1, false, created_at
        from crm_deals
        where outcome <> 'open' and draw('older deal', deal_number) < 0.1
        union all
        select *, 2, true, greatest(created_at, case when outcome <> 'open' then closes_at end)
        from crm_deals
        where archive_fault = 'restored'
    ),

    -- six hours lie between two states that are loaded
    loads as (
        select
            *,
            loaded_after(
                modified_at
                + case
                    when version = 0 and archive_fault = 'restored'
                    then interval 4 hour
                    else interval 0 hour
                end
            ) as loaded_at
        from states
    ),

    versioned as (
        select *
        from loads
        union all
        select * replace (3 as version, loaded_at + interval 6 hour as loaded_at)
        from loads
        where
            version = 0
            and draw('deal twice', deal_number) < 0.03
            and loaded_at + interval 6 hour < getvariable('last_load')
    )
select
    deal_id,
    'trade' as deal_pipeline_id,
    case outcome
        when 'won' then 'closedwon' when 'lost' then 'closedlost' else 'quotesent'
    end as deal_pipeline_stage_id,
    deal_name as property_dealname,
    case
        when fault = 'money text'
        then '$' || format('{:,}', amount // 100)
        else major(amount, 'EUR')::varchar
    end as property_amount,
    case when outcome <> 'open' then closed_as_typed end at time zone 'UTC' as property_closedate,
    created_at at time zone 'UTC' as property_createdate,
    500 + company_number % 4 as owner_id,
    is_deleted,
    is_deleted as _fivetran_deleted,
    loaded_at at time zone 'UTC' as _fivetran_synced
from versioned
qualify
    row_number() over (partition by deal_id, loaded_at order by version) = 1
order by loaded_at, deal_id, version;

create table landing.raw_data.crm_deal_contacts as
with
    merged as (
        select merged_into_id as contact_id, min(contact_id) as earlier_id
        from crm_contact_facts
        where merged_into_id is not null
        group by merged_into_id
    ),

    pairs as (
        select deal_number, deal_id, created_at, person_id, 'PRIMARY' as label
        from crm_deals
        where person_id is not null
        union all
        select deal_number, deal_id, created_at, second_person_id, 'OTHER'
        from crm_deals
        where second_person_id is not null
    )
select
    deal_id,
    -- some were linked before the contact was merged into another
    case
        when earlier_id is not null and draw('linked early', deal_number) < 0.3
        then earlier_id
        else pairs.person_id * 8 + 70000001
    end as contact_id,
    case label when 'PRIMARY' then 1 else 3 end::bigint as type_id,
    case label when 'PRIMARY' then 'USER_DEFINED' else 'HUBSPOT_DEFINED' end as category,
    false as _fivetran_deleted,
    loaded_after(created_at) at time zone 'UTC' as _fivetran_synced
from pairs
left join merged on merged.contact_id = pairs.person_id * 8 + 70000001
order by _fivetran_synced, deal_id, type_id;
