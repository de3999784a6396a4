"""Lineage as drawings: sources of dbt, marts, metrics, and the metrics made of those."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

from martlet.flow.catalog import Metric
from martlet.site.drawings import MOST, Drawing, Thing, draw_lineage
from martlet.site.site import Site

Links = list[tuple[str, str]]
T = TypeVar("T")


def of_metric(site: Site, metric: Metric) -> Drawing | None:
    """What a metric is made of, back to the sources, and what is made of it."""
    parts = site.inputs(metric.name)
    after = _few(site.used_by[metric.name])
    marts = site.marts_of(metric.name)
    things = [*_sources(site, marts), *(_mart(site, mart) for mart in marts)]
    things += [_metric(site, item, here=item is metric) for item in parts]
    level = site.depth(metric.name) + 3
    things += [Thing(f"metric:{m.name}", m.name, "metric", level, site.url(m.name)) for m in after]
    return draw_lineage(_once(things), _links(site, marts, [*parts, *after]))


def of_mart(site: Site, mart: str) -> Drawing | None:
    """The sources of a mart, and what is made of it."""
    simple = _few(site.metrics_on[mart])
    things = [*_sources(site, [mart]), _mart(site, mart, here=True)]
    things += [_metric(site, item) for item in simple]
    further = _few(_unique(m for item in simple for m in site.used_by[item.name]))
    things += [Thing(f"metric:{m.name}", m.name, "metric", 3, site.url(m.name)) for m in further]
    left = len(site.metrics_on[mart]) - len(simple)
    if left:
        things.append(Thing("more", f"{left} more metrics", "more", 2))
    links = _links(site, [mart], [*simple, *further])
    return draw_lineage(_once(things), [*links, (f"mart:{mart}", "more")])


def of_sources(site: Site) -> Drawing | None:
    """All sources and the marts that are built from them."""
    marts = [mart.name for mart in site.marts]
    things = [_source(site, source.name) for source in site.state.sources]
    return draw_lineage([*things, *(_mart(site, mart) for mart in marts)], _links(site, marts, []))


def _sources(site: Site, marts: Iterable[str]) -> list[Thing]:
    names = _unique(source.name for mart in marts for source in site.sources_by_mart[mart])
    things = [_source(site, name) for name in names[:MOST]]
    if len(names) > MOST:
        things.append(Thing("sources", f"{len(names) - MOST} more sources", "more", 0))
    return things


def _source(site: Site, name: str) -> Thing:
    late = any(s.name == name and s.status in ("warn", "error") for s in site.state.sources)
    return Thing(f"source:{name}", name, "source late" if late else "source", 0)


def _mart(site: Site, name: str, *, here: bool = False) -> Thing:
    return Thing(f"mart:{name}", name, "mart here" if here else "mart", 1, site.url(name))


def _metric(site: Site, metric: Metric, *, here: bool = False) -> Thing:
    kind = "metric here" if here else "metric"
    level = site.depth(metric.name) + 2
    return Thing(f"metric:{metric.name}", metric.name, kind, level, site.url(metric.name))


def _links(site: Site, marts: Iterable[str], metrics: Iterable[Metric]) -> Links:
    links = [
        (f"source:{source.name}", f"mart:{mart}")
        for mart in marts
        for source in site.sources_by_mart[mart]
    ]
    for metric in metrics:
        links += [(f"metric:{item.name}", f"metric:{metric.name}") for item in metric.inputs()]
        if metric.mart:
            links.append((f"mart:{metric.mart}", f"metric:{metric.name}"))
    return links


def _few(metrics: Iterable[Metric]) -> list[Metric]:
    return [metric for metric in metrics if not metric.hidden][:MOST]


def _unique(items: Iterable[T]) -> list[T]:
    return list(dict.fromkeys(items))


def _once(things: Iterable[Thing]) -> list[Thing]:
    return list({thing.id: thing for thing in reversed(list(things))}.values())[::-1]
