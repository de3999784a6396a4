"""A join that repeats rows under an aggregate is told, with how much; one that does not is not."""

from __future__ import annotations

import pytest

from martlet.flow.query import Stop
from martlet.house import House
from martlet.tools.surface import call_tool

# SQL over the small shop (6 orders, 8 lines, 3 customers), and what must be told of it.
REPEATS = {
    "orders joined to their lines": (
        "select sum(o.order_total) from fct_orders o join fct_lines l using (order_id)",
        "×1.3",
    ),
    "a filter on the lines changes how much": (
        "select sum(o.order_total) from fct_orders o, fct_lines l "
        "where o.order_id = l.order_id and o.order_id in (3, 5)",
        "×2.0",
    ),
    "through a dimension, over two hops": (
        "select c.country, avg(o.order_total) from fct_orders o "
        "left join dim_customers c on c.customer_id = o.customer_id "
        "left join fct_lines l on l.order_id = o.order_id group by 1",
        "×1.3",
    ),
    "a customer's attribute summed over orders": (
        "select count(c.country) from dim_customers c join fct_orders using (customer_id)",
        "×1.7",
    ),
    "the join hides in a CTE and the sum stands outside": (
        "with joined as (select o.order_total, l.sku from fct_orders o "
        "join fct_lines l on l.order_id = o.order_id) select sum(order_total) from joined",
        "×1.3",
    ),
    "the join hides in a subquery with a star": (
        "select sum(order_total) from (select * from fct_orders join fct_lines using (order_id))",
        "repeat",
    ),
    "two facts meet at a dimension (a chasm)": (
        "select sum(o.order_total), sum(l.net_amount) from dim_customers c "
        "join fct_orders o using (customer_id) join fct_lines l on l.line_date = o.order_date",
        "fct_",
    ),
    "no condition at all": (
        "select sum(o.order_total) from fct_orders o cross join fct_lines",
        "×8.0",
    ),
}

KEEPS = {
    "lines joined to their order": (
        "select o.channel, sum(l.net_amount) from fct_lines l join fct_orders o using (order_id) "
        "group by 1"
    ),
    "lines to order to customer": (
        "select c.country, sum(l.net_amount) from fct_lines l "
        "join fct_orders o on o.order_id = l.order_id "
        "left join dim_customers c on c.customer_id = o.customer_id group by 1"
    ),
    "lines added up before the join": (
        "with lines as (select order_id, sum(net_amount) as net from fct_lines group by order_id) "
        "select sum(o.order_total), sum(lines.net) from fct_orders o "
        "left join lines using (order_id)"
    ),
    "lines added up in a subquery, by position": (
        "select sum(o.order_total) from fct_orders o "
        "join (select order_id, count(*) as n from fct_lines group by 1) l "
        "on l.order_id = o.order_id"
    ),
    "a semi join": (
        "select sum(o.order_total) from fct_orders o semi join fct_lines using (order_id)"
    ),
    "exists": (
        "select sum(order_total) from fct_orders o where exists "
        "(select 1 from fct_lines l where l.order_id = o.order_id)"
    ),
    "a total on the side": (
        "select sum(o.order_total) / max(t.total) from fct_orders o "
        "cross join (select sum(order_total) as total from fct_orders) t"
    ),
    "distinct keys are counted once": (
        "select count(distinct o.order_id) from fct_orders o join fct_lines using (order_id)"
    ),
    "a join that could repeat rows and does not": (
        "select sum(o.order_total) from fct_orders o join fct_lines l "
        "on l.order_id = o.order_id and l.line_id in (1, 2)"
    ),
}


@pytest.mark.parametrize("name", REPEATS)
def test_rows_repeated_under_an_aggregate_are_a_caveat(house: House, name: str) -> None:
    sql, said = REPEATS[name]
    status, caveats = asked(house, sql)
    assert status == "warn"
    assert any("Fan-out" in caveat and said in caveat for caveat in caveats), caveats


@pytest.mark.parametrize("name", KEEPS)
def test_a_join_that_repeats_nothing_is_no_caveat(house: House, name: str) -> None:
    status, caveats = asked(house, KEEPS[name])
    assert (status, [c for c in caveats if "Fan-out" in c]) == ("ok", [])


def asked(house: House, sql: str) -> tuple[str, list[str]]:
    """The status of the fan-out check and the caveats of the answer."""
    outcome = call_tool(house, "query", {"sql": sql}, Stop())
    assert outcome.reply, outcome.error
    content = outcome.reply.structured
    (check,) = [item for item in content["checks"] if item["name"] == "fan_out"]
    return check["status"], content["caveats"]
