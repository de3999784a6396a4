"""The gate as the house uses it: its memory, its limits, and dynamic PIVOTs in two steps."""

from __future__ import annotations

import re
import threading
import tomllib
from dataclasses import replace
from pathlib import Path

import pytest

from martlet.engines.duckdb import DuckDbEngine
from martlet.errors import RefusedSql, RequestError, UnknownName
from martlet.flow.query import NeedsValues, Scope, ValidatedQuery
from martlet.gate import functions
from martlet.gate.gate import Gate, check
from martlet.gate.rules import RULES
from tests.gate.asking import WIDE, ask, connect_bare
from tests.test_docs import DOCS

SQL = "select status, count(*) as n from marts.fct_orders group by 1"


def test_what_was_written_is_what_runs(scope: Scope, engine: DuckDbEngine) -> None:
    written = "  SELECT /* as  written */ 1 ;  -- the end\n"
    query = check(written, scope, engine.parse)
    assert isinstance(query, ValidatedQuery)
    assert query.sql == written
    assert engine.run(query, WIDE).values == ((1,),)


def test_the_verdict_names_the_marts_in_their_own_spelling(
    scope: Scope, engine: DuckDbEngine
) -> None:
    query = check("select 1 from MARTS.FCT_ORDERS, customers", scope, engine.parse)
    assert isinstance(query, ValidatedQuery)
    assert query.tables == ("fct_orders", "customers")
    assert query.scope is scope


def test_the_same_text_is_parsed_once(scope: Scope, engine: DuckDbEngine) -> None:
    parsed: list[str] = []

    def parse(sql: str) -> str:
        parsed.append(sql)
        return engine.parse(sql)

    gate = Gate()
    assert gate.check(SQL, scope, parse) is gate.check(SQL, scope, parse)
    assert parsed == [SQL]


def test_a_verdict_holds_for_its_build_audience_and_limit_only(
    scope: Scope, engine: DuckDbEngine
) -> None:
    gate = Gate()
    gate.check(SQL, scope, engine.parse)
    without = {name: mart for name, mart in scope.marts.items() if name != "fct_orders"}
    for other in (
        replace(scope, audience="finance", marts=without),
        replace(scope, build_id="build-2", marts=without),
    ):
        with pytest.raises(UnknownName):
            gate.check(SQL, other, engine.parse)
    with pytest.raises(RefusedSql) as too_long:
        gate.check(SQL, scope, engine.parse, max_characters=10)
    assert too_long.value.code == "sql.too_long"


def test_the_memory_is_bounded_and_forgets_the_oldest(scope: Scope, engine: DuckDbEngine) -> None:
    gate = Gate(most=2)
    first = gate.check("select 1", scope, engine.parse)
    gate.check("select 2", scope, engine.parse)
    gate.check("select 3", scope, engine.parse)
    assert gate.check("select 1", scope, engine.parse) is not first


def test_threads_share_one_gate(scope: Scope, engine: DuckDbEngine) -> None:
    gate, got = Gate(most=4), []

    def work(number: int) -> None:
        for step in range(20):
            verdict = gate.check(f"select {(number + step) % 8}", scope, engine.parse)
            got.append(isinstance(verdict, ValidatedQuery))

    threads = [threading.Thread(target=work, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert got == [True] * 120


def test_compiled_sql_may_be_longer_than_a_callers(scope: Scope, engine: DuckDbEngine) -> None:
    long = f"select {'0 + ' * 50}1 in ({', '.join(map(str, range(20_000)))}) as found"
    with pytest.raises(RefusedSql) as refused:
        check(long, scope, engine.parse)
    assert refused.value.code == "sql.too_long"
    assert isinstance(check(long, scope, engine.parse, max_characters=1_000_000), ValidatedQuery)


def test_a_dynamic_pivot_asks_for_its_values_first(scope: Scope, engine: DuckDbEngine) -> None:
    sql = "pivot marts.fct_orders on status using count(*) as n group by channel order by channel"
    verdict = check(sql, scope, engine.parse)
    assert isinstance(verdict, NeedsValues)
    [probe] = verdict.probes
    assert probe.tables == ("fct_orders",)
    values = [row[0] for row in engine.run(probe, WIDE).values]
    written = check(sql, scope, engine.parse, pivot_values=[values])
    assert isinstance(written, ValidatedQuery)
    names = [column.name for column in engine.run(written, WIDE).columns]
    assert names == ["channel", "paid_n", "pending_n", "refunded_n"]


@pytest.mark.parametrize(
    "source",
    [
        "select 'it''s \"quoted\"' as k union all select 'back\\slash' union all select ''",
        "select chr(10) || 'new line' as k union all select chr(8203) || 'hidden'",
        "select 'x'') using count(*); drop table t; --' as k",
        "select null as k union all select 'kept'",
        "select date '2024-01-31' as k union all select date '2023-01-31'",
        "select true as k union all select false",
        "select 10 as k union all select 9 union all select 1.5",
    ],
)
def test_any_value_may_become_a_column_of_a_pivot(
    source: str, scope: Scope, engine: DuckDbEngine, published: Path
) -> None:
    sql = f"pivot ({source}) on k using count(*)"
    rows = ask(sql, scope, engine)
    with connect_bare(published) as bare:
        expected = bare.execute(sql).fetchall()
    assert [list(row) for row in rows.values] == [list(row) for row in expected]


@pytest.mark.parametrize(
    ("sql", "values", "says"),
    [
        ("pivot marts.customers on country using count(*)", [[]], "no values"),
        ("pivot marts.customers on country using count(*)", [["zz"]], "too long"),
        ("pivot marts.customers on country using count(*)", [["61"], ["61"]], "do not fit"),
        ("pivot marts.customers on country in (select 'a') using count(*)", [], "from a list"),
    ],
)
def test_values_that_do_not_fit_a_pivot_are_refused(
    sql: str, values: list[list[str]], says: str, scope: Scope, engine: DuckDbEngine
) -> None:
    with pytest.raises(RefusedSql) as refused:
        check(sql, scope, engine.parse, pivot_values=values)
    assert refused.value.code == "sql.construct"
    assert says in refused.value.message
    assert "IN ('a', 'b')" in refused.value.next_step


@pytest.mark.parametrize(
    "sql",
    [
        "select " + "(" * 500 + "1" + ")" * 500,
        "select " + "[" * 300 + "1" + "]" * 300,
        "select " + "not " * 1_000 + "true",
        "select " + " + ".join(["1"] * 350),
        "from " * 1 + "(from " * 600 + "marts.customers" + ")" * 600,
    ],
)
def test_deep_nesting_is_refused_in_words(sql: str, scope: Scope, engine: DuckDbEngine) -> None:
    with pytest.raises(RefusedSql) as refused:
        check(sql, scope, engine.parse)
    assert refused.value.code == "sql.size"


@pytest.mark.parametrize(
    "code", [0x00, 0x0B, 0x1B, 0x7F, 0x85, 0xA0, 0x200B, 0x2028, 0xFEFF, 0xE000]
)
def test_a_character_that_two_parsers_could_read_differently_is_refused(
    code: int, scope: Scope, engine: DuckDbEngine
) -> None:
    with pytest.raises(RefusedSql) as refused:
        check(f"select 1 as a,\n  '{chr(code)}'", scope, engine.parse)
    assert refused.value.code == "sql.text"
    assert f"U+{code:04X}" in refused.value.message
    assert refused.value.where == "line 2, column 4"


def test_every_rule_says_in_one_sentence_what_is_allowed() -> None:
    for rule in RULES:
        assert rule.__doc__ and rule.__doc__.strip().endswith(".")
        assert "\n" not in rule.__doc__


@pytest.mark.parametrize(
    ("sql", "code"),
    [
        ("select 60_day_LTV from dim_customers", "sql.construct"),
        ("select avg(60_day_ltv) from dim_customers", "sql.syntax"),
        ("select c.60_day_LTV from dim_customers as c", "sql.syntax"),
        ("select 1 from dim_customers where 60_day_LTV > 1", "sql.syntax"),
    ],
)
def test_a_column_that_begins_with_a_digit_is_offered_under_its_plain_name(
    sql: str, code: str, engine: DuckDbEngine
) -> None:
    columns = {"60_day_LTV": "DOUBLE", "ltv_60_day": "DOUBLE"}
    scope = Scope("build-1", "default", {"dim_customers": columns})
    with pytest.raises(RefusedSql) as refused:
        check(sql, scope, engine.parse)
    assert refused.value.code == code
    assert refused.value.next_step == 'Use `ltv_60_day`. Or quote it: "60_day_LTV".'
    right = sql.replace("60_day_LTV", '"60_day_LTV"').replace("60_day_ltv", "ltv_60_day")
    assert isinstance(check(right, scope, engine.parse), ValidatedQuery)


def test_what_to_write_instead_of_a_function_is_itself_allowed() -> None:
    allowed = functions.NAMED | functions.IN_FROM
    assert not set(functions.INSTEAD) & allowed
    for name, advice in functions.INSTEAD.items():
        calls = set(re.findall(r"([a-z_0-9]+)\(", advice)) - {
            "struct",
            "decimal",
            "cast",
            "try_cast",
        }
        assert calls <= allowed, name


ENTRIES = tomllib.loads((DOCS / "errors.toml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("code", [code for code in ENTRIES if "sql" in ENTRIES[code]])
def test_the_examples_of_the_error_page_are_answered_so(
    code: str, scope: Scope, engine: DuckDbEngine
) -> None:
    with pytest.raises(RequestError) as refused:
        ask(ENTRIES[code]["sql"], scope, engine)
    assert str(refused.value) == ENTRIES[code]["answer"].strip()
    assert refused.value.code == code
