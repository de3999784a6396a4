"""The published file: a new DuckDB file that holds the marts, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb
from duckdb.sqltypes import DuckDBPyType

from martlet.errors import BuildFailed
from martlet.publish.connect import (
    Connection,
    attach,
    find_disk_fault,
    first_line,
    literal,
    opened,
    opened_source,
    quoted,
)
from martlet.publish.files import force
from martlet.publish.personal.pseudonym import key_parameters, pseudonym_sql
from martlet.publish.source import MartSource, SourceMart

TARGET = "martlet_target"


def write_file(
    source: MartSource, marts: Sequence[SourceMart], file: Path, key: bytes = b""
) -> None:
    """Copy the published columns of the marts into a new file, views as tables.

    `key` is that of the pseudonyms, where there are any.
    Raises: BuildFailed `build.source` when a mart cannot be read, `build.disk` when the file
    cannot be written.
    """
    file = file.absolute()
    also = [path for path, _ in source.files]
    with opened_source(source.database, writable=file.parent, also=also) as (con, alias):
        with _faults(file, source.database.name):
            con.execute(f"attach {literal(str(file))} as {TARGET}")
            con.execute(f"create schema {TARGET}.marts")
        for mart in marts:
            with _faults(file, f"{mart.schema}.{mart.relation}"):
                _copy(con, alias, mart, key)
        with _faults(file, source.database.name):
            con.execute(f"checkpoint {TARGET}")
            con.execute(f"detach {TARGET}")
        force(file)
        attach(con, file, "serving")
        _check(con, marts)


def check_file(file: Path, marts: Sequence[SourceMart]) -> None:
    """Make sure that the file holds the marts' published columns, and no other object.

    Raises: BuildFailed `build.broken`.
    """
    with opened(file) as con:
        _check(con, marts)


def _check(con: Connection, marts: Sequence[SourceMart]) -> None:
    expected = {(mart.name, column) for mart in marts for column in mart.published()}
    found = con.execute(
        "select table_name, column_name, schema_name from duckdb_columns() "
        "where database_name = 'serving' and not internal"
    ).fetchall()
    strays = [text for (text,) in con.execute(_STRAYS).fetchall()]
    strays += [
        f"column {table}.{column}"
        for table, column, schema in found
        if schema != "marts" or (table, column) not in expected
    ]
    lost = [f"{table}.{column}" for table, column in expected - {row[:2] for row in found}]
    if strays or lost:
        raise BuildFailed(
            "build.broken",
            f"The new file is not what was to be published: {', '.join(sorted(strays + lost))}.",
            next_step="Nothing was published; run `martlet publish` again.",
        )


def relation_columns(
    con: Connection, alias: str, schema: str, relation: str
) -> list[tuple[str, DuckDBPyType]]:
    """The columns of a table or view as DuckDB binds it now.

    Raises: BuildFailed `build.source` when it is missing, or a view that does not bind.
    """
    try:
        found = con.execute(f"select * from {quoted(alias, schema, relation)} limit 0").description
    except duckdb.Error as error:
        raise _unreadable(f"{schema}.{relation}", error) from error
    return [(str(column[0]), column[1]) for column in found or []]


def served_type(given: DuckDBPyType) -> str:
    """The type a column is published with: as it is, an ENUM as text, also inside other types."""
    if given.id == "enum":
        return "VARCHAR"
    if given.id not in ("struct", "list", "array", "map"):
        return str(given)
    parts: list[tuple[str, Any]] = list(given.children)
    inner = [served_type(kind) for _, kind in parts if isinstance(kind, DuckDBPyType)]
    if given.id == "struct":
        names = [quoted(name) for name, _ in parts]
        return f"STRUCT({', '.join(map(' '.join, zip(names, inner, strict=True)))})"
    if given.id == "map":
        return f"MAP({', '.join(inner)})"
    return f"{inner[0]}[{parts[1][1] if given.id == 'array' else ''}]"


def _copy(con: Connection, alias: str, mart: SourceMart, key: bytes) -> None:
    types = dict(relation_columns(con, alias, mart.schema, mart.relation))
    hashed = [item.name for item in mart.columns if item.how == "pseudonym" and not item.withheld]
    columns = ", ".join(
        f"{pseudonym_sql(quoted(name))} as {quoted(name)}"
        if name in hashed
        else _column(name, types[name])
        for name in mart.published()
    )
    origin = quoted(alias, mart.schema, mart.relation)
    con.execute(
        f"create table {TARGET}.marts.{quoted(mart.name)} as select {columns} from {origin}",
        key_parameters(key) if hashed else None,
    )


def _column(name: str, given: DuckDBPyType) -> str:
    if "ENUM(" not in str(given):
        return quoted(name)
    return f"cast({quoted(name)} as {served_type(given)}) as {quoted(name)}"


@contextmanager
def _faults(target: Path, origin: str) -> Iterator[None]:
    """Says which side failed: DuckDB names a file it cannot write, and the system's reason."""
    try:
        yield
    except duckdb.Error as error:
        raise find_disk_fault(error, target.parent) or _unreadable(origin, error) from error


def _unreadable(relation: str, error: duckdb.Error) -> BuildFailed:
    return BuildFailed(
        "build.source",
        f"{relation} cannot be read: {first_line(error)}",
        next_step="Build it with dbt and publish again; what is published now stays in force.",
    )


_STRAYS = """
select 'schema ' || schema_name from duckdb_schemas()
where database_name = 'serving' and not internal and schema_name <> 'marts'
union all
select 'view ' || view_name from duckdb_views() where database_name = 'serving' and not internal
union all
select 'function ' || function_name from duckdb_functions()
where database_name = 'serving' and not internal
union all
select 'type ' || type_name from duckdb_types() where database_name = 'serving' and not internal
union all
select 'sequence ' || sequence_name from duckdb_sequences() where database_name = 'serving'
union all
select 'index ' || index_name from duckdb_indexes() where database_name = 'serving'
union all
select 'constraint on ' || table_name from duckdb_constraints() where database_name = 'serving'
"""
