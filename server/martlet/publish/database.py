"""Marts from any DuckDB file, without dbt: every table and view of one schema."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from martlet.errors import BuildFailed, RequestError, did_you_mean
from martlet.publish.connect import Connection, opened_source
from martlet.publish.selection import withhold
from martlet.publish.serving import relation_columns
from martlet.publish.source import MartSource, SourceColumn, SourceMart


def source_from_database(file: Path, schema: str, hide: Sequence[str]) -> MartSource:
    """The tables and views of a schema as marts; `hide` names columns to withhold.

    Each of `hide` is `table.column`. Raises: BuildFailed `build.source` when the file or schema
    cannot be read or a hidden column does not exist, RequestError for a name that fits no table.
    """
    marts = marts_of_schema(file, schema)
    return MartSource(
        database=file.absolute(), marts=tuple(hide_columns(marts, hide)), origin="database"
    )


def marts_of_schema(file: Path, schema: str, *, also: Sequence[Path] = ()) -> list[SourceMart]:
    """Every table and view of a schema, named in any case; `also` are files that its views read.

    Raises: BuildFailed `build.source`.
    """
    with opened_source(file, also=also) as (con, alias):
        spelled = _schema(con, alias, schema)
        marts = [_mart(con, alias, spelled, name) for name in _relations(con, alias, spelled)]
    if not marts:
        raise BuildFailed(
            "build.source",
            f"Schema `{spelled}` of {file.name} has no tables or views.",
            next_step="Name another schema with --schema.",
        )
    return marts


def hide_columns(marts: Sequence[SourceMart], hide: Sequence[str]) -> list[SourceMart]:
    """The marts with each `table.column` of `hide` withheld. Raises: as `source_from_database`."""
    named = {mart.name.casefold(): mart for mart in marts}
    for place in hide:
        table, column = _table_and_column(place, named)
        named[table] = withhold(named[table], {column: "hidden"}, "The command line")
    return list(named.values())


def _schema(con: Connection, alias: str, schema: str) -> str:
    found = con.execute(
        "select distinct schema_name from duckdb_schemas() where database_name = ?", [alias]
    ).fetchall()
    names = [name for (name,) in found]
    for name in names:
        if name.casefold() == schema.casefold():
            return str(name)
    raise BuildFailed(
        "build.source",
        f"The database has no schema `{schema}`.",
        next_step=did_you_mean(schema, names) or f"It has: {', '.join(sorted(names))}.",
    )


def _relations(con: Connection, alias: str, schema: str) -> list[str]:
    found = con.execute(
        "select table_name from duckdb_tables() where database_name = $1 and schema_name = $2 "
        "union all select view_name from duckdb_views() "
        "where database_name = $1 and schema_name = $2 and not internal order by 1",
        [alias, schema],
    ).fetchall()
    return [name for (name,) in found]


def _mart(con: Connection, alias: str, schema: str, name: str) -> SourceMart:
    columns = [SourceColumn(column) for column, _ in relation_columns(con, alias, schema, name)]
    return SourceMart(name=name, schema=schema, relation=name, columns=tuple(columns))


def _table_and_column(place: str, named: Mapping[str, SourceMart]) -> tuple[str, str]:
    """The table (as a key of `named`) and column of `table.column`; both may hold dots."""
    words = place.split(".")
    for cut in range(1, len(words)):
        table, column = ".".join(words[:cut]).casefold(), ".".join(words[cut:])
        if table in named and column:
            return table, column
    tables = [mart.name for mart in named.values()]
    raise RequestError(
        "request.invalid",
        f"`{place}` does not name a column of a table in this schema.",
        where=f"--hide {place}",
        next_step=f"Write table.column. {did_you_mean(words[0], tables)}".strip(),
    )
