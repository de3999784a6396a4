"""How far a mart can be trusted, as its build measured it."""

from __future__ import annotations

from dataclasses import dataclass

from martlet.flow.build import TestState
from martlet.site.site import Site

LEVELS = ("failing", "stale", "warn", "unknown", "ok")
WORDS = {
    "ok": "Tests pass",
    "unknown": "Not tested",
    "warn": "Warning",
    "stale": "Late",
    "failing": "Failing",
}


@dataclass(frozen=True)
class Health:
    """The worst of what was found, and every finding in a sentence."""

    level: str
    reasons: tuple[str, ...]

    @property
    def word(self) -> str:
        return WORDS[self.level]


def health(site: Site, mart: str) -> Health:
    """The state of a mart: its tests, keys and sources, as an answer would be judged."""
    found = [*_tests(site, mart), *_data(site, mart)]
    level = next((level for level in LEVELS if any(item == level for item, _ in found)), "ok")
    return Health(level, tuple(reason for _, reason in found))


def tests_of(site: Site, mart: str) -> list[TestState]:
    """The tests of a mart, its own first."""
    tests = [test for test in site.state.tests if mart in test.marts]
    return sorted(tests, key=lambda test: (test.upstream, test.columns, test.name))


def _tests(site: Site, mart: str) -> list[tuple[str, str]]:
    tests = tests_of(site, mart)
    if not any(test.counts and test.status in ("pass", "warn", "fail", "error") for test in tests):
        return [("unknown", "No dbt test of this mart was run for this build.")]
    found = []
    for test in tests:
        if test.status in ("fail", "error"):
            level = "warn" if test.upstream else "failing"
            rows = f" ({test.failures} rows)" if test.failures else ""
            found.append((level, f"The test {test.name} failed{rows}."))
        elif test.status != "pass":
            found.append(("warn", f"The test {test.name}: {test.status.replace('_', ' ')}."))
    return found


def _data(site: Site, mart: str) -> list[tuple[str, str]]:
    state = site.measured(mart)
    found = [
        (
            "failing",
            f"{', '.join(key.columns)} is no key: {key.rows - key.nulls - key.distinct} "
            f"rows repeat a value, {key.nulls} have none.",
        )
        for key in state.keys
        if not key.holds
    ]
    if not state.rebuilt:
        found.append(("stale", "This build did not rebuild it."))
    for source in site.sources_by_mart[mart]:
        if source.status in ("warn", "error"):
            level = "stale" if source.status == "error" else "warn"
            found.append((level, f"The source {source.name} is late: newest {source.newest}."))
    return found
