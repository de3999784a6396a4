"""An empty answer says which condition emptied it, and what could have been meant."""

from __future__ import annotations

from typing import Any

import pytest

from martlet.flow.query import Stop
from martlet.house import House
from martlet.tools.surface import call_tool


def caveat(house: House, tool: str, **arguments: Any) -> str:
    """What an answer says about being empty, or nothing."""
    answer = call_tool(house, tool, arguments, Stop()).as_json()
    (check,) = [check for check in answer["checks"] if check["name"] == "empty_result"]
    said = [text for text in answer["caveats"] if check["detail"] and check["detail"] in text]
    assert (check["status"] == "warn") == bool(said)
    return said[0] if said else ""


STORED = "Stored values: "


@pytest.mark.parametrize(
    ("sql", "said"),
    [
        # a value that is nearly one
        (
            "select sum(order_total) from fct_orders where channel = 'Web'",
            "not a zero. No row fulfils `channel = 'Web'`. Stored values: 'web', 'app'.",
        ),
        ("select count(*) from fct_orders where channel = 'Web'", STORED + "'web', 'app'"),
        ("select order_id from fct_orders where channel in ('shop')", STORED),
        ("select order_id from fct_orders where channel like 'Web%'", STORED),
        # the condition stands in a CTE, a subquery, behind a join, a branch of a union
        (
            "with web as (select * from fct_orders where channel = 'Web') "
            "select customer_id, count(*) from web where order_total > 1 group by 1",
            "`channel = 'Web'`",
        ),
        (
            "select sum(order_total) from fct_orders o join dim_customers c using (customer_id) "
            "where c.country = 'USA' and order_total > 0",
            "No row fulfils `c.country = 'USA'`. Stored values: 'US', 'DE'.",
        ),
        ("select count(*) from (select * from fct_orders where channel = 'Web')", STORED),
        # a range beyond the data
        (
            "select * from fct_orders where order_date >= '2026-04-01'",
            "`fct_orders.order_date` holds 2026-01-05 to 2026-03-09.",
        ),
        ("select count(*) from fct_orders where order_date > '2027-01-01'", "to 2026-03-09."),
        ("select avg(order_total) from fct_orders where order_total > 1000", "holds 10.00 to 60"),
        # each holds for some rows, both for none
        (
            "select sum(order_total) from fct_orders where channel = 'web' and order_id = 2",
            "Rows fulfil `channel = 'web'`, and rows fulfil `order_id = 2`, but none does both.",
        ),
        # nothing to filter
        (
            "select * from fct_orders o join dim_customers c on o.order_date < c.first_order_date "
            "and c.first_order_date < '2026-01-01' where o.order_id > 0",
            "no rows before any condition",
        ),
        ("select * from fct_orders limit 0", "No row matched"),
        # what cannot be counted apart is not guessed
        ("select order_id from fct_orders qualify row_number() over () > 9", "No row matched"),
    ],
)
def test_the_condition_that_no_row_fulfils_is_named(house: House, sql: str, said: str) -> None:
    assert said in caveat(house, "query", sql=sql)


@pytest.mark.parametrize(
    "sql",
    [
        "select count(*) from fct_orders where channel = 'web' and order_id = 2",  # a true zero
        "select count(*) from fct_orders where order_date is null",
        "select 0 as nothing",
        "select min(order_total) - 10 from fct_orders where channel = 'web'",
        "select channel, count(*) filter (where order_id > 99) from fct_orders group by 1",
        "select count(*) > 9 as many from fct_orders",
        "select sum(order_total) from fct_orders where channel is null",
    ],
)
def test_what_is_no_empty_result_is_left_alone(house: House, sql: str) -> None:
    assert not caveat(house, "query", sql=sql)


def test_a_metric_over_a_value_that_is_not_stored_says_so(house: House) -> None:
    said = caveat(house, "metric", metrics=["revenue"], where=["channel = 'Web'"])
    assert STORED + "'web', 'app'" in said


def test_a_metric_over_days_without_data_names_the_days_that_have_some(
    house: House,
) -> None:
    said = caveat(house, "metric", metrics=["orders"], start="2027-01-01", end="2027-01-31")
    assert "holds 2026-01-05 to 2026-03-09" in said
