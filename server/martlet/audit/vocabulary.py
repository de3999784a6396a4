"""The words of a build that say nothing of a person: its names, and values that it publishes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from martlet.flow.build import BuildState
from martlet.flow.catalog import Catalog, Mart

_WORD = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True)
class Vocabulary:
    """Names, the single words in them, and stored values; all case-folded.

    Where nothing is published yet all are empty, and the log hides every word that is not SQL.
    """

    names: frozenset[str] = frozenset()
    words: frozenset[str] = frozenset()
    values: frozenset[str] = frozenset()


def make_vocabulary(catalog: Catalog, state: BuildState) -> Vocabulary:
    """The vocabulary of one build: what its catalog and its profiles say openly anyway."""
    names = {name.casefold() for name in _names(catalog, state) if name}
    words = {word for name in names for word in _WORD.findall(name)}
    return Vocabulary(frozenset(names), frozenset(words), frozenset(_values(state)))


def _names(catalog: Catalog, state: BuildState) -> Iterator[str]:
    yield from ("marts", "serving", "metric_time")
    for published in state.marts.values():
        yield published.name
        yield from published.columns
        # who asks for a column that is kept back shall be seen to have asked for it
        yield from (text.split(" ")[0].rstrip(":") for text in published.withheld)
    for mart in catalog.marts.values():
        yield from _names_of(mart)
    for metric in catalog.metrics.values():
        yield from (metric.name, metric.label, *metric.ai_context.synonyms)


def _names_of(mart: Mart) -> Iterator[str]:
    entities = [mart.primary_entity, *(entity.name for entity in mart.entities)]
    yield from (mart.name, mart.semantic_name, mart.label, *entities, *mart.ai_context.synonyms)
    for column in mart.columns:
        yield from (column.name, column.label)
    for dimension in mart.dimensions:
        yield from (dimension.name, dimension.label)
        yield from _joined(entities, dimension.name)


def _joined(entities: Iterable[str], dimension: str) -> Iterator[str]:
    """As metric requests write them: entity__dimension."""
    return (f"{entity}__{dimension}" for entity in entities if entity)


def _values(state: BuildState) -> Iterator[str]:
    for mart in state.marts.values():
        for profile in mart.columns.values():
            yield from (str(value).casefold() for value, _ in profile.top if value is not None)
