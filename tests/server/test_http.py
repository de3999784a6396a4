"""`martlet serve --http` on loopback."""

from __future__ import annotations

import subprocess
import urllib.error
import urllib.request

import pytest
from mcp import Client

from tests.server.calls import EVERY_TOOL


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
