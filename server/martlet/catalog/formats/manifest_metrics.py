"""The metrics of dbt's semantic manifest: of measures (older specs) and of columns (newer)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from martlet.catalog.formats.manifest_meta import meta_of, metric_extras, where_filters
from martlet.errors import did_you_mean
from martlet.flow.catalog import ConstantProperty, Metric, MetricInput, NonAdditive

Json = dict[str, Any]
Wrong = Callable[[str, str, str], None]


def make_metrics(manifest: Json, relations: Mapping[str, str], wrong: Wrong) -> dict[str, Metric]:
    """Every metric, and a hidden one for each measure that cumulative and conversion metrics use.

    `relations` maps semantic models to marts; `wrong` is told key, problem and next step.
    """
    return _Reader(manifest, relations, wrong).read()


@dataclass
class _Reader:
    manifest: Json
    relations: Mapping[str, str]
    wrong: Wrong

    def __post_init__(self) -> None:
        self.measures = {
            measure["name"]: (measure, model["name"])
            for model in self.manifest["semantic_models"]
            for measure in model.get("measures") or ()
        }
        self.given = {item["name"]: item for item in self.manifest.get("metrics") or ()}
        for name, (measure, _) in self.measures.items():
            if measure.get("create_metric") and name not in self.given:
                self.given[name] = _proxy(measure)
        # Where models share a table, the table's time need not be that of the metric's model.
        models = Counter(self.relations.values())
        self.times = {
            model["name"]: (model.get("defaults") or {}).get("agg_time_dimension") or ""
            for model in self.manifest["semantic_models"]
            if models[self.relations[model["name"]]] > 1
        }
        self.hidden: dict[str, Metric] = {}

    def read(self) -> dict[str, Metric]:
        found = {name: self.metric(item) for name, item in self.given.items()}
        for name, metric in found.items():
            for given in metric.inputs():
                if given.name not in found and given.name not in self.hidden:
                    self.wrong(
                        f"metrics.{name}",
                        f"It uses `{given.name}`, which is no metric.",
                        did_you_mean(given.name, found),
                    )
        return found | self.hidden

    def metric(self, item: Json) -> Metric:
        params = item.get("type_params") or {}
        common: Json = {
            "name": item["name"],
            "type": item["type"],
            "label": item.get("label") or "",
            "description": item.get("description") or "",
            "filter": _filters(item),
            "time_granularity": item.get("time_granularity") or "",
            "hidden": bool(params.get("is_private")),
            **metric_extras(meta_of(item)),
        }
        return Metric(**{**common, **getattr(self, f"_{item['type']}")(item, params, common)})

    def _simple(self, item: Json, params: Json, common: Json) -> Json:
        new = params.get("metric_aggregation_params")
        if new:
            found = self._of_columns(new, params)
        else:
            used = params.get("measure") or {}
            found = self._of_measure(item["name"], used)
            found["filter"] = (*common["filter"], *_filters(used))
        used = params.get("measure") or params
        return found | {
            "join_to_timespine": bool(used.get("join_to_timespine")),
            "fill_nulls_with": used.get("fill_nulls_with"),
        }

    def _ratio(self, item: Json, params: Json, common: Json) -> Json:
        return {
            "numerator": _input(params["numerator"]),
            "denominator": _input(params["denominator"]),
        }

    def _derived(self, item: Json, params: Json, common: Json) -> Json:
        inputs = tuple(map(_input, params.get("metrics") or ()))
        return {"expr": params.get("expr") or "", "input_metrics": inputs}

    def _cumulative(self, item: Json, params: Json, common: Json) -> Json:
        own = params.get("cumulative_type_params") or {}
        measure = params.get("measure")
        given = own.get("metric")
        used = _input(given) if given else self._input_of(item["name"], measure or {})
        return {
            "input_metrics": (used,),
            "window": _length(own.get("window") or params.get("window")),
            "grain_to_date": own.get("grain_to_date") or params.get("grain_to_date") or "",
            "period_agg": own.get("period_agg") or "first",  # dbt's own default
            "fill_nulls_with": (measure or {}).get("fill_nulls_with"),
        }

    def _conversion(self, item: Json, params: Json, common: Json) -> Json:
        own = params["conversion_type_params"]
        return {
            "base_metric": self._side(item["name"], own, "base"),
            "conversion_metric": self._side(item["name"], own, "conversion"),
            "entity": own["entity"],
            "calculation": own.get("calculation") or "conversion_rate",
            "fill_nulls_with": self._conversion_fill(own),
            "window": _length(own.get("window")),
            "constant_properties": tuple(
                ConstantProperty(
                    base_property=pair["base_property"],
                    conversion_property=pair["conversion_property"],
                )
                for pair in own.get("constant_properties") or ()
            ),
        }

    def _conversion_fill(self, own: Json) -> float | None:
        """What the events' measure says of empty groups; a rate has 0 there by itself."""
        given: float | None = (own.get("conversion_measure") or {}).get("fill_nulls_with")
        return given if own.get("calculation") == "conversions" else None

    def _side(self, name: str, own: Json, side: str) -> MetricInput:
        given = own.get(f"{side}_metric")
        return _input(given) if given else self._input_of(name, own.get(f"{side}_measure") or {})

    def _input_of(self, owner: str, used: Json) -> MetricInput:
        """A measure as an input: through a hidden metric of its own."""
        name = str(used.get("name") or "")
        title = name if name not in self.given else f"{name}_measure"
        if title not in self.hidden:
            fields = self._of_measure(owner, used)
            self.hidden[title] = Metric(name=title, type="simple", hidden=True, **fields)
        return MetricInput(name=title, filter=_filters(used))

    def _of_measure(self, owner: str, used: Json) -> Json:
        name = str(used.get("name") or "")
        if name not in self.measures:
            self.wrong(
                f"metrics.{owner}",
                f"It uses the measure `{name}`, which no semantic model has.",
                did_you_mean(name, self.measures),
            )
            return {}
        measure, model = self.measures[name]
        return self._aggregation({**measure, "semantic_model": model}, measure.get("expr") or name)

    def _of_columns(self, given: Json, params: Json) -> Json:
        return self._aggregation(given, given.get("expr") or params.get("expr") or "")

    def _aggregation(self, given: Json, expr: str) -> Json:
        params = given.get("agg_params") or {}
        stock = given.get("non_additive_dimension")
        return {
            "mart": self.relations[given["semantic_model"]],
            "agg": given["agg"],
            "expr": str(expr),
            "percentile": params.get("percentile"),
            "percentile_type": "discrete"
            if params.get("use_discrete_percentile")
            else "continuous",
            "agg_time_dimension": given.get("agg_time_dimension")
            or self.times.get(given["semantic_model"], ""),
            "non_additive": NonAdditive(
                name=stock["name"],
                window_agg=stock.get("window_choice") or "min",
                group_by=tuple(stock.get("window_groupings") or ()),
            )
            if stock
            else None,
        }


def _input(given: Json | str) -> MetricInput:
    if isinstance(given, str):
        return MetricInput(name=given)
    return MetricInput(
        name=given["name"],
        alias=given.get("alias") or "",
        filter=_filters(given),
        offset_window=_length(given.get("offset_window")),
        offset_to_grain=given.get("offset_to_grain") or "",
    )


def _filters(item: Json) -> tuple[str, ...]:
    return where_filters(item.get("filter"))


def _proxy(measure: Json) -> Json:
    """The metric that dbt makes of a measure with `create_metric`."""
    used = {"name": measure["name"]}
    kept = {key: measure.get(key) for key in ("name", "label", "description", "config")}
    return {**kept, "type": "simple", "type_params": {"measure": used}}


def _length(given: Json | str | None) -> str:
    if not given:
        return ""
    return given if isinstance(given, str) else f"{given['count']} {given['granularity']}"
