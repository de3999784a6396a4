"""Every number of the demo's conversation equals hand-written SQL over the marts."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import anyio
import duckdb
import pytest

from martlet.demo.conversation import TURNS, Heard, connect, converse
from martlet.publish import store
from martlet.settings import Settings

# The last complete month of the demo's data is September 2026; it ends on 18 October.
HAND = {
    "revenue_by_channel": """
        select channel, sum(gross_sales - discount_amount), count(*),
            sum(gross_sales - discount_amount)::double / count(*)
        from marts.fct_orders where order_date between '2026-09-01' and '2026-09-30' group by 1
    """,
    "top_products": """
        select product_name, sum(net_sales), sum(quantity) from marts.fct_sales
        where order_date between '2026-04-01' and '2026-09-30'
        group by 1 order by 2 desc limit 5
    """,
    "roas_by_month": """
        with sold as (
            select date_trunc('month', order_date)::date as month,
                sum(gross_sales - discount_amount) as revenue
            from marts.fct_orders where order_date >= '2026-04-01' and order_date < '2026-10-01'
            group by 1
        ), spent as (
            select date_trunc('month', date)::date as month, sum(spend) as spend
            from marts.fct_ads_performance where date >= '2026-04-01' and date < '2026-10-01'
            group by 1
        )
        select month, revenue::double / spend, revenue, spend from sold join spent using (month)
    """,
    "repeat_customers": """
        select first_touch_channel, count(*) filter (total_orders > 0),
            count(*) filter (total_orders > 1),
            count(*) filter (total_orders > 1)::double
                / nullif(count(*) filter (total_orders > 0), 0)
        from marts.dim_customers group by 1
    """,
    "month_so_far": """
        select date '2026-10-01', sum(gross_sales - discount_amount), count(*)
        from marts.fct_orders where order_date >= '2026-10-01'
    """,
    "refunds": """
        select category, sum(refund_amount)::double / sum(gross_sales - discount_amount),
            sum(refund_amount), sum(net_sales)
        from marts.fct_sales group by 1
    """,
    "cohorts": """
        select make_date(year(first_order_date), 3 * quarter(first_order_date) - 2, 1), count(*),
            round(sum(ltv_60_day)::double / count(*), 2)
        from marts.dim_customers where is_ltv_60_day_mature group by 1
    """,
}


@pytest.fixture(scope="module")
def heard(demo: Settings) -> dict[str, Heard]:
    async def listen() -> dict[str, Heard]:
        async with connect(demo.home) as client:
            return {item.turn.name: item async for item in converse(client)}

    return anyio.run(listen)


@pytest.fixture(scope="module")
def marts(demo: Settings) -> Iterator[duckdb.DuckDBPyConnection]:
    file = store.open_build(store.current(demo.home)).database
    with duckdb.connect(str(file), read_only=True) as connection:
        yield connection


def test_every_turn_goes_as_it_is_meant(heard: dict[str, Heard]) -> None:
    assert [item.turn.name for item in heard.values() if not item.as_meant] == []
    assert len(heard) == len(TURNS) >= 8


def test_every_turn_with_numbers_has_sql_by_hand() -> None:
    with_numbers = {turn.name for turn in TURNS if turn.tool in ("metric", "query")}
    assert set(HAND) == with_numbers - {turn.name for turn in TURNS if turn.refused}


@pytest.mark.parametrize("name", HAND)
def test_the_numbers_equal_sql_by_hand(
    name: str, heard: dict[str, Heard], marts: duckdb.DuckDBPyConnection
) -> None:
    content = heard[name].content
    assert content
    assert content["truncated"] is None or name == "top_products"
    by_hand = marts.execute(HAND[name]).fetchall()
    assert comparable(content["rows"]) == comparable(by_hand)
    assert content["trust"]["verdict"] == "ok"


def test_the_running_month_is_marked_and_full_ones_are_not(heard: dict[str, Heard]) -> None:
    running, full = heard["month_so_far"].content, heard["roas_by_month"].content
    assert running and full
    assert any("2026-10-01" in caveat for caveat in running["caveats"])
    assert not any("Incomplete" in caveat for caveat in full["caveats"])


def test_the_refused_metric_names_one_that_fits(heard: dict[str, Heard]) -> None:
    assert "use `product_revenue`" in heard["fan_out"].text
    assert "`revenue`" in heard["typo"].text


def test_spoken_sentences_come_from_the_rows(heard: dict[str, Heard]) -> None:
    for item in heard.values():
        if item.content and "rows" in item.content:
            assert item.turn.say(item.content["rows"])


def comparable(rows: list[Any]) -> set[tuple[Any, ...]]:
    return {tuple(_comparable(cell) for cell in row) for row in rows}


def _comparable(cell: Any) -> Any:
    if isinstance(cell, bool) or cell is None:
        return cell
    if isinstance(cell, int | float | Decimal):
        return round(float(cell), 9)
    return str(cell)[:10] if cell.__class__.__name__ == "date" else cell
