"""Warm compilation of metric requests, beside MetricFlow on the same manifest and requests."""

from __future__ import annotations

import json
import statistics
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from martlet.catalog.formats.semantic_manifest import load
from martlet.errors import MartletError
from martlet.metrics.compiler import Compiler
from martlet.settings import Settings
from tests.bench.beside import Measured, measure
from tests.metrics.harness import request_of

SHOP = Path(__file__).parents[1] / "metrics" / "shop"
MANY = "60 metrics"


def run(_settings: Settings) -> Iterator[str]:
    requests = _requests()
    ours = _ours(requests)
    theirs = measure(SHOP / "semantic_manifest.json", requests)
    both = [name for name in ours if name != MANY]
    if isinstance(theirs, Measured):
        both = [name for name in both if theirs.compile[name] is not None]
    yield _line("compile, median of requests", statistics.median(ours[n] for n in both), 5) + (
        _beside(statistics.median(theirs.compile[n] or 0 for n in both), ours, both)
        if isinstance(theirs, Measured)
        else f"; {theirs}"
    )
    yield _line(f"compile, {MANY} in one request", ours[MANY], 30) + (
        _beside(theirs.compile[MANY] or 0, ours, [MANY]) if isinstance(theirs, Measured) else ""
    )


def _requests() -> dict[str, Any]:
    lines = (SHOP / "cases.jsonl").read_text(encoding="utf-8").splitlines()
    found = {case["id"]: case["request"] for case in map(json.loads, lines)}
    catalog = load(SHOP / "semantic_manifest.json")
    names = [name for name, metric in catalog.metrics.items() if not metric.hidden][:60]
    return {**found, MANY: {"metrics": names, "group_by": ["metric_time__month"]}}


def _ours(requests: Mapping[str, Any]) -> dict[str, float]:
    compiler = Compiler(load(SHOP / "semantic_manifest.json"))
    found: dict[str, float] = {}
    for name, given in requests.items():
        request = request_of(given)
        try:
            compiler.compile(request)
        except MartletError:
            continue  # what is refused is not compiled
        found[name] = best(lambda request=request: compiler.compile(request))
    return found


def best(work: Callable[[], object], times: int = 3) -> float:
    """The fastest run in milliseconds."""
    found = []
    for _ in range(times):
        began = time.perf_counter()
        work()
        found.append(time.perf_counter() - began)
    return min(found) * 1e3


def _line(what: str, ours: float, bar: float) -> str:
    return f"{what}: martlet {ours:.2f} ms (bar {bar:g})"


def _beside(theirs: float, ours: Mapping[str, float], names: list[str]) -> str:
    own = statistics.median(ours[name] for name in names)
    return f", MetricFlow {theirs:.1f} ms, ratio {own / theirs:.3f} over {len(names)} requests"
