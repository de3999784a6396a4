"""A published build as the source of the next one: the same data under a changed catalog."""

from __future__ import annotations

from martlet.flow.build import MartState
from martlet.publish.source import (
    MartSource,
    SourceColumn,
    SourceForeignKey,
    SourceKey,
    SourceMart,
)
from martlet.publish.store import OpenBuild


def source_from_build(build: OpenBuild) -> MartSource:
    """The marts of a build with their tests and the state of their sources, as they were.

    What the build withheld stays withheld, since it is not there; what the new catalog calls
    personal goes too. Keys that only the old catalog declared are forgotten.
    """
    state = build.state
    return MartSource(
        database=build.database,
        marts=tuple(_mart(mart) for mart in state.marts.values()),
        tests=state.tests,
        sources=state.sources,
        invocation_id=state.dbt_invocation_id,
        origin=state.origin,
        built_at=state.built_at,
        marked=state.marked,
        known=state.marts,
        pseudonym_key=state.pseudonym_key,
        freshness_clock=state.freshness_clock,
        switched_off=state.switched_off,
        sha256=state.files[build.database.name],
    )


def _mart(state: MartState) -> SourceMart:
    withheld = [item.rpartition(": ") for item in state.withheld]
    return SourceMart(
        name=state.name,
        schema="marts",
        relation=state.name,
        columns=(
            *(
                SourceColumn(name, how="pseudonymised" if name in state.pseudonyms else "copy")
                for name in state.columns
            ),
            *(SourceColumn(name, withheld=reason) for name, _, reason in withheld),
        ),
        keys=tuple(
            SourceKey(key.columns, nullable=key.nullable)
            for key in state.keys
            if key.origin == "source"
        ),
        foreign_keys=tuple(
            SourceForeignKey(key.columns, key.to_mart, key.to_columns)
            for key in state.foreign_keys
            if key.origin == "source"
        ),
        rebuilt=state.rebuilt,
    )
