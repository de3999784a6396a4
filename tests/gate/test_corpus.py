"""The corpus: nothing gets through, nothing legitimate is refused, nothing runs on."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from martlet.engines.duckdb import DuckDbEngine
from martlet.errors import MartletError, RequestError
from martlet.flow.query import Limits, Rows, Scope, ValidatedQuery
from tests.gate.asking import Case, ask, connect_bare, plain, read_corpus

CORPUS = list(read_corpus())
# These give other rows each time, or any of several right answers.
UNSETTLED = re.compile(r"random\(|sample|uuid\(|now\(|limit(?!.*order)|order by.*limit", re.I)
QUICK_DOS = ("dos-007", "dos-014", "dos-042", "dos-072", "dos-103")


def cases(expect: str) -> list[object]:
    return [
        pytest.param(
            case,
            id=case.name,
            marks=pytest.mark.slow if case.category == "dos" and case.name not in QUICK_DOS else (),
        )
        for case in CORPUS
        if case.expect == expect
    ]


def text_of(rows: Rows) -> str:
    return repr([column.name for column in rows.columns]) + repr(rows.values)


@pytest.mark.parametrize("case", cases("reject"))
def test_an_attack_is_refused_and_the_refusal_shows_nothing(
    case: Case, scope: Scope, engine: DuckDbEngine
) -> None:
    with pytest.raises(RequestError) as refused:
        ask(case.sql, scope, engine)
    if case.leak_marker and case.leak_marker not in case.sql:
        assert case.leak_marker not in str(refused.value)


@pytest.mark.parametrize("case", cases("allow"))
def test_a_legitimate_query_gives_what_bare_duckdb_gives(
    case: Case, scope: Scope, engine: DuckDbEngine, published: Path
) -> None:
    rows = ask(case.sql, scope, engine)
    with connect_bare(published) as bare:
        result = bare.execute(case.sql)
        names = [column[0] for column in result.description or []]
        expected = [plain(list(row)) for row in result.fetchall()]
    assert [column.name for column in rows.columns] == names
    assert len(rows.values) == len(expected) or "sample" in case.sql
    if not UNSETTLED.search(case.sql) and "INTERVAL" not in {one.type for one in rows.columns}:
        assert sorted(map(repr, map(list, rows.values))) == sorted(map(repr, expected))


@pytest.mark.parametrize("case", cases("bounded"))
def test_a_greedy_query_ends_within_its_limits(
    case: Case, scope: Scope, engine: DuckDbEngine
) -> None:
    limits = Limits(rows=1_000, characters=1_000_000, cell_characters=20_000, seconds=2.0)
    try:
        shown = text_of(ask(case.sql, scope, engine, limits))
    except MartletError as refused:
        shown = str(refused)
    assert len(shown) < 2_000_000
    if case.leak_marker:
        assert case.leak_marker not in shown.replace(case.sql, "")
    assert ask("select 1", scope, engine).values == ((1,),)


@pytest.mark.parametrize("case", cases("reject"))
def test_without_the_gate_file_and_sandbox_alone_still_leak_nothing(
    case: Case, scope: Scope, ungated: DuckDbEngine
) -> None:
    if "\x00" in case.sql:
        pytest.skip("DuckDB's Python client takes no NUL")
    query = ValidatedQuery(case.sql, (), (), (), False, scope)
    try:
        shown = text_of(ungated.run(query, Limits(1_000, 1_000_000, 20_000, 5.0)))
    except MartletError as failed:
        shown = str(failed)
    written = re.findall(r"CANARY\w*", case.sql)
    assert not [one for one in re.findall(r"CANARY\w*", shown) if one not in written]
