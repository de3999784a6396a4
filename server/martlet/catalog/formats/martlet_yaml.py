"""Our own format: a folder of YAML files, each holding any part of the catalog."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from martlet.catalog.assemble import make_mart, unique
from martlet.catalog.assemble_metrics import (
    make_metric,
    make_saved_query,
    make_term,
    make_verified_query,
)
from martlet.catalog.draft import Draft
from martlet.catalog.fields import Fields
from martlet.catalog.parts import Parts, find_files
from martlet.catalog.places import places_of
from martlet.errors import CatalogInvalid, Problem
from martlet.flow.catalog import Catalog, Mart, Metric


def read(path: Path) -> Draft:
    """The catalog in a folder of YAML files, or in one file, with what is wrong in it."""
    files = find_files(path)
    if not files:
        problem = Problem(str(path), 0, "", "There is no YAML file here.", "Name another path.")
        raise CatalogInvalid([problem])
    parts = Parts()
    for name, file in files:
        parts.read(name, file)
    return _Whole(parts).draft()


class _Whole:
    """Puts the parts of all files together."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._problems = parts.problems
        self._places: dict[str, str] = {}
        self._broken: set[str] = set()
        models = unique(parts.objects("models"), "model", self._problems)
        self._models = sorted(models, key=_name)

    def draft(self) -> Draft:
        marts = self._marts()
        catalog = Catalog(
            **self._settings(marts),
            marts=marts,
            metrics=self._metrics(),
            saved_queries={
                _name(item): make_saved_query(item)
                for item in self._whole("saved_queries", "saved", "saved query")
                if item.object("query_params").complete
            },
            verified_queries={
                _name(item): make_verified_query(item, self._problems)
                for item in self._whole("verified_queries", "verified", "verified query")
            },
            glossary={
                _name(item): make_term(item)
                for item in self._whole("glossary", "term", "glossary term")
            },
            hash=self._parts.hash,
            places=self._places,
        )
        return Draft(catalog, frozenset(self._broken), tuple(self._problems), self._parts.complete)

    def _whole(self, key: str, path: str, what: str) -> list[Fields]:
        """The readable objects under a key of all files, by name."""
        items = unique(self._parts.objects(key), what, self._problems)
        kept = sorted((item for item in items if item.complete), key=_name)
        for item in kept:
            self._places |= places_of(item, f"{path}.{_name(item)}")
        return kept

    def _marts(self) -> dict[str, Mart]:
        marts: dict[str, Mart] = {}
        for fields in self._models:
            path = f"mart.{_name(fields)}"
            self._places |= places_of(fields, path)
            for column in fields.objects("columns"):
                self._places |= places_of(column, f"{path}.column.{_name(column)}")
            for item in fields.object("derived_semantics").objects("dimensions"):
                self._places |= places_of(item, f"{path}.dimension.{_name(item)}")
            marts[_name(fields)] = make_mart(fields, self._problems)
        return marts

    def _metrics(self) -> dict[str, Metric]:
        owners = {id(item): "" for item in self._parts.objects("metrics")}
        items = self._parts.objects("metrics")
        for model in self._models:
            items += model.objects("metrics")
            owners |= {id(item): _name(model) for item in model.objects("metrics")}
        metrics: dict[str, Metric] = {}
        for item in sorted(unique(items, "metric", self._problems), key=_name):
            self._places |= places_of(item, f"metric.{_name(item)}")
            metric = make_metric(item, owners[id(item)], self._problems)
            if metric is None:
                self._broken.add(_name(item))
            else:
                metrics[metric.name] = metric
        return metrics

    def _settings(self, marts: dict[str, Mart]) -> dict[str, Any]:
        """The catalog's own keys, and the time spine wherever it is named."""
        given = [part for part in self._parts.files if "catalog" in part.values]
        for part in given[1:]:
            place = f"{given[0].file}:{given[0].at('catalog')}"
            message = f"`catalog` is given twice; the first is at {place}."
            self._problems.append(part.problem("catalog", message, "Keep one."))
        values = {"name": "catalog"}
        if given:
            fields = given[0].object("catalog")
            self._places |= places_of(fields, "catalog")
            values |= fields.values
        elif self._parts.complete and not self._parts.is_of_dbt:
            message = "No file has `catalog`."
            hint = "Begin one with `catalog: {name: ..., timezone: ...}`."
            self._problems.append(Problem(self._parts.files[0].file, 0, "catalog", message, hint))
        return values | self._time_spine(values, marts)

    def _time_spine(self, values: dict[str, Any], marts: dict[str, Mart]) -> dict[str, Any]:
        """The spine's day column: as said, or its own time, or its only day dimension."""
        marked = [item for item in self._models if "time_spine" in item.values]
        for fields in marked[1:]:
            message = f"`{_name(marked[0])}` is a time spine already."
            self._problems.append(fields.problem("time_spine", message, "Keep one."))
        if marked:
            return _marked_spine(marked[0], values)
        mart = marts.get(values.get("time_spine", ""))
        if mart is None or "time_spine_column" in values:
            return {}
        days = {item.name: item.column for item in mart.dimensions if item.granularity == "day"}
        column = days.get(mart.agg_time_dimension, "")
        only = next(iter(days.values())) if len(days) == 1 else ""
        return {"time_spine_column": column or only}


def _marked_spine(fields: Fields, values: dict[str, Any]) -> dict[str, Any]:
    inner = fields.object("time_spine")
    calendars = {
        item.text("name"): item.text("column_name") or item.text("name")
        for item in inner.objects("custom_granularities")
    }
    return {
        "time_spine": _name(fields),
        "time_spine_column": inner.text("standard_granularity_column"),
        "calendars": calendars | values.get("calendars", {}),
    }


def _name(fields: Fields) -> str:
    return fields.text("name")
