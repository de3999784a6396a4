"""The journey of a catalog between tools: from dbt or OSI to our YAML, from any of them to OSI."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from martlet.catalog.formats.osi_write import Loss, write_osi
from martlet.catalog.formats.yaml_text import write_catalog
from martlet.catalog.load import load_catalog, read_catalog
from martlet.errors import Problem, RequestError


@dataclass(frozen=True)
class Imported:
    """The files that were written, what they hold, and what could not be taken over."""

    files: tuple[Path, ...]
    counts: dict[str, int]
    problems: tuple[Problem, ...]


@dataclass(frozen=True)
class Exported:
    """The document, and what a reader without our extension does not learn from it."""

    document: dict[str, Any]
    losses: tuple[Loss, ...]

    @property
    def text(self) -> str:
        """The document as JSON, which is YAML too."""
        return json.dumps(self.document, ensure_ascii=False, indent=2) + "\n"


def import_catalog(source: Path, out: Path) -> Imported:
    """Write a catalog of any known format as our YAML into an empty or new folder.

    Raises: CatalogInvalid for what is no catalog; RequestError `usage` when files stand there.
    """
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise RequestError(
            "usage",
            f"{out} is not an empty folder.",
            next_step="Name another one with --out; nothing is overwritten.",
        )
    catalog, problems = read_catalog(source)
    files = write_catalog(catalog)
    out.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (out / name).write_text(text, encoding="utf-8")
    _, left = read_catalog(out)
    counts = {
        "marts": len(catalog.marts),
        "metrics": len(catalog.metrics),
        "questions": len(catalog.verified_queries),
    }
    return Imported(
        tuple(out / name for name in files), counts, tuple(dict.fromkeys([*problems, *left]))
    )


def export_catalog(source: Path) -> Exported:
    """A catalog as OSI 0.2, with each loss by name.

    Raises: CatalogInvalid with all problems.
    """
    document, losses = write_osi(load_catalog(source))
    return Exported(document, tuple(losses))
