"""What every engine must do; a new engine adds itself to `engine` and passes all of it."""

from __future__ import annotations

import json
import threading

import pytest

from martlet.engines.base import Engine
from martlet.errors import RequestError, UnknownName
from martlet.flow.query import Limits, ResultColumn, Stop
from tests.engines.conftest import WIDE, query

ENDLESS = "select count(*) from range(10000000) a, range(10000000) b"


def test_a_query_gives_typed_columns_and_rows(engine: Engine) -> None:
    rows = engine.run(query("select order_id, total from marts.fct_orders order by 1"), WIDE)
    assert rows.columns == (
        ResultColumn("order_id", "INTEGER"),
        ResultColumn("total", "DECIMAL(12,2)"),
    )
    assert rows.values == ((1, 10.5), (2, 20.25), (3, 30.0))
    assert rows.cut is None


@pytest.mark.parametrize("name", ["fct_orders", "marts.fct_orders", "serving.marts.fct_orders"])
def test_a_mart_has_three_names(engine: Engine, name: str) -> None:
    assert engine.run(query(f"select count(*) from {name}"), WIDE).values == ((3,),)


def test_parsing_gives_the_syntax_tree_as_json(engine: Engine) -> None:
    tree = json.loads(engine.parse("select 1"))
    assert tree["error"] is False
    assert tree["statements"][0]["node"]["type"] == "SELECT_NODE"


def test_a_syntax_error_is_part_of_the_parse_not_an_exception(engine: Engine) -> None:
    assert json.loads(engine.parse("selec 1"))["error"] is True


def test_one_row_more_than_asked_tells_that_there_are_more(engine: Engine) -> None:
    two = Limits(rows=2, characters=1_000, cell_characters=100, seconds=20.0)
    rows = engine.run(query("select order_id from fct_orders order by 1"), two)
    assert (rows.values, rows.cut) == (((1,), (2,)), "rows")
    exact = engine.run(query("select order_id from fct_orders where order_id < 3 order by 1"), two)
    assert (exact.values, exact.cut) == (((1,), (2,)), None)


def test_rows_stop_before_the_characters_run_out(engine: Engine) -> None:
    narrow = Limits(rows=100, characters=50, cell_characters=100, seconds=20.0)
    rows = engine.run(query("select repeat('x', 20) from range(10)"), narrow)
    assert len(rows.values) == 2
    assert rows.cut == "characters"


def test_an_unending_result_is_cut_and_not_gathered(engine: Engine) -> None:
    rows = engine.run(query("select i from range(100000000000) as given(i)"), WIDE)
    assert (len(rows.values), rows.cut) == (1_000, "rows")


def test_a_failed_query_says_why_and_what_to_do(engine: Engine) -> None:
    with pytest.raises(RequestError) as failed:
        engine.run(query("select country::int from fct_orders"), WIDE)
    assert failed.value.code == "sql.failed"
    assert "Could not convert" in failed.value.message
    assert "try_cast" in failed.value.next_step
    assert "LINE" not in failed.value.message


def test_an_unknown_column_offers_the_nearest(engine: Engine) -> None:
    with pytest.raises(UnknownName) as unknown:
        engine.run(query("select totl from fct_orders"), WIDE)
    assert unknown.value.code == "sql.unknown_column"
    assert "`total`" in unknown.value.next_step


def test_a_query_past_its_deadline_is_stopped_and_the_next_one_works(engine: Engine) -> None:
    short = Limits(rows=10, characters=1_000, cell_characters=100, seconds=0.3)
    with pytest.raises(RequestError) as late:
        engine.run(query(ENDLESS), short)
    assert late.value.code == "query.deadline"
    assert engine.run(query("select 1"), WIDE).values == ((1,),)


def test_a_cancelled_query_is_stopped_and_the_next_one_works(engine: Engine) -> None:
    stop = Stop()
    timer = threading.Timer(0.2, stop.set)
    timer.start()
    with pytest.raises(RequestError) as cancelled:
        engine.run(query(ENDLESS), WIDE, stop)
    timer.join()
    assert cancelled.value.code == "query.cancelled"
    assert engine.run(query("select 1"), WIDE).values == ((1,),)


def test_a_query_cancelled_before_it_starts_never_runs(engine: Engine) -> None:
    stop = Stop()
    stop.set()
    with pytest.raises(RequestError) as cancelled:
        engine.run(query("select 1"), WIDE, stop)
    assert cancelled.value.code == "query.cancelled"


def test_a_stop_that_comes_after_the_answer_disturbs_nobody(engine: Engine) -> None:
    stop = Stop()
    engine.run(query("select 1"), WIDE, stop)
    stop.set()
    assert engine.run(query("select 2"), WIDE).values == ((2,),)


def test_many_threads_get_their_own_answers(engine: Engine) -> None:
    got: dict[int, object] = {}

    def ask(number: int) -> None:
        got[number] = engine.run(query(f"select {number}"), WIDE).values

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert got == {number: ((number,),) for number in range(16)}
