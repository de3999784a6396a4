"""Builds are swapped under clients that ask without pause: no call fails, no answer mixes two."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

import anyio
import duckdb
import pytest
from anyio import to_thread
from mcp import Client

from martlet.build import Origin, publish_from
from martlet.settings import Settings
from tests.server.started import started
from tests.small import small_database, small_settings

CLIENTS = 8
WRITE_NUMBER = """
update marts.fct_orders set order_total = {n};
update marts.fct_lines set net_amount = {n}, quantity = {n};
update marts.dim_customers set country = '{n}';
"""
JOINED = """
select min(order_total) as orders_say, max(order_total), min(net_amount) as lines_say,
    max(quantity), max(country::int) as customers_say
from fct_orders
inner join fct_lines on fct_orders.order_id = fct_lines.order_id
inner join dim_customers on fct_orders.customer_id = dim_customers.customer_id
"""
LONGER = f"""
select joined.* from ({JOINED}) as joined, range(3000) as one (i), range(3000) as other (i)
where one.i * other.i = 2999 * 2999
"""
Told = dict[str, Any]


@dataclass(frozen=True)
class Question:
    """A call, and where its answer says the number that the whole build was made with."""

    tool: str
    arguments: Told
    numbers: Callable[[Told], list[Any]]


def in_order_totals(told: Told) -> list[Any]:
    (found,) = (item for item in told["cards"][0]["columns"] if item["name"] == "order_total")
    return [found["min"], found["max"]]


QUESTIONS = (
    Question(
        "metric",
        {"metrics": ["revenue", "line_revenue"]},  # over 6 orders, and over 8 lines
        lambda told: [Decimal(told["rows"][0][0]) / 6, Decimal(told["rows"][0][1]) / 8],
    ),
    Question(
        "metric",
        {"metrics": ["revenue", "orders"], "by": ["country"], "where": ["country is not null"]},
        lambda told: [told["rows"][0][0], Decimal(told["rows"][0][1]) / told["rows"][0][2]],
    ),
    Question("query", {"sql": JOINED}, lambda told: list(told["rows"][0])),
    Question(
        "query",
        {"sql": LONGER},
        lambda told: list(told["rows"][0]),
    ),
    Question(
        "values",
        {"field": "dim_customers.country"},
        lambda told: [item["value"] for item in told["values"]],
    ),
    Question("describe", {"names": ["fct_orders"]}, in_order_totals),
)


@dataclass
class Seen:
    """What the clients were told: the numbers in the answers, by the build that each names."""

    answers: int = 0
    failures: list[str] = field(default_factory=list)
    numbers: dict[str, set[Decimal]] = field(default_factory=dict)

    async def ask(self, client: Client, question: Question) -> str:
        """The build that answered."""
        result = await client.call_tool(question.tool, question.arguments)
        told = result.structured_content
        if result.is_error or told is None:
            self.failures.append(f"{question.tool}: {result.content}")
            return ""
        build_id = str(told["data"]["build_id"])
        numbers = {Decimal(str(number)) for number in question.numbers(told)}
        self.numbers.setdefault(build_id, set()).update(numbers)
        self.answers += 1
        return build_id


def publish_number(settings: Settings, folder: Path, number: int) -> str:
    """Publish a shop in which every mart says one number, and give the id of the build."""
    file = folder / "shop.duckdb"
    with duckdb.connect(str(file)) as con:
        con.execute(WRITE_NUMBER.format(n=number))
    origin = Origin(database=file, schema="marts", hide=("dim_customers.email",))
    return publish_from(settings, origin).build_id


async def ask_without_pause(url: str, first: int, seen: Seen, done: anyio.Event) -> None:
    async with Client(url, mode=("auto", "legacy")[first % 2]) as client:
        turn = first
        while not done.is_set():
            await seen.ask(client, QUESTIONS[turn % len(QUESTIONS)])
            turn += 1


@pytest.mark.slow
@pytest.mark.anyio
@pytest.mark.parametrize(("builds", "kept"), [(50, 3), (25, 1)])
async def test_builds_are_swapped_under_eight_clients(
    tmp_path: Path, builds: int, kept: int
) -> None:
    settings = small_settings(tmp_path, keep_builds=kept)
    small_database(tmp_path)
    published = {publish_number(settings, tmp_path, 1): 1}
    seen, done = Seen(), anyio.Event()
    with started(settings.home) as url:
        async with Client(url) as own, anyio.create_task_group() as clients:
            for first in range(CLIENTS):
                clients.start_soon(ask_without_pause, url, first, seen, done)
            for number in range(2, builds + 1):
                build = await to_thread.run_sync(publish_number, settings, tmp_path, number)
                published[build] = number
                for question in QUESTIONS[:2]:
                    assert await seen.ask(own, question) == build  # the very next one
            done.set()
    assert seen.failures == []
    assert {build: {Decimal(published[build])} for build in seen.numbers} == seen.numbers
    assert len(seen.numbers) == builds
    assert seen.answers > builds * CLIENTS
