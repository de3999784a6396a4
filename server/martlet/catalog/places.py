"""Where things of the catalog stand in the files, so that a later problem can point there."""

from __future__ import annotations

from martlet.catalog.fields import Fields
from martlet.errors import Problem
from martlet.flow.catalog import Catalog


def places_of(fields: Fields, path: str) -> dict[str, str]:
    """The places of an object and of each of its keys: "metric.aov.numerator" -> "shop.yml:9"."""
    places = {f"{path}.{key}": f"{fields.file}:{line}" for key, line in fields.lines.items()}
    places[path] = f"{fields.file}:{fields.line}"
    return places


def problem_at(
    catalog: Catalog, path: str, message: str, next_step: str = "", *, severity: str = "error"
) -> Problem:
    """A problem at the nearest known place of `path`; its key is the path."""
    known = path
    while known and known not in catalog.places:
        known = known.rpartition(".")[0]
    file, _, line = catalog.places.get(known, "").rpartition(":")
    return Problem(file or "catalog", int(line or 0), path, message, next_step, severity)
