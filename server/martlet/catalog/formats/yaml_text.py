"""Writes a catalog as our own YAML, a file per mart; reading them gives the same catalog."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import yaml

from martlet.catalog.tree import resolve
from martlet.catalog.words import quoted
from martlet.flow.catalog import (
    Catalog,
    Column,
    Dimension,
    Entity,
    Frozen,
    Mart,
    Metric,
    MetricInput,
    plain_column,
)

Tree = dict[str, Any]


def write_catalog(catalog: Catalog) -> dict[str, str]:
    """File names and their texts."""
    settings = _given(
        catalog, "name", "description", "timezone", "week_start", "currency", "time_spine",
        "time_spine_column", "calendars",
    )  # fmt: skip
    files: dict[str, Tree] = {"catalog.yml": {"catalog": settings}}
    for mart in catalog.marts.values():
        own = [item for item in catalog.metrics.values() if item.mart == mart.name]
        files[f"{mart.name}.yml"] = {"models": [_model(mart, own)]}
    beside = [_metric(item) for item in catalog.metrics.values() if not item.mart]
    files["metrics.yml"] = {"metrics": beside} if beside else {}
    files["questions.yml"] = _questions(catalog)
    terms = [_given(item, *type(item).model_fields) for item in catalog.glossary.values()]
    files["glossary.yml"] = {"glossary": terms} if terms else {}
    return {name: _text({"version": 1, **tree}) for name, tree in files.items() if tree}


def _questions(catalog: Catalog) -> Tree:
    saved = [
        {
            **_given(item, "name", "label", "description"),
            "query_params": {
                ("group_by" if key == "by" else key): value
                for key, value in _given(item.query, *type(item.query).model_fields).items()
            },
        }
        for item in catalog.saved_queries.values()
    ]
    verified = [
        {
            **_given(item, "name", "question"),
            **({"metric_query": _given(item.query, *_fields(item.query))} if item.query else {}),
            **_given(item, "sql", "verified_by", "expected"),
        }
        for item in catalog.verified_queries.values()
    ]
    found = {"saved_queries": saved, "verified_queries": verified}
    return {key: items for key, items in found.items() if items}


def _fields(item: Frozen) -> Iterable[str]:
    return type(item).model_fields


def _model(mart: Mart, metrics: Iterable[Metric]) -> Tree:
    columns, used = _columns(mart)
    derived = {
        "dimensions": [_derived(item) for item in mart.dimensions if id(item) not in used],
        "entities": [
            _given(item, "name", "expr", "type", "label", "description")
            for item in mart.entities
            if id(item) not in used
        ],
    }
    model = {
        **_given(mart, "name", "label", "description", "grain", "owner", "status"),
        **_given(mart, "replaced_by", "prefer"),
        "semantic_model": _semantic_model(mart),
        **_given(mart, "agg_time_dimension", "primary_entity", "data_freshness", "ai_context"),
        "columns": columns,
        "derived_semantics": {key: items for key, items in derived.items() if items},
        "metrics": [_metric(item) for item in metrics],
    }
    return {key: value for key, value in model.items() if value not in ({}, [])}


def _semantic_model(mart: Mart) -> Tree:
    if not (mart.semantic_name or mart.dimensions or mart.entities):
        return {"enabled": False}
    name = mart.semantic_name
    return {"name": name} if name and name != mart.name else {}


def _columns(mart: Mart) -> tuple[list[Tree], set[int]]:
    """The columns with the dimension and the entity that each is, and what is told by that."""
    known = {item.name: item for item in mart.columns}
    items: list[Dimension | Entity] = [*mart.dimensions, *mart.entities]
    for item in items:
        name = plain_column(item.expr)
        if name and item.expr == quoted(name) and name not in known:
            card = {"label": item.label, "description": item.description}
            if isinstance(item, Dimension):
                card["null_label"] = item.null_label
                known[name] = Column(name=name, ai_context=item.ai_context, **card)
            else:
                known[name] = Column(name=name, **card)
    used: set[int] = set()
    return [_column(item, mart, used) for item in known.values()], used


def _column(column: Column, mart: Mart, used: set[int]) -> Tree:
    tree = _given(
        column, "name", "label", "description", "unit", "unit_column", "additivity", "format",
        "null_label", "null_meaning", "pii", "hidden", "is_enum", "sample_values", "ai_context",
    )  # fmt: skip
    if column.type:
        tree["datatype"] = column.type
    own = quoted(column.name)
    entity = next((item for item in mart.entities if item.expr == own), None)
    dimension = next((item for item in mart.dimensions if _tells(item, column)), None)
    if entity:
        used.add(id(entity))
        tree["entity"] = {"type": entity.type, **_apart(entity, column)}
    if dimension:
        used.add(id(dimension))
        tree |= {"granularity": dimension.granularity} if dimension.granularity else {}
        tree["dimension"] = {
            "type": dimension.type,
            **_apart(dimension, column),
            **_given(dimension, "is_partition"),
            **_validity(dimension),
        }
    return tree


def _tells(dimension: Dimension, column: Column) -> bool:
    """Whether the column's card says what the dimension says."""
    same = dimension.null_label == column.null_label and dimension.ai_context == column.ai_context
    return same and dimension.expr == quoted(column.name)


def _apart(item: Dimension | Entity, column: Column) -> Tree:
    """What is not the column's own."""
    return {
        key: getattr(item, key)
        for key in ("name", "label", "description")
        if getattr(item, key) != getattr(column, key)
    }


def _derived(item: Dimension) -> Tree:
    keys = ("name", "expr", "type", "granularity", "label", "description", "null_label")
    return {**_given(item, *keys, "is_partition", "ai_context"), **_validity(item)}


def _validity(item: Dimension) -> Tree:
    return {"validity_params": {f"is_{item.validity}": True}} if item.validity else {}


def _metric(metric: Metric) -> Tree:
    tree = _given(metric, *(name for name in _fields(metric) if name not in _METRIC_APART))
    if metric.non_additive:
        tree["non_additive_dimension"] = {
            "name": metric.non_additive.name,
            "window_agg": metric.non_additive.window_agg,
            **_given(metric.non_additive, "group_by"),
        }
    for key in ("numerator", "denominator", "base_metric", "conversion_metric"):
        given = getattr(metric, key)
        if given:
            tree[key] = _input(given)
    inputs = [_input(item) for item in metric.input_metrics]
    if metric.type == "cumulative" and inputs:
        tree["input_metric"] = inputs[0]
    elif inputs:
        tree["input_metrics"] = inputs
    pairs = [_given(item, *_fields(item)) for item in metric.constant_properties]
    return {**tree, **({"constant_properties": pairs} if pairs else {})}


def _input(given: MetricInput) -> Tree | str:
    tree = _given(given, *_fields(given))
    return tree if len(tree) > 1 else given.name


def _given(item: Frozen, *keys: str) -> Tree:
    """The keys that differ from their defaults, and those that have none, as plain data."""
    fields = type(item).model_fields
    found = {key: getattr(item, key) for key in keys}
    return {
        key: _plain(value)
        for key, value in found.items()
        if fields[key].is_required() or value != fields[key].get_default(call_default_factory=True)
    }


def _plain(value: Any) -> Any:
    if isinstance(value, Frozen):
        return _given(value, *_fields(value))
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    return value


class _Dumper(yaml.SafeDumper):
    """Writes text so that our own reader takes it for text, and no anchors."""

    def ignore_aliases(self, data: Any) -> bool:
        return True

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, False)


def _text_node(dumper: _Dumper, text: str) -> yaml.ScalarNode:
    style = "'" if not isinstance(resolve(text), str) else "|" if "\n" in text.strip() else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(str, _text_node)
_METRIC_APART = {
    "mart", "non_additive", "numerator", "denominator", "base_metric", "conversion_metric",
    "input_metrics", "constant_properties",
}  # fmt: skip


def _text(tree: Tree) -> str:
    text: str = yaml.dump(
        tree, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=100, indent=2
    )
    return text
