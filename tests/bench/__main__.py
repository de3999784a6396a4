"""`make bench`: every benchmark over one published demo, one line each.

`python -m tests.bench publishing --gigabytes 10` runs one of them, at another size; `load` takes
`--minutes`. `marts --scale 1 10 100` runs only when named: it takes minutes, at 100 far longer.
"""

from __future__ import annotations

import argparse
import tempfile
from functools import partial
from pathlib import Path

from tests.bench import (
    cancelling,
    catalog_load,
    cold_start,
    compiling,
    load,
    marts,
    point_lookup,
    publishing,
    spawn,
    tokens,
)
from tests.small import publish_small

BENCHES = {
    "cold_start": cold_start.run,
    "spawn": spawn.run,
    "point_lookup": point_lookup.run,
    "cancelling": cancelling.run,
    "tokens": tokens.run,
    "compiling": compiling.run,
    "catalog_load": catalog_load.run,
    "publishing": publishing.run,
    "load": load.run,
    "marts": marts.run,
}
LONG = {"marts"}


def main() -> None:
    words = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    words.add_argument("names", nargs="*", choices=[[], *BENCHES], help="which; none: all")
    words.add_argument("--gigabytes", type=float, default=publishing.GIGABYTES)
    words.add_argument("--minutes", type=float, default=0.5, help="how long the load lasts")
    words.add_argument(
        "--scale", type=float, nargs="+", default=marts.SCALES, help="of the company"
    )
    words.add_argument("--memory", default=marts.MEMORY, help="DuckDB's bound while dbt runs")
    given = words.parse_args()
    benches = {
        **BENCHES,
        "publishing": partial(publishing.run, gigabytes=given.gigabytes),
        "load": partial(load.run, minutes=given.minutes),
        "marts": partial(marts.run, scales=given.scale, memory=given.memory),
    }
    with tempfile.TemporaryDirectory() as folder:
        settings, _ = publish_small(Path(folder))
        for name in given.names or [name for name in BENCHES if name not in LONG]:
            for line in benches[name](settings):
                print(line, flush=True)


main()
