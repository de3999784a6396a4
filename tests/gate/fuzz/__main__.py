"""`make fuzz`: python -m tests.gate.fuzz --statements 100000 --seed N; exit 1 on a finding."""

from __future__ import annotations

import argparse
import sys
import time
from multiprocessing.pool import ThreadPool

from tests.gate.fuzz.campaign import Report
from tests.gate.fuzz.chunks import chunks, run_chunk


def main() -> None:
    arguments = _arguments()
    seed = arguments.seed if arguments.seed is not None else time.time_ns() % 1_000_000_000
    print(f"seed {seed}, {arguments.statements} statements", flush=True)
    total, began = Report(), time.monotonic()
    with ThreadPool(arguments.processes) as pool:
        for report in pool.imap_unordered(run_chunk, chunks(seed, arguments.statements)):
            total.add(report)
            print(
                f"{total.tried.total():>8} tried, {total.accepted.total()} through the gate, "
                f"{total.planned.total()} planned, {len(total.findings)} findings, "
                f"{time.monotonic() - began:.0f} s",
                flush=True,
            )
            for finding, text in report.findings:
                print(f"FINDING {finding}\n    {text!r}", flush=True)
    for origin, tried in sorted(total.tried.items()):
        print(f"{origin:>16}: {tried} tried, {total.planned[origin]} planned")
    sys.exit(1 if total.findings else 0)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.gate.fuzz", description=__doc__)
    parser.add_argument("--statements", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=None, help="default: another each time")
    parser.add_argument("--processes", type=int, default=2)
    return parser.parse_args()


if __name__ == "__main__":
    main()
