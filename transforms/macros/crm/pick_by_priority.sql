{#-
    The value that survives where several systems tell the same of one person: the first that says
    anything, in the order given; blanks say nothing. `candidates` are SQL for texts.
-#}
{% macro pick_by_priority(candidates) -%}
    coalesce(
        {%- for candidate in candidates %}
            nullif(trim({{ candidate }}), ''){{ "," if not loop.last }}
        {%- endfor %}
    )
{%- endmacro %}

{#-
    The value that was told last; of two told at one moment the one named first. Each candidate is
    SQL for a value and for the time it was told; without a time it is the oldest.
-#}
{% macro pick_most_recent(candidates) -%}
    list_reverse_sort(
        list_filter(
            [
                {%- for value, told_at in candidates %}
                    {
                        'told_at':coalesce({{ told_at }}, timestamp '-infinity'),
                        'rank':{{ -loop.index }},
                        'value':{{ value }}
                    }{{ "," if not loop.last }}
                {%- endfor %}
            ],
            lambda told:told.value is not null
        )
    )[1]['value']
{%- endmacro %}

{#- The value that most records of a group agree on last: of those not blank, the newest told. -#}
{% macro newest_told(value, told_at, tie) -%}
    arg_max({{ value }}, ({{ told_at }}, {{ tie }})) filter (trim({{ value }}) != '')
{%- endmacro %}
