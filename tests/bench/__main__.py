"""`make bench`: every benchmark over one published demo, one line each."""

from __future__ import annotations

import tempfile
from pathlib import Path

from tests.bench import cold_start, point_lookup, spawn, tokens
from tests.small import publish_small

BENCHES = (cold_start.run, spawn.run, point_lookup.run, tokens.run)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        settings, _ = publish_small(Path(folder))
        for bench in BENCHES:
            for line in bench(settings):
                print(line, flush=True)


main()
