"""Every key of the semantic files: what it holds, what it means, and where it may stand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

from martlet.flow.catalog import Additivity, Aggregation, Grain, MetricType, Status
from martlet.flow.personal import CHOICES

Kind = Literal[
    "name",  # an identifier that queries use
    "text",
    "loose",  # text; a number is taken as it is written
    "flag",
    "mark",  # true, false or `pseudonym`
    "number",
    "integer",
    "choice",
    "texts",  # a list of text, or one text
    "scalars",
    "rows",  # a list of lists of scalars
    "pairs",  # a mapping of text to text
    "object",
    "objects",
    "meta",  # free; the keys marked `extra` are read from it
    "dbt",  # any value: dbt reads it, Martlet does not
]


@dataclass(frozen=True)
class Key:
    """One key. `short` names the key of the inner object that a bare text stands for.

    `extra` keys are not dbt's own, so they are also read from `config.meta`.
    """

    name: str
    kind: Kind
    help: str
    table: str = ""
    choices: tuple[str, ...] = ()
    required: bool = False
    extra: bool = False
    short: str = ""


def _dbt(*names: str) -> tuple[Key, ...]:
    return tuple(Key(name, "dbt", "Read by dbt, not here.") for name in names)


LABEL = Key("label", "text", "The name people see.")
DESCRIPTION = Key("description", "text", "What the name cannot tell: grain, unit, exclusions.")
CONFIG = Key("config", "object", "dbt's config; `meta` in it may hold the extra keys.", "config")
AI = Key("ai_context", "object", "What a language model should know.", "ai_context", extra=True)
OWNER = Key("owner", "text", "Who answers for it.", extra=True)
STATUS = Key("status", "choice", "How far it is agreed.", choices=get_args(Status), extra=True)
REPLACED = Key("replaced_by", "text", "What to use instead of a deprecated one.", extra=True)
PREFER = Key(
    "prefer", "text", "What to take instead, of several that tell of the same thing.", extra=True
)
UNIT = Key("unit", "text", "Unit of the numbers: EUR, count, ratio, days.", extra=True)
UNIT_COLUMN = Key("unit_column", "text", "The column with each row's own unit.", extra=True)
ADDITIVITY = Key(
    "additivity",
    "choice",
    "What it may be added up over: everything, all but time, nothing.",
    choices=get_args(Additivity),
    extra=True,
)
FORMAT = Key("format", "text", "How to show it: percent, currency.", extra=True)
NULL_LABEL = Key("null_label", "text", "The name of the group of nulls in answers.", extra=True)
DIMENSION_TYPE = Key("type", "choice", "What it is.", choices=("categorical", "time"))
GRANULARITY = Key("granularity", "choice", "Finest time grain.", choices=get_args(Grain))
ENTITY_TYPE = Key(
    "type",
    "choice",
    "How the key stands here.",
    choices=("primary", "unique", "foreign", "natural"),
)
VALIDITY = Key("validity_params", "object", "Marks the range of an SCD2 row.", "validity")
PARTITION = Key("is_partition", "flag", "The table is partitioned by it.")
FILTER = Key("filter", "texts", "SQL conditions over dimensions, all of which must hold.")

TABLES: dict[str, tuple[Key, ...]] = {
    "file": (
        Key("version", "integer", "1; or 2, as dbt's property files have it.", required=True),
        Key("catalog", "object", "What holds for the whole catalog; in one file only.", "catalog"),
        Key("models", "objects", "The marts.", "model"),
        Key("metrics", "objects", "Metrics made of other metrics.", "metric"),
        Key("saved_queries", "objects", "Metric requests with a name.", "saved_query"),
        Key("verified_queries", "objects", "Questions with a checked way to ask.", "verified"),
        Key("glossary", "objects", "Words of the business.", "term"),
        *_dbt("analyses", "data_tests", "exposures", "groups", "macros", "seeds", "snapshots"),
        *_dbt("sources", "unit_tests"),
    ),
    "catalog": (
        Key("name", "name", "The catalog's name.", required=True),
        Key("description", "text", "What the data is about, in a few sentences."),
        Key("timezone", "text", "IANA time zone of days and of `metric_time`."),
        Key("week_start", "choice", "First day of a week.", choices=("monday", "sunday")),
        Key("currency", "text", "ISO code of the currency that money is in."),
        Key("time_spine", "text", "The mart with one row a day."),
        Key("time_spine_column", "text", "Its day column; found when there is only one."),
        Key("calendars", "pairs", "Custom grains: name to column of the time spine."),
    ),
    "model": (
        Key("name", "text", "The mart's table.", required=True),
        LABEL,
        DESCRIPTION,
        Key("grain", "text", "What one row is.", extra=True),
        OWNER,
        STATUS,
        REPLACED,
        PREFER,
        Key("semantic_model", "object", "Its semantic model.", "semantic_model", short="enabled"),
        Key("agg_time_dimension", "text", "The time of its metrics."),
        Key("primary_entity", "text", "The thing a row is, when no column is its key."),
        Key("time_spine", "object", "Makes this mart the time spine.", "time_spine"),
        Key("columns", "objects", "Its columns.", "column"),
        Key("derived_semantics", "object", "What is computed from columns.", "derived_semantics"),
        Key("metrics", "objects", "Its simple metrics, and others made of them.", "metric"),
        Key("data_freshness", "object", "Where it says how new it is.", "freshness", extra=True),
        AI,
        CONFIG,
        *_dbt("access", "constraints", "data_tests", "docs", "group", "latest_version", "tags"),
        *_dbt("tests", "versions"),
    ),
    "semantic_model": (
        Key("enabled", "flag", "False: the mart has a card but no metrics or dimensions."),
        Key("name", "name", "Its name, when it is not the mart's."),
        CONFIG,
        *_dbt("group"),
    ),
    "time_spine": (
        Key("standard_granularity_column", "text", "The day column.", required=True),
        Key("custom_granularities", "objects", "Custom grains.", "custom_granularity"),
    ),
    "custom_granularity": (
        Key("name", "name", "The grain's name.", required=True),
        Key("column_name", "text", "The column that holds it, when it is not the name."),
    ),
    "column": (
        Key("name", "text", "The column.", required=True),
        LABEL,
        DESCRIPTION,
        Key("datatype", "text", "The type it must have.", extra=True),
        GRANULARITY,
        Key("entity", "object", "It is a key of something.", "entity", short="type"),
        Key("dimension", "object", "Group and filter by it.", "dimension", short="type"),
        UNIT,
        UNIT_COLUMN,
        ADDITIVITY,
        FORMAT,
        NULL_LABEL,
        Key("null_meaning", "text", "What null says, as a sentence.", extra=True),
        Key("pii", "mark", "Personal: not published, or only as a pseudonym.", extra=True),
        Key("hidden", "flag", "Left out of what a reader is shown.", extra=True),
        Key("is_enum", "flag", "`sample_values` are all values there are.", extra=True),
        Key("sample_values", "scalars", "Real values, written as stored.", extra=True),
        AI,
        CONFIG,
        *_dbt("constraints", "data_tests", "data_type", "docs", "meta", "quote", "tags", "tests"),
    ),
    "entity": (
        Key("name", "name", "The thing's name, when it is not the column's."),
        ENTITY_TYPE,
        LABEL,
        DESCRIPTION,
        CONFIG,
    ),
    "dimension": (
        Key("name", "name", "Its name, when it is not the column's."),
        DIMENSION_TYPE,
        LABEL,
        DESCRIPTION,
        PARTITION,
        VALIDITY,
        CONFIG,
    ),
    "validity": (
        Key("is_start", "flag", "The row holds from here on, inclusive."),
        Key("is_end", "flag", "The row holds up to here, exclusive; null is open."),
    ),
    "derived_semantics": (
        Key("dimensions", "objects", "Dimensions computed from columns.", "derived_dimension"),
        Key("entities", "objects", "Keys computed from columns.", "derived_entity"),
    ),
    "derived_dimension": (
        Key("name", "name", "Its name.", required=True),
        Key("expr", "loose", "SQL over the mart's columns.", required=True),
        Key("type", "choice", "What it is.", choices=("categorical", "time"), required=True),
        GRANULARITY,
        LABEL,
        DESCRIPTION,
        NULL_LABEL,
        PARTITION,
        VALIDITY,
        AI,
        CONFIG,
    ),
    "derived_entity": (
        Key("name", "name", "Its name.", required=True),
        Key("expr", "loose", "SQL over the mart's columns.", required=True),
        Key(
            "type", "choice", "How the key stands here.", choices=ENTITY_TYPE.choices, required=True
        ),
        LABEL,
        DESCRIPTION,
        CONFIG,
    ),
    "freshness": (
        Key("loaded_at", "text", "The column with the time a row was loaded."),
        Key("complete_through", "text", "SQL over the mart: the last complete day."),
    ),
    "ai_context": (
        Key("instructions", "text", "How to use it, and what to use instead."),
        Key("synonyms", "texts", "Other words for it."),
        Key("examples", "texts", "Questions it answers."),
    ),
    "config": (
        Key("meta", "meta", "Free; the extra keys are read from here too."),
        *_dbt("access", "alias", "contract", "enabled", "export_as", "group", "materialized"),
        *_dbt("cache", "schema", "tags", "unique_key"),
    ),
    "metric": (
        Key("name", "name", "Its name.", required=True),
        Key("type", "choice", "What it is made of.", choices=get_args(MetricType), required=True),
        LABEL,
        DESCRIPTION,
        UNIT,
        FORMAT,
        OWNER,
        STATUS,
        REPLACED,
        PREFER,
        Key("version", "loose", "Version of the definition.", extra=True),
        Key("hidden", "flag", "Only for use in other metrics."),
        FILTER,
        AI,
        Key("agg", "choice", "simple: how rows add up.", choices=get_args(Aggregation)),
        Key("expr", "loose", "simple: SQL over columns; derived: over the inputs."),
        Key("percentile", "number", "agg percentile: which, between 0 and 1."),
        Key(
            "percentile_type",
            "choice",
            "A value that occurs, or one between two. Default continuous.",
            choices=("discrete", "continuous"),
        ),
        Key("agg_time_dimension", "text", "Its time, when it is not the mart's."),
        Key("time_granularity", "choice", "Grain when none is asked.", choices=get_args(Grain)),
        Key("non_additive_dimension", "object", "A stock: not summed over time.", "non_additive"),
        Key("join_to_timespine", "flag", "Show periods without rows."),
        Key("fill_nulls_with", "number", "The value of periods without rows."),
        Key("null_as", "number", "Its value inside other metrics when it has no rows.", extra=True),
        Key("numerator", "object", "ratio: above the line.", "input", short="name"),
        Key("denominator", "object", "ratio: below the line.", "input", short="name"),
        Key("input_metric", "object", "cumulative: what adds up.", "input", short="name"),
        Key("input_metrics", "objects", "derived: what `expr` names.", "input", short="name"),
        Key("window", "text", "cumulative, conversion: a span such as 7 days."),
        Key("grain_to_date", "text", "cumulative: begins anew with each such period."),
        Key(
            "period_agg",
            "choice",
            "cumulative at a coarser grain: which value stands for a period. Default last.",
            choices=("first", "last", "average"),
        ),
        Key("entity", "text", "conversion: who converts."),
        Key(
            "calculation",
            "choice",
            "conversion: share or count.",
            choices=("conversions", "conversion_rate"),
        ),
        Key("base_metric", "object", "conversion: the chances.", "input", short="name"),
        Key("conversion_metric", "object", "conversion: the goals.", "input", short="name"),
        Key("constant_properties", "objects", "Equal on both sides.", "constant_property"),
        Key("base_time", "text", "conversion: time column of the base.", extra=True),
        Key("conversion_time", "text", "conversion: time column of the goal.", extra=True),
        Key("tie_break", "text", "conversion: decides between equal times.", extra=True),
        CONFIG,
        *_dbt("tags"),
    ),
    "non_additive": (
        Key("name", "text", "The time dimension it is not summed over.", required=True),
        Key("window_agg", "choice", "Last (max) or first (min) value.", choices=("min", "max")),
        Key("group_by", "texts", "The keys whose last values are added up."),
    ),
    "input": (
        Key("name", "text", "The metric.", required=True),
        Key("alias", "name", "What `expr` calls it."),
        FILTER,
        Key("offset_window", "text", "Its value that long before, such as 1 month."),
        Key("offset_to_grain", "text", "Its value at the start of such a period."),
    ),
    "constant_property": (
        Key("base_property", "text", "Of the base.", required=True),
        Key("conversion_property", "text", "Of the conversion.", required=True),
    ),
    "saved_query": (
        Key("name", "name", "Its name.", required=True),
        LABEL,
        DESCRIPTION,
        Key("query_params", "object", "What it asks.", "query_params", required=True),
        CONFIG,
        *_dbt("exports", "group", "tags"),
    ),
    "query_params": (
        Key("metrics", "texts", "The metrics.", required=True),
        Key("group_by", "texts", "Dimension('…'), TimeDimension('…', 'grain') or plain names."),
        Key("where", "texts", "Conditions over dimensions."),
        Key("order_by", "texts", "Names; - before one is descending."),
        Key("limit", "integer", "Most rows."),
    ),
    "verified": (
        Key("name", "name", "Its name.", required=True),
        Key("question", "text", "The question as people ask it.", required=True),
        Key("metric_query", "object", "The request that answers it.", "metric_query"),
        Key("sql", "text", "The SQL that answers it, when no metric does."),
        Key("verified_by", "text", "Who checked it."),
        Key("expected", "rows", "The answer's rows, when they cannot change."),
    ),
    "metric_query": (
        Key("metrics", "texts", "The metrics.", required=True),
        Key("by", "texts", "Dimensions to group by."),
        Key("where", "texts", "Conditions over dimensions."),
        Key("grain", "text", "Time grain."),
        Key("start", "text", "First day, or a period such as 2026-08."),
        Key("end", "text", "Last day or period, inclusive."),
        Key("having", "texts", "Conditions over metrics."),
        Key("order_by", "texts", "Names; - before one is descending."),
        Key("limit", "integer", "Most rows."),
        Key("compare", "text", "previous_period or previous_year."),
        Key("share", "flag", "Add each metric's share of the total."),
        Key("top", "integer", "How many groups to keep; the rest is one group, (other)."),
        Key("allow_nonadditive", "flag", "Take groups that do not add up."),
    ),
    "term": (
        Key("name", "text", "The word.", required=True),
        Key("description", "text", "What it means here.", required=True),
        Key("synonyms", "texts", "Other words for it."),
        Key("see", "texts", "Marts, metrics, dimensions or mart.column it stands for."),
    ),
}

# What `personal.yml` holds beside the catalog: decisions, the newest last.
REVIEWS: dict[str, tuple[Key, ...]] = {
    "reviews": (
        Key("version", "integer", "Always 1.", required=True),
        Key("personal", "objects", "Decisions; the last of a column holds.", "review"),
    ),
    "review": (
        Key("mart", "text", "The mart.", required=True),
        Key("column", "text", "Its column.", required=True),
        Key("decision", "choice", "What is done with it.", choices=CHOICES, required=True),
        Key("kinds", "texts", "Kinds found when it was decided; others withhold again."),
        Key("type", "text", "The column's type then; another withholds again."),
        Key("who", "text", "Who decided.", required=True),
        Key("why", "text", "Why.", required=True),
        Key("on", "text", "The day."),
    ),
}
TABLES |= REVIEWS

# The objects that people write, in the words of a problem.
NOUNS: dict[str, str] = {
    "file": "a catalog file",
    "catalog": "`catalog`",
    "reviews": "`personal.yml`",
    "review": "a decision",
    "model": "a model",
    "column": "a column",
    "entity": "an entity",
    "dimension": "a dimension",
    "derived_dimension": "a derived dimension",
    "derived_entity": "a derived entity",
    "metric": "a metric",
    "input": "an input metric",
    "saved_query": "a saved query",
    "verified": "a verified query",
    "term": "a glossary term",
}
