"""A sandbox's start, with and without the system's walls, and a query behind them and without."""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterator
from unittest.mock import patch

from martlet.engines import worker
from martlet.engines.worker import Startup, Worker
from martlet.publish import store
from martlet.settings import Settings

STARTS, QUERIES = 15, 300
BARE = worker.BOOTSTRAP.replace(
    "from martlet",
    "from martlet.flow.wall import Wall; from martlet.engines import walls; "
    "walls.raise_files = lambda place: Wall('', False, ''); "
    "walls.raise_calls = lambda: Wall('', False, ''); from martlet",
)
QUERY = {
    "run": "select * from marts.fct_orders where order_id = 3",
    "rows": 10,
    "characters": 10_000,
    "cell_characters": 100,
}


def run(settings: Settings) -> Iterator[str]:
    startup = Startup(store.open_build(store.current(settings.home)).database, settings)
    walled, bare = [], []
    for _ in range(STARTS):
        walled.append(_once(startup, worker.BOOTSTRAP))
        bare.append(_once(startup, BARE))
    for name, place, unit in (("start", 0, "ms"), ("query in it", 1, "ms")):
        ours, theirs = (statistics.median(one[place] for one in some) for some in (walled, bare))
        ratio = statistics.median(
            one[place] / two[place] for one, two in zip(walled, bare, strict=True)
        )
        yield (
            f"sandbox {name}: {ours:.2f} {unit} behind the system's walls, {theirs:.2f} without, "
            f"ratio {ratio:.2f}"
        )


def _once(startup: Startup, bootstrap: str) -> tuple[float, float]:
    """Milliseconds to start a sandbox, and of a query in it."""
    with patch.object(worker, "BOOTSTRAP", bootstrap):
        began = time.perf_counter()
        one = Worker(startup)
        one.wait_ready()
        started = time.perf_counter() - began
    began = time.perf_counter()
    for _ in range(QUERIES):
        one.ask(QUERY, seconds=5, grace=1)
    asked = time.perf_counter() - began
    one.discard()
    return started * 1_000, asked / QUERIES * 1_000
