"""Sandboxes are killed under queries, a hundred times: each caller is told, the next is served."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import anyio
import pytest
from mcp import Client

from tests.server.processes import children, cpu_ticks, gone, held, ready_sandboxes, server_under
from tests.server.started import started
from tests.server.test_cancel import DEAF, HEAVY

ROUNDS, WARM_UP = 100, 10
BUSY_TICKS = 10

pytestmark = [pytest.mark.anyio, pytest.mark.slow]


async def busy_sandbox(server: int) -> int:
    """The process that works on the query: one that was ready and has used CPU since we look."""
    before: dict[int, int] = {}
    with anyio.fail_after(60):
        while True:
            for pid in ready_sandboxes(server):
                if cpu_ticks(pid) - before.setdefault(pid, cpu_ticks(pid)) >= BUSY_TICKS:
                    return pid
            await anyio.sleep(0.01)


async def kill_one(client: Client, server: int, sql: str) -> str:
    """What the caller is told when the sandbox under its query is killed."""
    told: list[str] = []

    async def ask() -> None:
        result = await client.call_tool("query", {"sql": sql})
        assert result.is_error
        told.append(result.content[0].text)

    async with anyio.create_task_group() as tasks:
        tasks.start_soon(ask)
        os.kill(await busy_sandbox(server), signal.SIGKILL)
    return told[0]


async def test_a_hundred_kills_are_told_and_nothing_is_left_behind(home: Path) -> None:
    with started(home) as url:
        server = server_under(os.getpid())
        async with Client(url) as client:
            for turn in range(ROUNDS):
                if turn == WARM_UP:
                    before = held(server)
                told = await kill_one(client, server, (HEAVY, DEAF)[turn % 2])
                assert told.startswith("server.sandbox_died: ") and "Next: " in told
                answer = await client.call_tool("query", {"sql": f"select {turn} as turn"})
                assert answer.structured_content, answer.content
                assert answer.structured_content["rows"] == [[turn]]
            with anyio.fail_after(60):  # the killed ones are reaped and the spare is up again
                while (after := held(server)).sandboxes > before.sandboxes or (
                    after.files > before.files + 2  # a sandbox that is just starting
                ):
                    await anyio.sleep(0.05)
        left = children(server)
    assert after.threads <= before.threads + 1
    assert after.resident_mb < before.resident_mb + 30
    assert await gone(left) == []
