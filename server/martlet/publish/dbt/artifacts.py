"""dbt's manifest.json and run_results.json, read into what publishing asks of them."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any

from martlet.errors import BuildFailed
from martlet.publish.connect import without_values
from martlet.publish.dbt.events import without_colour

# a model of batches succeeds in part when some of them failed: it is half new then
FAILED = frozenset({"fail", "error", "runtime error", "partial success"})
Node = dict[str, Any]


@dataclass(frozen=True)
class Result:
    """How one node ended in a dbt run."""

    unique_id: str
    status: str
    message: str
    failures: int | None
    ran_at: str | None = None

    @property
    def name(self) -> str:
        """The node's own name."""
        parts = self.unique_id.split(".")
        return parts[3] if parts[0] == "unit_test" else parts[2]

    @property
    def is_test(self) -> bool:
        return self.unique_id.startswith(("test.", "unit_test."))


@dataclass(frozen=True)
class Results:
    """What run_results.json says; empty when dbt wrote none. `command`: dbt's, such as `build`."""

    invocation_id: str
    by_id: dict[str, Result]
    command: str = ""

    def failed(self) -> list[Result]:
        """The nodes that failed, in the order of the run."""
        return [result for result in self.by_id.values() if result.status in FAILED]


@dataclass(frozen=True)
class Manifest:
    """What manifest.json says: nodes with their parents."""

    invocation_id: str
    nodes: dict[str, Node]
    unit_tests: dict[str, Node]
    sources: dict[str, Node]
    exposures: dict[str, Node]
    disabled: dict[str, list[Node]] = field(default_factory=dict)

    @cached_property
    def _parents(self) -> dict[str, list[str]]:
        every = {**self.nodes, **self.unit_tests}
        return {
            unique_id: list((node.get("depends_on") or {}).get("nodes") or ())
            for unique_id, node in every.items()
        }

    def parents(self, unique_id: str) -> list[str]:
        """What a node reads directly."""
        return self._parents.get(unique_id, [])

    def ancestors(self, unique_id: str) -> set[str]:
        """Everything a node is built from, near or far, without itself."""
        found: set[str] = set()
        ahead = list(self.parents(unique_id))
        while ahead:
            parent = ahead.pop()
            if parent not in found:
                found.add(parent)
                ahead.extend(self.parents(parent))
        return found


def read_results(target: Path) -> Results:
    """The results of the last run in this folder. Raises: BuildFailed `build.source`."""
    file = target / "run_results.json"
    if not file.is_file():
        return Results("", {})
    content = _read(file)
    try:
        results = [_result(item) for item in content.get("results", [])]
        invocation = str(content.get("metadata", {}).get("invocation_id") or "")
        command = str((content.get("args") or {}).get("which") or "")
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise _unreadable(file.name) from error
    return Results(invocation, {result.unique_id: result for result in results}, command)


def read_manifest(target: Path) -> Manifest:
    """The manifest in this folder. Raises: BuildFailed `build.source`."""
    content = _read(target / "manifest.json")
    return Manifest(
        invocation_id=str(content.get("metadata", {}).get("invocation_id") or ""),
        nodes=content.get("nodes") or {},
        unit_tests=content.get("unit_tests") or {},
        sources=content.get("sources") or {},
        exposures=content.get("exposures") or {},
        disabled=content.get("disabled") or {},
    )


def config(item: Node) -> dict[str, Any]:
    """The settings of a node."""
    return dict(item.get("config") or {})


def meta(item: Node) -> dict[str, Any]:
    """The free notes of a node or column, from either place where dbt keeps them."""
    config = item.get("config") or {}
    return {**(item.get("meta") or {}), **(config.get("meta") or {})}


def tags(item: Node) -> set[str]:
    """The tags of a node or column, in lower case."""
    config = item.get("config") or {}
    found = [*(item.get("tags") or ()), *(config.get("tags") or ())]
    return {str(tag).lower() for tag in found}


def _result(item: dict[str, Any]) -> Result:
    return Result(
        unique_id=str(item["unique_id"]),
        status=str(item["status"]).lower(),
        message=without_values(without_colour(str(item.get("message") or ""))),
        failures=item.get("failures"),
        ran_at=_ended(item),
    )


def _ended(item: dict[str, Any]) -> str | None:
    """When a node was done, UTC to the second; None for one that was skipped."""
    ends = [part.get("completed_at") for part in item.get("timing") or ()]
    if not ends or not ends[-1]:
        return None
    moment = datetime.fromisoformat(str(ends[-1]))
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return aware.astimezone(UTC).isoformat(timespec="seconds")


def _read(file: Path) -> dict[str, Any]:
    try:
        content = json.loads(file.read_bytes())
    except (OSError, ValueError) as error:
        raise _unreadable(file.name) from error
    return content if isinstance(content, dict) else {}


def _unreadable(name: str) -> BuildFailed:
    return BuildFailed(
        "build.source", f"dbt's {name} cannot be read.", next_step="Run `martlet build`."
    )
