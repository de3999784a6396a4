"""`martlet serve --http` on loopback."""

from __future__ import annotations

import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator

import pytest
from mcp import Client

from tests.server.calls import EVERY_TOOL


@pytest.fixture(scope="module")
def url(serve: list[str]) -> Iterator[str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = subprocess.Popen([*serve, "--http", "--port", str(port)], stderr=subprocess.DEVNULL)
    try:
        _wait_for(port, server)
        yield f"http://127.0.0.1:{port}/mcp"
    finally:
        server.terminate()
        assert server.wait(timeout=20) in (0, -15)


def _wait_for(port: int, server: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 20
    while server.poll() is None and time.monotonic() < deadline:
        with socket.socket() as client:
            client.settimeout(0.2)
            if client.connect_ex(("127.0.0.1", port)) == 0:
                return
    raise AssertionError("the server did not listen")


@pytest.mark.anyio
@pytest.mark.parametrize("mode", ["auto", "legacy"])
async def test_every_tool_answers_over_http_in_both_eras(url: str, mode: str) -> None:
    async with Client(url, mode=mode) as client:
        for name, arguments in EVERY_TOOL:
            result = await client.call_tool(name, arguments)
            assert not result.is_error, result.content


@pytest.mark.parametrize(
    ("header", "value", "status"),
    [("Host", "evil.example", 421), ("Origin", "http://evil.example", 403)],
)
def test_a_page_of_another_host_is_turned_away(
    url: str, header: str, value: str, status: int
) -> None:
    request = urllib.request.Request(
        url,
        data=b"{}",
        headers={"Content-Type": "application/json", "Accept": "application/json", header: value},
    )
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(request, timeout=10)
    assert refused.value.code == status
    refused.value.close()


def test_another_host_than_loopback_is_refused(serve: list[str]) -> None:
    done = subprocess.run(
        [*serve, "--http", "--host", "0.0.0.0"], capture_output=True, text=True, timeout=30
    )
    assert done.returncode == 2
    assert "loopback" in done.stderr
