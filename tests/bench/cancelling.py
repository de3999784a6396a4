"""Cancelling: from the client's giving up to the end of its query, and to the next answer."""

from __future__ import annotations

import json
import os
import statistics
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

import anyio
from mcp import Client, MCPError, StdioServerParameters
from mcp.client.stdio import stdio_client

from martlet.settings import Settings
from tests.server.started import serve_command, started

ROUNDS = 3
QUERIES = {
    "endless": "select count(*) from range(10000000) a, range(10000000) b "
    "where a.range <> b.range + 1",
    "deaf to interrupts": "select count(levenshtein(repeat('ab', 10000) || range::varchar, "
    "repeat('ba', 10000))) from range(1000)",
    "a regular expression": "select sum(len(regexp_extract_all(repeat('ab', 5000), "
    "'(a|b|ab){1,300}' || range::varchar))) from range(10000000)",
    "one long text": "select sum(length(repeat(range::varchar, 10000))) from range(10000000)",
}


def run(settings: Settings) -> Iterator[str]:
    for transport in ("stdio", "http"):
        for mode in ("auto", "legacy"):
            took = anyio.run(_all, settings, transport, mode)
            ends = ", ".join(
                f"{name} {statistics.median(end for end, _ in pairs):.2f} s"
                for name, pairs in took.items()
            )
            following = [follow for pairs in took.values() for _, follow in pairs]
            yield (
                f"cancelled over {transport} ({mode}), ended after: {ends} (bar 0.5); "
                f"next call {statistics.median(following) * 1000:.0f} ms (bar 100)"
            )


async def _all(
    settings: Settings, transport: str, mode: str
) -> dict[str, list[tuple[float, float]]]:
    served: AbstractContextManager[str] = nullcontext("")
    if transport == "http":
        served = started(settings.home)
    with served as url:
        words = serve_command(settings.home)
        stdio = StdioServerParameters(command=words[0], args=words[1:], env=dict(os.environ))
        async with Client(url or stdio_client(stdio), mode=mode) as client:
            await client.call_tool("query", {"sql": "select 1"})
            return {
                name: [await _once(client, settings.home / "audit", sql) for _ in range(ROUNDS)]
                for name, sql in QUERIES.items()
            }


async def _once(client: Client, audit: Path, sql: str) -> tuple[float, float]:
    """Seconds from giving up to the end that the log tells of, and those of the next call."""
    before = _cancelled(audit)
    try:
        await client.call_tool("query", {"sql": sql}, read_timeout_seconds=1.0)
        raise AssertionError(f"it was answered: {sql}")
    except MCPError:
        began = time.perf_counter()
    with anyio.fail_after(60):
        while _cancelled(audit) == before:
            await anyio.sleep(0.005)
    ended = time.perf_counter()
    answer = await client.call_tool("query", {"sql": "select 42 as answer"})
    assert answer.structured_content and answer.structured_content["rows"] == [[42]]
    return ended - began, time.perf_counter() - ended


def _cancelled(audit: Path) -> int:
    lines = (line for file in audit.glob("*.jsonl") for line in file.read_text().splitlines())
    return sum(json.loads(line)["code"] == "query.cancelled" for line in lines)
