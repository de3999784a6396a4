"""Reads Open Semantic Interchange (0.1.x and 0.2) as a catalog; what it cannot read is a problem.

A file that Martlet wrote carries the whole catalog in its extensions and comes back whole. What
others changed in its descriptions counts; a changed expression is told and not guessed at.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from martlet.catalog.draft import Draft
from martlet.catalog.fields import NAME
from martlet.catalog.formats.osi_formulas import Formulas
from martlet.catalog.formats.osi_metrics import Lost, expression_of
from martlet.catalog.formats.osi_write import VENDOR
from martlet.catalog.formats.sql_names import Table, resolve
from martlet.catalog.parts import read_text
from martlet.catalog.tree import Node, read_tree
from martlet.catalog.words import quoted
from martlet.errors import CatalogInvalid, Problem
from martlet.flow.catalog import (
    AiContext,
    Catalog,
    Column,
    Dimension,
    Entity,
    Mart,
    Metric,
    plain_column,
)

Json = dict[str, Any]
VERSIONS = re.compile(r"0\.[12](\.\w+)*")
READ_DIALECTS = ("ANSI_SQL", "SNOWFLAKE", "DATABRICKS", "BIGQUERY")
TIMES = {"Date": "day", "DateTime": "second", "DateTimeTz": "second"}


def read(path: Path) -> Draft:
    """The catalog in an OSI file, with what was lost on the way as warnings.

    Raises: CatalogInvalid when it is no OSI file at all.
    """
    problems: list[Problem] = []
    text, content = read_text(path.name, path, problems)
    tree = read_tree(path.name, text, problems) if text is not None else None
    document = _plain(tree) if tree else None
    models = document.get("semantic_model") if isinstance(document, dict) else None
    if not isinstance(models, list) or not models or not isinstance(models[0], dict):
        problems.append(Problem(path.name, 0, "semantic_model", "It holds no semantic model."))
        raise CatalogInvalid(problems)
    assert isinstance(document, dict)
    version = str(document.get("version", ""))
    if not VERSIONS.fullmatch(version):
        message = f"OSI version `{version}` is not known; it is read as 0.2."
        problems.append(Problem(path.name, 0, "version", message, severity="warning"))
    if len(models) > 1:
        message = f"It holds {len(models)} semantic models; the first is read."
        problems.append(Problem(path.name, 0, "semantic_model", message, severity="warning"))
    reading = _Reading(path.name, models[0], problems)
    try:
        catalog = reading.catalog(hashlib.sha256(content).hexdigest())
    except (KeyError, TypeError, AttributeError, ValidationError) as error:
        problems.append(Problem(path.name, 0, "", f"It has an unexpected form: {error}."))
        raise CatalogInvalid(problems) from error
    return Draft(catalog, problems=tuple(problems))


class _Reading:
    def __init__(self, file: str, model: Json, problems: list[Problem]) -> None:
        self._file, self._model, self._problems = file, model, problems
        self._tables: dict[str, Table] = {}
        self._marts: dict[str, Mart] = {}

    def warn(self, key: str, message: str) -> None:
        self._problems.append(Problem(self._file, 0, key, message, severity="warning"))

    def catalog(self, digest: str) -> Catalog:
        own = _extension(self._model)
        for dataset in self._model.get("datasets") or ():
            self._read_dataset(dataset)
        self._relate()
        apart = own.pop("metrics_apart", {})
        metrics = {name: Metric.model_validate(item) for name, item in apart.items()}
        formulas = Formulas(self._tables, self._marts, self.warn)
        plain = []
        for item in self._model.get("metrics") or ():
            given = _extension(item)
            if given:
                metrics[item["name"]] = Metric.model_validate(given).model_copy(update=_told(item))
            else:
                plain.append(item)
        formulas.known = {*metrics, *(item["name"] for item in plain)}
        for item in plain:
            metrics |= {metric.name: metric for metric in self._metric(item, formulas)}
        told = {key: value for key, value in _told(self._model).items() if key != "ai_context"}
        name = str(own.pop("name", "") or self._model["name"])
        read = Catalog(
            **{**own, **told},
            name=name if NAME.fullmatch(name) else _safe(name),
            marts=dict(sorted(self._marts.items())),
            metrics=dict(sorted(metrics.items())),
            hash=digest,
            places={"": f"{self._file}:0"},
        )
        self._compare(read)
        return read

    def _compare(self, catalog: Catalog) -> None:
        """Expressions that were changed beside our extension, which stays in force."""
        for item in self._model.get("metrics") or ():
            metric = catalog.metrics.get(item["name"])
            if metric is None or not _extension(item):
                continue
            try:
                ours = expression_of(metric, catalog)
            except Lost:
                ours = ""
            if _sql(item) not in (ours, None):
                message = "Its expression was changed; the definition in the extension is used."
                self.warn(f"metrics.{metric.name}", f"{message} Change that, or drop it.")

    def _read_dataset(self, dataset: Json) -> None:
        name, source = str(dataset["name"]), str(dataset["source"])
        if re.search(r"\s", source.strip()):
            self.warn(f"datasets.{name}", "Its source is a query, not a table; it is left out.")
            return
        own = _extension(dataset)
        table = Table(name, plain_column(source.split(".")[-1]) or source.split(".")[-1])
        self._tables[name] = table
        if own:
            mart = Mart.model_validate(own).model_copy(update=_told(dataset))
            table.fields = {item.name: quoted(item.name) for item in mart.columns}
        else:
            mart = self._mart(dataset, table)
        self._marts[mart.name] = mart

    def _mart(self, dataset: Json, table: Table) -> Mart:
        columns: dict[str, Column] = {}
        dimensions: list[Dimension] = []
        for field in dataset.get("fields") or ():
            sql = self._field_sql(field, f"datasets.{table.name}.fields.{field['name']}")
            if sql is None:
                continue
            sql, _ = resolve(sql, {table.name: Table(table.name, table.mart)})
            table.fields[field["name"]] = sql
            column = plain_column(sql)
            if column:
                columns.setdefault(
                    column, Column(name=column, label=field.get("label") or "", **_told(field))
                )
            dimension = self._dimension(field, sql, table.name)
            if dimension:
                dimensions.append(dimension)
        entities = list(self._keys(dataset, table.name, {item.name for item in dimensions}))
        times = [item.name for item in dimensions if item.type == "time"]
        if len(times) > 1:
            message = f"It has several times ({', '.join(times)}); `{times[0]}` is its own."
            self.warn(f"datasets.{table.name}", message)
        owner = _safe(table.mart.removeprefix("fct_").removeprefix("dim_"))
        return Mart(
            name=table.mart,
            semantic_name=_safe(table.name),
            primary_entity="" if any(e.type == "primary" for e in entities) else owner,
            agg_time_dimension=times[0] if times else "",
            columns=tuple(columns.values()),
            dimensions=tuple(dimensions),
            entities=tuple(entities),
            **_told(dataset),
        )

    def _field_sql(self, field: Json, place: str) -> str | None:
        sql = _sql(field)
        if sql is None:
            self.warn(place, "It is written in no SQL dialect that is read; it is left out.")
        return sql

    def _dimension(self, field: Json, sql: str, dataset: str) -> Dimension | None:
        """A field marked as a dimension, or of a type that is nothing else."""
        kind = field.get("datatype") or ""
        marked = field.get("dimension")
        is_time = (marked or {}).get("is_time", kind in TIMES)
        if marked is None and not is_time and kind not in ("String", "Boolean"):
            return None
        if is_time and kind and kind not in TIMES:
            is_time = False  # a year as a number, a month's name: to group by, not to count along
        grain = TIMES.get(kind, "day") if is_time else ""
        if is_time and not kind:
            place = f"datasets.{dataset}.fields.{field['name']}"
            self.warn(place, "Its `datatype` is not told; it is taken for a day.")
        return Dimension(
            name=_safe(field["name"]),
            type="time" if is_time else "categorical",
            expr=sql,
            granularity=grain,
            label=field.get("label") or "",
            **_told(field),
        )

    def _keys(self, dataset: Json, name: str, taken: set[str]) -> Iterator[Entity]:
        key = dataset.get("primary_key") or []
        if len(key) == 1:
            table = self._tables[name]
            entity = _safe(table.mart.removeprefix("fct_").removeprefix("dim_"))
            entity = f"{entity}_key" if entity in taken else entity
            yield Entity(name=entity, type="primary", expr=table.fields.get(key[0], quoted(key[0])))
        elif key:
            self.warn(f"datasets.{name}.primary_key", "A key of several columns is left out.")

    def _relate(self) -> None:
        """Foreign entities for relationships between datasets that carry no extension."""
        for item in self._model.get("relationships") or ():
            place = f"relationships.{item['name']}"
            ends = [self._tables.get(item["from"]), self._tables.get(item["to"])]
            if ends[0] is None or ends[1] is None:
                self.warn(place, "One of its datasets was left out, and so is it.")
                continue
            ours, theirs = (self._marts[end.mart] for end in ends if end)
            if len(item["from_columns"]) != 1 or len(item["to_columns"]) != 1:
                self.warn(place, "A relationship over several columns is left out.")
                continue
            given, wanted = quoted(item["from_columns"][0]), quoted(item["to_columns"][0])
            if self._is_related(ours, theirs, given, wanted):
                continue
            names = {entity.name for entity in ours.entities}
            names |= {dimension.name for dimension in ours.dimensions}
            key = next((e.name for e in theirs.entities if e.expr == wanted), "")
            if not key or key in names:  # another role, or another key: an entity of its own
                key = _safe(item["name"])
                unique = Entity(name=key, type="unique", expr=wanted)
                self._marts[theirs.name] = _with(theirs, unique)
            foreign = Entity(name=key, type="foreign", expr=given)
            self._marts[ours.name] = _with(self._marts[ours.name], foreign)

    def _is_related(self, ours: Mart, theirs: Mart, given: str, wanted: str) -> bool:
        mine = {e.name for e in ours.entities if e.expr == given and e.type == "foreign"}
        return any(e.name in mine for e in theirs.entities if e.expr == wanted)

    def _metric(self, item: Json, formulas: Formulas) -> Iterator[Metric]:
        sql = _sql(item)
        if sql is None:
            self.warn(f"metrics.{item['name']}", "It is written in no SQL dialect that is read.")
        elif not NAME.fullmatch(item["name"]):
            self.warn(f"metrics.{item['name']}", "Its name is none here; it is left out.")
        else:
            yield from formulas.metrics(item["name"], sql, _told(item))


def _told(item: Json) -> Json:
    """Description and context, as far as they are given."""
    told: Json = {}
    if item.get("description"):
        told["description"] = str(item["description"])
    given = item.get("ai_context")
    if isinstance(given, str):
        told["ai_context"] = AiContext(instructions=given)
    elif isinstance(given, dict):
        told["ai_context"] = AiContext(
            instructions=str(given.get("instructions") or ""),
            synonyms=tuple(map(str, given.get("synonyms") or ())),
            examples=tuple(map(str, given.get("examples") or ())),
        )
    return told


def _sql(item: Json) -> str | None:
    """The expression in the first dialect that is read; older files write it as plain text."""
    given = item.get("expression")
    if isinstance(given, str):
        return given
    dialects = {one["dialect"]: one["expression"] for one in (given or {}).get("dialects") or ()}
    return next((str(dialects[name]) for name in READ_DIALECTS if name in dialects), None)


def _extension(item: Json) -> Json:
    for one in item.get("custom_extensions") or ():
        if one.get("vendor_name") == VENDOR:
            found = json.loads(one["data"])
            return dict(found) if isinstance(found, dict) else {}
    return {}


def _with(mart: Mart, entity: Entity) -> Mart:
    """The mart with one more entity."""
    return mart.model_copy(update={"entities": (*mart.entities, entity)})


def _safe(name: str) -> str:
    """The name with what queries allow: lower case, single underscores."""
    plain = re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_")
    return plain if NAME.fullmatch(plain) else f"x_{plain}".rstrip("_")


def _plain(node: Node) -> Any:
    if isinstance(node.value, list):
        return [_plain(item) for item in node.value]
    if isinstance(node.value, dict):
        return {key: _plain(item) for key, item in node.value.items()}
    return node.value
