"""Publishing: seconds, disk and peak memory for marts of some size, beside a tenth of it."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb

from martlet.publish.room import size_of
from martlet.settings import Settings

GIGABYTES = 1.0
MOST_MEMORY = 1_500  # MB: DuckDB's bound while publishing, and the process around it
ROWS_OF_A_GIGABYTE = 24_000_000  # of the larger mart; DuckDB compresses what repeats
MARTS = """
create schema marts;
create table marts.dim_customers as
    select i as customer_id, md5((i * 7)::varchar) as customer_key,
        (['DE', 'US', 'FR', null])[1 + i % 4] as country,
        date '2020-01-01' + (i % 2000)::integer as signed_up_on
    from range({rows} // 10) as t (i);
create table marts.fct_orders as
    select i as order_id, hash(i) % ({rows} // 10) as customer_id,
        sha256(i::varchar) as basket_hash, (hash(i * 3) % 1000000 / 100)::decimal(12, 2) as total,
        timestamp '2020-01-01' + to_seconds((i * 7) % 190000000) as ordered_at,
        (['paid', 'open', 'refunded'])[1 + i % 3] as status
    from range({rows}) as t (i);
"""


@dataclass(frozen=True)
class Measured:
    """What one publish took. Sizes are in MB, `peak` is the most memory the process held."""

    source: float
    published: float
    seconds: float
    peak: float

    def __str__(self) -> str:
        return (
            f"{self.source:,.0f} MB of marts: {self.seconds:.1f} s, "
            f"{self.published:,.0f} MB published, {self.peak:,.0f} MB peak memory"
        )


def run(_: Settings, gigabytes: float = GIGABYTES) -> Iterator[str]:
    little, whole = _publish(gigabytes / 10), _publish(gigabytes)
    yield f"publishing {little}"
    yield f"publishing {whole} (bar {MOST_MEMORY:,} MB, whatever the size)"


def _publish(gigabytes: float) -> Measured:
    """Publish from a database of a size in a process of its own."""
    with tempfile.TemporaryDirectory() as name:
        file, home = Path(name) / "shop.duckdb", Path(name) / "home"
        _make(file, round(gigabytes * ROWS_OF_A_GIGABYTE))
        words = ("publish", "--from-database", str(file), "--home", str(home))
        began = time.perf_counter()
        publisher = subprocess.Popen(
            [sys.executable, "-m", "martlet", *words], stdout=subprocess.DEVNULL
        )
        _, status, used = os.wait4(publisher.pid, 0)
        seconds = time.perf_counter() - began
        assert status == 0, "it was not published"
        unit = 1 if sys.platform == "darwin" else 1024  # of ru_maxrss, in bytes
        return Measured(
            source=file.stat().st_size / 1e6,
            published=size_of(home / "published") / 1e6,
            seconds=seconds,
            peak=used.ru_maxrss * unit / 1e6,
        )


def _make(file: Path, rows: int) -> None:
    with duckdb.connect(str(file), config={"memory_limit": "4GB"}) as con:
        con.execute(MARTS.format(rows=rows))
