"""Lineage as text: `lineage/*.sql` hold the SQL, what it reads, and what each output is made of."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import pytest

from martlet.engines.duckdb import DuckDbEngine
from martlet.flow.query import ColumnRef, Output, Scope
from tests.gate.asking import HERE, WIDE, validate

OUTPUT = re.compile(r"-- output: (?P<name>.*?) ?= ?(?P<sources>[\w. ]*?) ?(\((?P<how>\w+)\))?$")


@dataclass(frozen=True)
class LineageCase:
    """A block of a case file: SQL between its title and `-- reads:`, then the outputs."""

    title: str
    sql: str
    reads: str
    outputs: tuple[str, ...]


def read_cases(path: Path) -> list[LineageCase]:
    found = []
    for block in path.read_text(encoding="utf-8").split("-- case: ")[1:]:
        head, tail = block.split("-- reads:", 1)
        title, sql = head.split("\n", 1)
        reads, *outputs = tail.rstrip().split("\n")
        found.append(LineageCase(title, sql.strip(), reads.strip(), tuple(outputs)))
    return found


def columns_of(text: str, scope: Scope) -> tuple[ColumnRef, ...]:
    if text.startswith("all of "):
        marts = text.removeprefix("all of ").split()
        return tuple(ColumnRef(mart, name) for mart in sorted(marts) for name in scope.marts[mart])
    return tuple(ColumnRef(*name.split(".")) for name in text.split())


def output_of(line: str, scope: Scope) -> Output:
    found = OUTPUT.fullmatch(line)
    assert found, line
    how = found["how"] or ""
    return Output(
        found["name"].removeprefix("-- output:").strip(),
        columns_of(found["sources"], scope),
        "" if how == "plain" else how,
        how == "plain",
    )


CASES = [
    pytest.param(case, id=f"{path.stem}: {case.title}")
    for path in sorted((HERE / "lineage").glob("*.sql"))
    for case in read_cases(path)
]


@pytest.mark.parametrize("case", CASES)
def test_what_a_query_reads_and_what_its_outputs_are_made_of(
    case: LineageCase, scope: Scope, engine: DuckDbEngine
) -> None:
    query = validate(case.sql, scope, engine)
    known = case.outputs[-1:] != ("-- unknown",)
    assert query.lineage_known is known
    assert sorted(query.columns) == sorted(columns_of(case.reads, scope))
    if known:
        assert list(query.outputs) == [output_of(line, scope) for line in case.outputs if line]
        columns = engine.run(query, WIDE).columns
        assert len(columns) == len(query.outputs)
        assert all(
            made.name in ("", given.name)
            for made, given in zip(query.outputs, columns, strict=True)
        )
    else:
        assert query.outputs == ()
