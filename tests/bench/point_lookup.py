"""Point lookup: one row by key through gate, sandbox, trust and audit, beside bare DuckDB."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterator

import duckdb

from martlet.flow.query import Stop
from martlet.house import House
from martlet.publish import store
from martlet.settings import Settings
from martlet.tools.surface import call_tool

CALLS = 300


def run(settings: Settings) -> Iterator[str]:
    house = House(settings)
    database = store.open_build(store.current(settings.home)).database
    bare = duckdb.connect(str(database), read_only=True)

    def martlet(sql: str) -> None:
        assert call_tool(house, "query", {"sql": sql}, Stop()).reply

    def duck(sql: str) -> None:
        bare.execute(sql).fetchall()

    same = "select * from marts.fct_orders where order_id = 3"
    try:
        base = _median(duck, [same] * CALLS)
        warm = _median(martlet, [same] * CALLS)
        fresh = [
            f"select *, {n} as n from marts.fct_orders where order_id = 3" for n in range(CALLS)
        ]
        cold = _median(martlet, fresh)
    finally:
        house.close()
        bare.close()
    yield (
        f"point lookup, verdict cached: {warm:.2f} ms, bare DuckDB {base:.2f} ms, ratio "
        f"{warm / base:.1f} (bar 5), {warm - base:.2f} ms over (bar 2)"
    )
    yield f"point lookup, new text each time: {cold:.2f} ms, {cold - base:.2f} ms over (bar 3)"


def _median(call: Callable[[str], None], texts: list[str]) -> float:
    """Median milliseconds of a call, after a warm-up."""
    for text in texts[:20]:
        call(text)
    times = []
    for text in texts[20:]:
        began = time.perf_counter()
        call(text)
        times.append(time.perf_counter() - began)
    return statistics.median(times) * 1_000
