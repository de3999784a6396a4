"""A publisher killed anywhere: the last good build is served on, and the next publish heals."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest
from anyio import to_thread
from mcp import Client

from martlet.publish import store
from tests.publish.harmed import Shop
from tests.publish.publisher import Publishers
from tests.server.started import started

KILLS = 100
NUMBERED = "select min(n) as least, max(n) as most, count(*) as counted from t"


def test_a_killed_publisher_leaves_the_build_in_force_and_the_next_one_heals(
    tmp_path: Path, workers: Publishers
) -> None:
    shop = Shop(tmp_path, workers)
    shop.fill(1)
    before = store.in_force(shop.home)
    assert shop.publish("kill:checkpoint").code == -9
    shop.check(before)
    assert store.in_force(shop.home) == before
    assert [path for path in shop.litter() if path.endswith("serving_default.duckdb")]
    shop.heal()


async def numbers(client: Client, shop: Shop) -> None:
    """The server answers from the build in force, and of that alone."""
    told: Any = (await client.call_tool("query", {"sql": NUMBERED})).structured_content
    state = store.open_build(store.current(shop.home)).state
    assert told["data"]["build_id"] == state.build_id
    number = int(state.marts["t"].columns["n"].max or 0)
    assert told["rows"] == [[number, number, shop.rows]]


@pytest.mark.slow
@pytest.mark.anyio
@pytest.mark.parametrize("origin", ["database", "files", "catalog"])
async def test_a_publisher_is_killed_before_every_step(
    tmp_path: Path, workers: Publishers, origin: str
) -> None:
    shop = Shop(tmp_path, workers, origin)
    shop.fill()
    number, killed = 0, True
    with started(shop.home) as url:
        async with Client(url) as client:
            while killed:
                shop.write()
                before = store.in_force(shop.home)
                killed = (await to_thread.run_sync(shop.publish, f"kill:{number}")).killed
                await numbers(client, shop)
                if origin == "database":  # the others leave it to the next one that is killed
                    shop.check(before)
                    await to_thread.run_sync(shop.heal)
                number += 1
    shop.heal()
    assert number > 30


@pytest.mark.slow
@pytest.mark.anyio
async def test_a_publisher_is_killed_at_a_hundred_random_moments(
    tmp_path: Path, workers: Publishers
) -> None:
    shop = Shop(tmp_path, workers, rows=5_000)
    shop.fill()
    chance, longest = random.Random(7), shop.publish().seconds
    killed = forgotten = 0
    with started(shop.home) as url:
        async with Client(url) as client:
            for _ in range(KILLS):
                shop.write()
                before = store.in_force(shop.home)
                trouble = f"after:{chance.uniform(0, longest):.4f}"
                killed += (await to_thread.run_sync(shop.publish, trouble)).killed
                forgotten += store.in_force(shop.home) != before
                await numbers(client, shop)
                shop.check(before)
            await to_thread.run_sync(shop.heal)
    assert killed > KILLS / 2 and forgotten < KILLS - killed / 2


@pytest.mark.slow
def test_a_publisher_is_killed_in_every_block_that_it_writes(
    tmp_path: Path, workers: Publishers
) -> None:
    shop = Shop(tmp_path, workers, rows=20_000)
    shop.fill()
    size, killed = 0, True
    while killed:
        before = store.in_force(shop.home)
        killed = shop.publish(f"cut:{size}").killed
        shop.check(before)
        assert not killed or store.in_force(shop.home) == before
        size += 50_000
    assert size > 500_000
    shop.heal()
