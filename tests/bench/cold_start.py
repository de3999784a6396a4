"""Cold start: from nothing to the first answer over stdio, beside the bare SDK with DuckDB."""

from __future__ import annotations

import os
import statistics
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import anyio
from mcp import Client, StdioServerParameters
from mcp.client.stdio import stdio_client

from martlet.publish import store
from martlet.settings import Settings

RUNS = 5
SQL = "select order_total from marts.fct_orders where order_id = 3"
BARE = Path(__file__).with_name("bare_server.py")


def run(settings: Settings) -> Iterator[str]:
    database = store.open_build(store.current(settings.home)).database
    bare = [sys.executable, str(BARE), str(database)]
    ours = [sys.executable, "-m", "martlet", "serve", "--home", str(settings.home)]
    pairs = [(_once(bare), _once(ours)) for _ in range(RUNS)]
    for name, place in (("CPU", 0), ("wall", 1)):
        theirs = statistics.median(pair[0][place] for pair in pairs)
        own = statistics.median(pair[1][place] for pair in pairs)
        ratio = statistics.median(pair[1][place] / pair[0][place] for pair in pairs)
        yield (
            f"cold start to first answer, {name}: martlet {own:.2f} s, bare SDK {theirs:.2f} s, "
            f"ratio {ratio:.2f} (bar: CPU 1.8)"
        )


def _once(command: list[str]) -> tuple[float, float]:
    """CPU and wall seconds of one server from start to the end of its first answer."""
    before, began = os.times(), time.perf_counter()
    anyio.run(_ask, command)
    wall, after = time.perf_counter() - began, os.times()
    cpu = after.children_user + after.children_system
    return cpu - before.children_user - before.children_system, wall


async def _ask(command: list[str]) -> None:
    parameters = StdioServerParameters(command=command[0], args=command[1:], env=dict(os.environ))
    async with Client(stdio_client(parameters)) as client:
        result = await client.call_tool("query", {"sql": SQL})
        assert not result.is_error, result.content
