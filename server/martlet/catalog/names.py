"""The names that dimensions answer to: bare, and with the entity they describe."""

from __future__ import annotations

import re
from collections.abc import Iterator

from martlet.catalog.words import GRAINS, mentioned
from martlet.flow.catalog import Catalog, Mart


def primary_entity(mart: Mart) -> str:
    """The thing that a row of the mart is; empty when nothing says so."""
    key = next((item.name for item in mart.entities if item.type == "primary"), "")
    return key or mart.primary_entity


def dimension_id(mart: Mart, dimension: str) -> str:
    """The full name of a dimension: `order__channel`."""
    entity = primary_entity(mart)
    return f"{entity}__{dimension}" if entity else dimension


def plain_name(text: str) -> str:
    """`TimeDimension('metric_time', 'week')` as `metric_time__week`; plain names as they are."""
    match = _TEMPLATE.fullmatch(text.strip())
    if not match:
        return text
    path = re.findall(r"\w+", match["path"] or "")
    grain = match["grain"] or match["late_grain"]
    falls = match["minus"] or match["falling"] == "True"
    name = "__".join([*path, match["name"], *([grain.lower()] if grain else [])])
    return f"-{name}" if falls else name


def names_in(condition: str) -> tuple[list[str], list[str]]:
    """The dimensions (or entities) and the metrics that a condition names, in either spelling.

    Of `mart.column` it is the column.
    """
    dimensions: list[str] = []
    metrics: list[str] = []

    def take(match: re.Match[str]) -> str:
        (metrics if match["kind"] == "Metric" else dimensions).append(match["named"])
        return "null"

    plain = _CALL.sub(take, condition.replace("{{", " ").replace("}}", " "))
    return [*dimensions, *mentioned(_OWNER.sub("", plain))], metrics


class DimensionNames:
    """All names that a query may group by, in a catalog."""

    def __init__(self, catalog: Catalog) -> None:
        marts = catalog.marts.values()
        self.all = frozenset(name for mart in marts for name in _names(mart)) | {"metric_time"}
        self._grains = frozenset(GRAINS) | frozenset(catalog.calendars)

    def has_field(self, name: str) -> bool:
        """Whether the last part of the name is a dimension or entity of any mart."""
        field = self._fields(name)[-1]
        return field in self.all or field.lower() in self.all

    def knows(self, name: str) -> bool:
        """Whether the name stands for a dimension, with a grain or a longer path or without."""
        return "__".join(self._fields(name)[-2:]) in self.all

    def _fields(self, name: str) -> list[str]:
        """The parts of a name without its grain."""
        parts = re.split(r"__|\.", name)
        is_cut = parts[-1] in self._grains or parts[-1].startswith("extract_")
        return parts[:-1] if len(parts) > 1 and is_cut else parts


def _names(mart: Mart) -> Iterator[str]:
    owners = {item.name for item in mart.entities if item.type != "foreign"}
    owners |= {mart.primary_entity} - {""}
    yield from (item.name for item in mart.entities)
    for dimension in mart.dimensions:
        yield dimension.name
        yield from (f"{owner}__{dimension.name}" for owner in owners)


_CALL = re.compile(
    r"""\b(?P<kind>Dimension|TimeDimension|Entity|Metric)\(\s*['"](?P<named>[\w.]+)['"]"""
    r"""(?:[^()'"]|'[^']*'|"[^"]*")*\)(?:\.\w+\([^()]*\))?"""
)
_OWNER = re.compile(r"""\b[A-Za-z_]\w*\.(?=[A-Za-z_"])""")
_TEMPLATE = re.compile(
    r"""(?P<minus>-?)(?:(?:Time)?Dimension|Entity|Metric)\(
    \s*['"](?P<name>\w+)['"]
    (?:\s*,\s*(?:\w+\s*=\s*)?['"](?P<grain>\w+)['"])?
    (?:\s*,\s*entity_path\s*=\s*\[(?P<path>[^\]]*)\])?
    \s*\)
    (?:\.grain\(\s*['"](?P<late_grain>\w+)['"]\s*\))?
    (?:\.descending\(\s*(?P<falling>True|False)\s*\))?""",
    re.VERBOSE,
)
