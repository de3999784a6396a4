"""The tools as a client sees them, over a shop to add up in your head."""

from __future__ import annotations

import json
from typing import Any

import pytest
from mcp import Client
from mcp.types import CallToolResult, TextContent

from martlet.flow.query import Stop
from martlet.house import House
from martlet.tools.surface import call_tool
from martlet.tools.table import TOOLS

pytestmark = pytest.mark.anyio


def text(result: CallToolResult) -> str:
    (block,) = result.content
    assert isinstance(block, TextContent)
    return block.text


async def good(client: Client, tool: str, **arguments: Any) -> dict[str, Any]:
    result = await client.call_tool(tool, arguments)
    assert not result.is_error, text(result)
    assert isinstance(result.structured_content, dict)
    return result.structured_content


async def refused(client: Client, tool: str, **arguments: Any) -> str:
    result = await client.call_tool(tool, arguments)
    assert result.is_error
    assert result.structured_content is None
    return text(result)


async def test_the_five_tools_are_listed_read_only_with_schemas(client: Client) -> None:
    listed = (await client.list_tools()).tools
    assert [tool.name for tool in listed] == ["search", "describe", "values", "metric", "query"]
    for tool in listed:
        assert tool.title and tool.description and tool.output_schema
        assert tool.annotations
        assert tool.annotations.read_only_hint and tool.annotations.idempotent_hint
        assert tool.annotations.destructive_hint is False
        assert tool.annotations.open_world_hint is False


async def test_instructions_name_the_marts_and_the_last_complete_day(client: Client) -> None:
    assert client.instructions
    assert "fct_orders" in client.instructions
    assert "complete through 2026-03-08" in client.instructions
    assert len(client.instructions) <= 4_000


async def test_a_query_gives_rows_units_and_the_state_of_the_data(client: Client) -> None:
    got = await good(
        client, "query", sql="select order_id, order_total from fct_orders order by order_id"
    )
    assert got["rows"][0] == [1, 10.0]
    assert got["columns"][1]["unit"] == "EUR"
    assert got["columns"][1]["source"] == "fct_orders.order_total"
    assert got["data"]["complete_through"] == "2026-03-08"
    assert got["truncated"] is None
    assert got["trust"]["verdict"] == "unknown"  # no dbt test stands behind a plain database


async def test_a_metric_by_channel_keeps_the_group_without_a_channel(client: Client) -> None:
    got = await good(client, "metric", metrics=["revenue"], by=["channel"])
    assert {row[0]: row[1] for row in got["rows"]} == {"web": 90.0, "app": 80.0, None: 40.0}
    assert got["metrics"][0]["name"] == "revenue"


async def test_a_metric_over_two_facts_is_not_inflated_by_their_meeting(client: Client) -> None:
    got = await good(client, "metric", metrics=["revenue", "line_revenue"], by=["country"])
    assert {row[0]: row[1:] for row in got["rows"]} == {
        "DE": [40.0, 40.0],
        "US": [60.0, 60.0],
        None: [110.0, 110.0],
    }


async def test_order_revenue_by_product_is_refused_with_the_metric_that_fits(
    client: Client,
) -> None:
    said = await refused(client, "metric", metrics=["revenue"], by=["sku"])
    assert said.startswith("metric.fan_out")
    assert "line_revenue" in said


async def test_a_month_that_has_not_ended_is_marked(client: Client) -> None:
    got = await good(client, "metric", metrics=["revenue"], grain="month")
    assert [row[1] for row in got["rows"]] == [30.0, 70.0, 110.0]
    assert any("2026-03-01" in caveat and "2026-03-08" in caveat for caveat in got["caveats"])


async def test_lists_may_come_as_json_text_or_as_one_word(client: Client) -> None:
    as_json = await good(client, "metric", metrics='["revenue", "orders"]')
    as_word = await good(client, "metric", metrics="revenue")
    assert as_json["rows"] == [[210.0, 6]]
    assert as_word["rows"] == [[210.0]]


async def test_values_offers_what_is_stored_nearest_to_the_text(client: Client) -> None:
    got = await good(client, "values", field="dim_customers.country", like="germany de")
    assert got["values"][0] == {"value": "DE", "rows": 1}


async def test_search_finds_a_metric_by_its_synonym(client: Client) -> None:
    got = await good(client, "search", query="turnover")
    assert got["results"][0]["id"] == "metric/revenue"
    assert got["results"][0]["url"] == "martlet://metric/revenue"


async def test_describe_shows_no_column_that_is_not_published(client: Client) -> None:
    got = await good(client, "describe", names=["dim_customers"])
    (card,) = got["cards"]
    assert [column["name"] for column in card["columns"]] == [
        "customer_id",
        "country",
        "first_order_date",
    ]
    assert "SECRET" not in json.dumps(got)


async def test_describe_without_names_is_the_overview(client: Client) -> None:
    (card,) = (await good(client, "describe"))["cards"]
    assert [mart["name"] for mart in card["marts"]] == ["dim_customers", "fct_lines", "fct_orders"]
    assert "revenue" in [metric["name"] for metric in card["metrics"]]


@pytest.mark.parametrize(
    "sql",
    [
        "select * from read_text('/etc/hostname')",
        "select email from dim_customers",
        "select * from staging.stg_orders",
        "delete from fct_orders",
        "select 1; select 2",
        "select * from duckdb_tables()",
        "copy fct_orders to '/tmp/x.csv'",
    ],
)
async def test_hostile_sql_is_refused_as_text_with_a_next_step(client: Client, sql: str) -> None:
    said = await refused(client, "query", sql=sql)
    assert said.startswith("sql.")
    assert "SECRET" not in said


async def test_a_name_nearly_right_is_answered_with_the_right_one(client: Client) -> None:
    assert "`fct_orders`" in await refused(client, "query", sql="select * from fct_order")
    assert "`revenue`" in await refused(client, "metric", metrics=["revenu"])
    assert "`channel`" in await refused(
        client, "metric", metrics=["revenue"], by=["chanel"]
    ) or "order__channel" in await refused(client, "metric", metrics=["revenue"], by=["chanel"])
    assert "`dim_customers`" in await refused(client, "describe", names=["dim_customer"])


async def test_wrong_arguments_are_told_all_at_once(client: Client) -> None:
    said = await refused(client, "metric", metric=["revenue"], limit="many")
    assert said.startswith("request.invalid")
    assert "`metric` is not an argument" in said
    assert "`metrics` is missing" in said
    assert "`limit`" in said
    assert "Did you mean `metrics`?" in said


async def test_an_unknown_tool_is_answered_with_the_tools(client: Client) -> None:
    assert "query" in await refused(client, "sql", sql="select 1")


async def test_a_cut_answer_says_whose_limit_cut_it(client: Client) -> None:
    got = await good(client, "query", sql="select * from fct_lines order by line_id", limit=3)
    assert got["row_count"] == 3
    assert got["truncated"]["by"] == "rows"
    assert got["truncated"]["whose"] == "caller"
    whole = await good(client, "query", sql="select * from fct_lines order by line_id", limit=8)
    assert whole["truncated"] is None


async def test_explain_runs_nothing(client: Client) -> None:
    got = await good(client, "metric", metrics=["aov"], by=["country"], explain=True)
    assert got["rows"] == []
    assert "dim_customers" in got["tables"]
    assert any("fct_orders → dim_customers" in line for line in got["notes"])


async def test_an_empty_result_is_not_a_silent_zero(client: Client) -> None:
    got = await good(
        client, "query", sql="select sum(order_total) from fct_orders where channel = 'Web'"
    )
    assert any("not a zero" in caveat for caveat in got["caveats"])


async def test_the_wall_clock_in_sql_is_flagged_with_the_last_complete_day(client: Client) -> None:
    got = await good(
        client, "query", sql="select count(*) from fct_orders where order_date = current_date"
    )
    assert any("2026-03-08" in caveat for caveat in got["caveats"])


async def test_an_exact_sum_is_exact(client: Client) -> None:
    got = await good(
        client,
        "query",
        sql="select 0.1::decimal(3,1) + 0.2::decimal(3,1) a, 9007199254740993 b, "
        "12345678901234567.89::decimal(38,2) c",
    )
    assert got["rows"] == [[0.3, "9007199254740993", "12345678901234567.89"]]


def test_every_call_is_in_the_audit_log_without_row_values(house: House) -> None:
    call_tool(house, "query", {"sql": "select country from dim_customers"}, Stop())
    call_tool(house, "query", {"sql": "drop table fct_orders"}, Stop(), principal="eve")
    newest = max(house.audit.folder.glob("*.jsonl"))
    answered, hostile = [json.loads(line) for line in newest.read_text().splitlines()[-2:]]
    assert (answered["decision"], answered["rows"]) == ("answered", 3)
    assert answered["tables"] == ["dim_customers"]
    assert (hostile["decision"], hostile["principal"]) == ("refused", "eve")
    assert hostile["code"] == "sql.not_a_query"
    assert "US" not in json.dumps(answered)


def test_nothing_is_answered_when_the_audit_log_cannot_be_written(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    no_folder = house.settings.home / "published" / "current"
    monkeypatch.setattr(house.audit, "folder", no_folder)
    outcome = call_tool(house, "query", {"sql": "select 1"}, Stop())
    assert outcome.error and outcome.error.code == "server.audit"


def test_texts_of_tools_are_short_and_of_one_voice() -> None:
    for tool in TOOLS:
        assert 80 <= len(tool.description) <= 420, tool.name


@pytest.mark.parametrize(
    ("sql", "said"),
    [
        (
            "select date_trunc('month', order_date) m, sum(order_total) from fct_orders group by 1",
            "month",
        ),
        (
            "with monthly as (select date_trunc('month', order_date)::date as m, "
            "sum(order_total) as total from fct_orders group by all) select m, total from monthly",
            "month from 2026-03-01",
        ),
        ("select date_trunc('quarter', line_date), count(*) from fct_lines group by 1", "quarter"),
    ],
)
async def test_a_period_that_has_not_ended_is_marked_in_sql_too(
    client: Client, sql: str, said: str
) -> None:
    got = await good(client, "query", sql=sql)
    assert any("Incomplete period" in c and said in c for c in got["caveats"]), got["caveats"]


async def test_periods_that_cannot_be_followed_are_said_not_to_be_checked(client: Client) -> None:
    got = await good(
        client, "query", sql="select month(order_date), count(*) from fct_orders group by 1"
    )
    (check,) = [item for item in got["checks"] if item["name"] == "incomplete_period"]
    assert check["status"] == "not_checked"
    full = await good(
        client,
        "query",
        sql="select date_trunc('month', order_date), count(*) from fct_orders "
        "where order_date < '2026-03-01' group by 1",
    )
    assert full["caveats"] == []
