"""What a publish would do: each node of a project, each column of a mart, and why."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from martlet.flow.catalog import Catalog
from martlet.publish.dbt.artifacts import Manifest, Node, config, read_manifest
from martlet.publish.dbt.choice import (
    Choice,
    Rules,
    access_of,
    choices,
    folder_of,
    load_project_file,
)
from martlet.publish.dbt.run import DbtRun
from martlet.publish.personal.guard import Guard
from martlet.publish.selection import select
from martlet.publish.source import MartSource, SourceColumn, SourceMart

NOTHING_FOUND = "not marked, and nothing personal found"


@dataclass(frozen=True)
class Considered:
    """A model, seed, snapshot, table or file that could be a mart, and why it is or is not."""

    name: str
    kind: str
    published: bool
    reason: str
    unique_id: str = ""
    access: str = ""
    group: str = ""
    folder: str = ""


@dataclass(frozen=True)
class PlannedColumn:
    """A column, published or withheld, and why."""

    name: str
    published: bool
    reason: str

    def shown(self) -> str:
        """The column, with the reason where it is not the usual one."""
        return self.name if self.reason == NOTHING_FOUND else f"{self.name} ({self.reason})"


@dataclass(frozen=True)
class PlannedTest:
    """A test and whether its passing counts as proof; `upstream`: of a model further up."""

    name: str
    columns: tuple[str, ...]
    counts: bool
    upstream: bool


@dataclass(frozen=True)
class PlannedMart:
    """A mart as it would be published: what is seen of it, what is measured, what tests prove."""

    name: str
    columns: tuple[PlannedColumn, ...]
    keys: tuple[str, ...]
    foreign_keys: tuple[str, ...]
    tests: tuple[PlannedTest, ...]

    def lines(self) -> tuple[str, ...]:
        """The same for people."""
        seen = [column.shown() for column in self.columns if column.published]
        kept = [f"{item.name} ({item.reason})" for item in self.columns if not item.published]
        counting = [test.name for test in self.tests if test.counts]
        told = {
            "columns": ", ".join(seen),
            "withheld": ", ".join(kept),
            "keys to measure": "; ".join(self.keys),
            "foreign keys to measure": "; ".join(self.foreign_keys),
            f"tests that count, {len(counting)} of {len(self.tests)}": ", ".join(counting),
        }
        return tuple(f"{name}: {text}" for name, text in told.items() if text)


@dataclass(frozen=True)
class Plan:
    """Everything a publish would do."""

    origin: str
    considered: tuple[Considered, ...]
    marts: tuple[PlannedMart, ...]
    failed_tests: tuple[str, ...]


def make_plan(
    source: MartSource, catalog: Catalog, guard: Guard, considered: Sequence[Considered] = ()
) -> Plan:
    """The plan of a source; where nothing was considered, all that it has is published.

    Raises: as `select`, which is what a publish would refuse.
    """
    marts = select(source, catalog, guard)
    empty = {mart.name: mart for mart in guard.left_out}
    return Plan(
        origin=source.origin,
        considered=tuple(
            _left_out(item, empty[item.name]) if item.published and item.name in empty else item
            for item in considered or _all_of(source)
        ),
        marts=tuple(_planned(mart, source) for mart in marts),
        failed_tests=source.failed_tests,
    )


def considered_of_run(run: DbtRun) -> tuple[Considered, ...]:
    """Every model, seed and snapshot of a dbt run. Raises: BuildFailed `build.source`."""
    return considered_nodes(read_manifest(run.target), load_project_file(run.project).publish)


def considered_nodes(
    manifest: Manifest, rules: Rules, *, handed: Collection[str] | None = None
) -> tuple[Considered, ...]:
    """Every model, seed and snapshot of a dbt project: the published first, by name.

    `handed` are those that were handed over, where not all of them are here.
    """
    found = [
        _considered(manifest.nodes[choice.unique_id], choice, handed)
        for choice in choices(manifest, rules)
    ]
    return tuple(sorted(found, key=lambda item: (not item.published, item.name)))


def _considered(node: Node, choice: Choice, handed: Collection[str] | None) -> Considered:
    here = handed is None or choice.unique_id in handed
    return Considered(
        name=str(node.get("alias") or node["name"]),
        kind=str(node["resource_type"]),
        published=choice.published and here,
        reason=choice.reason if here or not choice.published else "it was not handed over",
        unique_id=choice.unique_id,
        access=access_of(node),
        group=str(node.get("group") or config(node).get("group") or ""),
        folder=folder_of(node),
    )


def _all_of(source: MartSource) -> tuple[Considered, ...]:
    kind = "file" if source.origin == "files" else "table"
    return tuple(
        Considered(mart.name, kind, published=True, reason=f"all of {mart.schema}")
        for mart in source.marts
    )


def _left_out(item: Considered, mart: SourceMart) -> Considered:
    kept = ", ".join(f"{column.name} ({column.withheld})" for column in mart.columns)
    return replace(item, published=False, reason=f"no column of it may be published: {kept}")


def _reason(column: SourceColumn) -> str:
    if column.withheld:
        return column.withheld
    if column.how != "copy":
        return "as a keyed pseudonym"
    if column.passed:
        return f"reviewed, though it looks like {', '.join(column.passed)}"
    return "marked as not personal" if column.reviewed else NOTHING_FOUND


def _planned(mart: SourceMart, source: MartSource) -> PlannedMart:
    tests = [test for test in source.tests if mart.name in test.marts]
    return PlannedMart(
        name=mart.name,
        columns=tuple(
            PlannedColumn(column.name, not column.withheld, _reason(column))
            for column in mart.columns
        ),
        keys=tuple(", ".join(key.columns) for key in mart.keys),
        foreign_keys=tuple(
            f"{', '.join(item.columns)} -> {item.to_mart} ({', '.join(item.to_columns)})"
            for item in mart.foreign_keys
        ),
        tests=tuple(
            PlannedTest(test.name, test.columns, test.counts, test.upstream) for test in tests
        ),
    )
