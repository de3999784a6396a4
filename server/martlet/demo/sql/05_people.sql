-- The people: who they are, when and through which channel they came, how they buy.
create temp table people as
with
    drawn as (
        select
            person_id,
            [
                'Anna',
                'Lukas',
                'Marie',
                'Jonas',
                'Lena',
                'Paul',
                'Sofia',
                'Felix',
                'Emma',
                'Noah',
                'Clara',
                'Max',
                'Zoë',
                'José',
                'Björn',
                'Chloé',
                'Ida',
                'Tom',
                'Nina',
                'Omar',
                'Ruth',
                'Akira',
                'Yuki',
                'Grace',
                'Jack',
                'Olivia',
                'René',
                'Søren',
                'Eva',
                'Hugo'
            ][1 + draw_int('first name', person_id, 30)] as first_name,
            [
                'Keller',
                'Müller',
                'Bakker',
                'Rossi',
                'Garcia',
                'Dubois',
                'Weber',
                'Schmidt',
                'Visser',
                'Moreau',
                'Fischer',
                'Huber',
                'Gruber',
                'Lindqvist',
                'Smith',
                'Brown',
                'Taylor',
                'Tanaka',
                'Sato',
                'Johnson',
                'Miller',
                'Davis',
                'Novak',
                'Jansen',
                'Vogel',
                'Brandt',
                'Lange',
                'Peeters',
                'Costa',
                'Martin'
            ][1 + draw_int('last name', person_id, 30)] as last_name,
            case
                when draw('market', person_id) < 0.76
                then 'eu'
                when draw('market', person_id) < 0.87
                then 'us'
                when draw('market', person_id) < 0.95
                then 'uk'
                else 'jp'
            end as market,
            -- one in five was here before the window: these arrive in its first two months
            case
                when draw('early', person_id) < 0.2
                then
                    draw('arrival', person_id)
                    * least(60, 1 + getvariable('through') - getvariable('first_day'))
            end as early_day
        from range(1, getvariable('people') + 1) as person(person_id)
    ),

    weighed as (
        select
            *,
            draw('arrival', person_id)
            * (select any_value(weight_total) from trade_days) as position
        from drawn
    ),

    arrived as (
        select
            weighed.*,
            coalesce(
                getvariable('first_day') + early_day::bigint::int, trade_days.day_date
            ) as acquired_on
        from weighed
        asof inner join trade_days on weighed.position >= trade_days.weight_before
    ),

    found as (
        select
            arrived.*,
            arrival_choice.arrival_number,
            strftime(acquired_on, '%Y-%m') as acquired_month
        from
            (
                select
                    *,
                    strftime(acquired_on, '%Y-%m') as month_key,
                    'first' as occasion,
                    draw('channel', person_id) as choice
                from arrived
            ) as arrived
        asof inner join
            arrival_choice
            on arrived.month_key = arrival_choice.month_key
            and arrived.occasion = arrival_choice.occasion
            and arrived.choice >= arrival_choice.share_from
    )
select
    person_id,
    first_name,
    last_name,
    market,
    case
        when market <> 'eu'
        then map {'us': 'US', 'uk': 'GB', 'jp': 'JP'}[market]
        else
            ['DE', 'DE', 'DE', 'DE', 'DE', 'DE', 'DE', 'AT', 'NL', 'NL', 'FR', 'FR', 'ES', 'IT'][
                1 + draw_int('country', person_id, 14)
            ]
    end as country,
    map {'eu': 'EUR', 'us': 'USD', 'uk': 'GBP', 'jp': 'JPY'}[market] as currency,
    acquired_on,
    arrival_number,
    draw('buys', person_id) * 100 < buyers_percent as is_buyer,
    case
        when draw('loyalty', person_id) * 100 < loyal_percent
        then 'loyal'
        when draw('loyalty', person_id) * 100 < 100 - once_percent
        then 'occasional'
        else 'once'
    end as loyalty,
    case
        when market not in ('eu', 'uk') or draw('platform', person_id) < 0.64
        then 'shopify'
        when draw('platform', person_id) < 0.80
        then 'woocommerce'
        else 'both'
    end as platforms,
    draw('has account', person_id) < 0.85 as has_account,
    draw('transitive', person_id) < 0.23 as is_transitive,
    case
        when draw('messy email', person_id) < 0.07
        then 'case and blanks'
        when draw('messy email', person_id) < 0.095
        then 'plus tag'
        when draw('messy email', person_id) < 0.12
        then 'dots'
        when
            draw('messy email', person_id) < 0.2
            and strip_accents(first_name || last_name) <> first_name || last_name
        then 'unicode'
    end as email_habit
from found
inner join arrivals using (arrival_number);
