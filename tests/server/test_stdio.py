"""`martlet serve` over real stdio, as a client starts it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
from pathlib import Path

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


def test_stdout_carries_protocol_only_and_the_server_ends_with_its_client(
    serve: list[str],
) -> None:
    server = subprocess.Popen(
        serve, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert server.stdin and server.stdout
    for message in HELLO:
        server.stdin.write(json.dumps(message) + "\n")
    server.stdin.flush()
    lines = [server.stdout.readline() for _ in range(4)]
    rest, _ = server.communicate(timeout=20)  # closes stdin
    answers = {item["id"]: item for item in map(json.loads, [*lines, *rest.splitlines()])}
    assert set(answers) == {1, 2, 3, 4}
    assert all(item["jsonrpc"] == "2.0" for item in answers.values())
    assert answers[3]["result"]["isError"] is True
    assert answers[4]["result"]["structuredContent"]["rows"] == [[1]]
    assert server.returncode == 0


def test_a_server_without_a_build_says_how_to_get_one(tmp_path: Path, serve: list[str]) -> None:
    home = [*serve[:-1], str(tmp_path / "empty")]
    done = subprocess.run(
        home,
        input="".join(json.dumps(message) + "\n" for message in HELLO),
        capture_output=True,
        text=True,
        timeout=30,
    )
    answers = {item["id"]: item for item in map(json.loads, done.stdout.splitlines())}
    assert "martlet build" in answers[1]["result"]["instructions"]
    if 4 in answers:  # stdin closes at once: later calls may be cut off
        assert "build.missing" in answers[4]["result"]["content"][0]["text"]


def test_no_sandbox_outlives_a_killed_server(serve: list[str]) -> None:
    server = subprocess.Popen(
        serve, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    assert server.stdin and server.stdout
    for message in HELLO:
        server.stdin.write(json.dumps(message) + "\n")
    server.stdin.flush()
    for _ in range(4):
        server.stdout.readline()
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
    import select

    try:
        assert select.select([handle], [], [], 10)[0], f"process {pid} is still there"
    finally:
        os.close(handle)
