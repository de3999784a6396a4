-- Robyn advises ten rows for each column and a year at least; less is a model of noise
{{ config(severity="warn") }}
{%- set daily = ref("mmm_input_robyn") %}
select 'mmm_input_robyn' as input, count(*) as row_count
from {{ daily }}
having count(*) < greatest(365, 10 * {{ adapter.get_columns_in_relation(daily) | length }})
union all
select 'mmm_input_robyn_weekly', count(*)
from {{ ref("mmm_input_robyn_weekly") }}
having count(*) < 52
