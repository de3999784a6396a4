"""What search can find: each mart, metric, field, value, question and term as a document."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from martlet.catalog.names import dimension_id
from martlet.flow.build import BuildState, MartState
from martlet.flow.catalog import AiContext, Catalog, Column, Dimension, Mart, Metric

Kind = Literal["mart", "metric", "dimension", "column", "value", "question", "term"]
LONGEST_VALUE = 80  # longer text is prose, not a value to filter by
LONGEST_LINE = 160
PLACES = 2  # a value that many columns hold is shown in that many


@dataclass(frozen=True, slots=True)
class Document:
    """A thing to find. `called` are its names in full; `about` is text that mentions it."""

    kind: Kind
    id: str
    name: str
    title: str
    line: str
    called: tuple[str, ...]
    about: tuple[str, ...] = ()
    worth: float = 1.0
    prefer: str = ""  # the id of the document to show first, of two that tell of one thing


def documents(catalog: Catalog, build: BuildState) -> Iterator[Document]:
    """Everything that is published and not hidden, in a fixed order."""
    asked = _asked(catalog)
    standing = Counter(metric.mart for metric in catalog.metrics.values())
    for mart in catalog.marts.values():
        yield _mart(mart)
        yield from _fields(mart, asked, USED * min(standing[mart.name], ENOUGH))
    yield from _values(catalog, build)
    for metric in catalog.metrics.values():
        if not metric.hidden:
            yield _metric(metric)
    yield from _questions(catalog)
    for term in catalog.glossary.values():
        line = _line(term.description, f"See {', '.join(term.see)}" if term.see else "")
        called = (term.name, *term.synonyms)
        about = (term.description, *term.see)
        yield Document("term", f"term/{term.name}", term.name, term.name, line, called, about)


def _mart(mart: Mart) -> Document:
    columns = " ".join(column.name for column in mart.columns)
    return Document(
        "mart",
        f"mart/{mart.name}",
        mart.name,
        mart.label or mart.name,
        _line(mart.description, mart.grain),
        (mart.name, mart.semantic_name, mart.label, *mart.ai_context.synonyms),
        (mart.description, mart.grain, columns, *_context(mart.ai_context)),
        KINDS["mart"] * STATUSES[mart.status],
        f"mart/{mart.prefer}" if mart.prefer else "",
    )


def _metric(metric: Metric) -> Document:
    known = f"{metric.unit}, {metric.status}" if metric.unit else metric.status
    return Document(
        "metric",
        f"metric/{metric.name}",
        metric.name,
        metric.label or metric.name,
        _line(metric.description, known),
        (metric.name, metric.label, *metric.ai_context.synonyms),
        (metric.description, metric.mart, *_context(metric.ai_context)),
        KINDS["metric"] * STATUSES[metric.status],
        f"metric/{metric.prefer}" if metric.prefer else "",
    )


def _asked(catalog: Catalog) -> frozenset[str]:
    """The dimensions that saved and verified queries group by."""
    saved = [item.query for item in catalog.saved_queries.values()]
    verified = [item.query for item in catalog.verified_queries.values() if item.query]
    return frozenset(name for query in saved + verified for name in query.by)


def _fields(mart: Mart, asked: frozenset[str], use: float) -> Iterator[Document]:
    """Dimensions of one name differ in `use`: how much stands on their mart, and who asks by it."""
    worth = STATUSES[mart.status]
    grouped = {dimension.column for dimension in mart.dimensions}
    for dimension in mart.dimensions:
        is_asked = dimension_id(mart, dimension.name) in asked
        yield _dimension(mart, dimension, worth * (1 + use + (ASKED if is_asked else 0)))
    for column in mart.columns:
        if column.name in grouped or column.hidden:
            continue
        name = f"{mart.name}.{column.name}"
        yield Document(
            "column",
            f"column/{name}",
            name,
            column.label or column.name,
            _line(column.description, f"{column.type} of {mart.name}"),
            (column.name, column.label, *column.ai_context.synonyms),
            (column.description, *_context(column.ai_context)),
            KINDS["column"] * worth,
        )


def _dimension(mart: Mart, dimension: Dimension, worth: float) -> Document:
    column = mart.column(dimension.column) or Column(name="")
    name = dimension_id(mart, dimension.name)
    description = dimension.description or column.description
    synonyms = dict.fromkeys((*dimension.ai_context.synonyms, *column.ai_context.synonyms))
    return Document(
        "dimension",
        f"dimension/{name}",
        name,
        dimension.label or column.label or dimension.name,
        _line(description, f"groups {mart.name}"),
        (dimension.name, dimension.label, column.name, *synonyms),
        (description, mart.name, *_context(dimension.ai_context)),
        KINDS["dimension"] * worth,
    )


@dataclass(frozen=True, slots=True, order=True)
class _Stored:
    """A value in a column; the better place to filter by sorts first."""

    ungrouped: bool
    fewer: int
    place: str
    asked: str


def _values(catalog: Catalog, build: BuildState) -> Iterator[Document]:
    """Stored values, each in the places where it is best filtered by."""
    found: dict[str, list[_Stored]] = defaultdict(list)
    for mart in catalog.marts.values():
        if mart.name in build.marts:
            for value, stored in _stored(mart, build.marts[mart.name]):
                found[value].append(stored)
    for value in sorted(found):
        for item in sorted(found[value])[:PLACES]:
            line = f"A value of {item.asked}, in {-item.fewer} rows of {item.place.split('.')[0]}"
            worth = KINDS["value"] * (0.9 if item.ungrouped else 1.0)
            name = f"value/{item.place}/{value}"
            about = (item.asked,)
            yield Document("value", name, value, value, line, (value,), about, worth)


def _stored(mart: Mart, state: MartState) -> Iterator[tuple[str, _Stored]]:
    dimensions = {item.column: dimension_id(mart, item.name) for item in mart.dimensions}
    for column in mart.columns:
        profile = state.columns.get(column.name)
        if profile is None or column.pii or column.hidden:
            continue
        place = f"{mart.name}.{column.name}"
        asked = dimensions.get(column.name, place)
        for value, count in profile.top:
            if isinstance(value, str) and _is_plain(value):
                yield value, _Stored(column.name not in dimensions, -count, place, asked)


def _is_plain(value: str) -> bool:
    return 0 < len(value) <= LONGEST_VALUE and value.isprintable()


def _questions(catalog: Catalog) -> Iterator[Document]:
    for item in catalog.verified_queries.values():
        metrics = item.query.metrics if item.query else ()
        how = f"metrics {', '.join(metrics)}" if metrics else "verified SQL"
        if item.query and item.query.by:
            how += f" by {', '.join(item.query.by)}"
        yield Document(
            "question",
            f"question/{item.name}",
            item.name,
            item.question,
            f"{item.question} Ask: {how}",
            (item.name,),
            (item.question, item.question, *metrics),
            KINDS["question"],
        )


def _context(context: AiContext) -> Iterable[str]:
    return (context.instructions, *context.examples)


def _line(text: str, known: str) -> str:
    """One line: what is known for sure, then the first sentence."""
    first = " ".join(text.split()).split(". ")[0].rstrip(".")
    line = f"{known}: {first}." if known and first else known or first
    return line if len(line) <= LONGEST_LINE else line[: LONGEST_LINE - 1].rstrip() + "…"


USED, ENOUGH = 0.02, 20  # for each metric that stands on a dimension's mart
ASKED = 0.05  # for a dimension that a checked question groups by
KINDS: dict[Kind, float] = {
    "metric": 1.15,
    "mart": 1.05,
    "dimension": 1.0,
    "question": 1.0,
    "term": 0.95,
    "value": 0.9,
    "column": 0.85,
}
STATUSES = {"certified": 1.15, "draft": 1.0, "deprecated": 0.5}
