"""The catalog as every room reads it: loaded, checked and compiled; `catalog.json` is this."""

from __future__ import annotations

import gc
import re
from dataclasses import dataclass
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

Grain = Literal[
    "second", "minute", "hour", "day", "week", "month", "quarter", "year"
]  # finer first; custom calendars add names of their own
Aggregation = Literal[
    "sum",
    "min",
    "max",
    "count",
    "count_distinct",
    "sum_boolean",
    "average",
    "median",
    "percentile",
]
MetricType = Literal["simple", "ratio", "derived", "cumulative", "conversion"]
# May be added up over everything; not over time (a stock); never (a ratio, an average, a rate).
Additivity = Literal["additive", "semi_additive", "non_additive"]
Status = Literal["draft", "certified", "deprecated"]
Scalar = str | int | float | bool | None
# Personal data: true is not published, "pseudonym" as a keyed hash, false says that it is none.
Pii = bool | Literal["pseudonym"] | None


class Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class AiContext(Frozen):
    """What a model should know beyond the description (OSI's term)."""

    instructions: str = ""
    synonyms: tuple[str, ...] = ()
    examples: tuple[str, ...] = ()


class Column(Frozen):
    """A published column. `type` is DuckDB's, from the build; unit: "EUR", "count", "ratio"."""

    name: str
    type: str = ""
    label: str = ""
    description: str = ""
    unit: str = ""
    unit_column: str = ""  # the column that holds the unit of each row, such as its currency
    additivity: Additivity | None = None
    format: str = ""
    null_label: str = ""
    null_meaning: str = ""
    pii: Pii = None
    hidden: bool = False
    is_enum: bool = False
    sample_values: tuple[Scalar, ...] = ()
    ai_context: AiContext = AiContext()


class Dimension(Frozen):
    """Something to group or filter by. `expr` is SQL over the mart's own columns."""

    name: str
    type: Literal["categorical", "time"]
    expr: str
    granularity: str = ""
    label: str = ""
    description: str = ""
    null_label: str = ""
    is_partition: bool = False
    validity: Literal["", "start", "end"] = ""
    ai_context: AiContext = AiContext()

    @property
    def column(self) -> str:
        """The column that `expr` names, or an empty string when it computes something."""
        return plain_column(self.expr)


class Entity(Frozen):
    """A thing with a key; joins follow entities of one name. `expr` is SQL, mostly a column."""

    name: str
    type: Literal["primary", "unique", "foreign", "natural"]
    expr: str
    label: str = ""
    description: str = ""

    @property
    def column(self) -> str:
        """The column that `expr` names, or an empty string when it computes something."""
        return plain_column(self.expr)


class Freshness(Frozen):
    """Where the data says how new it is: a column, and an SQL expression over the mart."""

    loaded_at: str = ""
    complete_through: str = ""


class Mart(Frozen):
    """A published table with its meaning. `semantic_name` is the name of its semantic model."""

    name: str
    semantic_name: str = ""
    label: str = ""
    description: str = ""
    grain: str = ""
    owner: str = ""
    status: Status = "draft"
    replaced_by: str = ""
    prefer: str = ""
    primary_entity: str = ""
    agg_time_dimension: str = ""
    columns: tuple[Column, ...] = ()
    dimensions: tuple[Dimension, ...] = ()
    entities: tuple[Entity, ...] = ()
    data_freshness: Freshness = Freshness()
    ai_context: AiContext = AiContext()

    def column(self, name: str) -> Column | None:
        return next((item for item in self.columns if item.name == name), None)


class NonAdditive(Frozen):
    """A stock: summed over everything but time, where the last (or first) value counts."""

    name: str
    window_agg: Literal["min", "max"] = "max"
    group_by: tuple[str, ...] = ()


class MetricInput(Frozen):
    """A metric used inside another, with its own filter, alias and offset."""

    name: str
    alias: str = ""
    filter: tuple[str, ...] = ()
    offset_window: str = ""
    offset_to_grain: str = ""


class ConstantProperty(Frozen):
    """A property that must be equal on both sides of a conversion."""

    base_property: str
    conversion_property: str


class Metric(Frozen):
    """A named business number. Simple metrics stand on one mart; the others on metrics.

    `filter` holds SQL conditions over dimensions, all of which must hold.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    name: str
    type: MetricType
    label: str = ""
    description: str = ""
    unit: str = ""
    format: str = ""
    owner: str = ""
    status: Status = "draft"
    replaced_by: str = ""
    prefer: str = ""
    hidden: bool = False
    version: str = ""
    ai_context: AiContext = AiContext()
    filter: tuple[str, ...] = ()

    mart: str = ""  # simple
    agg: Aggregation | None = None
    expr: str = ""  # simple: SQL over the mart's columns; derived: over input aliases
    percentile: float | None = None
    percentile_type: Literal["discrete", "continuous"] = "continuous"
    agg_time_dimension: str = ""
    time_granularity: str = ""  # the grain of `metric_time` when the request names none
    non_additive: NonAdditive | None = None
    join_to_timespine: bool = False
    fill_nulls_with: float | None = None
    null_as: float | None = None

    numerator: MetricInput | None = None  # ratio
    denominator: MetricInput | None = None
    input_metrics: tuple[MetricInput, ...] = ()  # derived; cumulative has exactly one

    window: str = ""  # cumulative and conversion: "7 days"
    grain_to_date: str = ""
    period_agg: Literal["first", "last", "average"] = "last"

    entity: str = ""  # conversion
    calculation: Literal["conversions", "conversion_rate"] = "conversion_rate"
    base_metric: MetricInput | None = None
    conversion_metric: MetricInput | None = None
    constant_properties: tuple[ConstantProperty, ...] = ()
    base_time: str = ""
    conversion_time: str = ""
    tie_break: str = ""

    def inputs(self) -> tuple[MetricInput, ...]:
        """The metrics this one is made of, in the order of its definition."""
        named = (self.numerator, self.denominator, self.base_metric, self.conversion_metric)
        return tuple(item for item in named if item) + self.input_metrics


class MetricQuery(Frozen):
    """The arguments of the `metric` tool, as written in saved and verified queries."""

    metrics: tuple[str, ...]
    by: tuple[str, ...] = ()
    where: tuple[str, ...] = ()
    grain: str = ""
    start: str = ""
    end: str = ""
    having: tuple[str, ...] = ()
    order_by: tuple[str, ...] = ()
    limit: int | None = None
    compare: str = ""
    share: bool = False
    top: int | None = None
    allow_nonadditive: bool = False


class SavedQuery(Frozen):
    name: str
    label: str = ""
    description: str = ""
    query: MetricQuery


class VerifiedQuery(Frozen):
    """A question whose right way of asking a person has checked. `sql` or `query`, not both."""

    name: str
    question: str
    query: MetricQuery | None = None
    sql: str = ""
    verified_by: str = ""
    expected: tuple[tuple[Scalar, ...], ...] = ()


class Term(Frozen):
    """A word of the business and what it means here; `see` names marts, metrics, columns."""

    name: str
    description: str
    synonyms: tuple[str, ...] = ()
    see: tuple[str, ...] = ()


class Catalog(Frozen):
    """Everything the semantic files say, checked. Names are unique; order is by name."""

    name: str
    description: str = ""
    timezone: str = "UTC"
    week_start: Literal["monday", "sunday"] = "monday"
    currency: str = ""
    time_spine: str = ""  # the mart with one row a day
    time_spine_column: str = ""
    calendars: dict[str, str] = Field(default_factory=dict)  # custom grain -> column of the spine
    marts: dict[str, Mart] = Field(default_factory=dict)
    metrics: dict[str, Metric] = Field(default_factory=dict)
    saved_queries: dict[str, SavedQuery] = Field(default_factory=dict)
    verified_queries: dict[str, VerifiedQuery] = Field(default_factory=dict)
    glossary: dict[str, Term] = Field(default_factory=dict)
    hash: str = ""  # of the source files
    places: dict[str, str] = Field(default_factory=dict)  # "metric.aov" -> "orders.yml:12"

    @classmethod
    def from_json(cls, text: bytes) -> Catalog:
        """The catalog of a `catalog.json`. Raises: pydantic's ValidationError.

        Half of the time would go to looking for garbage among the values just made, all of which
        are kept; so nobody looks meanwhile.
        """
        was_on = gc.isenabled()
        gc.disable()
        try:
            return cls.model_validate_json(text)
        finally:
            if was_on:
                gc.enable()


@dataclass(frozen=True)
class Hit:
    """Something of the catalog that fits a search, with its id ("metric/revenue").

    `line` says in one line what it is; a higher `score` fits better.
    """

    id: str
    kind: Literal["mart", "metric", "dimension", "column", "value", "question", "term"]
    name: str
    title: str
    line: str
    score: float


def plain_column(expr: str) -> str:
    """The column that an SQL expression consists of, unquoted; empty when it is more than that."""
    if _BARE.fullmatch(expr):
        return expr
    if _QUOTED.fullmatch(expr):
        return expr[1:-1].replace('""', '"')
    return ""


_BARE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_QUOTED = re.compile(r'"(?:[^"]|"")+"')
