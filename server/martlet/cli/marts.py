"""Commands that make what is published: demo, build, publish, handoff-script, builds."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer

import martlet
from martlet.cli.app import AsJson, CatalogPath, Home, Project, Warehouse, app, start
from martlet.cli.output import print_json
from martlet.errors import RequestError


@app.command()
def demo(
    home: Home = None,
    scale: Annotated[float, typer.Option(help="1 is about 3,000 people.")] = 1.0,
    seed: Annotated[int, typer.Option(help="Another seed, another company.")] = 20260101,
) -> None:
    """Raw data, dbt build, publish, and a conversation over MCP."""
    settings = start(home=home, freshness_clock="data")
    from martlet.demo.show import run_demo

    run_demo(settings, scale=scale, seed=seed)


@app.command()
def build(
    home: Home = None,
    project: Project = None,
    catalog: CatalogPath = None,
    warehouse: Warehouse = None,
    full_refresh: Annotated[
        bool, typer.Option("--full-refresh", help="Rebuild incremental models.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Run dbt build with live progress, then publish the marts if the tests allow it."""
    settings = start(home=home, project=project, catalog=catalog, warehouse=warehouse)
    from martlet.build import build_and_publish
    from martlet.progress import Progress

    with Progress() as progress:
        state = build_and_publish(settings, progress.show, full_refresh=full_refresh)
    _print_builds([state], as_json=as_json)


@app.command()
def publish(
    home: Home = None,
    project: Project = None,
    catalog: CatalogPath = None,
    warehouse: Warehouse = None,
    artifacts: Annotated[
        Path | None,
        typer.Option("--artifacts", help="dbt's target folder of a run that Martlet did not make."),
    ] = None,
    from_database: Annotated[
        Path | None, typer.Option("--from-database", help="Publish a DuckDB file, without dbt.")
    ] = None,
    schema: Annotated[
        str, typer.Option("--schema", help="With --from-database: the schema of the marts.")
    ] = "marts",
    from_files: Annotated[
        Path | None, typer.Option("--from-files", help="Publish a folder of CSV and Parquet files.")
    ] = None,
    from_parquet: Annotated[
        str | None,
        typer.Option("--from-parquet", help="Publish a hand-off: a folder, or s3://bucket/prefix."),
    ] = None,
    hide: Annotated[
        list[str] | None,
        typer.Option("--hide", help="Without dbt: a table.column to leave out; repeat."),
    ] = None,
    catalog_only: Annotated[
        bool, typer.Option("--catalog-only", help="The same data under the changed catalog.")
    ] = False,
    plan: Annotated[
        bool, typer.Option("--plan", help="Tell what would be published and why; change nothing.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Publish what the last dbt build made, or marts from elsewhere."""
    settings = start(home=home, project=project, catalog=catalog, warehouse=warehouse)
    from martlet import build as journey

    places = (from_database, from_files, from_parquet, catalog_only or None)
    if sum(place is not None for place in places) > 1 or (catalog_only and (plan or artifacts)):
        _refuse_usage("Name one origin: --from-database, --from-files, --from-parquet, or none.")
    if hide and not (from_database or from_files):
        _refuse_usage("--hide goes with --from-database and --from-files; mark dbt columns `pii`.")
    origin = journey.Origin(
        from_database, schema, from_files, from_parquet, artifacts, tuple(hide or ())
    )
    if plan:
        _print_plan(journey.plan_from(settings, origin), as_json=as_json)
    elif catalog_only:
        _print_builds([journey.publish_catalog(settings)], as_json=as_json)
    else:
        _print_builds([journey.publish_from(settings, origin)], as_json=as_json)


@app.command("handoff-script")
def handoff_script() -> None:
    """Print the script that exports marts as Parquet where the warehouse is: `> export.py`."""
    script = Path(martlet.__file__).parent / "publish" / "handoff" / "export.py"
    print(script.read_text(encoding="utf-8"), end="")


@app.command()
def builds(
    home: Home = None,
    rollback: Annotated[
        str | None,
        typer.Option("--rollback", help="Put this build (or `previous`) in force again."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """List the published builds, newest first; the one in force is marked."""
    settings = start(home=home)
    from martlet.publish import store

    if rollback:
        store.roll_back(settings.home, None if rollback == "previous" else rollback)
    current = store.in_force(settings.home)
    _print_builds(store.builds(settings.home), as_json=as_json, current=current)


def _refuse_usage(message: str) -> NoReturn:
    raise RequestError("usage", message, next_step="`martlet publish --help` tells of each.")


def _print_builds(states: list[Any], *, as_json: bool, current: str = "") -> None:
    current = current or states[0].build_id
    if as_json:
        told = [state.model_dump(mode="json", exclude={"marts", "tests"}) for state in states]
        print_json([{**item, "in_force": item["build_id"] == current} for item in told])
        return
    for state in states:
        mark = "*" if state.build_id == current else " "
        failed = sum(test.status in ("fail", "error") for test in state.tests)
        tests = f"{len(state.tests)} tests ({failed} failed)" if state.tests else "no dbt tests"
        days = f", complete through {state.complete_through}" if state.complete_through else ""
        off = f", {len(state.switched_off)} switched off" if state.switched_off else ""
        print(f"{mark} {state.build_id}  {len(state.marts)} marts{off}, {tests}{days}")


def _print_plan(plan: Any, *, as_json: bool) -> None:
    if as_json:
        print_json(asdict(plan))
        return
    marts = {mart.name: mart for mart in plan.marts}
    for item in plan.considered:
        mark = "+" if item.published else "-"
        print(f"{mark} {item.name} ({item.kind}): {item.reason}")
        mart = marts.get(item.name) if item.published else None
        for line in mart.lines() if mart else ():
            print(f"    {line}")
    if plan.failed_tests:
        print(f"Failed tests: {', '.join(plan.failed_tests)}")
