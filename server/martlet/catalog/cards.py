"""Cards: what a model must know of a mart, a metric or a field before it uses it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from martlet.errors import UnknownName, did_you_mean
from martlet.flow.build import BuildState, MartState
from martlet.flow.catalog import Catalog, Column, Dimension, Entity, Mart, Metric

# Which dimensions group a metric; the metric compiler knows (`martlet.metrics.names`).
Groupings = dict[str, tuple[str, ...]]


@dataclass(frozen=True)
class Card:
    """One thing described: `fields` for scripts, `text` for a model."""

    kind: str
    name: str
    description: str
    fields: dict[str, Any]
    text: str

    def structured(self) -> dict[str, Any]:
        return {
            "kind": self.kind,
            "name": self.name,
            "description": self.description,
            **self.fields,
        }


@dataclass(frozen=True)
class Reader:
    """What cards are made from: the catalog, the build, and the metrics' dimensions."""

    catalog: Catalog
    state: BuildState
    groupings: Groupings

    def card(self, name: str, *, full: bool) -> Card:
        """The card of a mart, metric, field (`mart.column`), dimension or business word.

        Raises: UnknownName `name.unknown` with the nearest names.
        """
        wanted = _bare(name)
        if wanted in self.catalog.marts:
            return mart_card(self, self.catalog.marts[wanted], full=full)
        if wanted in self.catalog.metrics and not self.catalog.metrics[wanted].hidden:
            return metric_card(self, self.catalog.metrics[wanted])
        if (card := self._field_card(wanted)) or (card := self._other_card(wanted)):
            return card
        raise UnknownName(
            "name.unknown",
            f"Nothing called `{name}` is published.",
            where=f"names: {name}",
            next_step=did_you_mean(wanted, self._names())
            or "`search` finds things by meaning; `describe` without names lists them.",
        )

    def _field_card(self, name: str) -> Card | None:
        for mart in self.catalog.marts.values():
            for column in mart.columns:
                if name == f"{mart.name}.{column.name}" and not column.hidden:
                    return column_card(self, mart, column)
            for dimension in mart.dimensions:
                if name in (dimension.name, f"{_entity(mart)}__{dimension.name}"):
                    return dimension_card(self, mart, dimension)
        return None

    def _other_card(self, name: str) -> Card | None:
        if entity_marts := _marts_with(self.catalog, name):
            return entity_card(name, entity_marts)
        if name in self.catalog.verified_queries:
            question = self.catalog.verified_queries[name]
            query = question.query.model_dump(exclude_defaults=True) if question.query else {}
            how: dict[str, Any] = {"metric": query} if query else {"sql": question.sql}
            return Card(
                "question", name, question.question, how, f"{question.question}\nAsk: {how}"
            )
        if name in self.catalog.glossary:
            term = self.catalog.glossary[name]
            text = f"{term.description} See: {', '.join(term.see)}."
            return Card("term", name, term.description, {"see": list(term.see)}, text)
        return None

    def _names(self) -> list[str]:
        marts = self.catalog.marts
        return [
            *marts,
            *(name for name, metric in self.catalog.metrics.items() if not metric.hidden),
            *(f"{m.name}.{c.name}" for m in marts.values() for c in m.columns if not c.hidden),
            *(f"{_entity(m)}__{d.name}" for m in marts.values() for d in m.dimensions),
            *(e.name for m in marts.values() for e in m.entities),
            *self.catalog.verified_queries,
            *self.catalog.glossary,
        ]


def overview(reader: Reader) -> Card:
    """What the catalog is about: marts in a line each, metrics by name."""
    catalog, state = reader.catalog, reader.state
    marts = [_mart_line(mart, state) for mart in catalog.marts.values()]
    metrics = [m for m in catalog.metrics.values() if not m.hidden]
    fields = {
        "timezone": catalog.timezone,
        "currency": catalog.currency,
        "as_of": state.as_of,
        "complete_through": state.complete_through,
        "marts": marts,
        "metrics": [{"name": m.name, "unit": m.unit, "label": m.label} for m in metrics],
        "questions": sorted(catalog.verified_queries),
    }
    lines = [
        catalog.description,
        f"Days are in {catalog.timezone}; money in {catalog.currency}. "
        f"Data complete through {state.complete_through}.",
        "MARTS",
        *(f"- {mart['name']} ({mart['rows']} rows): {mart['grain']}" for mart in marts),
        "METRICS",
        *(f"- {metric.name}{_unit(metric.unit)}: {metric.label}" for metric in metrics),
    ]
    return Card("overview", catalog.name, catalog.description, fields, "\n".join(lines))


def mart_card(reader: Reader, mart: Mart, *, full: bool) -> Card:
    """Grain, keys, columns, joins, metrics, freshness and tests of a mart."""
    state = reader.state.marts[mart.name]
    columns = [_column_fields(column, state) for column in mart.columns if not column.hidden]
    fields: dict[str, Any] = {
        "grain": mart.grain,
        "owner": mart.owner,
        "status": mart.status,
        "rows": state.row_count,
        "complete_through": state.complete_through,
        "loaded_at": state.loaded_at,
        "rebuilt": state.rebuilt,
        "keys": [
            {"columns": list(key.columns), "holds": key.holds, "nulls": key.nulls}
            for key in state.keys
        ],
        "joins": _joins(reader.catalog, mart, state),
        "metrics": sorted(
            m.name for m in reader.catalog.metrics.values() if m.mart == mart.name and not m.hidden
        ),
        "tests": _tests(reader.state, mart.name),
        "withheld": list(state.withheld),
        "columns": columns if full else [column["name"] for column in columns],
    }
    if mart.ai_context.instructions:
        fields["instructions"] = mart.ai_context.instructions
    fields |= _instead(mart)
    return Card("mart", mart.name, mart.description, fields, _mart_text(mart, fields))


def metric_card(reader: Reader, metric: Metric) -> Card:
    """Definition, unit, time column and the dimensions that may group a metric."""
    mart = reader.catalog.marts.get(metric.mart)
    fields: dict[str, Any] = {
        "label": metric.label,
        "type": metric.type,
        "unit": metric.unit,
        "definition": definition(metric),
        "time": metric.agg_time_dimension or (mart.agg_time_dimension if mart else ""),
        "owner": metric.owner,
        "status": metric.status,
        "synonyms": list(metric.ai_context.synonyms),
        "dimensions": list(reader.groupings.get(metric.name, ())),
    }
    fields |= _instead(metric)
    lines = [
        f"METRIC {metric.name}{_unit(metric.unit)}: {metric.description}",
        f"Definition: {fields['definition']}",
        f"Status: {metric.status}, owner {metric.owner or 'nobody'}.",
        *_instead_lines(metric),
        f"Group by: {', '.join(fields['dimensions']) or 'metric_time'}.",
    ]
    if metric.ai_context.instructions:
        lines.append(metric.ai_context.instructions)
    return Card("metric", metric.name, metric.description, fields, "\n".join(lines))


def column_card(reader: Reader, mart: Mart, column: Column) -> Card:
    """Type, unit, meaning, null meaning, range and frequent values of a column."""
    fields = {"mart": mart.name, **_column_fields(column, reader.state.marts[mart.name])}
    name = f"{mart.name}.{column.name}"
    return Card("column", name, column.description, fields, _column_line(fields))


def dimension_card(reader: Reader, mart: Mart, dimension: Dimension) -> Card:
    """A dimension with the values of the column behind it."""
    name = f"{_entity(mart)}__{dimension.name}"
    column = mart.column(dimension.expr.strip('"'))
    state = reader.state.marts[mart.name]
    behind = _column_fields(column, state) if column else {}
    description = dimension.description or str(behind.get("description", ""))
    fields = {**behind, "mart": mart.name, "expr": dimension.expr, "type": dimension.type}
    fields.pop("name", None)
    values = f" Values: {_values(behind)}" if behind.get("values") else ""
    text = f"DIMENSION {name} ({dimension.type}, {mart.name}): {description}{values}"
    return Card("dimension", name, description, fields, text)


def entity_card(name: str, marts: list[tuple[Mart, Entity]]) -> Card:
    """An entity: the marts that share it, and the column that holds it in each."""
    described = next((e.description or e.label for _, e in marts if e.description or e.label), "")
    description = described or f"Links {', '.join(mart.name for mart, _ in marts)}."
    places = [
        {"mart": mart.name, "column": entity.expr, "type": entity.type} for mart, entity in marts
    ]
    shown = ", ".join(f"{item['mart']}.{item['column']} ({item['type']})" for item in places)
    text = f"ENTITY {name}: {description} Group metrics of these marts by it: {shown}."
    return Card("entity", name, description, {"places": places}, text)


def definition(metric: Metric) -> str:
    """A metric's definition in one line."""
    where = f" where {' and '.join(metric.filter)}" if metric.filter else ""
    if metric.type == "simple":
        return f"{metric.agg} of {metric.expr or '*'} over {metric.mart}{where}"
    if metric.type == "ratio" and metric.numerator and metric.denominator:
        return f"{metric.numerator.name} / {metric.denominator.name}{where}"
    inputs = ", ".join(item.alias or item.name for item in metric.inputs())
    return f"{metric.expr or metric.type} over {inputs}{where}"


def _column_fields(column: Column, state: MartState) -> dict[str, Any]:
    profile = state.columns.get(column.name)
    fields: dict[str, Any] = {
        "name": column.name,
        "type": column.type or (profile.type if profile else ""),
        "unit": column.unit,
        "unit_column": column.unit_column,
        "additivity": column.additivity or "",
        "description": column.description,
        "null_meaning": column.null_meaning or column.null_label,
    }
    if profile:
        counted = "about_distinct" if profile.estimated else "distinct"
        fields |= {"nulls": profile.nulls, counted: profile.distinct}
        fields |= {"min": profile.min, "max": profile.max}
        fields["values"] = [value for value, _ in profile.top]
        fields["sampled"] = profile.sampled or None
    return {key: value for key, value in fields.items() if value not in ("", None, [])}


def _instead(item: Mart | Metric) -> dict[str, str]:
    """What to take instead of it, where the catalog says so."""
    given = {"replaced_by": item.replaced_by, "prefer": item.prefer}
    return {key: name for key, name in given.items() if name}


def _instead_lines(item: Mart | Metric) -> list[str]:
    lines = [f"Deprecated: use {item.replaced_by}."] if item.replaced_by else []
    return lines + ([f"Prefer {item.prefer}, unless this one is meant."] if item.prefer else [])


def _mart_text(mart: Mart, fields: dict[str, Any]) -> str:
    keys = ", ".join("+".join(key["columns"]) for key in fields["keys"]) or "none declared"
    lines = [
        f"MART {mart.name}: {mart.description}",
        f"Grain: {mart.grain or 'not stated'}. Key: {keys}. {fields['rows']} rows. "
        f"Complete through {fields['complete_through'] or 'unknown'}. "
        f"Tests: {fields['tests']['passed']} passed, {fields['tests']['failed']} failed.",
        *_instead_lines(mart),
    ]
    if mart.ai_context.instructions:
        lines.append(mart.ai_context.instructions)
    if fields["joins"]:
        lines.append("Joins: " + "; ".join(join["on"] for join in fields["joins"]) + ".")
    if fields["metrics"]:
        lines.append(f"Metrics: {', '.join(fields['metrics'])}.")
    if fields["withheld"]:
        lines.append(f"Not published: {', '.join(fields['withheld'])}.")
    lines.append("COLUMNS")
    lines += [f"- {_column_line(c)}" if isinstance(c, dict) else c for c in fields["columns"]]
    return "\n".join(lines)


def _column_line(fields: dict[str, Any]) -> str:
    parts = [f"{fields['name']} {fields.get('type', '')}{_unit(fields.get('unit', ''))}:"]
    parts.append(str(fields.get("description", "")))
    if fields.get("unit_column"):
        parts.append(f"Unit in {fields['unit_column']}.")
    if fields.get("additivity"):
        parts.append(f"{fields['additivity'].replace('_', '-').capitalize()}.")
    if fields.get("nulls"):
        meaning = str(fields.get("null_meaning", "not stated")).rstrip(".")
        parts.append(f"Null ({fields['nulls']} rows): {meaning}.")
    if fields.get("values"):
        parts.append(f"Values: {_values(fields)}")
    elif "min" in fields:
        parts.append(f"From {fields['min']} to {fields.get('max')}.")
    return " ".join(part for part in parts if part)


def _values(fields: dict[str, Any]) -> str:
    values: Sequence[Any] = fields["values"]
    more = f", … ({fields['distinct']} in all)" if fields.get("distinct", 0) > 12 else ""
    return ", ".join(str(value) for value in values[:12]) + more + "."


def _joins(catalog: Catalog, mart: Mart, state: MartState) -> list[dict[str, Any]]:
    """The to-one joins that entities allow, with what the build measured of them."""
    found = []
    for entity in mart.entities:
        for other in catalog.marts.values():
            target = next(
                (
                    item
                    for item in other.entities
                    if item.name == entity.name and item.type in ("primary", "unique")
                ),
                None,
            )
            if target is None or other.name == mart.name:
                continue
            on = f"{mart.name}.{entity.expr} = {other.name}.{target.expr}"
            found.append(
                {
                    "to": other.name,
                    "on": on,
                    "kind": "many to one" if entity.type == "foreign" else "one to one",
                    "unresolved": _unresolved(state, other.name),
                }
            )
    return found


def _unresolved(state: MartState, other: str) -> int | None:
    return next((key.unresolved for key in state.foreign_keys if key.to_mart == other), None)


def _tests(state: BuildState, mart: str) -> dict[str, int]:
    own = [test for test in state.tests if mart in test.marts and not test.upstream]
    return {
        "passed": sum(test.status == "pass" for test in own),
        "failed": sum(test.status in ("fail", "error") for test in own),
        "other": sum(test.status not in ("pass", "fail", "error") for test in own),
    }


def _mart_line(mart: Mart, state: BuildState) -> dict[str, Any]:
    return {
        "name": mart.name,
        "grain": mart.grain or mart.description,
        "rows": state.marts[mart.name].row_count,
        "complete_through": state.marts[mart.name].complete_through,
    }


def _marts_with(catalog: Catalog, entity: str) -> list[tuple[Mart, Entity]]:
    return [
        (mart, item)
        for mart in catalog.marts.values()
        for item in mart.entities
        if item.name == entity
    ]


def _entity(mart: Mart) -> str:
    primary: Iterable[str] = (item.name for item in mart.entities if item.type == "primary")
    return mart.primary_entity or next(iter(primary), mart.name)


def _bare(name: str) -> str:
    """Ids of `search` are accepted as names: `metric/revenue` means `revenue`."""
    head, _, tail = name.strip().partition("/")
    kinds = ("mart", "metric", "dimension", "column", "question", "term", "value")
    return tail.split("/")[0] if head in kinds and tail else name.strip().removeprefix("marts.")


def _unit(unit: str) -> str:
    return f" [{unit}]" if unit else ""
