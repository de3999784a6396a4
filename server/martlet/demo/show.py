"""The demo on a terminal: raw data, dbt, publishing, the conversation, and how to connect."""

from __future__ import annotations

import json
import shutil
import sys
import time
from pathlib import Path
from typing import Any

import anyio
from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from martlet.build import build_and_publish
from martlet.demo.conversation import Heard, connect, converse
from martlet.demo.raw import generate
from martlet.errors import MartletError, RequestError, ServerError
from martlet.flow.build import BuildState
from martlet.progress import Progress
from martlet.settings import Settings

WIDTH = 100
ROWS_SHOWN = 12
MARK = "demo.json"


def run_demo(settings: Settings, *, scale: float, seed: int) -> None:
    """The whole way once, on a terminal.

    Raises: RequestError `usage` when the home holds another project's warehouse; ServerError
    `server.internal` when an answer was not what the conversation means to show.
    """
    console = Console(width=min(WIDTH, shutil.get_terminal_size((WIDTH, 24)).columns))
    home = settings.home
    _claim(home, scale=scale, seed=seed)
    began = time.perf_counter()

    _step(console, 1, "Raw data, as the connectors land it")
    summary = generate(home / "warehouse.duckdb", scale=scale, seed=seed)
    console.print(Padding(str(summary), (0, 4)))

    _step(console, 2, "dbt: staging → intermediate → marts, and their tests")
    with Progress() as progress:
        state = build_and_publish(settings, progress.show)
    _tell_build(console, state)

    _step(console, 4, "A conversation, over MCP")
    heard = anyio.run(_converse, console, home)

    _step(console, 5, "Connect your client")
    _tell_clients(console, home)
    console.print(f"\n[dim]From nothing to here in {time.perf_counter() - began:.0f} s.[/dim]")
    _insist(heard)


def _claim(home: Path, *, scale: float, seed: int) -> None:
    """The demo writes raw data into the home's warehouse, so the home must be the demo's own."""
    mark = home / MARK
    if (home / "warehouse.duckdb").exists() and not mark.exists():
        raise RequestError(
            "usage",
            f"{home} holds the warehouse of another project.",
            next_step="Give the demo a home of its own: martlet demo --home .martlet-demo",
        )
    try:
        home.mkdir(parents=True, exist_ok=True)
        mark.write_text(json.dumps({"scale": scale, "seed": seed}), encoding="utf-8")
    except OSError as error:
        raise MartletError(
            "build.disk", f"{home} cannot be written.", next_step="Give another --home."
        ) from error


def _step(console: Console, number: int, title: str) -> None:
    console.print()
    console.rule(f"[bold]{number}  {title}", align="left", style="dim")


def _tell_build(console: Console, state: BuildState) -> None:
    _step(console, 3, "Published: only the marts, only what the tests allow")
    table = Table(box=None, padding=(0, 2), show_header=True, header_style="dim")
    for name in ("mart", "rows", "columns", "complete through", "key"):
        table.add_column(name, justify="right" if name in ("rows", "columns") else "left")
    for mart in state.marts.values():
        key = ", ".join("+".join(item.columns) for item in mart.keys[:1])
        holds = "unique" if mart.keys and all(item.holds for item in mart.keys) else "not unique"
        table.add_row(
            mart.name,
            f"{mart.row_count:,}",
            str(len(mart.columns)),
            mart.complete_through or "",
            f"{key} [dim]({holds}, counted)[/dim]" if key else "",
        )
    console.print(Padding(table, (0, 2)))
    passed = sum(test.status == "pass" for test in state.tests)
    withheld = [name for mart in state.marts.values() for name in mart.withheld]
    console.print(
        Padding(
            f"Build {state.build_id}: {passed} of {len(state.tests)} dbt tests passed; "
            f"personal columns kept out: {', '.join(withheld) or 'none'}.",
            (0, 4),
        )
    )


async def _converse(console: Console, home: Path) -> list[Heard]:
    heard = []
    async with connect(home) as client:
        async for item in converse(client):
            _tell(console, item)
            heard.append(item)
    return heard


def _tell(console: Console, heard: Heard) -> None:
    console.print()
    console.print(Text(f"❯ {heard.turn.question}", style="bold cyan"))
    call = json.dumps(heard.arguments, ensure_ascii=False)
    console.print(Padding(Text(f"{heard.turn.tool} {call}", style="dim"), (0, 4)))
    if heard.content is None:
        console.print(Padding(Text(heard.text, style="red"), (0, 4)))
        return
    if "rows" in heard.content:
        console.print(Padding(_table(heard.content), (0, 2)))
        spoken = heard.turn.say(heard.content["rows"])
        if spoken:
            console.print(Padding(Text(spoken, style="bold"), (0, 4)))
        _tell_trust(console, heard.content)
    else:
        console.print(Padding(Text(heard.text), (0, 4)))


def _table(content: dict[str, Any]) -> Table:
    table = Table(box=None, padding=(0, 2), header_style="dim")
    for column in content["columns"]:
        unit = f" ({column['unit']})" if column["unit"] else ""
        is_number = any(word in column["type"] for word in ("INT", "DECIMAL", "DOUBLE"))
        name = column["name"].split("__")[-1]
        table.add_column(f"{name}{unit}", justify="right" if is_number else "left")
    for row in content["rows"][:ROWS_SHOWN]:
        table.add_row(*(_cell(cell) for cell in row))
    return table


def _cell(cell: Any) -> str:
    if cell is None:
        return "[dim]∅[/dim]"
    if isinstance(cell, float):
        return f"{cell:,.2f}"
    return f"{cell:,}" if isinstance(cell, int) and abs(cell) >= 10_000 else str(cell)


def _tell_trust(console: Console, content: dict[str, Any]) -> None:
    trust, data = content["trust"], content["data"]
    for caveat in content["caveats"]:
        console.print(Padding(Text(f"! {caveat}", style="yellow"), (0, 4)))
    for note in content["notes"]:
        console.print(Padding(Text(note, style="dim"), (0, 4)))
    for metric in content["metrics"]:
        line = f"{metric['name']} = {metric['definition']}"
        console.print(Padding(Text(line, style="dim"), (0, 4)))
    colour = "green" if trust["verdict"] == "ok" else "yellow"
    reasons = f" {' '.join(trust['reasons'])}" if trust["reasons"] else ""
    through = data["complete_through"]
    complete = f" · complete through {through}" if through else ""
    said = f"trust: {trust['verdict']}{reasons}{complete}"
    console.print(Padding(Text(said, style=colour), (0, 4)))


def _tell_clients(console: Console, home: Path) -> None:
    program = Path(sys.executable).with_name("martlet")
    arguments = ["serve", "--home", str(home.absolute())]
    entry = {"command": str(program), "args": arguments}
    shell = " ".join(f'"{word}"' if " " in word else word for word in (str(program), *arguments))
    ways = (
        ("Claude Code", f"claude mcp add martlet -- {shell}"),
        ("Claude Desktop (claude_desktop_config.json)", _config("mcpServers", entry)),
        ("Cursor (.cursor/mcp.json)", _config("mcpServers", entry)),
        ("VS Code (.vscode/mcp.json)", _config("servers", {"type": "stdio", **entry})),
    )
    for name, how in ways:
        console.print(Padding(Text(name, style="bold"), (0, 4)))
        console.print(f"      {how}", soft_wrap=True, markup=False, highlight=False)


def _config(key: str, entry: dict[str, Any]) -> str:
    return json.dumps({key: {"martlet": entry}})


def _insist(heard: list[Heard]) -> None:
    """The demo fails when an answer was not what it means to show."""
    wrong = [item.turn.name for item in heard if not item.as_meant]
    if wrong or not heard:
        raise ServerError(
            "server.internal",
            f"The conversation did not go as written: {', '.join(wrong) or 'no question asked'}.",
            next_step="Look at the answers above; `martlet doctor` checks the installation.",
        )
