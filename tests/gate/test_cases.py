"""Refusals as text: `cases/*.sql` hold the SQL, the code, and pieces of what the reader is told."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from martlet.engines.duckdb import DuckDbEngine
from martlet.errors import MartletError
from martlet.flow.query import Scope
from tests.gate.asking import HERE, ask, validate


@dataclass(frozen=True)
class TextCase:
    """A block of a case file: SQL between its title and `-- expect:`, then lines to be found."""

    title: str
    sql: str
    code: str
    told: tuple[str, ...]


def read_cases(path: Path) -> list[TextCase]:
    found = []
    for block in path.read_text(encoding="utf-8").split("-- case: ")[1:]:
        head, tail = block.split("-- expect: ", 1)
        title, sql = head.split("\n", 1)
        code, *told = tail.strip().split("\n")
        found.append(TextCase(title, sql.rstrip("\n"), code, tuple(told)))
    return found


CASES = [
    pytest.param(case, id=f"{path.stem}: {case.title}")
    for path in sorted((HERE / "cases").glob("*.sql"))
    for case in read_cases(path)
]


@pytest.mark.parametrize("case", CASES)
def test_the_verdict_and_what_the_reader_is_told(
    case: TextCase, scope: Scope, engine: DuckDbEngine
) -> None:
    if case.code == "ok":
        ask(case.sql, scope, engine)
        first = validate(case.sql, scope, engine)
        assert validate(first.sql, scope, engine) == first
        return
    with pytest.raises(MartletError) as refused:
        ask(case.sql, scope, engine)
    assert refused.value.code == case.code
    for piece in case.told:
        assert piece in str(refused.value)
    assert refused.value.next_step
