"""The journey of a check: the catalog's files, against the published marts, metric by metric."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from martlet.answer.equal import same
from martlet.ask import Asker, ask_metric, ask_sql
from martlet.catalog.checks import check_catalog
from martlet.catalog.compile import bind
from martlet.catalog.load import load_catalog
from martlet.catalog.places import problem_at
from martlet.errors import CatalogInvalid, MartletError, Problem, Unavailable
from martlet.flow.catalog import Catalog, MetricQuery, Scalar
from martlet.flow.query import Stop
from martlet.house import Serving, open_serving
from martlet.metrics.plain import plain_request
from martlet.publish import store
from martlet.settings import Settings, catalog_path

Expected = tuple[tuple[Scalar, ...], ...]


@dataclass(frozen=True)
class Report:
    """All problems found, and how much was looked at."""

    problems: tuple[Problem, ...]
    counts: dict[str, int]

    @property
    def failed(self) -> bool:
        return any(item.severity == "error" for item in self.problems)

    @property
    def summary(self) -> str:
        errors = sum(item.severity == "error" for item in self.problems)
        looked = ", ".join(f"{count} {name}" for name, count in self.counts.items())
        return f"{looked}: {errors} errors, {len(self.problems) - errors} warnings"


def check_all(settings: Settings) -> Report:
    """Load the catalog, hold it against the build in force, run every metric and question.

    A catalog that cannot be loaded gives a report of its problems; where nothing is published, only
    the files are checked, and the report says so. Raises: Unavailable `build.broken`.
    """
    path = catalog_path(settings)
    try:
        catalog = load_catalog(path)
    except CatalogInvalid as error:
        return Report(error.problems, {})
    folder = _build(settings)
    if folder is None:
        return Report((_UNPUBLISHED,), _counts(catalog))
    serving = open_serving(folder, settings)
    try:
        bound, lost = bind(catalog, serving.state)
        serving.catalog = bound
        found = check_catalog(catalog, serving.state)
        problems = [*_untold(lost, found), *found, *_run_everything(catalog, serving, settings)]
    finally:
        serving.engine.close()
    told = sorted(dict.fromkeys(problems), key=lambda item: (item.file, item.line))
    return Report(tuple(told), _counts(catalog))


def _untold(lost: list[Problem], found: list[Problem]) -> list[Problem]:
    """What binding lost for a reason that no check tells where it stands, with the nearest name."""
    return [
        item
        for item in lost
        if not any(item.message.endswith(f": {cause.message}") for cause in found)
    ]


def _build(settings: Settings) -> Path | None:
    """The folder of the build in force; None when nothing has been published yet."""
    try:
        return store.current(settings.home)
    except Unavailable as error:
        if error.code != "build.missing":
            raise
        return None


_UNPUBLISHED = Problem(
    "catalog",
    0,
    "",
    "Nothing is published, so only the files were checked: no name, key, value or number.",
    "Run `martlet build` or `martlet publish`, then check again.",
    "warning",
)


def _run_everything(catalog: Catalog, serving: Serving, settings: Settings) -> list[Problem]:
    """Every metric and saved query runs; every verified question runs and gives its answer.

    What the build does not hold was told when the catalog was bound to it.
    """
    problems = []
    for metric in serving.catalog.metrics.values():
        query = plain_request(serving.catalog, metric.name).model_copy(update={"limit": 1})
        problems += _try(f"metric.{metric.name}", query, serving, settings, catalog)
    for saved in serving.catalog.saved_queries.values():
        query = saved.query.model_copy(update={"limit": 1})
        problems += _try(f"saved.{saved.name}", query, serving, settings, catalog)
    for question in serving.catalog.verified_queries.values():
        asked = question.query or question.sql
        path = f"verified.{question.name}"
        problems += _try(path, asked, serving, settings, catalog, question.expected)
    return problems


def _try(
    path: str,
    asked: MetricQuery | str,
    serving: Serving,
    settings: Settings,
    catalog: Catalog,
    expected: Expected = (),
) -> list[Problem]:
    asker = Asker(settings, Stop())
    try:
        if isinstance(asked, str):
            answer = ask_sql(asked, serving, asker, limit=len(expected) + 1 if expected else None)
        else:
            answer = ask_metric(asked, serving, asker)
    except MartletError as error:
        said = f"{error.code}: {error.message}"
        return [problem_at(catalog, path, said, error.next_step)]
    said = _differs(answer.rows, expected) if expected else ""
    hint = "Correct the question, or its `expected` rows once a person has checked them."
    return [problem_at(catalog, f"{path}.expected", said, hint)] if said else []


def _differs(rows: list[list[Any]], expected: Expected) -> str:
    """The first row that is not as recorded, in words; rows come in the order of the answer."""
    if len(rows) != len(expected):
        return f"Rows are {len(rows)}; recorded are {len(expected)}."
    for index, (row, wanted) in enumerate(zip(rows, expected, strict=True), 1):
        if not same(row, wanted):
            return f"Row {index} is {row}; recorded is {list(wanted)}."
    return ""


def _counts(catalog: Catalog) -> dict[str, int]:
    return {
        "marts": len(catalog.marts),
        "metrics": len(catalog.metrics),
        "saved queries": len(catalog.saved_queries),
        "questions": len(catalog.verified_queries),
    }
