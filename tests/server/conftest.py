"""A published small shop, and the command that serves it as users start it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.server.started import serve_command, started
from tests.small import publish_small


@pytest.fixture(scope="package")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The home of the small shop, in a path with a space."""
    settings, _ = publish_small(tmp_path_factory.mktemp("a home"))
    return settings.home


@pytest.fixture(scope="package")
def serve(home: Path) -> list[str]:
    return serve_command(home)


@pytest.fixture(scope="package")
def url(home: Path) -> Iterator[str]:
    with started(home) as address:
        yield address
