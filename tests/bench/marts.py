"""Marts: what dbt takes to build them in full, and for one new day, at several sizes of company.

The company is generated at a scale, and the rows that its connectors landed on the last day are
held back; dbt builds the rest, then what changes once they have landed. Times of models are dbt's
own (`run_results.json`); the peak is the most memory that the dbt process ever held.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from martlet.demo import raw
from martlet.settings import Settings
from tests.warehouse import PROJECT

SCALES = (1.0,)
MEMORY = "6GB"  # of DuckDB; the process around it takes its part
MOST_MEMORY = 12.0  # GiB, at any scale
MOST_OF_A_DAY = 0.10  # of a full build
SHOWN, SECONDS = 12, 1.0  # models in the table: the dearest, and any that takes so long
KINDS = {"model": "models", "test": "tests", "unit_test": "unit tests", "seed": "seeds"}


@dataclass(frozen=True)
class Built:
    """One `dbt build`. Seconds, `processor` those of all cores; `peak` in GiB; `models` by name."""

    wall: float
    processor: float
    peak: float
    models: dict[str, float]
    kinds: dict[str, float]

    @property
    def seconds(self) -> float:
        return sum(self.models.values())


def run(_: Settings, scales: Sequence[float] = SCALES, memory: str = MEMORY) -> Iterator[str]:
    for scale in scales:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            began = time.perf_counter()
            raw.generate(folder / "warehouse.duckdb", scale=scale, memory_limit=memory)
            generated = time.perf_counter() - began
            rows, held = _hold_back(folder / "warehouse.duckdb")
            yield (
                f"marts, scale {scale:g}: {rows:,} raw rows generated in {generated:.0f} s, "
                f"{held:,} of them on the last day"
            )
            full = _build(folder, memory, "--full-refresh")
            yield f"  in full: {_told(full)}"
            _land(folder / "warehouse.duckdb")
            day = _build(folder, memory)
            size = (folder / "warehouse.duckdb").stat().st_size / 2**30
            yield f"  one new day: {_told(day)}; the file has {size:.1f} GiB"
            yield from _table(full, day)
            yield from _verdicts(scale, full, day)


def _told(built: Built) -> str:
    parts = ", ".join(f"{KINDS[kind]} {built.kinds.get(kind, 0):.1f}" for kind in KINDS)
    return (
        f"{built.wall:.1f} s with dbt's start ({parts}), {built.processor:.1f} s of processors, "
        f"{built.peak:.2f} GiB peak memory"
    )


def _table(full: Built, day: Built) -> Iterator[str]:
    """The models that cost most on one of both occasions, the dearest day first, and the rest."""
    yield f"  {'model':<44} {'full s':>8} {'day s':>8} {'of the day':>11}"
    most = {name: max(full.models[name], _of(day, name)) for name in full.models}
    dearest = sorted(most, key=lambda name: -most[name])
    shown = [*dearest[:SHOWN], *(name for name in dearest[SHOWN:] if most[name] >= SECONDS)]
    for name in sorted(shown, key=lambda name: -_of(day, name)):
        share = _of(day, name) / day.seconds
        yield f"  {name:<44} {full.models[name]:8.2f} {_of(day, name):8.2f} {share:10.0%}"
    rest = [name for name in dearest if name not in shown]
    in_full, in_day = (sum(_of(built, name) for name in rest) for built in (full, day))
    share = in_day / day.seconds
    yield f"  {f'{len(rest)} others':<44} {in_full:8.2f} {in_day:8.2f} {share:10.0%}"


def _verdicts(scale: float, full: Built, day: Built) -> Iterator[str]:
    peak, ratio = max(full.peak, day.peak), day.seconds / full.seconds
    yield f"  marts_peak_memory_at_{scale:g}: {peak:.2f} GiB (bar {MOST_MEMORY:g})"
    processors = day.processor / full.processor
    yield f"  marts_day_over_full_at_{scale:g}: {ratio:.0%} of the models' time (bar 10%)"
    yield f"  marts_day_over_full_processors_at_{scale:g}: {processors:.0%}, dbt and tests counted"
    if dear := _dear(full, day):
        yield f"  it would be met without what these take over 10% of their own full: {dear}"


def _dear(full: Built, day: Built) -> str:
    """The fewest models that would have to keep to the bar for the day to do so."""
    over = {name: _of(day, name) - MOST_OF_A_DAY * full.models[name] for name in full.models}
    left, dear = day.seconds - MOST_OF_A_DAY * full.seconds, []
    for name in sorted(over, key=lambda name: -over[name]):
        if left <= 0:
            break
        dear.append(name)
        left -= over[name]
    others = f" and {len(dear) - SHOWN} more" if len(dear) > SHOWN else ""
    return ", ".join(dear[:SHOWN]) + others


def _of(built: Built, name: str) -> float:
    return built.models.get(name, 0.0)


def _build(folder: Path, memory: str, *options: str) -> Built:
    """Run `dbt build` over the folder's warehouse in a process of its own."""
    environment = {
        **os.environ,
        "MARTLET_WAREHOUSE": str(folder / "warehouse.duckdb"),
        "MARTLET_DBT_MEMORY": memory,
        "DBT_TARGET_PATH": str(folder / "target"),
        "DBT_LOG_PATH": str(folder / "logs"),
        "DO_NOT_TRACK": "1",
    }
    dbt = [str(Path(sys.executable).parent / "dbt"), "--no-use-colors", "build", *options]
    where = ["--project-dir", str(PROJECT), "--profiles-dir", str(PROJECT)]
    began = time.perf_counter()
    with (folder / "output").open("w", encoding="utf-8") as output:
        process = subprocess.Popen([*dbt, *where], env=environment, stdout=output)
        _, status, used = os.wait4(process.pid, 0)
    wall = time.perf_counter() - began
    assert status == 0, (folder / "output").read_text(encoding="utf-8")[-4000:]
    unit = 1 if sys.platform == "darwin" else 1024  # of ru_maxrss, in bytes
    text = (folder / "target" / "run_results.json").read_text(encoding="utf-8")
    models: dict[str, float] = {}
    kinds: dict[str, float] = {}
    for result in json.loads(text)["results"]:
        kind, _, name = result["unique_id"].split(".")[:3]
        kinds[kind] = kinds.get(kind, 0.0) + result["execution_time"]
        if kind == "model":  # the versions of a model together
            models[name] = models.get(name, 0.0) + result["execution_time"]
    processor = used.ru_utime + used.ru_stime
    return Built(wall, processor, used.ru_maxrss * unit / 2**30, models, kinds)


def _hold_back(warehouse: Path) -> tuple[int, int]:
    """Move what was landed in the last 24 hours aside; all rows, and those moved."""
    with duckdb.connect(str(warehouse), config={"memory_limit": MEMORY}) as connection:
        connection.execute("drop schema truth cascade; create schema held")
        tables = _landed(connection)
        newest = " union all ".join(
            f"select max({at}) as arrived from raw_data.{t}" for t, at in tables
        )
        last = _one(connection, f"select epoch_us(max(arrived)) from ({newest})")
        cut = f"make_timestamptz({last}) - interval 1 day"
        rows = held = 0
        for table, at in tables:
            rows += _one(connection, f"select count(*) from raw_data.{table}")
            late = f"from raw_data.{table} where {at} >= {cut}"
            connection.execute(f"create table held.{table} as {late}")
            connection.execute(f"delete {late}")
            held += _one(connection, f"select count(*) from held.{table}")
        return rows, held


def _land(warehouse: Path) -> None:
    """Put the rows of the last day where they belong."""
    with duckdb.connect(str(warehouse), config={"memory_limit": MEMORY}) as connection:
        for table, _ in _landed(connection):
            connection.execute(f"insert into raw_data.{table} from held.{table}")
        connection.execute("drop schema held cascade")


def _landed(connection: duckdb.DuckDBPyConnection) -> list[tuple[str, str]]:
    """Raw tables with the column that tells when a row was landed."""
    return connection.execute(
        "select table_name, column_name from duckdb_columns() where schema_name = 'raw_data'"
        " and column_name in ('_airbyte_extracted_at', '_fivetran_synced') order by 1"
    ).fetchall()


def _one(connection: duckdb.DuckDBPyConnection, sql: str) -> int:
    row = connection.execute(sql).fetchone()
    assert row is not None
    return row[0]  # type: ignore[no-any-return]  # rows are untyped
