"""What is true of a published mart, counted in the published file itself."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from martlet.flow.build import ForeignKey, Key, MartState, Profile
from martlet.flow.catalog import Catalog, Mart
from martlet.publish.connect import Connection, opened, quoted
from martlet.publish.days import complete_through
from martlet.publish.profile import is_time, profile
from martlet.publish.source import SourceForeignKey, SourceMart


def measure(file: Path, marts: Sequence[SourceMart], catalog: Catalog) -> dict[str, MartState]:
    """The state of every mart of a published file, by name. Moments are in UTC.

    Raises: BuildFailed `catalog.invalid` when a freshness expression cannot be evaluated.
    """
    with opened(file) as con:
        states = {mart.name: _state(con, mart, catalog.marts.get(mart.name)) for mart in marts}
    days = complete_through(file, catalog)
    return {
        name: state.model_copy(update={"complete_through": days.get(name)})
        for name, state in states.items()
    }


def _state(con: Connection, mart: SourceMart, meant: Mart | None) -> MartState:
    found = con.execute(f"select * from marts.{quoted(mart.name)} limit 0").description or []
    columns = [(str(column[0]), column[1]) for column in found]
    profiles = profile(con, mart.name, columns)
    newest = _newest(con, mart.name, [name for name, kind in columns if is_time(kind)])
    keys = mart.keys or _discovered(con, mart.name, profiles)
    return MartState(
        name=mart.name,
        row_count=con.execute(f"select count(*) from marts.{quoted(mart.name)}").fetchall()[0][0],
        columns=profiles,
        withheld=tuple(f"{item.name}: {item.withheld}" for item in mart.columns if item.withheld),
        keys=tuple(_key(con, mart.name, columns) for columns in keys),
        foreign_keys=tuple(_foreign_key(con, mart.name, item) for item in mart.foreign_keys),
        newest=newest,
        loaded_at=newest.get(meant.data_freshness.loaded_at) if meant else None,
        rebuilt=mart.rebuilt,
    )


def _key(con: Connection, mart: str, columns: tuple[str, ...]) -> Key:
    listed = ", ".join(quoted(column) for column in columns)
    known = " and ".join(f"{quoted(column)} is not null" for column in columns)
    table = f"marts.{quoted(mart)}"
    found = con.execute(
        f"select count(*), (select count(*) from (select distinct {listed} from {table} "
        f"where {known})), count(*) filter (not ({known})) from {table}"
    ).fetchall()[0]
    return Key(columns=columns, rows=found[0], distinct=found[1], nulls=found[2])


def _foreign_key(con: Connection, mart: str, item: SourceForeignKey) -> ForeignKey:
    """Counts rows: those without a value, and those whose value the other mart does not have."""
    known = " and ".join(f"child.{quoted(column)} is not null" for column in item.columns)
    same = " and ".join(
        f"parent.{quoted(to)} = child.{quoted(column)}"
        for column, to in zip(item.columns, item.to_columns, strict=True)
    )
    found = con.execute(
        f"select count(*) filter (not ({known})), count(*) filter (({known}) and not exists ("
        f"select 1 from marts.{quoted(item.to_mart)} as parent where {same})) "
        f"from marts.{quoted(mart)} as child"
    ).fetchall()[0]
    return ForeignKey(
        columns=item.columns,
        to_mart=item.to_mart,
        to_columns=item.to_columns,
        nulls=found[0],
        unresolved=found[1],
    )


def _newest(con: Connection, mart: str, columns: Sequence[str]) -> dict[str, str]:
    """The newest value of each time column; `infinity` is no time."""
    if not columns:
        return {}
    listed = ", ".join(
        f"cast(max({quoted(name)}) filter (isfinite({quoted(name)})) as varchar)"
        for name in columns
    )
    found = con.execute(f"select {listed} from marts.{quoted(mart)}").fetchall()[0]
    return {name: value for name, value in zip(columns, found, strict=True) if value is not None}


def _discovered(
    con: Connection, mart: str, profiles: dict[str, Profile]
) -> tuple[tuple[str, ...], ...]:
    """Single columns that are a key of a mart for which none is declared.

    Without this, a repeat of rows by a join to that mart could not be proven.
    """
    return tuple(
        (name,)
        for name, held in profiles.items()
        if held.nulls == 0
        and held.type in _KEY_TYPES
        and held.distinct
        and _key(con, mart, (name,)).holds
    )


_KEY_TYPES = frozenset(("VARCHAR", "UUID", "INTEGER", "BIGINT", "HUGEINT", "UBIGINT", "DATE"))
