"""A client that asks for progress hears of its query while it runs, in both eras and transports."""

from __future__ import annotations

import os

import anyio
import pytest
from mcp import Client, StdioServerParameters
from mcp.client.stdio import stdio_client

from tests.server.test_cancel import HEAVY

pytestmark = pytest.mark.anyio


async def hear(client: Client) -> None:
    """Ask something endless, and give up once there was word of it twice."""
    told: list[tuple[float, str]] = []

    async def note(progress: float, total: float | None, message: str | None) -> None:
        told.append((progress, message or ""))
        if len(told) == 2:
            tasks.cancel_scope.cancel()

    with anyio.fail_after(60):
        async with anyio.create_task_group() as tasks:
            await client.call_tool("query", {"sql": HEAVY}, progress_callback=note)
    assert [progress for progress, _ in told] == [1.0, 2.0]
    assert told[0][1] == "running, 1 s"


@pytest.mark.parametrize("mode", ["legacy", pytest.param("auto", marks=pytest.mark.slow)])
async def test_over_stdio(serve: list[str], mode: str) -> None:
    parameters = StdioServerParameters(command=serve[0], args=serve[1:], env=dict(os.environ))
    async with Client(stdio_client(parameters), mode=mode) as client:
        await hear(client)


@pytest.mark.parametrize("mode", ["auto", pytest.param("legacy", marks=pytest.mark.slow)])
async def test_over_http(url: str, mode: str) -> None:
    async with Client(url, mode=mode) as client:
        await hear(client)
