"""Commands that ask: serve, call, gate check, audit."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from martlet.cli.app import AsJson, Home, app, start
from martlet.cli.output import print_json
from martlet.errors import RequestError

gate = typer.Typer(help="The SQL gate.", no_args_is_help=True)
app.add_typer(gate, name="gate")


@app.command()
def serve(
    home: Home = None,
    http: Annotated[bool, typer.Option("--http", help="Serve HTTP on loopback.")] = False,
    host: Annotated[str, typer.Option(help="With --http.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="With --http.")] = 8787,
) -> None:
    """Serve MCP: over stdio, or with --http at http://127.0.0.1:8787/mcp."""
    settings = start(home=home)
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
def call(
    tool: Annotated[str, typer.Argument(help="search, describe, values, metric or query.")],
    arguments: Annotated[str, typer.Argument(help="The arguments as a JSON object.")] = "{}",
    home: Home = None,
) -> None:
    """Call one tool as a client would; prints JSON, exit 3 when it refuses."""
    settings = start(home=home)
    from martlet.flow.query import Stop
    from martlet.house import House
    from martlet.tools.surface import call_tool

    given = _json_object(arguments)
    house = House(settings)
    try:
        outcome = call_tool(house, tool, given, Stop(), principal="cli")
    finally:
        house.close()
    print_json(outcome.as_json())
    sys.exit(outcome.error.exit_code if outcome.error else 0)


@gate.command("check")
def gate_check(
    file: Annotated[
        Path,
        typer.Argument(help="Queries, each ending with `;` or under `-- name:`; `-` reads a pipe."),
    ],
    home: Home = None,
    run: Annotated[
        bool, typer.Option("--run", help="Also run what is let through, for one row each.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Tell which queries of a file the gate lets through; exit 1 when it refuses one."""
    settings = start(home=home)
    from martlet.verdicts import check_file

    verdicts = check_file(file, settings, run=run)
    if as_json:
        print_json([verdict.as_json() for verdict in verdicts])
    else:
        for verdict in verdicts:
            print(verdict.as_text())
        refused = sum(1 for verdict in verdicts if verdict.error)
        print(f"{len(verdicts)} queries, {refused} refused")
    sys.exit(1 if any(verdict.error for verdict in verdicts) else 0)


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
    settings = start(home=home)
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
        print_json(history.as_json(limit))
    else:
        show(history, most=limit)


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
