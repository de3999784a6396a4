"""Reads dbt's `target/semantic_manifest.json` (dbt 1.6 and newer) as a catalog."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from pydantic import ValidationError

from martlet.catalog.formats.manifest_meta import ai_context, mart_extras, meta_of, where_filters
from martlet.catalog.formats.manifest_metrics import make_metrics
from martlet.catalog.names import plain_name
from martlet.errors import CatalogInvalid, Problem
from martlet.flow.catalog import (
    Catalog,
    Column,
    Dimension,
    Entity,
    Mart,
    MetricQuery,
    SavedQuery,
)

Json = dict[str, Any]
Field = TypeVar("Field", Dimension, Entity)


@dataclass
class Reading:
    """The manifest while it is read: what was wrong so far, with the place in the file."""

    file: str
    problems: list[Problem] = field(default_factory=list)

    def wrong(self, key: str, message: str, next_step: str = "") -> None:
        self.problems.append(Problem(self.file, 0, key, message, next_step))


def load(path: Path) -> Catalog:
    """The catalog of a semantic manifest; measures used without a metric become hidden ones.

    Raises: CatalogInvalid with all problems.
    """
    reading = Reading(path.name)
    try:
        raw = path.read_bytes()
        manifest = json.loads(raw)
    except (OSError, ValueError, RecursionError) as error:
        reading.wrong("", f"It cannot be read as JSON: {error}.", "Run `dbt parse` to write it.")
        raise CatalogInvalid(reading.problems) from error
    if not isinstance(manifest, dict) or not isinstance(manifest.get("semantic_models"), list):
        reading.wrong("semantic_models", "It is no semantic manifest.", "Run `dbt parse`.")
        raise CatalogInvalid(reading.problems)
    try:
        catalog = _catalog(manifest, path, reading, hashlib.sha256(raw).hexdigest())
    except (KeyError, TypeError, AttributeError, ValidationError) as error:
        reading.wrong("", f"It has an unexpected form: {error}.", "Write it again: `dbt parse`.")
        raise CatalogInvalid(reading.problems) from error
    if reading.problems:
        raise CatalogInvalid(reading.problems)
    return catalog


def _catalog(manifest: Json, path: Path, reading: Reading, digest: str) -> Catalog:
    models = manifest["semantic_models"]
    if not models:
        reading.wrong(
            "semantic_models",
            "It holds no semantic models.",
            "dbt ignores specs newer than itself; write them as dbt of this version reads them.",
        )
    marts: dict[str, Mart] = {}
    for mart in map(_mart, models):
        known = marts.get(mart.name)
        marts[mart.name] = _merged(known, mart, reading) if known else mart
    spine = _spine(manifest.get("project_configuration") or {})
    if spine:
        marts.setdefault(spine["node_relation"]["alias"], _spine_mart(spine))
    metrics = make_metrics(manifest, {m["name"]: _relation(m) for m in models}, reading.wrong)
    return Catalog(
        name=path.parent.name or "catalog",
        time_spine=spine["node_relation"]["alias"] if spine else "",
        time_spine_column=spine["primary_column"]["name"] if spine else "",
        calendars={
            item["name"]: item.get("column_name") or item["name"]
            for item in (spine or {}).get("custom_granularities") or ()
        },
        marts=dict(sorted(marts.items())),
        metrics=dict(sorted(metrics.items())),
        saved_queries={item.name: item for item in _saved(manifest)},
        hash=digest,
    )


def _relation(model: Json) -> str:
    return str(model["node_relation"]["alias"])


def _mart(model: Json) -> Mart:
    return Mart(
        name=_relation(model),
        semantic_name=model["name"],
        label=model.get("label") or "",
        description=model.get("description") or "",
        primary_entity=model.get("primary_entity") or "",
        agg_time_dimension=(model.get("defaults") or {}).get("agg_time_dimension") or "",
        dimensions=tuple(map(_dimension, model.get("dimensions") or ())),
        entities=tuple(map(_entity, model.get("entities") or ())),
        **mart_extras(meta_of(model)),
    )


def _merged(one: Mart, other: Mart, reading: Reading) -> Mart:
    """Two semantic models over one table as one mart; each metric keeps its model's time."""
    return one.model_copy(
        update={
            "description": one.description or other.description,
            "primary_entity": one.primary_entity or other.primary_entity,
            "agg_time_dimension": one.agg_time_dimension or other.agg_time_dimension,
            "dimensions": _union(one.dimensions, other.dimensions, other, reading),
            "entities": _union(one.entities, other.entities, other, reading),
        }
    )


def _union(
    ours: tuple[Field, ...], theirs: tuple[Field, ...], other: Mart, reading: Reading
) -> tuple[Field, ...]:
    """The fields of both; one name may not mean two expressions."""
    known = {item.name: item for item in ours}
    for item in theirs:
        if known.setdefault(item.name, item).expr != item.expr:
            reading.wrong(
                f"semantic_models.{other.semantic_name}.{item.name}",
                f"`{item.name}` means another column in another semantic model of {other.name}.",
                "Give one of them another name.",
            )
    return tuple(known.values())


def _dimension(item: Json) -> Dimension:
    params = item.get("type_params") or {}
    valid = params.get("validity_params") or {}
    meta = meta_of(item)
    return Dimension(
        name=item["name"],
        type=item["type"],
        expr=item.get("expr") or item["name"],
        granularity=params.get("time_granularity") or "",
        label=item.get("label") or "",
        description=item.get("description") or "",
        null_label=str(meta.get("null_label", "")),
        is_partition=bool(item.get("is_partition")),
        validity="start" if valid.get("is_start") else "end" if valid.get("is_end") else "",
        ai_context=ai_context(meta),
    )


def _entity(item: Json) -> Entity:
    return Entity(
        name=item["name"],
        type=item["type"],
        expr=item.get("expr") or item["name"],
        label=item.get("label") or "",
        description=item.get("description") or "",
    )


def _spine(config: Json) -> Json | None:
    """The time spine of one row a day, in the form of dbt 1.9; older ones name table and column."""
    spines = list(config.get("time_spines") or ())
    for old in config.get("time_spine_table_configurations") or ():
        spines.append(
            {
                "node_relation": {"alias": old["location"].replace('"', "").rpartition(".")[2]},
                "primary_column": {
                    "name": old["column_name"],
                    "time_granularity": old.get("grain") or "day",
                },
            }
        )
    days = [item for item in spines if item["primary_column"].get("time_granularity") == "day"]
    return next(iter(sorted(days, key=lambda item: not item.get("custom_granularities"))), None)


def _spine_mart(spine: Json) -> Mart:
    customs = spine.get("custom_granularities") or ()
    names = [spine["primary_column"]["name"], *(c.get("column_name") or c["name"] for c in customs)]
    return Mart(
        name=spine["node_relation"]["alias"],
        description="The time spine: one row a day, with the calendars of the company.",
        grain="one row per day",
        columns=tuple(Column(name=name) for name in names),
    )


def _saved(manifest: Json) -> Iterator[SavedQuery]:
    for item in manifest.get("saved_queries") or ():
        params = item["query_params"]
        yield SavedQuery(
            name=item["name"],
            label=item.get("label") or "",
            description=item.get("description") or "",
            query=MetricQuery(
                metrics=tuple(params.get("metrics") or ()),
                by=tuple(plain_name(text) for text in params.get("group_by") or ()),
                where=where_filters(params.get("where")),
                order_by=tuple(plain_name(text) for text in params.get("order_by") or ()),
                limit=params.get("limit"),
            ),
        )
