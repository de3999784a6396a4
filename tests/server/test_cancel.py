"""A client that gives up stops its query in the sandbox, in both eras and over both transports."""

from __future__ import annotations

import json
import os
from pathlib import Path

import anyio
import pytest
from mcp import Client, MCPError, StdioServerParameters
from mcp.client.stdio import stdio_client

HEAVY = "select count(*) from range(10000000) a, range(10000000) b where a.range <> b.range + 1"
# One call that no interrupt reaches: only the end of its process stops it.
DEAF = (
    "select count(levenshtein(repeat('ab', 10000) || range::varchar, repeat('ba', 10000))) "
    "from range(1000)"
)

pytestmark = pytest.mark.anyio


async def give_up(client: Client, audit: Path) -> None:
    """Ask something heavy, give up, and wait until the log says that the query was cancelled."""
    with pytest.raises(MCPError):
        await client.call_tool("query", {"sql": HEAVY}, read_timeout_seconds=0.5)
    with anyio.fail_after(5):
        while "query.cancelled" not in codes(audit):
            await anyio.sleep(0.02)
    answered = await client.call_tool("query", {"sql": "select 42 as answer"})
    assert answered.structured_content and answered.structured_content["rows"] == [[42]]


def codes(audit: Path) -> list[str]:
    return [
        json.loads(line)["code"]
        for file in audit.glob("*.jsonl")
        for line in file.read_text(encoding="utf-8").splitlines()
    ]


@pytest.fixture
def audit(home: Path) -> Path:
    """The audit folder, emptied."""
    folder = home / "audit"
    for file in folder.glob("*.jsonl"):
        file.unlink()
    return folder


@pytest.mark.parametrize("mode", ["auto", "legacy"])
async def test_over_stdio(serve: list[str], audit: Path, mode: str) -> None:
    parameters = StdioServerParameters(command=serve[0], args=serve[1:], env=dict(os.environ))
    async with Client(stdio_client(parameters), mode=mode) as client:
        await give_up(client, audit)


@pytest.mark.parametrize("mode", ["auto", "legacy"])
async def test_over_http(url: str, audit: Path, mode: str) -> None:
    async with Client(url, mode=mode) as client:
        await give_up(client, audit)
