"""What artifacts tell that come without the warehouse: the age of sources, and of which run."""

from __future__ import annotations

import json
from collections.abc import Collection
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

from martlet.errors import BuildFailed
from martlet.flow.build import SourceState
from martlet.publish.dbt.artifacts import Manifest, Results, read_manifest, read_results
from martlet.publish.dbt.run import DbtRun
from martlet.publish.dbt.sources import judge, marts_by_source
from martlet.publish.source import fingerprint
from martlet.settings import Settings

_BUILDING = ("build", "run", "test", "seed", "snapshot", "retry", "clone")


def handed_run(project: Path, target: Path, settings: Settings) -> DbtRun:
    """A run of dbt that someone else made: its artifacts, and the warehouse as it is now.

    Raises: BuildFailed `build.source` when the warehouse is not named.
    """
    if settings.warehouse is None or not settings.warehouse.is_file():
        raise BuildFailed(
            "build.source",
            "The DuckDB file that these artifacts tell of is not there.",
            next_step="Name it with --warehouse FILE.",
        )
    manifest = read_manifest(target)
    refuse_no_build(manifest, read_results(target))
    warehouse = settings.warehouse.absolute()
    return DbtRun(
        project, target, warehouse, manifest.invocation_id, fingerprint(warehouse), seconds=0
    )


def handed_sources(
    target: Path,
    manifest: Manifest,
    picked: Collection[str],
    clock: Literal["wall", "data"],
    *,
    now: datetime,
) -> tuple[SourceState, ...]:
    """The state of every source that a mart is built from, as `dbt source freshness` saw it.

    A source that it did not look at is of unknown age. Raises: BuildFailed `build.source`.
    """
    used = marts_by_source(manifest, picked)
    seen = _newest(target / "sources.json")
    newest = {unique_id: seen.get(unique_id) for unique_id in used}
    return judge(manifest, used, newest, clock=clock, now=now)


def refuse_no_build(manifest: Manifest, results: Results) -> None:
    """Artifacts that another command wrote over say nothing about the data.

    Raises: BuildFailed `build.source`.
    """
    other = results.by_id and results.invocation_id != manifest.invocation_id
    if other or (results.command and results.command not in _BUILDING):
        told = f"`dbt {results.command}`" if results.command else "another dbt command"
        raise BuildFailed(
            "build.source",
            f"The artifacts are not those of one dbt build: {told} wrote over them.",
            next_step="Hand over `target` as `dbt build` left it, before any other dbt command.",
        )


def _newest(file: Path) -> dict[str, datetime]:
    if not file.is_file():
        return {}
    try:
        results: list[dict[str, Any]] = json.loads(file.read_bytes())["results"]
        told = {str(item["unique_id"]): str(item.get("max_loaded_at") or "") for item in results}
        moments = {key: datetime.fromisoformat(text) for key, text in told.items() if text}
    except (ValueError, KeyError, TypeError) as error:
        raise BuildFailed(
            "build.source",
            "dbt's sources.json cannot be read.",
            next_step="Run `dbt source freshness` again.",
        ) from error
    return {
        key: moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        for key, moment in moments.items()
    }
