"""From read fields to metrics, saved and verified queries and glossary terms."""

from __future__ import annotations

from martlet.catalog.assemble import ai_context
from martlet.catalog.fields import Fields
from martlet.catalog.names import plain_name
from martlet.errors import Problem
from martlet.flow.catalog import (
    ConstantProperty,
    Metric,
    MetricInput,
    MetricQuery,
    NonAdditive,
    SavedQuery,
    Term,
    VerifiedQuery,
)


def make_metric(fields: Fields, mart: str, problems: list[Problem]) -> Metric | None:
    """A metric, or None when it cannot be understood; `mart` is empty for one beside the marts."""
    kind = fields.text("type")
    if kind == "simple" and not mart:
        message = "A simple metric stands under the model whose rows it counts."
        problems.append(fields.problem("type", message, "Move it to that model's `metrics`."))
        return None
    if not fields.complete or not _is_whole(fields, kind, problems):
        return None
    return Metric(
        **fields.only(
            "name", "type", "label", "description", "unit", "format", "owner", "status",
            "replaced_by", "prefer", "version", "hidden", "filter", "agg", "expr", "percentile",
            "percentile_type", "agg_time_dimension", "time_granularity", "join_to_timespine",
            "fill_nulls_with", "null_as", "window", "grain_to_date", "period_agg", "entity",
            "calculation", "base_time", "conversion_time", "tie_break",
        ),
        mart=mart if kind == "simple" else "",
        ai_context=ai_context(fields),
        non_additive=_non_additive(fields),
        numerator=_input(fields, "numerator"),
        denominator=_input(fields, "denominator"),
        base_metric=_input(fields, "base_metric"),
        conversion_metric=_input(fields, "conversion_metric"),
        input_metrics=_inputs(fields),
        constant_properties=tuple(
            ConstantProperty(**item.values) for item in fields.objects("constant_properties")
        ),
    )  # fmt: skip


def make_saved_query(fields: Fields) -> SavedQuery:
    """A saved query; dbt's `Dimension('…')` spelling becomes plain names."""
    asked = fields.object("query_params")
    query = MetricQuery(
        **asked.only("metrics", "where", "limit"),
        by=tuple(plain_name(item) for item in asked.values.get("group_by", ())),
        order_by=tuple(plain_name(item) for item in asked.values.get("order_by", ())),
    )
    return SavedQuery(**fields.only("name", "label", "description"), query=query)


def make_verified_query(fields: Fields, problems: list[Problem]) -> VerifiedQuery:
    given = [key for key in ("metric_query", "sql") if key in fields.values]
    if len(given) != 1:
        message = "A verified query has either `metric_query` or `sql`."
        problems.append(fields.problem("sql" if given else "name", message))
    asked = fields.object("metric_query")
    return VerifiedQuery(
        **fields.only("name", "question", "sql", "verified_by", "expected"),
        query=MetricQuery(**asked.values) if asked.complete and asked.values else None,
    )


def make_term(fields: Fields) -> Term:
    return Term(**fields.only("name", "description", "synonyms", "see"))


def _is_whole(fields: Fields, kind: str, problems: list[Problem]) -> bool:
    """The keys that a kind of metric needs are there, and none that it cannot use."""
    needed, optional = KINDS[kind]
    good = True
    for key in needed:
        if key not in fields.values:
            good = False
            if key not in fields.lines:
                problems.append(fields.problem(key, f"A {kind} metric needs `{key}`."))
    for key in sorted(_SPECIFIC & set(fields.values) - set(needed) - set(optional)):
        good = False
        takers = [name for name, keys in KINDS.items() if key in keys[0] + keys[1]]
        message = f"A {kind} metric has no `{key}`; it belongs to {' and '.join(takers)} metrics."
        problems.append(fields.problem(key, message))
    return good and all(item.complete for item in _inner(fields))


def _inner(fields: Fields) -> list[Fields]:
    single = [value for value in fields.values.values() if isinstance(value, Fields)]
    listed = [*fields.objects("input_metrics"), *fields.objects("constant_properties")]
    return single + listed


def _non_additive(fields: Fields) -> NonAdditive | None:
    inner = fields.object("non_additive_dimension")
    return NonAdditive(**inner.values) if inner.values else None


def _input(fields: Fields, key: str) -> MetricInput | None:
    inner = fields.object(key)
    return MetricInput(**inner.values) if inner.values else None


def _inputs(fields: Fields) -> tuple[MetricInput, ...]:
    single = _input(fields, "input_metric")
    listed = tuple(MetricInput(**item.values) for item in fields.objects("input_metrics"))
    return ((single,) if single else ()) + listed


# kind: the keys it needs, and those it may have besides.
KINDS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "simple": (
        ("agg", "expr"),
        (
            "percentile", "percentile_type", "agg_time_dimension", "non_additive_dimension",
            "join_to_timespine", "fill_nulls_with",
        ),
    ),
    "ratio": (("numerator", "denominator"), ()),
    "derived": (("expr", "input_metrics"), ()),
    "cumulative": (("input_metric",), ("window", "grain_to_date", "period_agg")),
    "conversion": (
        ("entity", "base_metric", "conversion_metric"),
        (
            "window", "calculation", "constant_properties", "base_time", "conversion_time",
            "tie_break",
        ),
    ),
}  # fmt: skip
_SPECIFIC = {key for needed, optional in KINDS.values() for key in needed + optional}
