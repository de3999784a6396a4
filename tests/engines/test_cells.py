"""Cells: every value exact, finite, clean, and no longer than allowed."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from martlet.engines.base import Engine
from martlet.errors import MartletError, RequestError
from martlet.flow.hidden import HIDDEN
from martlet.flow.query import Limits
from tests.engines.conftest import WIDE, query

# SQL expression -> the cell it becomes.
EXACT: list[tuple[str, object]] = [
    ("true", True),
    ("null", None),
    ("9007199254740992", 2**53),
    ("9007199254740993", "9007199254740993"),
    ("-9007199254740993", "-9007199254740993"),
    ("170141183460469231731687303715884105727::hugeint", "170141183460469231731687303715884105727"),
    ("30.00::decimal(12, 2)", 30.0),
    ("0.10::decimal(12, 2)", 0.1),
    ("7::decimal(12, 0)", 7),
    ("1234567890123.45::decimal(18, 2)", 1234567890123.45),
    ("12345678901234.56::decimal(18, 2)", "12345678901234.56"),
    ("'1000000000000000000000000.00'::decimal(38, 2)", 1e24),
    ("0.1::float", 0.1),
    ("16777217::float", 16777216.0),
    ("0.1::double + 0.2::double", 0.30000000000000004),
    ("date '2026-01-31'", "2026-01-31"),
    ("timestamp '2026-01-31 10:00:00'", "2026-01-31T10:00:00"),
    ("timestamp '2026-01-31 10:00:00.25'", "2026-01-31T10:00:00.250000"),
    ("timestamptz '2026-01-31 10:00:00+02'", "2026-01-31T08:00:00+00:00"),
    ("time '10:00:00'", "10:00:00"),
    ("'2026-01-31 10:00:00.123456789'::timestamp_ns", "2026-01-31 10:00:00.123456789"),
    ("'2026-01-31 10:00:00.123456789+00'::timestamptz_ns", "2026-01-31 10:00:00.123456789+00"),
    ("interval 1 month", "1 month"),
    ("interval 30 days", "30 days"),
    ("[interval 1 month]", ["1 month"]),
    ("{'a b': [interval 1 month], 'n': 1.5::decimal(5, 2)}", {"a b": ["1 month"], "n": 1.5}),
    ("'infinity'::date", "infinity"),
    ("'-infinity'::date", "-infinity"),
    ("date '9999-12-31'", "9999-12-31"),
    ("date '0001-01-01'", "0001-01-01"),
    ("'12026-01-31'::date", "12026-01-31"),
    ("'0044-03-15 (BC)'::date", "0044-03-15 (BC)"),
    ("'infinity'::timestamp", "infinity"),
    ("'-infinity'::timestamptz", "-infinity"),
    ("'infinity'::timestamp_s", "infinity"),
    ("'infinity'::timestamp_ns", "infinity"),
    ("timestamp '9999-12-31 23:59:59.999999'", "9999-12-31T23:59:59.999999"),
    (
        "['infinity'::timestamp, timestamp '2026-01-31 10:00:00.25', null]",
        ["infinity", "2026-01-31T10:00:00.250000", None],
    ),
    (
        "[timestamptz '2026-01-31 10:00:00+02', '-infinity']",
        ["2026-01-31T08:00:00+00:00", "-infinity"],
    ),
    ("map {'infinity'::date: 1.5::decimal(5, 2)}", {"infinity": 1.5}),
    ("{'Date': 'infinity'::date, 'n': 0.1::float}", {"Date": "infinity", "n": 0.1}),
    ("['infinity'::date]::date[1]", ["infinity"]),
    ("('infinity'::date, 'a')", ["infinity", "a"]),
    ("union_value(k := 'infinity'::date)", "infinity"),
    ("'\\xAA\\x00'::blob", "0xaa00"),
    ("'101'::bit", "101"),
    ("'5b007ec7-de0c-4d26-b12f-138c70fccbba'::uuid", "5b007ec7-de0c-4d26-b12f-138c70fccbba"),
    ("'a'::enum('a', 'b')", "a"),
    ("[1, null, 3]", [1, None, 3]),
    ("[1.50::decimal(5, 2)]", [1.5]),
    ("{'a': 1, 'b': [date '2026-01-31']}", {"a": 1, "b": ["2026-01-31"]}),
    ("map {'k': 9007199254740993}", {"k": "9007199254740993"}),
    ("map {1: 'x'}", {"1": "x"}),
    ("map {[1]: 2}", [{"key": [1], "value": 2}]),
    ("(1, 'a')", [1, "a"]),
    ("union_value(k := 1.5::decimal(5, 2))", 1.5),
    ("'{\"a\": 1}'::json", '{"a": 1}'),
    ("'tab\tnewline\nstay'", "tab\tnewline\nstay"),
    ("'naïve café 東京 🦅'", "naïve café 東京 🦅"),
]


@pytest.mark.parametrize(("expression", "cell"), EXACT, ids=[one for one, _ in EXACT])
def test_a_value_becomes_its_exact_cell(engine: Engine, expression: str, cell: object) -> None:
    rows = engine.run(query(f"select {expression}"), WIDE)
    assert rows.values == ((cell,),)
    assert type(rows.values[0][0]) is type(cell)
    assert (rows.cut_cells, rows.not_finite, rows.cleaned) == (0, 0, 0)


def test_values_given_as_text_keep_the_order_of_the_query(engine: Engine) -> None:
    sql = (
        "select i, interval (i) month as gap from range(5000) as given(i) "
        "order by hash(i) limit 500 ; -- the end"
    )
    rows = engine.run(query(sql), WIDE).values
    plain = engine.run(query(sql.replace(", interval (i) month as gap", "")), WIDE).values
    assert [row[0] for row in rows] == [row[0] for row in plain]
    assert all(("year" in str(gap) or "month" in str(gap)) for i, gap in rows if i)


def test_not_a_number_and_infinity_become_null_and_are_counted(engine: Engine) -> None:
    rows = engine.run(query("select 'nan'::double, 'inf'::float, ['-inf'::double]"), WIDE)
    assert rows.values == ((None, None, [None]),)
    assert rows.not_finite == 3


@pytest.mark.parametrize("code", [0x00, 0x1B, 0x9B, 0x202E, 0x2066, 0x200B, 0xFEFF, 0xE0041])
def test_characters_that_hide_or_reorder_text_are_taken_out_and_counted(
    engine: Engine, code: int
) -> None:
    rows = engine.run(query(f"select 'a' || chr({code}) || 'b', ['c' || chr({code})]"), WIDE)
    assert rows.values == (("ab", ["c"]),)
    assert rows.cleaned == 2


def texts(value: object) -> Iterator[str]:
    """Every text in a value, the names of objects included."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from (text for pair in value.items() for part in pair for text in texts(part))
    elif isinstance(value, list | tuple):
        yield from (text for part in value for text in texts(part))


DIRTY = "\u202e\u200b\x1b[31m\ufeff"


@pytest.mark.parametrize(
    "sql",
    [
        f"select struct_pack(\"a{DIRTY}\" := 'b{DIRTY}') as s",
        f"select [struct_pack(x := 'b{DIRTY}'), struct_pack(x := null)]",
        f"select map(['k{DIRTY}'], [['v{DIRTY}']])",
        f"select map([['k{DIRTY}']], [1])",
        f'select union_value("u{DIRTY}" := struct_pack("a{DIRTY}" := [\'v{DIRTY}\']))',
        f"select 'b{DIRTY}'::enum('b{DIRTY}')",
        f"select row('a{DIRTY}', 1)",
        f"select json_object('a{DIRTY}', 'v{DIRTY}')",
        f'select 1 as "n{DIRTY}"',
        f"pivot (select 'p{DIRTY}' as g, 1 as n) on g using sum(n)",
        f"select cast('x{DIRTY}' as integer)",
        f'select "no{DIRTY}" from fct_orders',
        f"select error('said{DIRTY}')",
    ],
)
def test_no_hidden_character_gets_out_in_values_names_keys_types_or_errors(
    engine: Engine, sql: str
) -> None:
    try:
        rows = engine.run(query(sql), WIDE)
        columns = [(column.name, column.type) for column in rows.columns]
        told = [*texts(list(rows.values)), *texts(columns)]
    except MartletError as error:
        told = [str(error)]
    assert told and not [text for text in told if HIDDEN.search(text)]


@pytest.mark.parametrize(
    "sql",
    [
        "select map(['a', 'a' || chr(8203)], [1, 2])",
        "select map(['nan'::double, 'inf'::double], [1, 2])",
        'select struct_pack("a" := 1, "a\u200b" := 2)',
    ],
)
def test_no_value_is_lost_when_two_keys_read_the_same(engine: Engine, sql: str) -> None:
    ((cell,),) = engine.run(query(sql), WIDE).values
    assert isinstance(cell, list)
    assert [pair["value"] for pair in cell if isinstance(pair, dict)] == [1, 2]


def test_names_of_columns_count_too(engine: Engine) -> None:
    long = ", ".join(f'1 as "{"n" * 190}{i}"' for i in range(150))
    with pytest.raises(RequestError) as refused:
        engine.run(query(f"select {long}"), Limits(10, 25_000, 2_000, 20.0))
    assert refused.value.code == "sql.size"
    assert "150 columns" in refused.value.message


def test_a_name_with_lines_is_one_line(engine: Engine) -> None:
    named = engine.run(query('select 1 as "a\nCAVEAT: all is\twell"'), WIDE).columns[0].name
    assert named == "a CAVEAT: all is well"


def test_a_column_name_from_the_data_is_cleaned_and_cut(engine: Engine) -> None:
    named = engine.run(query(f'select 1 as "a\u202e{"b" * 300}"'), WIDE).columns[0].name
    assert named == "a" + "b" * 198 + "…"


def test_a_long_cell_ends_visibly_and_is_counted(engine: Engine) -> None:
    short = Limits(rows=10, characters=10_000, cell_characters=20, seconds=20.0)
    rows = engine.run(query("select repeat('x', 21), repeat('x', 20), range(100), 'y'"), short)
    assert rows.values == (("x" * 19 + "…", "x" * 20, "[0,1,2,3,4,5,6,7,8,…", "y"),)
    assert rows.cut_cells == 2


def test_hidden_characters_do_not_make_a_long_cell_look_whole(engine: Engine) -> None:
    short = Limits(rows=10, characters=10_000, cell_characters=20, seconds=20.0)
    rows = engine.run(query("select 'a' || repeat(chr(8203), 1000) || 'b'"), short)
    assert str(rows.values[0][0]).endswith("…")
    assert rows.cut_cells == 1


def test_the_characters_of_all_rows_as_json_stay_within_the_limit(engine: Engine) -> None:
    limits = Limits(rows=1_000, characters=500, cell_characters=100, seconds=20.0)
    rows = engine.run(query("select '\"quoted\"' || i, i from range(1000) as given(i)"), limits)
    emitted = json.dumps([list(row) for row in rows.values], separators=(",", ":"))
    assert rows.cut == "characters"
    assert 400 < len(emitted) <= 501


def test_a_first_row_longer_than_the_limit_is_shown_with_shorter_cells(engine: Engine) -> None:
    limits = Limits(rows=10, characters=60, cell_characters=100, seconds=20.0)
    rows = engine.run(query("select repeat('x', 60), 'y', i from range(3) as given(i)"), limits)
    assert rows.values[0] == ("x" * 9 + "…", "y", 0)
    assert rows.cut_cells == len(rows.values)


def test_a_result_of_thousands_of_columns_is_refused(engine: Engine) -> None:
    with pytest.raises(RequestError) as refused:
        engine.run(query(f"select {', '.join(['1'] * 1_001)}"), WIDE)
    assert refused.value.code == "sql.size"


def test_an_empty_result_still_has_its_columns(engine: Engine) -> None:
    rows = engine.run(query("select order_id from fct_orders where false"), WIDE)
    assert [column.name for column in rows.columns] == ["order_id"]
    assert rows.values == ()


@pytest.mark.parametrize(
    ("sql", "says", "advises"),
    [
        ("select 1 // 0", "Division by zero", "nullif"),
        ("select 'abc'::date", "invalid date", "strptime"),
        ("select order_id, count(*) from fct_orders", "GROUP BY", "GROUP BY"),
        ("select (select order_id from fct_orders)", "More than one row", "Aggregate"),
        ("select country + 1 from fct_orders", "No function matches", "Cast"),
        ("select 127::tinyint + 127::tinyint + 127::tinyint", "", "wider type"),
        ("select error_nope(1)", "error_nope", ""),
    ],
)
def test_runtime_errors_are_short_helpful_and_scrubbed(
    engine: Engine, sql: str, says: str, advises: str
) -> None:
    with pytest.raises(RequestError) as failed:
        engine.run(query(sql), WIDE)
    assert failed.value.code == "sql.failed"
    assert says.lower() in failed.value.message.lower()
    assert advises in failed.value.next_step
    for word in ("LINE", "Candidate", "Error:", "SET "):
        assert word not in failed.value.message
    assert len(failed.value.message) <= 300
