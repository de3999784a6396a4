"""Runs every check of a catalog against a build; the list is at the foot."""

from __future__ import annotations

from martlet.catalog.checks.amounts import AMOUNT_CHECKS
from martlet.catalog.checks.keys import KEY_CHECKS
from martlet.catalog.checks.meaning import MEANING_CHECKS
from martlet.catalog.checks.tables import TABLE_CHECKS
from martlet.catalog.checks.values import VALUE_CHECKS
from martlet.catalog.checks.view import Check, View
from martlet.errors import Problem
from martlet.flow.build import BuildState
from martlet.flow.catalog import Catalog


def check_catalog(catalog: Catalog, build: BuildState) -> list[Problem]:
    """Everything in the catalog that the build contradicts, or that a reader would get wrong."""
    view = View(catalog, build)
    found = [problem for check in CHECKS for problem in check(view)]
    return sorted(dict.fromkeys(found), key=lambda item: (item.file, item.line))


CHECKS: tuple[Check, ...] = (
    TABLE_CHECKS + KEY_CHECKS + VALUE_CHECKS + MEANING_CHECKS + AMOUNT_CHECKS
)
