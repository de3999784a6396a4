"""Writes a catalog as Open Semantic Interchange 0.2, with a named issue for each loss.

What OSI has no words for travels as JSON under `custom_extensions` of the vendor MARTLET.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from martlet.catalog.formats.osi_metrics import Lost, expression_of, remarks_of
from martlet.flow.catalog import AiContext, Catalog, Dimension, Entity, Frozen, Mart, Metric

VERSION = "0.2.0.dev0"
VENDOR = "MARTLET"
Json = dict[str, Any]


@dataclass(frozen=True)
class Loss:
    """One thing that the file does not say to a reader without our extension.

    `left_out`: it is not in the file but for the extension; else it is there, and says less.
    """

    name: str
    code: str
    message: str
    left_out: bool = True


def write_osi(catalog: Catalog) -> tuple[Json, list[Loss]]:
    """The OSI document, and what it loses."""
    losses: list[Loss] = []
    metrics, apart = [], {}
    for metric in catalog.metrics.values():
        written = _metric(metric, catalog, losses)
        if written is None:
            apart[metric.name] = _json(metric)
        else:
            metrics.append(written)
    relationships = list(_relationships(catalog, losses))
    model: Json = {"name": catalog.name}
    model |= {"description": catalog.description} if catalog.description else {}
    model["datasets"] = [_dataset(mart) for mart in catalog.marts.values()]
    model |= {"relationships": relationships} if relationships else {}
    model |= {"metrics": metrics} if metrics else {}
    rest = _json(catalog)
    for key in ("marts", "metrics", "hash", "places"):
        rest.pop(key, None)
    model["custom_extensions"] = [_extension({**rest, "metrics_apart": apart})]
    for key in ("saved_queries", "verified_queries", "glossary"):
        if rest.get(key):
            message = "OSI has no place for them; they travel in the extension."
            losses.append(Loss(key, "no_place", message))
    return {"version": VERSION, "semantic_model": [model]}, losses


def dataset_json(mart: Mart) -> Json:
    """A mart as its dataset, without the extension."""
    keys = {item.type: item.column for item in reversed(mart.entities)}
    unique = [[item.column] for item in mart.entities if item.type == "unique" and item.column]
    dataset: Json = {"name": mart.name, "source": f"marts.{mart.name}"}
    dataset |= {"primary_key": [keys["primary"]]} if keys.get("primary") else {}
    dataset |= {"unique_keys": unique} if unique else {}
    dataset |= _told(mart.description, mart.ai_context)
    fields = list(_fields(mart))
    return dataset | ({"fields": fields} if fields else {})


def metric_json(metric: Metric, expression: str) -> Json:
    """A metric with its expression, without the extension."""
    told = _told(metric.description, metric.ai_context)
    return {"name": metric.name, "expression": _expression(expression), **told}


def _dataset(mart: Mart) -> Json:
    return {**dataset_json(mart), "custom_extensions": [_extension(_json(mart))]}


def _metric(metric: Metric, catalog: Catalog, losses: list[Loss]) -> Json | None:
    try:
        text = expression_of(metric, catalog)
    except Lost as lost:
        losses.append(Loss(metric.name, lost.code, lost.message))
        return None
    losses += [
        Loss(metric.name, item.code, item.message, left_out=False)
        for item in remarks_of(metric, catalog)
    ]
    return {**metric_json(metric, text), "custom_extensions": [_extension(_json(metric))]}


def _fields(mart: Mart) -> Iterator[Json]:
    """The columns, those that are dimensions marked so, then what is computed."""
    by_column: dict[str, Dimension] = {}
    for item in mart.dimensions:
        if item.column:
            by_column.setdefault(item.column, item)
    names = [item.name for item in mart.columns]
    items: list[Dimension | Entity] = [*mart.dimensions, *mart.entities]
    names += [item.column for item in items if item.column and item.column not in names]
    for name in dict.fromkeys(names):
        column, dimension = mart.column(name), by_column.get(name)
        field: Json = {"name": name, "expression": _expression(f'"{name}"' if _odd(name) else name)}
        field |= {"dimension": {"is_time": dimension.type == "time"}} if dimension else {}
        label = (column.label if column else "") or (dimension.label if dimension else "")
        field |= {"label": label} if label else {}
        source = column or dimension
        field |= _told(source.description, source.ai_context) if source else {}
        kind = _datatype(column.type if column else "") or _time_type(dimension)
        yield field | ({"datatype": kind} if kind else {})
    for item in mart.dimensions:
        if item not in by_column.values():
            field = {"name": item.name, "expression": _expression(item.expr)}
            field["dimension"] = {"is_time": item.type == "time"}
            field |= {"label": item.label} if item.label else {}
            kind = _time_type(item)
            field |= {"datatype": kind} if kind else {}
            yield field | _told(item.description, item.ai_context)


def _relationships(catalog: Catalog, losses: list[Loss]) -> Iterator[Json]:
    targets: dict[str, list[tuple[Mart, Entity]]] = {}
    for mart in catalog.marts.values():
        for entity in mart.entities:
            if entity.type in ("primary", "unique"):
                targets.setdefault(entity.name, []).append((mart, entity))
            elif entity.type == "natural":
                message = f"{mart.name} changes over time; OSI has no join by validity."
                losses.append(Loss(entity.name, "validity", message))
    for mart in catalog.marts.values():
        for entity in mart.entities:
            for other, key in targets.get(entity.name, ()):
                if other.name == mart.name or entity.type != "foreign":
                    continue
                name = f"{mart.name}_to_{other.name}_by_{entity.name}"
                if not entity.column or not key.column:
                    losses.append(Loss(name, "computed_key", "A key is computed from columns."))
                    continue
                yield {
                    "name": name,
                    "from": mart.name,
                    "to": other.name,
                    "from_columns": [entity.column],
                    "to_columns": [key.column],
                }


def _told(description: str, context: AiContext) -> Json:
    told: Json = {"description": description} if description else {}
    given = {key: value for key, value in context.model_dump(mode="json").items() if value}
    return told | ({"ai_context": given} if given else {})


def _expression(text: str) -> Json:
    return {"dialects": [{"dialect": "ANSI_SQL", "expression": text}]}


def _extension(content: Json) -> Json:
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    return {"vendor_name": VENDOR, "data": text}


def _json(item: Frozen) -> Json:
    return item.model_dump(mode="json", exclude_defaults=True)


def _odd(name: str) -> bool:
    return not (name.isidentifier() and name.isascii())


def _time_type(dimension: Dimension | None) -> str:
    """What a time must be, by its finest grain; empty for what is no time."""
    if dimension is None or dimension.type != "time":
        return ""
    return "DateTime" if dimension.granularity in ("second", "minute", "hour") else "Date"


def _datatype(kind: str) -> str:
    """OSI's logical type of a DuckDB type; empty when it is not known."""
    plain = kind.upper().partition("(")[0].strip()
    return _DATATYPES.get(plain, "")


_DATATYPES = {
    "VARCHAR": "String", "TEXT": "String", "UUID": "String", "BOOLEAN": "Boolean",
    "TINYINT": "Integer", "SMALLINT": "Integer", "INTEGER": "Integer", "INT": "Integer",
    "BIGINT": "Integer", "HUGEINT": "Integer", "UINTEGER": "Integer", "UBIGINT": "Integer",
    "DECIMAL": "Decimal", "NUMERIC": "Decimal", "DOUBLE": "Float", "FLOAT": "Float",
    "DATE": "Date", "TIME": "Time", "TIMESTAMP": "DateTime",
    "TIMESTAMP WITH TIME ZONE": "DateTimeTz", "TIMESTAMPTZ": "DateTimeTz",
}  # fmt: skip
