"""`martlet serve` over real stdio, as a client starts it."""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from mcp import Client, StdioServerParameters
from mcp.client.stdio import stdio_client

from tests.server.calls import EVERY_TOOL

HELLO = [
    {
        "jsonrpc": "2.0",
        "id": 1,
        "method": "initialize",
        "params": {
            "protocolVersion": "2025-06-18",
            "capabilities": {},
            "clientInfo": {"name": "test", "version": "1"},
        },
    },
    {"jsonrpc": "2.0", "method": "notifications/initialized"},
    {"jsonrpc": "2.0", "id": 2, "method": "tools/list"},
    {
        "jsonrpc": "2.0",
        "id": 3,
        "method": "tools/call",
        "params": {"name": "query", "arguments": {"sql": "select * from nowhere"}},
    },
    {
        "jsonrpc": "2.0",
        "id": 4,
        "method": "tools/call",
        "params": {"name": "query", "arguments": {"sql": "select 1 as one"}},
    },
]


@pytest.mark.anyio
@pytest.mark.parametrize("mode", ["auto", "legacy"])
async def test_every_tool_answers_in_both_protocol_eras(serve: list[str], mode: str) -> None:
    parameters = StdioServerParameters(command=serve[0], args=serve[1:], env=dict(os.environ))
    async with Client(stdio_client(parameters), mode=mode) as client:
        listed = [tool.name for tool in (await client.list_tools()).tools]
        assert listed == [name for name, _ in EVERY_TOOL]
        for name, arguments in EVERY_TOOL:
            result = await client.call_tool(name, arguments)
            assert not result.is_error, result.content
            assert result.structured_content


@contextmanager
def talking_to(serve: list[str]) -> Iterator[tuple[subprocess.Popen[str], dict[int, Any]]]:
    """A server to which HELLO was said, with its four answers by id; stdin stays open."""
    server = subprocess.Popen(
        serve, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert server.stdin and server.stdout
    with server:
        for message in HELLO:
            server.stdin.write(json.dumps(message) + "\n")
        server.stdin.flush()
        answers = [json.loads(server.stdout.readline()) for _ in range(4)]
        yield server, {answer["id"]: answer for answer in answers}


def test_stdout_carries_protocol_only_and_the_server_ends_with_its_client(
    serve: list[str],
) -> None:
    with talking_to(serve) as (server, answers):
        rest, errors = server.communicate(timeout=20)  # closes stdin
    assert set(answers) == {1, 2, 3, 4}
    assert all(item["jsonrpc"] == "2.0" for item in answers.values())
    assert answers[3]["result"]["isError"] is True
    assert answers[4]["result"]["structuredContent"]["rows"] == [[1]]
    assert (rest, errors, server.returncode) == ("", "", 0)


def test_a_server_without_a_build_says_how_to_get_one(tmp_path: Path, serve: list[str]) -> None:
    with talking_to([*serve[:-1], str(tmp_path / "empty")]) as (server, answers):
        server.communicate(timeout=20)
    assert "martlet build" in answers[1]["result"]["instructions"]
    assert "build.missing" in answers[4]["result"]["content"][0]["text"]


def test_no_sandbox_outlives_a_killed_server(serve: list[str]) -> None:
    with talking_to(serve) as (server, _):
        children = _children(server.pid)
        assert children
        server.send_signal(signal.SIGKILL)
        server.communicate(timeout=20)
    for child in children:
        _wait_until_gone(child)


def _children(pid: int) -> list[int]:
    path = Path(f"/proc/{pid}/task/{pid}/children")
    every = [
        Path(f"/proc/{pid}/task/{task.name}/children") for task in path.parent.parent.iterdir()
    ]
    return [int(word) for file in every for word in file.read_text().split()]


def _wait_until_gone(pid: int) -> None:
    """Wait on the kernel's own handle of the process; fails after 10 seconds."""
    try:
        handle = os.pidfd_open(pid)
    except ProcessLookupError:
        return
    try:
        assert select.select([handle], [], [], 10)[0], f"process {pid} is still there"
    finally:
        os.close(handle)
