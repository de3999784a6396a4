"""Checks that everything has a meaning of its own: descriptions, grain, units, synonyms."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from martlet.catalog.checks.view import Check, View, column_path
from martlet.errors import Problem
from martlet.flow.catalog import Mart

NUMERIC = re.compile(r"(DECIMAL|DOUBLE|FLOAT|U?(BIG|HUGE|SMALL|TINY)?INT(EGER)?)\b", re.IGNORECASE)


def marts_have_meaning(view: View) -> Iterator[Problem]:
    """Every published mart says what it holds and what one row is."""
    for name in view.build.marts:
        mart = view.catalog.marts.get(name)
        path = f"mart.{name}"
        if mart is None:
            message = f"The published mart `{name}` has no card."
            yield view.problem(path, message, f"Add `- name: {name}` under `models`.")
            continue
        yield from _description(view, path, name, mart.description)
        if not mart.grain:
            yield view.problem(path, f"`{name}` does not say what one row is.", "Write `grain`.")


def fields_have_meaning(view: View) -> Iterator[Problem]:
    """Every published column and computed dimension has a description."""
    for mart, state in view.marts():
        cards = {column.name.lower(): column for column in mart.columns}
        for name in state.columns:
            card = cards.get(name.lower())
            if card is None:
                message = f"The published column `{mart.name}.{name}` has no card."
                yield view.problem(f"mart.{mart.name}", message, f"Add `- name: {name}`.")
            elif not card.hidden:
                yield from _description(view, column_path(mart, name), name, card.description)
        for dimension in mart.dimensions:
            if not dimension.column:
                path = f"mart.{mart.name}.dimension.{dimension.name}"
                yield from _description(view, path, dimension.name, dimension.description)


def numbers_have_units(view: View) -> Iterator[Problem]:
    """Every number that is not a key has a unit, and so has every metric."""
    for mart, column, profile in view.columns():
        keys = {entity.column for entity in mart.entities}
        plain = not column.hidden and column.name not in keys and not _is_time(mart, column.name)
        if plain and NUMERIC.match(profile.type) and not column.unit:
            message = f"`{mart.name}.{column.name}` is a number without a unit."
            hint = "Write `unit`: a currency, count, ratio, days ..."
            yield view.problem(column_path(mart, column.name), message, hint)
    for metric in view.catalog.metrics.values():
        if not metric.hidden and not metric.unit:
            message = f"The metric `{metric.name}` has no unit."
            yield view.problem(f"metric.{metric.name}", message, "Write `unit`.")


def nulls_have_meaning(view: View) -> Iterator[Problem]:
    """A column that holds nulls says what they mean."""
    for mart, column, profile in view.columns():
        told = column.null_meaning or column.null_label or "null" in column.description.lower()
        if profile.nulls and not column.hidden and not told:
            message = f"`{mart.name}.{column.name}` holds {profile.nulls} nulls without a meaning."
            yield view.warning(column_path(mart, column.name), message, "Write `null_meaning`.")


def _is_time(mart: Mart, column: str) -> bool:
    return any(item.type == "time" and item.column == column for item in mart.dimensions)


def metrics_have_meaning(view: View) -> Iterator[Problem]:
    """Every metric has a description; a stock has a key, a certified one an owner."""
    for metric in view.catalog.metrics.values():
        path = f"metric.{metric.name}"
        if not metric.hidden:
            yield from _description(view, path, metric.name, metric.description)
        if metric.status == "certified" and not metric.owner:
            message = f"`{metric.name}` is certified, but nobody owns it."
            yield view.problem(path, message, "Write `owner`.")
        if metric.non_additive and not metric.non_additive.group_by:
            message = f"`{metric.name}` is a stock without a key to take the last value of."
            hint = "Write `group_by` in `non_additive_dimension`."
            yield view.problem(f"{path}.non_additive_dimension", message, hint)


def descriptions_differ(view: View) -> Iterator[Problem]:
    """No two marts, no two metrics and no two fields of a mart have one description."""
    catalog = view.catalog
    yield from _alike(
        view, ((f"mart.{m.name}", m.name, m.description) for m in catalog.marts.values())
    )
    metrics = catalog.metrics.values()
    yield from _alike(view, ((f"metric.{m.name}", m.name, m.description) for m in metrics))
    for mart in catalog.marts.values():
        fields = [
            (column_path(mart, column.name), column.name, column.description)
            for column in mart.columns
            if not column.hidden
        ]
        fields += [
            (f"mart.{mart.name}.dimension.{item.name}", item.name, item.description)
            for item in mart.dimensions
            if not mart.column(item.column)
        ]
        yield from _alike(view, fields)


def _alike(view: View, described: Iterable[tuple[str, str, str]]) -> Iterator[Problem]:
    first: dict[str, str] = {}
    for path, name, description in described:
        text = " ".join(re.findall(r"\w+", description.lower()))
        if not text:
            continue
        other = first.setdefault(text, name)
        if other != name:
            message = f"`{name}` and `{other}` have the same description."
            yield view.problem(path, message, "Say what sets them apart.")


def synonyms_differ(view: View) -> Iterator[Problem]:
    """A synonym stands for one mart or metric, and is the name of no other that is its equal.

    The name of one that gives way to it (`prefer`) it may be: who says so means the preferred.
    """
    catalog = view.catalog
    things = [(f"mart.{m.name}", m.name, m.ai_context.synonyms) for m in catalog.marts.values()]
    things += [
        (f"metric.{m.name}", m.name, m.ai_context.synonyms) for m in catalog.metrics.values()
    ]
    preferred = {m.name: m.prefer for m in catalog.marts.values()}
    preferred |= {m.name: m.prefer for m in catalog.metrics.values()}
    yield from _collisions(view, things, preferred)
    for mart in catalog.marts.values():
        fields = {
            column.name: (column_path(mart, column.name), column.name, column.ai_context.synonyms)
            for column in mart.columns
        }
        for item in mart.dimensions:
            if not mart.column(item.column):
                path = f"mart.{mart.name}.dimension.{item.name}"
                fields[item.name] = (path, item.name, item.ai_context.synonyms)
        yield from _collisions(view, fields.values(), {})


def _collisions(
    view: View, things: Iterable[tuple[str, str, tuple[str, ...]]], preferred: Mapping[str, str]
) -> Iterator[Problem]:
    meant: dict[str, set[str]] = defaultdict(set)
    listed = list(things)
    for _, name, synonyms in listed:
        for word in (name, *synonyms):
            meant[_word(word)].add(name)
    for path, name, synonyms in listed:
        for word in synonyms:
            others = sorted(
                other
                for other in meant[_word(word)] - {name}
                if _word(other) != _word(word) or preferred.get(other) != name
            )
            if others:
                message = f"The synonym `{word}` of `{name}` stands for `{others[0]}` too."
                yield view.problem(path, message, "Leave it to one of them.")


def metric_names(view: View) -> Iterator[Problem]:
    """A metric and a dimension do not share a name: in `order_by` nobody could tell them apart."""
    dimensions = {item.name for mart in view.catalog.marts.values() for item in mart.dimensions}
    for name in view.catalog.metrics:
        if name in dimensions:
            message = f"`{name}` is the name of a metric and of a dimension."
            yield view.problem(f"metric.{name}", message, "Rename the metric.")


def questions(view: View) -> Iterator[Problem]:
    """No two verified queries answer one question."""
    seen: dict[str, str] = {}
    for item in view.catalog.verified_queries.values():
        first = seen.setdefault(_word(item.question), item.name)
        if first != item.name:
            message = f"`{item.name}` asks the same question as `{first}`."
            yield view.problem(f"verified.{item.name}", message, "Keep the better answer.")


def _word(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.lower().replace("_", " ")))


def _description(view: View, path: str, name: str, description: str) -> Iterator[Problem]:
    if not description:
        yield view.problem(path, f"`{name}` has no description.", _TELL)
        return
    told = set(_word(description).split()) - set(_word(name).split()) - FILLERS
    if not told:
        yield view.problem(path, f"The description of `{name}` only repeats the name.", _TELL)


_TELL = "Say what the name cannot: grain, unit, time zone, what is left out, what null means."
FILLERS = {"a", "an", "the", "of", "for", "in", "is", "as", "and", "this", "value", "column"}

MEANING_CHECKS: tuple[Check, ...] = (
    marts_have_meaning,
    fields_have_meaning,
    numbers_have_units,
    nulls_have_meaning,
    metrics_have_meaning,
    descriptions_differ,
    synonyms_differ,
    metric_names,
    questions,
)
