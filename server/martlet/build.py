"""The journey of a build: dbt, then the published file, then the pointer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from martlet.catalog.compile import bind
from martlet.catalog.load import load_catalog
from martlet.flow.build import BuildState
from martlet.flow.catalog import Catalog
from martlet.publish.database import source_from_database
from martlet.publish.dbt import DbtEvent, last_run, run_dbt, source_from_dbt
from martlet.publish.publish import publish
from martlet.publish.source import MartSource
from martlet.settings import Settings, catalog_path, project_folder


def build_and_publish(
    settings: Settings, on_event: Callable[[DbtEvent], None], *, full_refresh: bool = False
) -> BuildState:
    """Run dbt and publish what it built, if its tests allow.

    Raises: CatalogInvalid before dbt starts; BuildFailed with the last good build still in force.
    """
    catalog = load_catalog(catalog_path(settings))
    run = run_dbt(
        project_folder(settings),
        settings.home,
        settings,
        full_refresh=full_refresh,
        on_event=on_event,
    )
    return _publish(source_from_dbt(run, settings), catalog, settings)


def publish_last_run(settings: Settings) -> BuildState:
    """Publish what the last dbt run left in the warehouse.

    Raises: BuildFailed `build.source` when there is none.
    """
    catalog = load_catalog(catalog_path(settings))
    run = last_run(project_folder(settings), settings.home)
    return _publish(source_from_dbt(run, settings), catalog, settings)


def publish_database(
    settings: Settings, file: Path, schema: str, hide: Sequence[str]
) -> BuildState:
    """Publish a schema of any DuckDB file, without dbt; the catalog is used where one is given."""
    catalog = load_catalog(settings.catalog) if settings.catalog else Catalog(name=file.stem)
    return _publish(source_from_database(file, schema, hide), catalog, settings)


def _publish(source: MartSource, catalog: Catalog, settings: Settings) -> BuildState:
    return publish(source, catalog, settings.home, settings, bind=_bound)


def _bound(catalog: Catalog, state: BuildState) -> Catalog:
    """The catalog as it fits the build; what it lost is for `martlet check` to tell."""
    return bind(catalog, state)[0]
