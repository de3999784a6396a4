"""What is true of a published mart, counted in the published file itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import duckdb

from martlet.errors import BuildFailed
from martlet.flow.build import ForeignKey, Key, MartState, Profile
from martlet.flow.catalog import Catalog
from martlet.publish.budget import Budget
from martlet.publish.connect import Connection, first_line, opened, quoted
from martlet.publish.profile import is_time, profile
from martlet.publish.source import SourceForeignKey, SourceKey, SourceMart

ROWS_OF_A_PASS = 16_000_000
_KEY_TYPES = frozenset(("VARCHAR", "UUID", "INTEGER", "BIGINT", "HUGEINT", "UBIGINT", "DATE"))


def measure(
    file: Path,
    marts: Sequence[SourceMart],
    catalog: Catalog,
    known: Mapping[str, MartState] | None = None,
    *,
    profile_seconds: float,
) -> dict[str, MartState]:
    """The state of every mart of a published file, by name. Moments are in UTC.

    `known` is what was measured in the very same file; it is not measured again. Profiles for
    which `profile_seconds` do not suffice are of a sample; rows, keys and days are always counted.
    Raises: BuildFailed `build.source` when a mart cannot be counted.
    """
    known = known or {}
    budget = Budget(profile_seconds, parts=len(marts))
    with opened(file, writable=file.parent) as con:
        return {
            mart.name: _measured(con, mart, catalog, known.get(mart.name), budget) for mart in marts
        }


def _measured(
    con: Connection, mart: SourceMart, catalog: Catalog, known: MartState | None, budget: Budget
) -> MartState:
    try:
        return _state(con, mart, catalog, known or _counted(con, mart, budget))
    except duckdb.Error as error:
        raise BuildFailed(
            "build.source",
            f"`{mart.name}` cannot be measured: {first_line(error)}",
            next_step="Mend the mart, or give the publisher more memory or disk.",
        ) from error


def withheld(mart: SourceMart) -> tuple[str, ...]:
    """The columns that are not published, each with the reason."""
    return tuple(f"{item.name}: {item.withheld}" for item in mart.columns if item.withheld)


def _counted(con: Connection, mart: SourceMart, budget: Budget) -> MartState:
    """What takes time to find out, and follows from the data alone."""
    table = quoted("marts", mart.name)
    found = con.execute(f"select * from {table} limit 0").description or []
    columns = [(str(column[0]), column[1]) for column in found]
    profiles = profile(con, mart.name, columns, budget)
    newest = _newest(con, mart.name, [name for name, kind in columns if is_time(kind)])
    return MartState(
        name=mart.name,
        row_count=con.execute(f"select count(*) from {table}").fetchall()[0][0],
        columns=profiles,
        newest=newest,
    )


def _state(con: Connection, mart: SourceMart, catalog: Catalog, counted: MartState) -> MartState:
    """The state of a mart, given what was counted in it, be it now or when it was published."""
    meant = catalog.marts.get(mart.name)
    keys = _keys(con, mart, counted)
    return MartState(
        name=mart.name,
        row_count=counted.row_count,
        columns=_with_counts(counted.columns, keys),
        withheld=withheld(mart),
        pseudonyms=tuple(name for name in mart.published() if mart.is_pseudonym(name)),
        reviewed={item.name: item.passed for item in mart.columns if item.passed},
        keys=keys,
        foreign_keys=tuple(_foreign_key(con, mart.name, item) for item in mart.foreign_keys),
        newest=counted.newest,
        loaded_at=counted.newest.get(meant.data_freshness.loaded_at) if meant else None,
        rebuilt=mart.rebuilt,
    )


def _with_counts(columns: dict[str, Profile], keys: Sequence[Key]) -> dict[str, Profile]:
    """The profiles, with what was counted for keys of one column in place of estimates."""
    exact = {key.columns[0]: key.distinct for key in keys if len(key.columns) == 1}
    return {
        name: held.model_copy(update={"distinct": exact[name], "estimated": False})
        if name in exact and not held.sampled
        else held
        for name, held in columns.items()
    }


def _keys(con: Connection, mart: SourceMart, counted: MartState) -> tuple[Key, ...]:
    """The declared keys, or where there is none the single columns that are one.

    Without the latter, a repeat of rows by a join to that mart could not be proven.
    """
    if mart.keys:
        return tuple(
            _known_key(key, counted.keys) or _key(con, mart.name, key) for key in mart.keys
        )
    if any(key.origin == "found" for key in counted.keys):
        return counted.keys
    found = [
        _key(con, mart.name, SourceKey((name,), origin="found"))
        for name, held in counted.columns.items()
        if _may_be_key(held, counted.row_count)
    ]
    return tuple(key for key in found if key.holds)


def _may_be_key(held: Profile, rows: int) -> bool:
    """Whether counting is worth while: distinct values are an estimate, some tenths off at most."""
    seen = held.sampled or rows
    likely = held.nulls == 0 and held.distinct > max(1, 0.7 * seen)
    return likely and held.type in _KEY_TYPES


def _known_key(key: SourceKey, known: Sequence[Key]) -> Key | None:
    """The counts of the same columns, under what is said of them now."""
    same = next((item for item in known if item.columns == key.columns), None)
    return same and same.model_copy(update={"nullable": key.nullable, "origin": key.origin})


def _key(con: Connection, mart: str, key: SourceKey) -> Key:
    known = " and ".join(f"{quoted(column)} is not null" for column in key.columns)
    rows, nulls = con.execute(
        f"select count(*), count(*) filter (not ({known})) from {quoted('marts', mart)}"
    ).fetchall()[0]
    return Key(
        columns=key.columns,
        rows=rows,
        distinct=_distinct(con, quoted("marts", mart), key.columns, known, rows),
        nulls=nulls,
        nullable=key.nullable,
        origin=key.origin,
    )


def _distinct(con: Connection, table: str, columns: Sequence[str], known: str, rows: int) -> int:
    """How many different values there are where all columns are known.

    Counted in passes over parts of the values: DuckDB spills what one pass holds, but keeps so
    much of each spilled part that a large mart at once would not fit the bound.
    """
    listed = ", ".join(quoted(column) for column in columns)
    passes = max(1, -(-rows // ROWS_OF_A_PASS))
    count = 0
    for number in range(passes):
        part = f" and hash({listed}) % {passes} = {number}" if passes > 1 else ""
        count += con.execute(
            f"select count(*) from (select distinct {listed} from {table} where {known}{part})"
        ).fetchall()[0][0]
    return count


def _foreign_key(con: Connection, mart: str, item: SourceForeignKey) -> ForeignKey:
    """Counts rows: those without a value, and those whose value the other mart does not have."""
    known = " and ".join(f"child.{quoted(column)} is not null" for column in item.columns)
    same = " and ".join(
        f"parent.{quoted(to)} = child.{quoted(column)}"
        for column, to in zip(item.columns, item.to_columns, strict=True)
    )
    nulls, unresolved = con.execute(
        f"select count(*) filter (not ({known})), count(*) filter (({known}) and not exists ("
        f"select 1 from {quoted('marts', item.to_mart)} as parent where {same})) "
        f"from {quoted('marts', mart)} as child"
    ).fetchall()[0]
    return ForeignKey(
        columns=item.columns,
        to_mart=item.to_mart,
        to_columns=item.to_columns,
        nulls=nulls,
        unresolved=unresolved,
        origin=item.origin,
    )


def _newest(con: Connection, mart: str, columns: Sequence[str]) -> dict[str, str]:
    """The newest value of each time column; `infinity` is no time."""
    if not columns:
        return {}
    listed = ", ".join(
        f"cast(max({quoted(name)}) filter (isfinite({quoted(name)})) as varchar)"
        for name in columns
    )
    found = con.execute(f"select {listed} from {quoted('marts', mart)}").fetchall()[0]
    return {name: value for name, value in zip(columns, found, strict=True) if value is not None}
