"""The search index of the site: a script, since a page from a disk may not fetch."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from martlet.flow.catalog import AiContext, Mart, Metric
from martlet.site.names import anchor, slug
from martlet.site.prose import clean, sentence
from martlet.site.site import Site

KINDS = ("mart", "metric", "question", "word")
LONGEST_LINE = 140


def search_index(site: Site) -> str:
    """`martletIndex`: [kind, name, file, title, line, synonyms, columns] each, the end left out.

    The file is 0 where it is the name itself; kinds are numbered in the order of `KINDS`.
    """
    entries = [_trimmed(entry) for entry in _entries(site)]
    lines = ",\n".join(json.dumps(e, ensure_ascii=True, separators=(",", ":")) for e in entries)
    return f"window.martletIndex=[\n{lines}\n];\n"


def _entries(site: Site) -> Iterator[list[Any]]:
    for metric in site.metrics:
        yield _metric(metric)
    for mart in site.marts:
        yield _mart(mart)
    for question in site.catalog.verified_queries.values():
        target = f"questions.html#{anchor('question', question.name)}"
        yield [2, clean(question.name), target, clean(question.question)]
    for term in site.catalog.glossary.values():
        target = f"words.html#{anchor('word', term.name)}"
        words = [clean(word) for word in term.synonyms]
        yield [3, clean(term.name), target, "", _line(term.description), words]


def _metric(metric: Metric) -> list[Any]:
    mark = "Deprecated. " if metric.status == "deprecated" else ""
    return [
        1,
        clean(metric.name),
        _file(metric.name),
        clean(metric.label),
        mark + _line(metric.description),
        _synonyms(metric.ai_context),
    ]


def _mart(mart: Mart) -> list[Any]:
    columns = [clean(column.name) for column in mart.columns if not column.hidden]
    words = [
        *_synonyms(mart.ai_context),
        *([clean(mart.semantic_name)] if mart.semantic_name else []),
    ]
    line = _line(mart.grain or mart.description)
    return [0, clean(mart.name), _file(mart.name), clean(mart.label), line, words, columns]


def _file(name: str) -> str | int:
    return 0 if slug(name) == name else slug(name)


def _synonyms(context: AiContext) -> list[str]:
    return [clean(word) for word in context.synonyms]


def _line(text: str) -> str:
    line = sentence(text)
    return line if len(line) <= LONGEST_LINE else line[: LONGEST_LINE - 1].rstrip() + "…"


def _trimmed(entry: list[Any]) -> list[Any]:
    while not entry[-1] and len(entry) > 2:
        entry = entry[:-1]
    return entry
