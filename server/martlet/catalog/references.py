"""The rules that tie a catalog together: every name that is used exists and fits its use."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from zoneinfo import available_timezones

from martlet.catalog.draft import Draft, Rule, listing
from martlet.catalog.metric_rules import METRIC_RULES
from martlet.catalog.words import GRAINS
from martlet.errors import Problem, did_you_mean
from martlet.flow.catalog import Mart, MetricQuery


def find_problems(draft: Draft) -> list[Problem]:
    """Everything that does not hold together, rule by rule."""
    return [problem for rule in RULES for problem in rule(draft)]


def catalog_settings(draft: Draft) -> Iterator[Problem]:
    """The time zone exists; custom grains have names of their own."""
    catalog = draft.catalog
    zones = available_timezones()
    if catalog.timezone not in zones:
        message = f"`{catalog.timezone}` is not an IANA time zone."
        yield draft.problem("catalog.timezone", message, did_you_mean(catalog.timezone, zones))
    for grain in set(catalog.calendars) & set(GRAINS):
        message = f"The custom grain `{grain}` has the name of a standard one."
        yield draft.problem("catalog.calendars", message, "Call it, say, `fiscal_" + grain + "`.")


def time_spine(draft: Draft) -> Iterator[Problem]:
    """The time spine is a mart, and its day column is known."""
    catalog = draft.catalog
    if not catalog.time_spine:
        if catalog.calendars:
            message = "Custom grains are columns of a time spine, and there is none."
            yield draft.problem("catalog.calendars", message, "Name the mart: `time_spine`.")
        return
    path = "catalog.time_spine"
    if catalog.time_spine not in catalog.marts:
        hint = did_you_mean(catalog.time_spine, catalog.marts)
        yield draft.problem(path, f"There is no model `{catalog.time_spine}`.", hint)
    elif not catalog.time_spine_column:
        message = f"`{catalog.time_spine}` has no time dimension of grain day, or several."
        yield draft.problem(path, message, "Name the day column: `time_spine_column`.")


def mart_names(draft: Draft) -> Iterator[Problem]:
    """No two semantic models share a name, nor two dimensions or entities of a mart."""
    marts = draft.catalog.marts.values()
    counted = Counter(mart.semantic_name for mart in marts if mart.semantic_name)
    for mart in marts:
        if counted[mart.semantic_name] > 1:
            message = f"Another model's semantic model is called `{mart.semantic_name}` too."
            yield draft.problem(f"mart.{mart.name}.semantic_model", message)
        names = Counter(
            [item.name for item in mart.dimensions] + [item.name for item in mart.entities]
        )
        for name in [name for name, count in names.items() if count > 1]:
            message = f"`{mart.name}` has more than one dimension or entity `{name}`."
            path = f"mart.{mart.name}.dimension.{name}"
            yield draft.problem(path, message, "Give one of them another `name`.")


def mart_entities(draft: Draft) -> Iterator[Problem]:
    """A mart has one primary entity, a key or a name; ranges of validity are whole."""
    for mart in draft.catalog.marts.values():
        path = f"mart.{mart.name}"
        primary = [entity.name for entity in mart.entities if entity.type == "primary"]
        if len(primary) > 1:
            message = f"`{mart.name}` has {len(primary)} primary entities: {', '.join(primary)}."
            yield draft.problem(path, message, "Keep the key of its grain; the rest are `unique`.")
        if mart.primary_entity and primary and mart.primary_entity not in primary:
            message = f"`primary_entity` is `{mart.primary_entity}`, but `{primary[0]}` is the key."
            yield draft.problem(f"{path}.primary_entity", message)
        if mart.dimensions and not primary and not mart.primary_entity:
            message = f"`{mart.name}` has dimensions but no primary entity to name them by."
            hint = "Mark its key with `entity: primary`, or write `primary_entity`."
            yield draft.problem(path, message, hint)
        yield from _validity(draft, mart)


def _validity(draft: Draft, mart: Mart) -> Iterator[Problem]:
    marks = Counter(item.validity for item in mart.dimensions if item.validity)
    natural = [entity.name for entity in mart.entities if entity.type == "natural"]
    path = f"mart.{mart.name}"
    if marks and (marks["start"], marks["end"]) != (1, 1):
        message = f"`{mart.name}` needs one start and one end of validity."
        yield draft.problem(path, message, "Mark both with `validity_params`.")
    if natural and not marks:
        message = f"The natural entity `{natural[0]}` needs dimensions with `validity_params`."
        yield draft.problem(path, message)


def times(draft: Draft) -> Iterator[Problem]:
    """Every `agg_time_dimension` and non-additive dimension is a time dimension of its mart."""
    marts = draft.catalog.marts
    for mart in marts.values():
        path = f"mart.{mart.name}.agg_time_dimension"
        yield from _time(draft, mart, mart.agg_time_dimension, path)
    for metric in draft.catalog.metrics.values():
        if metric.type != "simple" or metric.mart not in marts:
            continue
        mart, path = marts[metric.mart], f"metric.{metric.name}"
        yield from _time(draft, mart, metric.agg_time_dimension, f"{path}.agg_time_dimension")
        if metric.non_additive:
            inner = f"{path}.non_additive_dimension"
            yield from _time(draft, mart, metric.non_additive.name, inner)
            yield from _groups(draft, mart, metric.non_additive.group_by, inner)


def _time(draft: Draft, mart: Mart, name: str, path: str) -> Iterator[Problem]:
    known = {item.name for item in mart.dimensions if item.type == "time"}
    if name and name not in known:
        message = f"`{name}` is not a time dimension of `{mart.name}`."
        hint = did_you_mean(name, known) or listing("Its time dimensions", known)
        yield draft.problem(path, message, hint)


def _groups(draft: Draft, mart: Mart, names: tuple[str, ...], path: str) -> Iterator[Problem]:
    known = {item.name for item in mart.dimensions} | {item.name for item in mart.entities}
    for name in names:
        if name not in known:
            message = f"`{name}` is not a dimension or entity of `{mart.name}`."
            yield draft.problem(path, message, did_you_mean(name, known))


def replacements(draft: Draft) -> Iterator[Problem]:
    """What replaces a deprecated thing exists, is not deprecated itself, and is of its kind."""
    catalog = draft.catalog
    for kind, items in (("mart", catalog.marts), ("metric", catalog.metrics)):
        for item in items.values():
            if not item.replaced_by:
                continue
            path = f"{kind}.{item.name}.replaced_by"
            target = items.get(item.replaced_by)
            if item.status != "deprecated":
                yield draft.problem(path, f"`{item.name}` is replaced but not deprecated.")
            if target is None and item.replaced_by not in draft.broken:
                hint = did_you_mean(item.replaced_by, items)
                yield draft.problem(path, f"There is no {kind} `{item.replaced_by}`.", hint)
            elif target is not None and target.status == "deprecated":
                message = f"`{item.replaced_by}` is deprecated itself."
                yield draft.problem(path, message, "Name the one to use in the end.")


def preferences(draft: Draft) -> Iterator[Problem]:
    """What is preferred to a thing exists, is of its kind, and nothing else is preferred to it."""
    catalog = draft.catalog
    for kind, items in (("mart", catalog.marts), ("metric", catalog.metrics)):
        for item in items.values():
            if not item.prefer:
                continue
            path = f"{kind}.{item.name}.prefer"
            target = items.get(item.prefer)
            if target is None and item.prefer not in draft.broken:
                hint = did_you_mean(item.prefer, items)
                yield draft.problem(path, f"There is no {kind} `{item.prefer}`.", hint)
            elif target is not None and (target.prefer or target.status == "deprecated"):
                message = f"`{item.prefer}` is not the one to take itself."
                yield draft.problem(path, message, "Name the one to use in the end.")


def queries(draft: Draft) -> Iterator[Problem]:
    """Saved and verified queries name metrics and dimensions that exist."""
    for saved in draft.catalog.saved_queries.values():
        yield from _query(draft, f"saved.{saved.name}.query_params", saved.query)
    for verified in draft.catalog.verified_queries.values():
        if verified.query:
            yield from _query(draft, f"verified.{verified.name}.metric_query", verified.query)


def _query(draft: Draft, path: str, query: MetricQuery) -> Iterator[Problem]:
    for name in query.metrics:
        if name not in draft.metrics:
            hint = did_you_mean(name, draft.metrics)
            yield draft.problem(path, f"There is no metric `{name}`.", hint)
    names = [*query.by, *(item.lstrip("-") for item in query.order_by)]
    for name in dict.fromkeys(names):
        if name not in draft.metrics and not draft.dimensions.knows(name):
            hint = did_you_mean(name, draft.dimensions.all)
            yield draft.problem(path, f"There is no dimension `{name}`.", hint)


def glossary(draft: Draft) -> Iterator[Problem]:
    """A term points to marts, metrics, dimensions or columns that exist."""
    catalog = draft.catalog
    known = {
        *catalog.marts,
        *draft.metrics,
        *draft.dimensions.all,
        *(f"{mart.name}.{item.name}" for mart in catalog.marts.values() for item in mart.columns),
    }
    for term in catalog.glossary.values():
        for name in term.see:
            if name not in known:
                message = f"`{name}` is no mart, metric, dimension or column."
                yield draft.problem(f"term.{term.name}.see", message, did_you_mean(name, known))


RULES: tuple[Rule, ...] = (
    catalog_settings,
    time_spine,
    mart_names,
    mart_entities,
    times,
    replacements,
    preferences,
    *METRIC_RULES,
    queries,
    glossary,
)
