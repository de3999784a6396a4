"""A metric request, read: what to group by, which conditions, which order."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from martlet.errors import RequestError, did_you_mean
from martlet.flow.catalog import Catalog
from martlet.flow.metric import MetricRequest
from martlet.metrics.conditions import Condition, read_conditions
from martlet.metrics.grains import GRAINS, is_finer
from martlet.metrics.graph import Place
from martlet.metrics.names import Names
from martlet.metrics.refs import Ref, read_ref
from martlet.metrics.tree import Home, Node

MOST_METRICS = 200
MOST_KEYS = 20


@dataclass(frozen=True)
class Key:
    """A column to group by. `places` is empty for `metric_time`, which is each leaf's own."""

    name: str
    ref: Ref
    places: dict[Home, Place]
    fold: Fold | None = None  # the place of a row's group among the first ones, see `top`

    @property
    def is_metric_time(self) -> bool:
        return self.ref.is_metric_time

    @property
    def is_period(self) -> bool:
        """A stretch of time; a part of it, such as the day of the week, comes again."""
        return self.is_time and not self.ref.part

    @property
    def is_time(self) -> bool:
        return self.is_metric_time or any(place.is_time for place in self.places.values())


@dataclass(frozen=True)
class Fold:
    """The first groups by some metric: `table` holds their places, all others are at `other`."""

    keys: tuple[Key, ...]  # what a group is
    table: str
    other: int


@dataclass(frozen=True)
class Order:
    """A column of the result and its direction."""

    name: str
    is_descending: bool = False


def read_keys(request: MetricRequest, leaves: Sequence[Node], names: Names) -> tuple[Key, ...]:
    """The columns to group by, each with its grain.

    Raises: UnknownName, RequestError `metric.*` for names that do not group these metrics.
    """
    _check_grain(request.grain, names.catalog)
    if len(request.by) > MOST_KEYS:
        raise RequestError(
            "request.invalid",
            f"`by` holds more than {MOST_KEYS} names.",
            next_step="Ask for fewer.",
        )
    calendars = names.catalog.calendars
    keys = [_key(text, read_ref(text, calendars), leaves, names) for text in request.by]
    keys = _with_grain(keys, request.grain, default_grain(request.metrics, leaves, names))
    named = dict.fromkeys(key.name.lower() for key in keys)
    if len(named) < len(keys):
        raise RequestError("request.invalid", "`by` names a column twice.", where=str(request.by))
    return tuple(keys)


def read_where(
    texts: Sequence[str], catalog: Catalog, where: str = "where"
) -> tuple[Condition, ...]:
    """Conditions over dimensions.

    Raises: RequestError `metric.filter`; a bare metric belongs to `having`.
    """
    conditions = read_conditions(texts, catalog.calendars, where)
    for condition in conditions:
        for ref in condition.fields:
            if not ref.prefix and ref.field in catalog.metrics and where == "where":
                raise RequestError(
                    "metric.filter",
                    f"`{ref.field}` is a metric; `where` chooses rows by dimensions.",
                    where=condition.text,
                    next_step="Put conditions over metrics into `having`.",
                )
    return conditions


def read_order(texts: Sequence[str], columns: Sequence[str], catalog: Catalog) -> tuple[Order, ...]:
    """The order asked for: `-name`, `name desc`, `name`.

    Raises: UnknownName-like RequestError `request.invalid` for a name that is not in the result.
    """
    return tuple(_order(text, columns, catalog) for text in texts)


_ORDER = re.compile(r"\s*(-?)\s*(.+?)(?:\s+(asc|desc))?(?:\s+nulls\s+(?:first|last))?\s*", re.I)


def _order(text: str, columns: Sequence[str], catalog: Catalog) -> Order:
    match = _ORDER.fullmatch(text)
    wanted = match[2] if match else text
    descending = bool(match and (match[1] or (match[3] or "").lower() == "desc"))
    by_name = {column.lower(): column for column in columns}
    found = by_name.get(wanted.lower())
    if found is None:
        ref = read_ref(wanted, catalog.calendars)
        fits = [c for c in columns if c.lower() in (ref.name.lower(), ref.plain.lower())]
        fits = fits or [c for c in columns if c.lower().startswith(ref.plain.lower() + "__")]
        found = fits[0] if len(fits) == 1 else None
    if found is None:
        raise RequestError(
            "request.invalid",
            f"The result has no column `{wanted}` to order by.",
            where=f"order_by: {text}",
            next_step=f"{did_you_mean(wanted, columns)} It has {', '.join(columns)}.".strip(),
        )
    return Order(found, descending)


def _key(text: str, ref: Ref, leaves: Sequence[Node], names: Names) -> Key:
    if ref.grain:
        _check_grain(ref.grain, names.catalog)
    places = {} if ref.is_metric_time else names.field(ref, leaves)
    for place in places.values():
        if (ref.grain or ref.part) and not place.is_time:
            raise RequestError(
                "metric.grain",
                f"`{place.name}` is not a time, so it has no {ref.grain or ref.part}.",
                where=f"by: {text}",
                next_step=f"Group by `{place.name}` as it is.",
            )
    plain = text.strip().strip('"')
    is_plain = re.fullmatch(r"\w+", plain) is not None
    return Key(plain if is_plain else ref.name, ref, places)


def _with_grain(keys: list[Key], grain: str, default: str) -> list[Key]:
    """Give bare times the asked grain; without any time, add `metric_time` in front."""
    bare = [key for key in keys if key.is_time and not key.ref.grain and not key.ref.part]
    if grain and not bare and not any(key.ref.grain == grain for key in keys):
        clash = next((key for key in keys if key.is_metric_time and key.ref.grain), None)
        if clash:
            raise RequestError(
                "metric.grain",
                f"`grain` says {grain}, `by` says {clash.name}.",
                next_step="Give the grain once: in `grain`, or in the name.",
            )
        keys = [Key("metric_time", Ref((), "metric_time"), {}), *keys]
        bare = keys[:1]
    return [_cut(key, grain, default) if key in bare else key for key in keys]


def _cut(key: Key, grain: str, default: str) -> Key:
    if key.is_metric_time:
        grain = grain or default
        return Key(f"metric_time__{grain}", replace(key.ref, grain=grain), {})
    if not grain:
        return key
    return Key(f"{key.name}__{grain}", replace(key.ref, grain=grain), key.places)


def default_grain(metrics: Sequence[str], leaves: Sequence[Node], names: Names) -> str:
    """A day, or the coarsest grain that a metric names or at which a leaf keeps its time."""
    grain = "day"
    for leaf in leaves:
        mart = names.catalog.marts[leaf.mart]
        own = names.time_of(leaf)
        found = next((item for item in mart.dimensions if item.name == own), None)
        if found and found.granularity and is_finer(grain, found.granularity):
            grain = found.granularity
    for name in metrics:
        metric = names.catalog.metrics.get(name.strip())
        if metric and metric.time_granularity and is_finer(grain, metric.time_granularity):
            grain = metric.time_granularity
    return grain


def _check_grain(grain: str, catalog: Catalog) -> None:
    if grain and grain not in GRAINS and grain not in catalog.calendars:
        choices = (*GRAINS, *catalog.calendars)
        raise RequestError(
            "metric.grain",
            f"There is no grain `{grain}`.",
            next_step=f"{did_you_mean(grain, choices)} Use one of {', '.join(choices)}.".strip(),
        )
