"""Parts of a run in processes of their own, which DuckDB may crash without ending the fuzzer."""

from __future__ import annotations

import multiprocessing
import tempfile
from collections.abc import Iterator
from multiprocessing.connection import Connection
from pathlib import Path

from tests.gate.fuzz.campaign import Report, campaign
from tests.gate.fuzz.oracle import Oracle

CHUNK = 2_500
CHUNK_SECONDS = 300


def chunks(seed: int, statements: int) -> Iterator[tuple[str, int]]:
    for number in range(0, statements, CHUNK):
        yield f"{seed}/{number}", min(CHUNK, statements - number)


def run_chunk(work: tuple[str, int]) -> Report:
    """One chunk in its own process; what it was at, when it does not come to its end."""
    with tempfile.TemporaryDirectory() as folder:
        last = Path(folder) / "last.txt"
        context = multiprocessing.get_context("spawn")
        ours, theirs = context.Pipe(duplex=False)
        process = context.Process(target=_run, args=(*work, folder, theirs))
        process.start()
        theirs.close()
        try:
            if ours.poll(CHUNK_SECONDS):
                report = ours.recv()
                assert isinstance(report, Report)
                return report
            how = f"no end within {CHUNK_SECONDS} s"
        except EOFError:
            how = "the process died"
        finally:
            process.kill()
            process.join()
        text = last.read_text(encoding="utf-8", errors="replace") if last.exists() else "start"
        return Report(findings=[(how, text)])


def _run(seed: str, count: int, folder: str, result: Connection) -> None:
    last = Path(folder) / "last.txt"

    def watch(text: str) -> None:
        last.write_text(text, encoding="utf-8", errors="replace")

    report = campaign(Oracle(Path(folder)), seed, count, watch)
    result.send(report)
