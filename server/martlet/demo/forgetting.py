"""Takes people out of what the demo company knows of the truth, as it does from nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import duckdb

_PEOPLE = """
create temp table gone as
select distinct person_id from truth.person_identifiers
where linkable and (identifier_type, identifier_value) in (select unnest($pairs))
"""
_STATEMENTS = (
    """
    delete from truth.planted where row_id in (
        select identifier_value from truth.person_identifiers inner join gone using (person_id)
        union all select cast(person_id as varchar) from gone
    )
    """,
    "delete from truth.person_identifiers where person_id in (select person_id from gone)",
)


def forget_truth(database: Path, identifiers: Sequence[tuple[str, str]]) -> None:
    """Delete the planted truth about people, who are given by pairs of type and value.

    Nothing is done where there is no truth.
    """
    with duckdb.connect(str(database)) as con:
        known = con.execute(
            "select 1 from duckdb_tables() "
            "where schema_name = 'truth' and table_name = 'person_identifiers'"
        ).fetchone()
        if known is None or not identifiers:
            return
        con.execute("begin")
        con.execute(_PEOPLE.replace("$pairs", _pairs(identifiers)))
        for statement in _STATEMENTS:
            con.execute(statement)
        con.execute("commit")


def _pairs(identifiers: Sequence[tuple[str, str]]) -> str:
    rows = ("({}, {})".format(*(_literal(text) for text in pair)) for pair in identifiers)
    return f"[{', '.join(rows)}]"


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
