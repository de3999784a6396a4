"""Reads dbt's `target/semantic_manifest.json` (dbt 1.6 and newer) as a catalog."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from martlet.catalog.formats.manifest_metrics import make_metrics
from martlet.catalog.names import plain_name
from martlet.errors import CatalogInvalid, Problem
from martlet.flow.catalog import (
    AiContext,
    Catalog,
    Column,
    Dimension,
    Entity,
    Mart,
    MetricQuery,
    SavedQuery,
)

Json = dict[str, Any]


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
    marts = {mart.name: mart for mart in map(_mart, models)}
    spine = next(iter(manifest.get("project_configuration", {}).get("time_spines") or ()), None)
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
    meta = meta_of(model)
    return Mart(
        name=_relation(model),
        semantic_name=model["name"],
        label=model.get("label") or "",
        description=model.get("description") or "",
        grain=str(meta.get("grain", "")),
        owner=str(meta.get("owner", "")),
        primary_entity=model.get("primary_entity") or "",
        agg_time_dimension=(model.get("defaults") or {}).get("agg_time_dimension") or "",
        dimensions=tuple(map(_dimension, model.get("dimensions") or ())),
        entities=tuple(map(_entity, model.get("entities") or ())),
        ai_context=ai_context(meta),
    )


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
        where = (params.get("where") or {}).get("where_filters") or ()
        yield SavedQuery(
            name=item["name"],
            label=item.get("label") or "",
            description=item.get("description") or "",
            query=MetricQuery(
                metrics=tuple(params.get("metrics") or ()),
                by=tuple(plain_name(text) for text in params.get("group_by") or ()),
                where=tuple(part["where_sql_template"] for part in where),
                order_by=tuple(plain_name(text) for text in params.get("order_by") or ()),
                limit=params.get("limit"),
            ),
        )


def meta_of(item: Json) -> Json:
    """`config.meta`, where teams keep what dbt has no place for."""
    return dict((item.get("config") or {}).get("meta") or {})


def ai_context(meta: Json) -> AiContext:
    """`ai_context` (or plain synonyms) of a meta block."""
    given = meta.get("ai_context") or {"synonyms": meta.get("synonyms") or ()}
    return AiContext(
        instructions=str(given.get("instructions", "")),
        synonyms=tuple(map(str, given.get("synonyms") or ())),
        examples=tuple(map(str, given.get("examples") or ())),
    )
