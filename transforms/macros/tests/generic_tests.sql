{#- Rows that share all of the columns with another row. -#}
{% test unique_combination_of_columns(model, columns) %}
    select {{ columns | join(", ") }} from {{ model }} group by all having count(*) > 1
{% endtest %}

{#- Values outside of the range, its ends included. -#}
{% test accepted_range(model, column_name, min_value=none, max_value=none) %}
    select {{ column_name }}
    from {{ model }}
    where
        false
        {%- if min_value is not none %} or {{ column_name }} < {{ min_value }} {%- endif %}
        {%- if max_value is not none %} or {{ column_name }} > {{ max_value }} {%- endif %}
{% endtest %}

{#- Rows for which the expression is false; where it is null, nothing is claimed. -#}
{% test expression_is_true(model, expression) %}
    select * from {{ model }} where not ({{ expression }})
{% endtest %}

{#- Days after which the next day is missing, the last one left out. -#}
{% test no_gaps_in_dates(model, column) %}
    select {{ column }}, lead({{ column }}) over (order by {{ column }}) as next_date
    from {{ model }}
    qualify next_date != {{ column }} + 1
{% endtest %}

{#- The two totals, when they differ: what one model adds up to, another does too. -#}
{% test sum_equals(model, column, to, to_column=none) %}
    with
        here as (select coalesce(sum({{ column }}), 0) as total from {{ model }}),
        there as (select coalesce(sum({{ to_column or column }}), 0) as total from {{ to }})
    select here.total as total_here, there.total as total_there
    from here
    cross join there
    where here.total != there.total
{% endtest %}

{#-
    Values that are no moment: of a type other than a timestamp, infinite, or of a clock that was
    never set. Not the same as not_null.
-#}
{% test is_timestamp(model, column_name, earliest="2000-01-01") %}
    select {{ column_name }}
    from {{ model }}
    where
        {{ column_name }} is not null
        and (
            not starts_with(typeof({{ column_name }}), 'TIMESTAMP')
            or not coalesce(isfinite(try_cast({{ column_name }} as timestamp)), false)
            or try_cast({{ column_name }} as timestamp) < timestamp '{{ earliest }}'
        )
{% endtest %}

{#-
    No value stands twice among the records that arrived in the last `days` days of arrival. For
    landing tables, to which records are only added: each was tested on the days after it arrived,
    and to compare all of them each day takes longer than to build what reads them.
-#}
{% test unique_lately(model, column_name, arrived_at="_airbyte_extracted_at", days=7) %}
    select {{ column_name }}, count(*) as times
    from {{ model }}
    where
        {{ arrived_at }}
        >= (select max({{ arrived_at }}) from {{ model }}) - interval {{ days }} day
        and {{ column_name }} is not null
    group by {{ column_name }}
    having count(*) > 1
{% endtest %}
