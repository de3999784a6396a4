-- Contacts of the CRM: 1 under the company's address, 2 under the private one, 3 the same again.
create temp table crm_contacts as
with
    private_addresses as (
        select
            addresses.person_id,
            account_emails.customer_id,
            case
                when account_emails.changed_on <= getvariable('through')
                then account_emails.email_after
                else addresses.email
            end as email
        from addresses
        left join
            account_emails
            on addresses.person_id = account_emails.person_id
            and account_emails.slot = 1
        where addresses.slot = 1
    ),

    corporate as (
        select
            person_id,
            1 as number,
            replace(local_name, 'ø', 'o') || '.' || person_id::varchar || '@' || domain as email,
            null::bigint as customer_id,
            company_name,
            job_title,
            known_since + to_seconds(draw_int('contact since', person_id, 1500000)) as created_at
        from members
        inner join companies using (company_number)
    ),

    private as (
        select
            people.person_id,
            number,
            private_addresses.email,
            private_addresses.customer_id,
            null as company_name,
            null as job_title,
            acquired_on::timestamp + to_seconds(
                (number - 1) * 90000 + draw_int('private contact since', people.person_id, 900000)
            ) as created_at
        from people
        inner join private_addresses using (person_id)
        left join members using (person_id)
        cross join range(2, 4) as contact(number)
        where
            draw('private contact', people.person_id)
            < case when members.person_id is null then 0.15 else 0.5 end
            and (
                number = 2
                or (members.person_id is not null and draw('contact again', people.person_id) < 0.3)
            )
    ),

    all_contacts as (
        select *
        from corporate
        union all
        select *
        from private
    )
select
    all_contacts.*,
    70000000 + person_id * 8 + number as contact_id,
    first_name,
    last_name,
    case
        when
            number > 1
            and members.person_id is not null
            and draw('contacts merged', person_id) < 0.7
        then 70000000 + person_id * 8 + 1
    end as merged_into_id,
    -- archived: for good, or until somebody noticed
    case
        when members.person_id is not null and number = 1
        then case when draw('contact archived', person_id * 8 + 1) < 0.02 then 'restored' end
        when members.person_id is not null
        then null
        when draw('contact archived', person_id * 8 + number) < 0.010
        then 'archived'
        when draw('contact archived', person_id * 8 + number) < 0.022
        then 'restored'
    end as archive_fault
from all_contacts
inner join people using (person_id)
left join members using (person_id)
where created_at < getvariable('window_end') - interval 1 day;
