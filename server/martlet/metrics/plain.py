"""The plainest request for a metric: what `check` and the site ask of each."""

from __future__ import annotations

from martlet.flow.catalog import Catalog, MetricQuery


def plain_request(catalog: Catalog, name: str) -> MetricQuery:
    """The metric alone; by month where it has no value without a time."""
    return MetricQuery(metrics=(name,), grain="month" if needs_time(catalog, name) else "")


def needs_time(catalog: Catalog, name: str) -> bool:
    """Whether anything inside has an offset, so that there is no value without a time grain."""
    return any(
        item.offset_window or item.offset_to_grain or needs_time(catalog, item.name)
        for item in catalog.metrics[name].inputs()
    )
