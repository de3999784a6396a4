"""Reads a catalog in any known format, and says everything that is wrong with it."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from martlet.catalog.draft import Draft
from martlet.catalog.formats import martlet_yaml, osi_read, semantic_manifest
from martlet.catalog.references import find_problems
from martlet.errors import CatalogInvalid, Problem
from martlet.flow.catalog import Catalog

MOST_PROBLEMS = 500


def load_catalog(path: Path) -> Catalog:
    """The catalog in a folder of YAML, or in a file of one of `FORMATS`.

    Raises: CatalogInvalid with all problems, by file and line.
    """
    catalog, problems = read_catalog(path)
    if any(item.severity == "error" for item in problems):
        raise CatalogInvalid(problems)
    return catalog


def read_catalog(path: Path) -> tuple[Catalog, list[Problem]]:
    """The catalog as far as it could be read, and everything that is wrong or lost.

    Raises: CatalogInvalid for what is no catalog at all.
    """
    draft = _reader(path)(path)
    problems = list(draft.problems)
    if draft.complete:
        problems += find_problems(draft)
    return draft.catalog, _in_order(problems)


def _reader(path: Path) -> Callable[[Path], Draft]:
    if not path.exists():
        raise CatalogInvalid([Problem(str(path), 0, "", "There is no such file or folder.")])
    if path.is_dir():
        return martlet_yaml.read
    if path.suffix not in FORMATS:
        endings = ", ".join(f"`{ending}`" for ending in FORMATS)
        message = f"A catalog is a folder, or a file ending in {endings}."
        raise CatalogInvalid([Problem(str(path), 0, "", message)])
    return FORMATS[path.suffix]


def _in_order(problems: list[Problem]) -> list[Problem]:
    ordered = sorted(dict.fromkeys(problems), key=lambda item: (item.file, item.line))
    if len(ordered) <= MOST_PROBLEMS:
        return ordered
    rest = len(ordered) - MOST_PROBLEMS
    return [*ordered[:MOST_PROBLEMS], Problem("", 0, "", f"And {rest} more problems.")]


def _manifest(path: Path) -> Draft:
    catalog = semantic_manifest.load(path)
    return Draft(catalog.model_copy(update={"places": {"": f"{path.name}:0"}}))


def _yaml(path: Path) -> Draft:
    return osi_read.read(path) if _begins(path, _OSI_YAML) else martlet_yaml.read(path)


def _json(path: Path) -> Draft:
    return osi_read.read(path) if _begins(path, _OSI_JSON) else _manifest(path)


def _begins(path: Path, key: re.Pattern[bytes]) -> bool:
    """Whether a key stands near the begin of a file; a file that cannot be read has none."""
    try:
        with path.open("rb") as stream:
            return key.search(stream.read(4_000)) is not None
    except OSError:
        return False


_OSI_YAML = re.compile(rb"^[\"']?semantic_model[\"']?\s*:", re.MULTILINE)
_OSI_JSON = re.compile(rb"\"semantic_model\"\s*:\s*\[")

FORMATS: dict[str, Callable[[Path], Draft]] = {".yml": _yaml, ".yaml": _yaml, ".json": _json}
