"""The verdict on the data: of exactly what was read, and never better than what was proven."""

from __future__ import annotations

from typing import Any

from martlet.flow.build import BuildState, Key, MartState, SourceState, TestState
from martlet.flow.query import ColumnRef, Scope, ValidatedQuery
from martlet.trust.data_state import judge


def query(*columns: str) -> ValidatedQuery:
    """A query that read these `mart.column`s."""
    refs = tuple(ColumnRef(*column.split(".")) for column in columns)
    tables = tuple(sorted({ref.mart for ref in refs}))
    return ValidatedQuery(
        sql="",
        tables=tables,
        columns=refs,
        outputs=(),
        lineage_known=True,
        scope=Scope("b", "d", {}),
    )


def state(*tests: TestState, **parts: Any) -> BuildState:
    marts = {
        "fct_orders": MartState(name="fct_orders", row_count=6, complete_through="2026-03-08"),
        "dim_customers": MartState(name="dim_customers", row_count=3),
        "fct_lines": MartState(name="fct_lines", row_count=8, complete_through="2026-03-01"),
    }
    return BuildState(build_id="b", built_at="2026-03-10", tests=tests, **{"marts": marts, **parts})


GOOD = TestState(
    name="unique_order_id", status="pass", marts=("fct_orders",), columns=("order_id",)
)


def test_passing_tests_of_the_column_read_make_it_ok() -> None:
    verdict = judge(query("fct_orders.order_id"), state(GOOD))
    assert (verdict.verdict, verdict.reasons) == ("ok", ())
    assert verdict.complete_through == "2026-03-08"


def test_without_any_test_the_verdict_is_unknown_not_ok() -> None:
    assert judge(query("dim_customers.country"), state(GOOD)).verdict == "unknown"


def test_a_test_that_does_not_count_proves_nothing() -> None:
    loose = GOOD.model_copy(update={"counts": False})
    assert judge(query("fct_orders.order_id"), state(loose)).verdict == "unknown"


def test_a_failed_test_of_a_column_concerns_those_who_read_it_and_no_others() -> None:
    failed = TestState(
        name="not_null_channel",
        status="fail",
        marts=("fct_orders",),
        columns=("channel",),
        failures=4,
    )
    read = judge(query("fct_orders.order_id", "fct_orders.channel"), state(GOOD, failed))
    assert read.verdict == "failing"
    assert "`not_null_channel` failed (4 rows)" in read.reasons[0]
    assert judge(query("fct_orders.order_id"), state(GOOD, failed)).verdict == "ok"


def test_a_failed_test_of_the_whole_table_concerns_every_reader() -> None:
    failed = TestState(name="orders_add_up", status="error", marts=("fct_orders",))
    assert judge(query("fct_orders.order_id"), state(GOOD, failed)).verdict == "failing"


def test_a_failed_test_upstream_is_a_warning() -> None:
    failed = TestState(name="stg", status="fail", marts=("fct_orders",), upstream=True)
    assert judge(query("fct_orders.order_id"), state(GOOD, failed)).verdict == "warn"


def test_a_test_that_was_skipped_is_a_warning() -> None:
    skipped = GOOD.model_copy(update={"name": "other", "status": "skipped"})
    assert judge(query("fct_orders.order_id"), state(GOOD, skipped)).verdict == "warn"


def test_a_key_with_repeated_rows_fails_whatever_the_dbt_test_said() -> None:
    doubled = MartState(
        name="fct_orders",
        row_count=6,
        keys=(Key(columns=("order_id",), rows=6, distinct=4, nulls=0),),
    )
    verdict = judge(query("fct_orders.order_id"), state(GOOD, marts={"fct_orders": doubled}))
    assert verdict.verdict == "failing"
    assert "2 repeated" in verdict.reasons[0]


def test_a_mart_that_was_not_rebuilt_is_stale() -> None:
    old = MartState(name="fct_orders", row_count=6, rebuilt=False)
    verdict = judge(query("fct_orders.order_id"), state(GOOD, marts={"fct_orders": old}))
    assert verdict.verdict == "stale"


def test_a_late_source_makes_only_the_marts_built_from_it_stale() -> None:
    late = SourceState(
        name="shopify", newest="2026-01-01", status="error", age_hours=900, marts=("fct_orders",)
    )
    pages = TestState(name="t", status="pass", marts=("dim_customers",))
    known = state(GOOD, pages, sources=(late,))
    assert judge(query("fct_orders.order_id"), known).verdict == "stale"
    assert judge(query("dim_customers.country"), known).verdict == "ok"


def test_data_is_complete_through_the_earliest_day_of_the_marts_read() -> None:
    both = query("fct_orders.order_id", "fct_lines.sku", "dim_customers.country")
    assert judge(both, state(GOOD)).complete_through == "2026-03-01"
