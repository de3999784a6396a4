-- What companies bought outside the shops, and how their people looked around before.
create temp table crm_deals as
with
    seats as (
        select
            company_number,
            list(person_id order by person_id) as person_ids
        from members
        inner join crm_contacts using (person_id)
        where crm_contacts.number = 1
        group by company_number
    ),

    drawn as (
        select
            companies.company_number,
            company_name,
            company_number * 8 + number as deal_number,
            person_ids,
            draw('deal fault', company_number * 8 + number) as fault_draw,
            known_since + interval 25 day + to_seconds(
                (
                    draw('deal created', company_number * 8 + number)
                    * epoch(getvariable('window_end') - known_since - interval 26 day)
                )::bigint
            ) as created_at,
            to_days(
                (12 + draw_int('deal cycle', company_number * 8 + number, 60))::int
            ) as cycle,
            1 + draw_int('deal seat', company_number * 8 + number, len(person_ids)) as seat,
            draw('deal outcome', company_number * 8 + number) as outcome_draw,
            80000
            + (
                2400000 * pow(draw('deal amount', company_number * 8 + number), 3)
            )::bigint
            // 5000
            * 5000 as amount
        from companies
        inner join seats using (company_number)
        cross join range(1, 7) as deal(number)
        where number <= draw_wait('deals', company_number, 4)
    ),

    judged as (
        select
            *,
            case
                when fault_draw < 0.02
                then 'no contact'
                when fault_draw < 0.04
                then 'two contacts'
                when fault_draw < 0.06
                then 'money text'
                when fault_draw < 0.08 and created_at + cycle < getvariable('window_end')
                then 'closed before created'
            end as fault,
            created_at + cycle as closes_at
        from drawn
    )
select
    deal_number,
    600000000 + deal_number * 11 as deal_id,
    company_number,
    company_name || ', order ' || (deal_number % 8)::varchar as deal_name,
    amount,
    fault,
    created_at,
    case
        when closes_at >= getvariable('window_end')
        then 'open'
        when outcome_draw < 0.62
        then 'won'
        else 'lost'
    end as outcome,
    closes_at,
    -- typed in wrongly: before the deal was there
    case
        fault when 'closed before created' then created_at - interval 3 day else closes_at
    end as closed_as_typed,
    case when fault is distinct from 'no contact' then person_ids[seat] end as person_id,
    case
        when fault = 'two contacts' and len(person_ids) > 1
        then person_ids[1 + seat % len(person_ids)]
    end as second_person_id,
    case
        when draw('deal archived', deal_number) < 0.008
        then 'archived'
        when draw('deal archived', deal_number) < 0.020
        then 'restored'
    end as archive_fault
from judged;

-- Before a deal, and while it is open, its contact looks at the trade site.
create temp table trade_visits as
with
    timed as (
        select
            person_id * 1024 + 600 + (deal_number % 8) * 4 + number as visit_id,
            person_id,
            deal_number,
            number = 1 as is_inquiry,
            case
                number
                when 0
                then
                    created_at
                    - to_seconds(172800 + draw_int('trade visit', deal_number * 4, 3000000))
                when 1
                then
                    created_at
                    - to_seconds(3600 + draw_int('trade visit', deal_number * 4 + 1, 90000))
                else
                    created_at
                    + to_seconds(
                        (draw('trade visit', deal_number * 4 + 2) * 0.9 * epoch(cycle_length))
                        ::bigint
                    )
            end as started_at
        from (select *, closes_at - created_at as cycle_length from crm_deals)
        cross join range(3) as visit(number)
        where person_id is not null
    )
select
    timed.* exclude (month_key, occasion, choice),
    cookies.cookie_id,
    cookies.browser,
    arrival_choice.arrival_number
from
    (
        select
            *,
            strftime(started_at, '%Y-%m') as month_key,
            'later' as occasion,
            draw('trade channel', visit_id) as choice
        from timed
    ) as timed
inner join cookies on timed.person_id = cookies.person_id and cookies.cookie_number = 1
asof inner join
    arrival_choice
    on timed.month_key = arrival_choice.month_key
    and timed.occasion = arrival_choice.occasion
    and timed.choice >= arrival_choice.share_from
where
    started_at >= getvariable('window_start')
    and started_at < getvariable('window_end') - interval 20 minute;
