"""The journey of the site: the build in force, what the compiler says of it, pages for people."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from martlet.ask import Asker, ask_metric
from martlet.errors import MartletError
from martlet.flow.catalog import Metric, MetricQuery
from martlet.flow.metric import CompiledMetric
from martlet.flow.query import Stop
from martlet.flow.site import MetricFacts, Point
from martlet.house import Serving, open_serving
from martlet.metrics.plain import plain_request
from martlet.publish import store
from martlet.settings import Settings
from martlet.site.render import Pages
from martlet.site.site import Site
from martlet.site.write import refuse_other, write_site

MONTHS = 12
MOST_ASKED = 500  # metrics whose values are asked for; a catalog with more is shown without


@dataclass(frozen=True)
class Written:
    """A site that was written."""

    folder: Path
    build_id: str
    marts: int
    metrics: int
    files: int


def write_pages(settings: Settings, out: Path | None = None, *, values: bool = True) -> Written:
    """Write the site of the build in force; without `values` it holds no metric's numbers.

    Raises: RequestError `site.folder`; ServerError `site.disk`; Unavailable `build.missing`,
    `build.broken`.
    """
    folder = out or settings.home / "site"
    refuse_other(folder.absolute())
    serving = open_serving(store.current(settings.home), settings)
    try:
        site = make_site(serving, settings, values=values)
        files = write_site(Pages(site).files(), folder)
    finally:
        serving.engine.close()
    return Written(folder, serving.state.build_id, len(site.marts), len(site.metrics), files)


def make_site(serving: Serving, settings: Settings, *, values: bool) -> Site:
    """The site of an open build, with what compiler and data say of each metric."""
    shown = [metric for metric in serving.catalog.metrics.values() if not metric.hidden]
    months = _months(serving) if values and len(shown) <= MOST_ASKED else None
    facts = {metric.name: _facts(metric, serving, settings, months) for metric in shown}
    return Site(serving.catalog, serving.state, facts)


def _facts(
    metric: Metric, serving: Serving, settings: Settings, months: tuple[date, date] | None
) -> MetricFacts:
    dimensions = serving.groupings.get(metric.name, ())
    request = plain_request(serving.catalog, metric.name)
    try:
        compiled = serving.compiler.compile(request)
    except MartletError as error:
        return MetricFacts(dimensions=dimensions, refused=error.message)
    used = compiled.metrics[0]
    points = _points(metric, compiled, serving, settings, months) if months else ()
    return MetricFacts(
        definition=used.definition,
        time_column=used.time_column,
        additive=compiled.columns[-1].additive,
        dimensions=dimensions,
        asked=json.dumps(request.model_dump(exclude_defaults=True), ensure_ascii=False),
        sql=compiled.sql,
        points=points,
    )


def _points(
    metric: Metric,
    compiled: CompiledMetric,
    serving: Serving,
    settings: Settings,
    months: tuple[date, date],
) -> tuple[Point, ...]:
    """The months of a metric that has a time; none when they cannot be asked for."""
    if not compiled.metrics[0].time_column:
        return ()
    first, last = months
    request = MetricQuery(
        metrics=(metric.name,),
        grain="month",
        start=first.isoformat(),
        end=last.isoformat(),
        order_by=("metric_time",),
    )
    try:
        answer = ask_metric(request, serving, Asker(settings, Stop()))
    except MartletError:
        return ()
    found = {str(row[0])[:7]: row[-1] for row in answer.rows if row[0] is not None}
    return tuple(Point(month, _number(found.get(month))) for month in _listed(first, last))


def _number(cell: object) -> float | None:
    """A cell as a number; large ones come as text, so that no digit is lost."""
    try:
        return float(str(cell))
    except ValueError:
        return None  # nothing, or no number: a day, a text


def _months(serving: Serving) -> tuple[date, date] | None:
    """The first and last day of the newest months that the data covers whole."""
    through = serving.state.complete_through or serving.state.as_of
    if not through:
        return None
    after = date.fromisoformat(through[:10]) + timedelta(days=1)
    end = after.replace(day=1)
    number = end.year * 12 + end.month - 1 - MONTHS
    return date(number // 12, number % 12 + 1, 1), end - timedelta(days=1)


def _listed(first: date, last: date) -> Iterator[str]:
    for number in range(first.year * 12 + first.month - 1, last.year * 12 + last.month):
        yield f"{number // 12:04d}-{number % 12 + 1:02d}"
