"""The journeys of a build: where marts come from, then the published file, then the pointer."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from martlet.catalog.compile import bind
from martlet.catalog.load import load_catalog
from martlet.catalog.parts import PERSONAL_FILE
from martlet.catalog.personal import decisions_file, load_decisions
from martlet.flow.build import BuildState
from martlet.flow.catalog import Catalog
from martlet.publish import store
from martlet.publish.database import source_from_database
from martlet.publish.dbt import DbtEvent, last_run, run_dbt, source_from_dbt
from martlet.publish.dbt.choice import load_project_file
from martlet.publish.dbt.handed import handed_run
from martlet.publish.folder import source_from_files
from martlet.publish.handoff.source import source_from_handoff
from martlet.publish.personal.guard import Guard, Reviews
from martlet.publish.personal.waiting import read_findings
from martlet.publish.plan import Considered, Plan, considered_of_run, make_plan
from martlet.publish.publish import publish
from martlet.publish.republish import source_from_build
from martlet.publish.source import MartSource
from martlet.settings import Settings, find_catalog, project_folder


@dataclass(frozen=True)
class Origin:
    """Where marts are taken from: the one place that is named, else dbt's last run in the home."""

    database: Path | None = None
    schema: str = "marts"
    files: Path | None = None
    parquet: str | None = None
    artifacts: Path | None = None
    hide: tuple[str, ...] = ()


def build_and_publish(
    settings: Settings, on_event: Callable[[DbtEvent], None], *, full_refresh: bool = False
) -> BuildState:
    """Run dbt and publish what it built, if its tests allow.

    Raises: CatalogInvalid before dbt starts; BuildFailed with the last good build still in force.
    """
    catalog = _catalog(settings)
    run = run_dbt(
        project_folder(settings),
        settings.home,
        settings,
        full_refresh=full_refresh,
        on_event=on_event,
    )
    reviews = _reviews(settings, Origin())
    return _publish(source_from_dbt(run, settings), catalog, settings, reviews)


def publish_from(settings: Settings, origin: Origin) -> BuildState:
    """Publish what an origin holds, without running dbt.

    Raises: CatalogInvalid; BuildFailed with the last good build still in force; RequestError for a
    column to hide that there is none of.
    """
    with _opened(settings, origin) as (source, catalog, _):
        return _publish(source, catalog, settings, _reviews(settings, origin))


def plan_from(settings: Settings, origin: Origin) -> Plan:
    """What `publish_from` would do, and why; nothing is changed. Raises: as `publish_from`."""
    with _opened(settings, origin) as (source, catalog, considered):
        guard = Guard(source, _reviews(settings, origin))
        return make_plan(source, catalog, guard, considered)


def publish_catalog(settings: Settings) -> BuildState:
    """Publish the data that is in force once more, under the catalog as it is now.

    Raises: CatalogInvalid; Unavailable `build.missing` when nothing is published; BuildFailed.
    """
    catalog = _catalog(settings)
    opened = store.open_build(store.current(settings.home))
    kept = read_findings(settings.home).decisions
    reviews = _reviews_in(kept) if kept else _reviews(settings, Origin())
    return _publish(source_from_build(opened), catalog, settings, reviews)


@contextmanager
def _opened(
    settings: Settings, origin: Origin
) -> Iterator[tuple[MartSource, Catalog, tuple[Considered, ...]]]:
    """The source, the catalog that goes with it, and what else was there to be published."""
    if origin.database:
        catalog = _given_catalog(settings, origin.database.stem)
        yield source_from_database(origin.database, origin.schema, origin.hide), catalog, ()
    elif origin.files:
        catalog = _given_catalog(settings, origin.files.absolute().name)
        with source_from_files(origin.files, settings.home, origin.hide) as source:
            yield source, catalog, ()
    elif origin.parquet:
        catalog = _given_catalog(settings, origin.parquet.rstrip("/").rpartition("/")[2])
        rules = load_project_file(settings.project or Path()).publish
        handed = source_from_handoff(origin.parquet, rules, settings, artifacts=origin.artifacts)
        with handed as (source, considered):
            yield source, catalog, considered
    else:
        project = project_folder(settings)
        run = (
            handed_run(project, origin.artifacts, settings)
            if origin.artifacts
            else last_run(project, settings.home)
        )
        yield source_from_dbt(run, settings), _catalog(settings), considered_of_run(run)


def _catalog(settings: Settings) -> Catalog:
    """The catalog that is found, or an empty one that is called as the project."""
    place = find_catalog(settings)
    name = settings.project.absolute().name if settings.project else ""
    return load_catalog(place) if place else Catalog(name=name)


def _given_catalog(settings: Settings, name: str) -> Catalog:
    return load_catalog(settings.catalog) if settings.catalog else Catalog(name=name)


def _reviews(settings: Settings, origin: Origin) -> Reviews:
    """The decisions that lie beside the catalog of an origin; in the home where it has none."""
    elsewhere = origin.database or origin.files or origin.parquet
    place = settings.catalog if elsewhere else find_catalog(settings)
    return _reviews_in(decisions_file(place) if place else settings.home / PERSONAL_FILE)


def _reviews_in(file: Path) -> Reviews:
    return Reviews(load_decisions(file), file)


def _publish(
    source: MartSource, catalog: Catalog, settings: Settings, reviews: Reviews
) -> BuildState:
    return publish(source, catalog, settings.home, settings, bind=_bound, reviews=reviews)


def _bound(catalog: Catalog, state: BuildState) -> Catalog:
    """The catalog as it fits the build; what it lost is for `martlet check` to tell."""
    return bind(catalog, state)[0]
