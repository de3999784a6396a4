"""Fixtures of the tools: the small shop, served in memory as a client sees it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import pytest
from mcp import Client

from martlet.house import House
from martlet.server import make_server
from tests.small import publish_small


@pytest.fixture(scope="package")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    settings, _ = publish_small(tmp_path_factory.mktemp("small"))
    opened = House(settings)
    yield opened
    opened.close()


@pytest.fixture(params=["auto", "legacy"])
async def client(house: House, request: pytest.FixtureRequest) -> AsyncIterator[Client]:
    """A client in each protocol era."""
    async with Client(make_server(house), mode=request.param) as connected:
        yield connected
