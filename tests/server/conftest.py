"""A published small shop, and the command that serves it as users start it."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.small import publish_small


@pytest.fixture(scope="package")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The home of the small shop, in a path with a space."""
    settings, _ = publish_small(tmp_path_factory.mktemp("a home"))
    return settings.home


@pytest.fixture(scope="package")
def serve(home: Path) -> list[str]:
    return [sys.executable, "-m", "martlet", "serve", "--home", str(home)]


@pytest.fixture(scope="package")
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
