"""Freshness of a dbt project's sources, read from the warehouse itself."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

import duckdb

from martlet.errors import BuildFailed
from martlet.flow.build import SourceState
from martlet.publish.connect import Connection, first_line, quoted
from martlet.publish.dbt.artifacts import Manifest, Node

_HOURS = {"minute": 1 / 60, "hour": 1.0, "day": 24.0}


def source_states(
    con: Connection,
    alias: str,
    manifest: Manifest,
    picked: Collection[str],
    *,
    clock: Literal["wall", "data"],
    now: datetime,
) -> tuple[SourceState, ...]:
    """The state of every source that a picked mart is built from, read from the warehouse."""
    used = marts_by_source(manifest, picked)
    newest = {unique_id: _newest(con, alias, manifest.sources[unique_id]) for unique_id in used}
    return judge(manifest, used, newest, clock=clock, now=now)


def judge(
    manifest: Manifest,
    used: Mapping[str, list[str]],
    newest: Mapping[str, datetime | None],
    *,
    clock: Literal["wall", "data"],
    now: datetime,
) -> tuple[SourceState, ...]:
    """The state of the used sources, given the newest row of each.

    Age is counted from `now`, or with the clock `data` from the newest row of all sources, so that
    the verdict stays as long as the data does. Moments are UTC.
    """
    known = [moment for moment in newest.values() if moment]
    reference = max(known, default=None) if clock == "data" else now.astimezone(UTC)
    return tuple(
        _state(manifest.sources[unique_id], newest[unique_id], reference, marts)
        for unique_id, marts in sorted(used.items())
    )


def marts_by_source(manifest: Manifest, picked: Collection[str]) -> dict[str, list[str]]:
    """The sources that picked marts are built from, with the names of those."""
    used: dict[str, list[str]] = {}
    for unique_id in picked:
        node = manifest.nodes[unique_id]
        for source in manifest.ancestors(unique_id) & set(manifest.sources):
            used.setdefault(source, []).append(str(node.get("alias") or node["name"]))
    return used


def _state(
    source: Node, newest: datetime | None, reference: datetime | None, marts: list[str]
) -> SourceState:
    age = (reference - newest) / timedelta(hours=1) if newest and reference else None
    return SourceState(
        name=f"{source['source_name']}.{source['name']}",
        newest=newest.isoformat(timespec="seconds") if newest else None,
        status=_status(age, _setting(source, "freshness") or {}),
        age_hours=round(age, 2) if age is not None else None,
        marts=tuple(sorted(marts)),
    )


def _status(
    age: float | None, thresholds: dict[str, Any]
) -> Literal["pass", "warn", "error", "unknown"]:
    limits = {name: _hours(thresholds.get(f"{name}_after")) for name in ("error", "warn")}
    if age is None or not any(limits.values()):
        return "unknown"
    if limits["error"] and age > limits["error"]:
        return "error"
    return "warn" if limits["warn"] and age > limits["warn"] else "pass"


def _hours(threshold: dict[str, Any] | None) -> float | None:
    if not threshold or threshold.get("count") is None or not threshold.get("period"):
        return None
    return float(threshold["count"]) * _HOURS[str(threshold["period"])]


def _newest(con: Connection, alias: str, source: Node) -> datetime | None:
    """The newest load of a source; None when it does not say, is empty or not in the warehouse."""
    field = _setting(source, "loaded_at_field")
    schema, name = str(source["schema"]), str(source.get("identifier") or source["name"])
    if not field or not _exists(con, alias, schema, name):
        return None
    condition = (_setting(source, "freshness") or {}).get("filter")
    where = f" where {condition}" if condition else ""
    try:
        found = con.execute(
            f"select epoch_us(cast(max({field}) as timestamptz)) "
            f"from {quoted(alias, schema, name)}{where}"
        ).fetchall()[0][0]
    except duckdb.Error as error:
        raise BuildFailed(
            "build.source",
            f"The age of source {source['source_name']}.{name} cannot be told: {first_line(error)}",
            where=f"loaded_at_field: {field}",
            next_step="Correct `loaded_at_field` or the freshness filter of the source.",
        ) from error
    return datetime.fromtimestamp(found / 1e6, UTC) if found is not None else None


def _exists(con: Connection, alias: str, schema: str, name: str) -> bool:
    found = con.execute(
        "select 1 from duckdb_columns() where database_name = ? "
        "and lower(schema_name) = lower(?) and lower(table_name) = lower(?)",
        [alias, schema, name],
    ).fetchall()
    return bool(found)


def _setting(source: Node, name: str) -> Any:
    """A setting that dbt keeps at the source or in its config, by version."""
    return source.get(name) or (source.get("config") or {}).get(name)
