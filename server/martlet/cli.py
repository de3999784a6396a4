"""The command line, only reader of argv. Exit: 0 good, 1 failed, 2 wrong usage, 3 refused."""

from __future__ import annotations

import json
import logging
import os
import sys
from collections.abc import Iterable
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer
from pydantic import ValidationError

import martlet
from martlet.errors import MartletError, RequestError
from martlet.flow.personal import Choice
from martlet.settings import Settings, load_settings

app = typer.Typer(
    name="martlet",
    help="Trusted answers from published dbt marts, over MCP.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
gate = typer.Typer(help="The SQL gate.", no_args_is_help=True)
app.add_typer(gate, name="gate")

Home = Annotated[Path | None, typer.Option("--home", help="Where everything Martlet writes lives.")]
CatalogPath = Annotated[
    Path | None, typer.Option("--catalog", help="A folder of YAML, semantic_manifest.json, or OSI.")
]
Project = Annotated[Path | None, typer.Option("--project", help="The dbt project.")]
Warehouse = Annotated[
    Path | None, typer.Option("--warehouse", help="dbt's DuckDB file; default: the profile's.")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for machines.")]


def main() -> None:
    """Run the command line; every expected error ends as a clear text and an exit code."""
    try:
        app()
    except MartletError as error:
        _end(error)
    except KeyboardInterrupt:
        sys.exit(130)


def _end(error: MartletError) -> NoReturn:
    print(error, file=sys.stderr)
    sys.exit(2 if error.code == "usage" else error.exit_code)


def _start(**overrides: object) -> Settings:
    os.umask(os.umask(0o022) | 0o002)  # nothing that Martlet writes can be changed by everyone
    try:
        settings = load_settings(**overrides)
    except ValidationError as error:
        raise _wrong_settings(error) from error
    logging.basicConfig(
        stream=sys.stderr,
        level=settings.log_level.upper(),
        format="%(asctime)s %(levelname)s %(name)s: %(message)s",
    )
    logging.getLogger("sqlglot").setLevel(logging.CRITICAL)  # it logs SQL texts
    return settings


def _wrong_settings(error: ValidationError) -> RequestError:
    """Every setting that does not fit, by the variable that gives it; never its value."""
    lines = [
        f"MARTLET_{'_'.join(str(part) for part in item['loc']).upper()}: {item['msg']}"
        for item in error.errors()
    ]
    return RequestError(
        "usage",
        f"Settings do not fit: {'; '.join(lines)}.",
        next_step="Correct the variables; docs/settings.md lists them.",
    )


@app.command()
def demo(
    home: Home = None,
    scale: Annotated[float, typer.Option(help="1 is about 3,000 people.")] = 1.0,
    seed: Annotated[int, typer.Option(help="Another seed, another company.")] = 20260101,
) -> None:
    """Raw data, dbt build, publish, and a conversation over MCP."""
    settings = _start(home=home, freshness_clock="data")
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
    settings = _start(home=home, project=project, catalog=catalog, warehouse=warehouse)
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
    settings = _start(home=home, project=project, catalog=catalog, warehouse=warehouse)
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
    settings = _start(home=home)
    from martlet.publish import store

    if rollback:
        store.roll_back(settings.home, None if rollback == "previous" else rollback)
    current = store.current(settings.home).name
    _print_builds(store.builds(settings.home), as_json=as_json, current=current)


@app.command()
def serve(
    home: Home = None,
    http: Annotated[bool, typer.Option("--http", help="Serve HTTP on loopback.")] = False,
    host: Annotated[str, typer.Option(help="With --http.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="With --http.")] = 8787,
) -> None:
    """Serve MCP: over stdio, or with --http at http://127.0.0.1:8787/mcp."""
    settings = _start(home=home)
    import anyio

    from martlet.house import House
    from martlet.server import serve_http, serve_stdio

    house = House(settings)
    try:
        if http:
            print(f"Martlet serves MCP at http://{host}:{port}/mcp", file=sys.stderr)
            anyio.run(lambda: serve_http(house, host=host, port=port))
        else:
            anyio.run(lambda: serve_stdio(house))
    finally:
        house.close()


@app.command()
def check(
    home: Home = None,
    catalog: CatalogPath = None,
    against: Annotated[
        str | None,
        typer.Option("--against", help="Instead: which numbers change since a build (`previous`)."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Tell what a model reading the catalog would get wrong; exit 1 when there is an error.

    With --against: exit 1 when a number or a verified answer of that build changes or is gone.
    """
    settings = _start(home=home, catalog=catalog)
    if against:
        _compare(settings, against, as_json=as_json)
    from martlet.check import check_all

    report = check_all(settings)
    if as_json:
        _print_json({"problems": [vars(item) for item in report.problems], **report.counts})
    else:
        for item in report.problems:
            print(f"{item.severity}: {item}")
        print(report.summary)
    sys.exit(1 if report.failed else 0)


@app.command("import")
def import_(
    source: Annotated[
        Path, typer.Argument(help="semantic_manifest.json, dbt's property files, or an OSI file.")
    ],
    out: Annotated[Path, typer.Option("--out", help="An empty or new folder.")] = Path("semantic"),
    as_json: AsJson = False,
) -> None:
    """Turn a catalog of dbt or OSI into YAML; exit 1 when something must be mended by hand."""
    from martlet.exchange import import_catalog

    found = import_catalog(source, out)
    if as_json:
        problems = [vars(item) for item in found.problems]
        _print_json({"files": list(found.files), "problems": problems, **found.counts})
    else:
        _print_lines(f"{item.severity}: {item}" for item in found.problems)
        looked = ", ".join(f"{count} {name}" for name, count in found.counts.items())
        print(f"{looked} in {len(found.files)} files under {out}")
    sys.exit(1 if any(item.severity == "error" for item in found.problems) else 0)


@app.command()
def export(
    catalog: CatalogPath = None,
    out: Annotated[Path | None, typer.Option("--out", help="A file; default: stdout.")] = None,
) -> None:
    """Write the catalog as OSI 0.2; what OSI cannot say is told on stderr, by name."""
    settings = _start(catalog=catalog)
    from martlet.exchange import export_catalog
    from martlet.settings import catalog_path

    found = export_catalog(catalog_path(settings))
    for loss in found.losses:
        kind = "left out" if loss.left_out else "says less"
        print(f"{kind}: {loss.name} [{loss.code}] {loss.message}", file=sys.stderr)
    if out is None:
        print(found.text, end="")
    else:
        out.write_text(found.text, encoding="utf-8")


@app.command()
def call(
    tool: Annotated[str, typer.Argument(help="search, describe, values, metric or query.")],
    arguments: Annotated[str, typer.Argument(help="The arguments as a JSON object.")] = "{}",
    home: Home = None,
) -> None:
    """Call one tool as a client would; prints JSON, exit 3 when it refuses."""
    settings = _start(home=home)
    from martlet.flow.query import Stop
    from martlet.house import House
    from martlet.tools.surface import call_tool

    given = _json_object(arguments)
    house = House(settings)
    try:
        outcome = call_tool(house, tool, given, Stop(), principal="cli")
    finally:
        house.close()
    _print_json(outcome.as_json())
    sys.exit(outcome.error.exit_code if outcome.error else 0)


@app.command()
def purge(
    people: Annotated[
        list[str], typer.Argument(help="Addresses or ids; type:value says what an id is.")
    ],
    home: Home = None,
    project: Project = None,
    kind: Annotated[
        str,
        typer.Option(
            "--type",
            help="What the ids are: email, shopify_customer, woo_customer, posthog_person or "
            "posthog_distinct_id.",
        ),
    ] = "",
    who: Annotated[str, typer.Option(help="Who decided it; kept.")] = "",
    why: Annotated[str, typer.Option(help="Why, without naming the person; kept.")] = "",
    raw: Annotated[
        bool, typer.Option("--raw", help="Erase them in the landing zone of the warehouse, too.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Forget people: keep them out of every build from now on, and remove what holds them."""
    settings = _start(home=home, project=project)
    from martlet.progress import Progress
    from martlet.purge import Purge
    from martlet.purge import purge as forget

    with Progress() as progress:
        report = forget(settings, Purge(tuple(people), kind, who, why, raw), progress.show)
    if as_json:
        _print_json(vars(report))
    else:
        print(report)


@app.command()
def audit(
    home: Home = None,
    tool: Annotated[str, typer.Option(help="Only this tool.")] = "",
    principal: Annotated[str, typer.Option(help="Only this caller.")] = "",
    decision: Annotated[str, typer.Option(help="answered, refused or failed.")] = "",
    since: Annotated[str, typer.Option(help="A day, a time (UTC), or 7d, 12h, 30m.")] = "",
    slow: Annotated[float, typer.Option(help="Only calls of so many seconds or more.")] = 0.0,
    failed: Annotated[bool, typer.Option("--failed", help="Only what was not answered.")] = False,
    value: Annotated[str, typer.Option(help="Only calls in which this value was written.")] = "",
    limit: Annotated[int, typer.Option(help="Newest calls listed.", min=1)] = 50,
    as_json: AsJson = False,
) -> None:
    """Read the audit log back: who asked what, what was refused, what was slow."""
    settings = _start(home=home)
    from martlet.audit import read_back, show

    history = read_back(
        settings,
        tool=tool,
        principal=principal,
        decision=decision or ("refused,failed" if failed else ""),
        since=since,
        slow=slow,
        value=value,
    )
    if as_json:
        _print_json(history.as_json(limit))
    else:
        show(history, most=limit)


review_app = typer.Typer(help="Decide what a publish withheld for review.", no_args_is_help=True)
app.add_typer(review_app, name="review")


@review_app.command("pii")
def review_pii(
    place: Annotated[
        str, typer.Argument(help="mart.column to decide about; none: list what waits.")
    ] = "",
    publish_it: Annotated[
        bool, typer.Option("--publish", help="It may be published as it is.")
    ] = False,
    drop: Annotated[bool, typer.Option("--drop", help="It stays out for good.")] = False,
    pseudonym: Annotated[
        bool, typer.Option("--pseudonym", help="Publish a keyed hash in its place.")
    ] = False,
    who: Annotated[str, typer.Option(help="Who decides.")] = "",
    why: Annotated[str, typer.Option(help="Why.")] = "",
    home: Home = None,
    catalog: CatalogPath = None,
    as_json: AsJson = False,
) -> None:
    """List the columns that look personal and wait for a decision, or record one."""
    settings = _start(home=home, catalog=catalog)
    from martlet import review

    chosen: dict[Choice, bool] = {"publish": publish_it, "drop": drop, "pseudonym": pseudonym}
    choices = [choice for choice, given in chosen.items() if given]
    if bool(place) != (len(choices) == 1):
        raise RequestError(
            "usage",
            "Name one column and one decision, or neither.",
            next_step="martlet review pii mart.column --drop --who NAME --why TEXT",
        )
    if place:
        today = datetime.now(UTC).date().isoformat()
        made = review.decide(settings, place, choices[0], who=who, why=why, on=today)
        if as_json:
            _print_json(vars(made))
        else:
            print(f"{made.mart}.{made.column}: {made.choice}, as of the next publish.")
        return
    found = review.waiting(settings)
    if as_json:
        _print_json([vars(item) for item in found])
    else:
        print("\n".join(item.line for item in found) or "Nothing waits for a review.")


@gate.command("check")
def gate_check(
    file: Annotated[
        Path, typer.Argument(help="Queries, each ending with `;` or under `-- name:`.")
    ],
    home: Home = None,
    run: Annotated[
        bool, typer.Option("--run", help="Also run what is let through, for one row each.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Tell which queries of a file the gate lets through; exit 1 when it refuses one."""
    settings = _start(home=home)
    from martlet.verdicts import check_file

    verdicts = check_file(file, settings, run=run)
    if as_json:
        _print_json([verdict.as_json() for verdict in verdicts])
    else:
        for verdict in verdicts:
            print(verdict.as_text())
    sys.exit(1 if any(verdict.error for verdict in verdicts) else 0)


@app.command()
def doctor(home: Home = None, as_json: AsJson = False) -> None:
    """Check that this machine, its files and the published build are in order."""
    settings = _start(home=home)
    from martlet.doctor import examine

    findings = examine(settings)
    if as_json:
        _print_json([vars(finding) for finding in findings])
    else:
        for finding in findings:
            advice = f"\n      {finding.next_step}" if finding.next_step else ""
            print(f"{'ok  ' if finding.good else 'BAD '}  {finding.name}: {finding.detail}{advice}")
    sys.exit(0 if all(finding.good for finding in findings) else 1)


@app.command()
def version() -> None:
    """Print the version."""
    print(martlet.__version__)


def _json_object(text: str) -> dict[str, Any]:
    try:
        given = json.loads(text)
    except json.JSONDecodeError as error:
        given = error
    if isinstance(given, dict):
        return given
    raise RequestError(
        "usage",
        "The arguments are not a JSON object.",
        where=str(given) if isinstance(given, Exception) else text[:80],
        next_step="""For instance: martlet call metric '{"metrics": ["revenue"]}'""",
    )


def _refuse_usage(message: str) -> NoReturn:
    raise RequestError("usage", message, next_step="`martlet publish --help` tells of each.")


def _compare(settings: Settings, against: str, *, as_json: bool) -> NoReturn:
    from martlet.changes import compare_with, tell

    changes = compare_with(settings, against)
    if as_json:
        compared = [item.as_json() for item in changes.compared]
        _print_json({"before": changes.before, "after": changes.after, "compared": compared})
    else:
        _print_lines(tell(changes))
    sys.exit(1 if changes.breaks else 0)


def _print_lines(lines: Iterable[str]) -> None:
    for line in lines:
        print(line)


def _print_json(value: Any) -> None:
    print(json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=str))


def _print_builds(states: list[Any], *, as_json: bool, current: str = "") -> None:
    if as_json:
        _print_json([state.model_dump(mode="json", exclude={"marts", "tests"}) for state in states])
        return
    for state in states:
        mark = "*" if state.build_id == (current or states[0].build_id) else " "
        failed = sum(test.status in ("fail", "error") for test in state.tests)
        tests = f"{len(state.tests)} tests ({failed} failed)" if state.tests else "no dbt tests"
        days = f", complete through {state.complete_through}" if state.complete_through else ""
        print(f"{mark} {state.build_id}  {len(state.marts)} marts, {tests}{days}")


def _print_plan(plan: Any, *, as_json: bool) -> None:
    if as_json:
        _print_json(asdict(plan))
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


if __name__ == "__main__":
    main()
