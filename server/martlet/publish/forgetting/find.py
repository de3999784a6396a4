"""Finds a person: all their identifiers in a warehouse, and whatever is left of them anywhere."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from martlet.publish.connect import Connection, literal, opened_source, quoted
from martlet.publish.forgetting.identifiers import Identifier
from martlet.publish.forgetting.suppression import PLAIN, given

MAP = "int_customer_identity_map"
SHORTEST = 6  # characters; a shorter id stands in any file by chance
_CHUNK = 1 << 20


@dataclass(frozen=True)
class Person:
    """Everything by which the warehouse knows those who were named, the hashed names of marts too.

    `unknown` are the identifiers that the warehouse does not know.
    """

    identifiers: tuple[Identifier, ...]
    customer_ids: tuple[str, ...] = ()
    unknown: tuple[Identifier, ...] = ()

    @property
    def traces(self) -> tuple[str, ...]:
        """The texts to look for, folded."""
        values = {item.value for item in self.identifiers} | set(self.customer_ids)
        return tuple(sorted(value.casefold() for value in values if len(value) >= SHORTEST))


def find_person(warehouse: Path, named: Sequence[Identifier]) -> Person:
    """Those named, with all identifiers that the identity map joins to theirs.

    Where there is no map, or no warehouse, only what was named. Raises: BuildFailed.
    """
    if not warehouse.is_file():
        return Person(tuple(named), unknown=tuple(named))
    with opened_source(warehouse) as (con, alias):
        schemas = con.execute(
            "select schema_name from duckdb_tables() where database_name = ? and table_name = ?",
            [alias, MAP],
        ).fetchall()
        if not schemas:
            return Person(tuple(named), unknown=tuple(named))
        return _in_map(con, quoted(alias, schemas[0][0], MAP), named)


def _in_map(con: Connection, identity_map: str, named: Sequence[Identifier]) -> Person:
    members = "select identifier_type as type, identifier_value as value, master_customer_id as id"
    known = con.execute(
        f"with named as ({given(named)} {PLAIN}), "
        f"members as (with given as ({members} from {identity_map}) {PLAIN}) "
        "select named.type, named.value, id from named inner join members using (type, plain)"
    ).fetchall()
    customers = sorted({customer for _, _, customer in known})
    joined = con.execute(
        f"select identifier_type, identifier_value from {identity_map} "
        "where list_contains(?, master_customer_id)",
        [customers],
    ).fetchall()
    found = {Identifier(kind, value) for kind, value, _ in known}
    unknown = tuple(item for item in named if item not in found)
    return Person(
        identifiers=tuple(sorted({*unknown, *(Identifier(*row) for row in joined)})),
        customer_ids=tuple(customers),
        unknown=unknown,
    )


def tables_with(file: Path, traces: Sequence[str], *, writable: Path) -> dict[str, int]:
    """The tables of a database that hold one of the texts, anywhere in a row, and how many rows."""
    if not traces:
        return {}
    with opened_source(file, writable=writable) as (con, alias):
        tables = con.execute(
            "select schema_name, table_name from duckdb_tables() where database_name = ?", [alias]
        ).fetchall()
        counted = {
            f"{schema}.{name}": _count(con, quoted(alias, schema, name), traces)
            for schema, name in tables
        }
    return {name: rows for name, rows in counted.items() if rows}


def _count(con: Connection, table: str, traces: Sequence[str]) -> int:
    text = "lower(cast(to_json(whole_row) as varchar))"
    condition = " or ".join(f"contains({text}, {literal(trace)})" for trace in traces)
    row = con.execute(f"select count(*) from {table} as whole_row where {condition}").fetchone()
    return int(row[0]) if row else 0


def files_with(files: Iterable[Path], traces: Sequence[str]) -> list[Path]:
    """The files whose bytes hold one of the texts, in any case of ASCII letters."""
    wanted = [trace.encode() for trace in traces]
    return [file for file in files if _holds(file, wanted)]


def _holds(file: Path, wanted: Sequence[bytes]) -> bool:
    overlap = max((len(trace) for trace in wanted), default=1) - 1
    tail = b""
    with file.open("rb") as stream:
        while chunk := stream.read(_CHUNK):
            text = (tail + chunk).lower()
            if any(trace in text for trace in wanted):
                return True
            tail = text[-overlap:] if overlap else b""
    return False
