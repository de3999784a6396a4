"""Every file of the site as text; the same build gives the same bytes."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from martlet.flow.catalog import Mart, Metric, MetricQuery, VerifiedQuery
from martlet.flow.site import MetricFacts
from martlet.site import lineage
from martlet.site.chart import chart
from martlet.site.code import marked
from martlet.site.columns import shown_columns
from martlet.site.drawings import MOST, draw_joins
from martlet.site.formula import formula
from martlet.site.health import Health, health, tests_of
from martlet.site.index import search_index
from martlet.site.names import anchor, page, slug
from martlet.site.prose import clean, compact, count, prose, quantity, sentence
from martlet.site.site import Site

HERE = Path(__file__).parent
ASSETS = ("site.css", "site.js", "icon.svg")
MARK = "martlet-site.json"
LARGEST_DRAWING = 40  # marts; beyond, a drawing of all of them tells nobody anything


@dataclass(frozen=True)
class Pages:
    """The site's pages, made from templates in which everything is escaped."""

    site: Site

    def files(self) -> Iterator[tuple[str, str]]:
        """Path from the top of the site, and content."""
        yield MARK, _mark(self.site)
        for name in ASSETS:
            yield f"assets/{name}", (HERE / "assets" / name).read_text(encoding="utf-8")
        yield "assets/search.js", search_index(self.site)
        environment = self._environment()
        healths = {mart.name: health(self.site, mart.name) for mart in self.site.marts}

        def written(path: str, template: str, **given: Any) -> tuple[str, str]:
            root = "../" * path.count("/")
            helpers = _helpers(self.site, root)
            values = {**helpers, "root": root, "path": path, "health_of": healths, **given}
            return path, environment.get_template(template).render(**values)

        yield written("index.html", "index.html")
        yield written("marts.html", "marts.html")
        yield written("metrics.html", "metrics.html", groups=_by_mart(self.site))
        yield written("joins.html", "joins.html", drawing=_all_joins(self.site))
        yield written("lineage.html", "lineage.html", drawing=_all_sources(self.site))
        yield written("words.html", "words.html")
        yield written("questions.html", "questions.html")
        for mart in self.site.marts:
            given = _mart(self.site, mart, healths[mart.name])
            yield written(page("mart", mart.name), "mart.html", **given)
        for metric in self.site.metrics:
            given = _metric(self.site, metric)
            yield written(page("metric", metric.name), "metric.html", **given)

    def _environment(self) -> Environment:
        environment = Environment(
            loader=FileSystemLoader(HERE / "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            finalize=_seen,
        )
        environment.globals |= {
            "site": self.site,
            "catalog": self.site.catalog,
            "state": self.site.state,
            "slug": slug,
            "anchor": anchor,
            "asked": as_call,
        }
        filters = {"count": count, "sentence": sentence, "marked": marked, "day": day}
        environment.filters |= filters
        return environment


def as_call(query: MetricQuery | VerifiedQuery) -> str:
    """How a question is asked: the arguments of `metric` as JSON, or SQL."""
    if isinstance(query, VerifiedQuery):
        return as_call(query.query) if query.query else query.sql
    given = query.model_dump(exclude_defaults=True).items()
    lines = (f"  {_json(key)}: {_json(value)}" for key, value in given)
    return "{\n" + ",\n".join(lines) + "\n}"


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def day(moment: str | None) -> str:
    """A moment to the minute, or a day as it is."""
    return (moment or "").replace("T", " ")[:16]


def _seen(value: object) -> object:
    """What a template shows: nothing of it is invisible."""
    return clean(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def _helpers(site: Site, root: str) -> dict[str, Callable[..., Any]]:
    """Links depend on how deep the page is."""

    def link(name: str) -> str:
        url = site.url(name)
        return f"{root}{url}" if url else ""

    return {
        "link": link,
        "text": lambda words: prose(words, link),
        "mart_page": lambda name: root + page("mart", name),
        "metric_page": lambda name: root + page("metric", name),
        "quantity": quantity,
        "compact": compact,
    }


def _mart(site: Site, mart: Mart, found: Health) -> dict[str, Any]:
    joins = site.joins_by_mart[mart.name]
    near = [join for join in joins if join.mart == mart.name][:MOST]
    near += [join for join in joins if join.to == mart.name][:MOST]
    return {
        "mart": mart,
        "measured": site.measured(mart.name),
        "found": found,
        "columns": shown_columns(site, mart),
        "computed": [item for item in mart.dimensions if not mart.column(item.column)],
        "joins": joins,
        "join_drawing": draw_joins(near, mart.name, site.url),
        "drawing": lineage.of_mart(site, mart.name),
        "tests": tests_of(site, mart.name),
        "metrics": site.metrics_on[mart.name],
    }


def _metric(site: Site, metric: Metric) -> dict[str, Any]:
    facts = site.facts.get(metric.name, MetricFacts())
    return {
        "metric": metric,
        "facts": facts,
        "formula": formula(metric),
        "marts": [name for name in site.marts_of(metric.name) if name in site.state.marts],
        "used_by": [item for item in site.used_by[metric.name] if not item.hidden],
        "questions": [site.catalog.verified_queries[n] for n in site.asked_in[metric.name]],
        "drawing": lineage.of_metric(site, metric),
        "chart": chart(facts.points),
    }


def _by_mart(site: Site) -> list[tuple[str, list[Metric]]]:
    """Metrics by the mart they stand on; those that are made of others last."""
    groups = [(mart.name, site.metrics_on[mart.name]) for mart in site.marts]
    made = [metric for metric in site.metrics if not metric.mart]
    return [(name, metrics) for name, metrics in [*groups, ("", made)] if metrics]


def _all_joins(site: Site) -> Any:
    joined = {name for join in site.joins for name in (join.mart, join.to)}
    return draw_joins(site.joins, "", site.url) if len(joined) <= LARGEST_DRAWING else None


def _all_sources(site: Site) -> Any:
    small = len(site.marts) + len(site.state.sources) <= 2 * LARGEST_DRAWING
    return lineage.of_sources(site) if small else None


def _mark(site: Site) -> str:
    """What makes a folder known as a site, so that the next one may take its place."""
    told = {"martlet": "site", "build_id": site.state.build_id, "audience": site.state.audience}
    return json.dumps(told) + "\n"
