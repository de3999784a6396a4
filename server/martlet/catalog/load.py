"""Reads a catalog in any known format, and says everything that is wrong with it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from martlet.catalog.draft import Draft
from martlet.catalog.formats import martlet_yaml, semantic_manifest
from martlet.catalog.references import find_problems
from martlet.errors import CatalogInvalid, Problem
from martlet.flow.catalog import Catalog

MOST_PROBLEMS = 500


def load_catalog(path: Path) -> Catalog:
    """The catalog in a folder of YAML, or in a file of one of `FORMATS`.

    Raises: CatalogInvalid with all problems, by file and line.
    """
    draft = _reader(path)(path)
    problems = list(draft.problems)
    if draft.complete:
        problems += find_problems(draft)
    if problems:
        raise CatalogInvalid(_in_order(problems))
    return draft.catalog


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


FORMATS: dict[str, Callable[[Path], Draft]] = {
    ".yml": martlet_yaml.read,
    ".yaml": martlet_yaml.read,
    ".json": _manifest,
}
