"""What a dbt run built, as a source of marts."""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, datetime

from martlet.errors import BuildFailed
from martlet.publish.connect import opened_source
from martlet.publish.dbt.artifacts import read_manifest, read_results
from martlet.publish.dbt.choice import Rules, chosen, load_project_file
from martlet.publish.dbt.marts import make_mart
from martlet.publish.dbt.run import DbtRun, refuse_failed_models
from martlet.publish.dbt.sources import source_states
from martlet.publish.dbt.switched import switched_off
from martlet.publish.dbt.tests import states_of_tests
from martlet.publish.source import MartSource
from martlet.settings import Settings


def source_from_dbt(
    run: DbtRun, settings: Settings, rules: Rules | None = None, *, now: datetime | None = None
) -> MartSource:
    """The marts of a run with their tests, keys and the freshness of what is behind them.

    The rules that choose them are the project's own, unless others are given.
    Raises: BuildFailed `build.source` when the artifacts are of another run than the warehouse, or
    the project has no mart; `build.dbt_failed` when a model failed in that run.
    """
    manifest, results = read_manifest(run.target), read_results(run.target)
    if {manifest.invocation_id, results.invocation_id} != {run.invocation_id}:
        raise BuildFailed(
            "build.source",
            "dbt's artifacts are not of the run that built the warehouse.",
            next_step="Run `martlet build`.",
        )
    refuse_failed_models(results)
    picked = chosen(manifest, rules or load_project_file(run.project).publish)
    _refuse_empty(picked)
    with opened_source(run.warehouse) as (con, alias):
        marts = [make_mart(con, alias, node, manifest, results) for node in picked]
        moment = now or datetime.now(UTC)
        clock = settings.freshness_clock
        sources = source_states(con, alias, manifest, picked, clock=clock, now=moment)
    return MartSource(
        database=run.warehouse,
        marts=tuple(sorted(marts, key=lambda mart: mart.name)),
        tests=states_of_tests(manifest, results, picked),
        sources=sources,
        failed_tests=tuple(result.name for result in results.failed() if result.is_test),
        invocation_id=run.invocation_id,
        origin="dbt",
        fingerprint=run.fingerprint,
        switched_off=switched_off(manifest, picked),
    )


def _refuse_empty(picked: Collection[str]) -> None:
    if not picked:
        raise BuildFailed(
            "build.source",
            "The dbt project has no public model, so there is nothing to publish.",
            next_step="Set `access: public` on the marts, or choose them in martlet.toml;"
            " `martlet publish --plan` tells of every model.",
        )
