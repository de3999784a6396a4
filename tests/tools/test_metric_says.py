"""What an answer of `metric` says of itself: definition, time, range, what adds up, what is
partial, which groups are null, what was filled in, and which periods are missing."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest
from mcp import Client

from martlet.build import Origin, publish_from
from martlet.house import House
from martlet.server import make_server
from tests.small import HERE, small_database, small_settings
from tests.tools.test_tools import good

# More kinds of metrics on fct_orders: 10 + 20 in January, 30 + 40 in February, 50 + 60 in March.
MORE = """
      - {name: running, type: cumulative, input_metric: revenue, unit: EUR, description: So far.}
      - {name: mom, type: derived, expr: revenue - before, unit: EUR, description: Growth.,
         input_metrics: [revenue, {name: revenue, alias: before, offset_window: 1 month}]}
      - {name: filled, type: simple, agg: sum, expr: order_total, join_to_timespine: true,
         fill_nulls_with: 0, unit: EUR, description: With every period.}
      - {name: buyers, type: simple, agg: count_distinct, expr: customer_id, unit: count,
         description: Different customers.}
  - name: fct_lines
"""


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    folder = tmp_path_factory.mktemp("says")
    shop = (HERE / "semantic" / "shop.yml").read_text(encoding="utf-8")
    (folder / "semantic").mkdir()
    changed = shop.replace("  - name: fct_lines\n", MORE.removeprefix("\n"))
    (folder / "semantic" / "shop.yml").write_text(changed, encoding="utf-8")
    settings = small_settings(folder).model_copy(update={"catalog": folder / "semantic"})
    publish_from(settings, Origin(database=small_database(folder), hide=("dim_customers.email",)))
    opened = House(settings)
    yield opened
    opened.close()


@pytest.fixture
async def client(house: House) -> AsyncIterator[Client]:
    async with Client(make_server(house)) as connected:
        yield connected


async def ask(client: Client, metric: str, **arguments: Any) -> dict[str, Any]:
    return await good(client, "metric", metrics=metric.split(), **arguments)


pytestmark = pytest.mark.anyio


async def test_the_definition_that_was_used(client: Client) -> None:
    got = await ask(client, "aov running mom", grain="month")
    assert [line["definition"] for line in got["metrics"]] == [
        "revenue / orders, totals divided; null when 0 divides",
        "sum of order_total, from the first day of the data; fct_orders, by order_date",
        "revenue - before (before is revenue 1 month earlier)",
    ]


async def test_the_column_that_metric_time_was(client: Client) -> None:
    got = await ask(client, "revenue", grain="month")
    assert "metric_time is fct_orders.order_date." in got["notes"]
    assert got["columns"][0]["source"] == "fct_orders.order_date"
    got = await ask(client, "revenue units", start="2026-02-01")
    own = "metric_time is each metric's own time: fct_orders.order_date, fct_lines.line_date."
    assert own in got["notes"]


async def test_the_exact_range(client: Client) -> None:
    got = await ask(client, "revenue", start="2026-01-10", end="2026-02-10")
    said = "Range: from 2026-01-10 through 2026-02-10 included; not widened to whole periods."
    assert got["rows"] == [[50.0]] and said in got["notes"]


async def test_whether_the_groups_of_each_metric_add_up(client: Client) -> None:
    got = await ask(client, "revenue orders aov buyers", by=["order__channel"])
    assert "revenue, orders: the groups add up to the total." in got["notes"]
    assert "aov: a ratio of sums, so the groups do not add up to a total." in got["notes"]
    assert "buyers: a distinct count, so the groups do not add up to a total." in got["notes"]
    assert not [note for note in (await ask(client, "revenue"))["notes"] if "add up" in note]


async def test_rows_that_the_data_or_the_range_covers_in_part(client: Client) -> None:
    got = await ask(client, "revenue", grain="month", start="2026-01-10", end="2026-03-31")
    assert got["caveats"] == [
        "Incomplete period: month from 2026-03-01 is covered only through 2026-03-08; "
        "do not compare it with a full one. "
        "The asked range covers the month from 2026-01-01 only from 2026-01-10 on."
    ]
    got = await ask(client, "revenue", grain="month", start="2026-01-01", end="2026-02-10")
    assert got["caveats"] == [
        "The asked range covers the month from 2026-02-01 only through 2026-02-10."
    ]
    got = await ask(client, "revenue", grain="month", start="2026-01-01", end="2026-02-28")
    assert got["caveats"] == []


async def test_groups_that_are_null_and_what_that_means(client: Client) -> None:
    got = await ask(client, "revenue", by=["order__channel"])
    assert "order__channel is null in 1 row: (unknown)." in got["notes"]
    got = await ask(client, "revenue", by=["customer__country"])
    assert [None, 110.0] in got["rows"]
    assert "customer__country is null in 1 row: (unknown) or no customer." in got["notes"]
    got = await ask(client, "revenue", by=["customer__country"], where=["customer__country = 'DE'"])
    assert not [note for note in got["notes"] if "null" in note]


async def test_what_was_filled_in(client: Client) -> None:
    got = await ask(client, "filled", grain="week")
    assert len(got["rows"]) == 10
    shown = "Periods without rows are shown, from the first to the last day of the data."
    assert {shown, "filled: 0 stands where there are no rows."} <= set(got["notes"])
    assert not [text for text in got["caveats"] if "No row" in text]
    got = await ask(client, "running", grain="week")
    assert len(got["rows"]) == 10 and shown in got["notes"]
    got = await ask(client, "filled", by=["order__channel"], grain="week")
    said = "order__channel is null in 6 rows: (unknown) or a period without rows."
    assert said in got["notes"]
    assert f"{shown} In them the other columns are empty." in got["notes"]


async def test_periods_in_between_that_have_no_row(client: Client) -> None:
    got = await ask(client, "revenue", grain="week", end="2026-03-08")
    assert [row[0] for row in got["rows"]] == [
        "2026-01-05",
        "2026-01-19",
        "2026-02-09",
        "2026-02-23",
    ]
    assert got["caveats"] == [
        "No row for 4 of 8 weeks from 2026-01-05 to 2026-02-23: 2026-01-12, "
        "2026-01-26 to 2026-02-02, 2026-02-16; they are left out, not shown as 0."
    ]
    got = await ask(client, "revenue", grain="month", end="2026-02-28")
    assert got["caveats"] == []


@pytest.mark.parametrize(
    ("sql", "named"),
    [
        (
            "select date_trunc('month', order_date) as m, sum(order_total) from fct_orders "
            "where order_date not between '2026-02-01' and '2026-02-28' group by 1",
            "No row for 1 of 3 months from 2026-01-01 to 2026-03-01: 2026-02-01;",
        ),
        (
            "select order_date, count(*) from fct_orders where order_id in (3, 4, 5) group by 1",
            "No row for 17 of 20 days... 2026-02-12 to 2026-02-28;",
        ),
        ("select order_date, channel, count(*) from fct_orders group by all", ""),
        ("select order_date, count(*) from fct_orders group by 1 order by 2 limit 3", ""),
        ("select order_id, order_date from fct_orders", ""),
        ("select distinct order_date from fct_orders", ""),
    ],
)
async def test_a_series_of_ones_own_sql_tells_its_gaps(
    client: Client, sql: str, named: str
) -> None:
    got = await good(client, "query", sql=sql)
    told = [text for text in got["caveats"] if "No row for" in text]
    begin, _, end = named.partition("...")
    assert (begin in told[0] and end in told[0]) if named else not told
