"""Load: clients that ask light, heavy and hostile things over HTTP at once, for minutes.

Every light answer is compared with what is known of the shop. Prints what came of it; the slow
tests hold the same report to its bars.
"""

from __future__ import annotations

import itertools
import logging
import os
import random
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any

import anyio
from mcp import Client, MCPError

from martlet.settings import Settings
from tests.server.processes import Held, children, gone, held, server_under
from tests.server.started import started

LIGHT_CLIENTS, HEAVY_CLIENTS, HOSTILE_CLIENTS = 20, 6, 6
DEADLINE_SECONDS = 4.0
# Beyond the deadline: the kill, and the queue of a machine with few processors.
PATIENCE_SECONDS = 60.0
MODES = ("auto", "legacy")

Call = tuple[str, dict[str, Any], list[list[Any]]]

LIGHT: tuple[Call, ...] = (
    ("query", {"sql": "select order_total from fct_orders where order_id = 3"}, [[30]]),
    ("query", {"sql": "select sum(order_total), count(*) from fct_orders"}, [[210, 6]]),
    (
        "query",
        {"sql": "select channel, sum(order_total) from fct_orders group by 1 order by 1"},
        [["app", 80], ["web", 90], [None, 40]],
    ),
    (
        "query",
        {"sql": "select sku, sum(quantity) from fct_lines group by 1 order by 1"},
        [["A", 7], ["B", 7]],
    ),
    ("metric", {"metrics": ["revenue"]}, [[210]]),
    (
        "metric",
        {"metrics": ["revenue"], "by": ["channel"], "order_by": ["channel"]},
        [["app", 80], ["web", 90], [None, 40]],
    ),
)
HEAVY: tuple[Call, ...] = (
    (
        "query",
        {"sql": "select count(*) from range(20000) a, range(10000) b where a.range <> b.range"},
        [[199_990_000]],
    ),
    (
        "query",
        {"sql": "select count(distinct hash(range)), sum(range) from range(2000000)"},
        [[2_000_000, 1_999_999_000_000]],
    ),
)
HOSTILE: tuple[str, ...] = (
    "select count(*) from range(10000000) a, range(10000000) b where a.range <> b.range + 1",
    "select count(levenshtein(repeat('ab', 10000) || range::varchar, repeat('ba', 10000))) "
    "from range(1000)",
    "select count(*) from range(100000) where regexp_matches(repeat('a', 9999) || 'b', '(a|aa)+$')",
    "select len(array_agg(i)) from range(100000000) as given(i)",
    "select list(repeat('x', 10000)) from range(1000000)",
    "with recursive r as (select 1 as i union all select i + 1 from r) select count(*) from r",
    "select repeat('x', 10000), range from range(1000000)",
    "select json_contains(repeat('[', 200000) || repeat(']', 200000), '1')",
    "copy (select 1) to '/tmp/stolen.csv'",
    "from read_text('/etc/passwd')",
    "select * from information_schema.tables",
    "selec",
    "select " + "(" * 5_000 + "1" + ")" * 5_000,
)


@dataclass
class Report:
    """What came of a load."""

    answers: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    light: list[float] = field(default_factory=list)
    slowest: float = 0.0
    before: Held | None = None
    after: Held | None = None
    peak: Held | None = None
    left: int = 0

    def seconds_of(self, part: float) -> float:
        """The time within which this part of the light calls was answered."""
        ordered = sorted(self.light)
        return ordered[min(int(len(ordered) * part), len(ordered) - 1)]


def run(settings: Settings, *, minutes: float = 0.5) -> Iterator[str]:
    ratio, idle, beside = anyio.run(beside_a_heavy_query, settings)
    yield (
        f"light calls beside one heavy query: p95 {beside * 1000:.0f} ms, idle {idle * 1000:.0f} "
        f"ms, ratio {ratio:.1f} (bar 3)"
    )
    report = anyio.run(load, settings, minutes * 60)
    yield (
        f"load for {minutes:g} min: {sum(report.answers.values())} calls "
        f"({', '.join(f'{name} {count}' for name, count in sorted(report.answers.items()))}), "
        f"{len(report.wrong)} wrong (bar 0), slowest {report.slowest:.1f} s, "
        f"light p95 {report.seconds_of(0.95) * 1000:.0f} ms"
    )
    yield f"load, the server before {report.before}, at most {report.peak}, after {report.after}"
    yield f"load: processes left when it ended: {report.left} (bar 0)"
    yield from report.wrong[:10]


def _quiet() -> None:
    """The SDK's client logs what arrives after it gave up."""
    logging.getLogger("mcp").setLevel(logging.CRITICAL)


async def load(settings: Settings, seconds: float) -> Report:
    """All clients at once for so long, over a server of their own."""
    _quiet()
    report, random_ = Report(), random.Random(0)
    with _server(settings) as url:
        server = server_under(os.getpid())
        async with Client(url) as client:
            for call in (*LIGHT, *HEAVY):
                await _ask(client, call, "warm-up", report)
        report.before = report.peak = held(server)
        end = time.monotonic() + seconds
        async with anyio.create_task_group() as tasks:
            for number in range(LIGHT_CLIENTS + HEAVY_CLIENTS + HOSTILE_CLIENTS):
                tasks.start_soon(_client, url, number, end, random_, report)
            tasks.start_soon(_watch, server, end, report)
        report.after = await _settled(server, report.before)
        sandboxes = children(server)
    report.left = len(await gone([server, *sandboxes]))
    return report


async def beside_a_heavy_query(settings: Settings, calls: int = 200) -> tuple[float, float, float]:
    """p95 of light calls beside one endless query, over p95 of the same calls alone."""
    idle, beside = Report(), Report()
    with _server(settings) as url:
        async with Client(url) as light, Client(url) as heavy:
            for turn in range(calls + 20):
                await _ask(light, LIGHT[turn % 2], "light", idle if turn >= 20 else Report())
            async with anyio.create_task_group() as tasks:
                tasks.start_soon(_keep_busy, heavy)
                await anyio.sleep(0.5)
                for turn in range(calls):
                    await _ask(light, LIGHT[turn % 2], "light", beside)
                tasks.cancel_scope.cancel()
    if idle.wrong or beside.wrong:
        raise AssertionError([*idle.wrong, *beside.wrong])
    alone, with_heavy = idle.seconds_of(0.95), beside.seconds_of(0.95)
    return with_heavy / alone, alone, with_heavy


async def _keep_busy(client: Client) -> None:
    while True:
        await client.call_tool("query", {"sql": HOSTILE[0]})


def _server(settings: Settings) -> AbstractContextManager[str]:
    return started(settings.home, MARTLET_DEADLINE_SECONDS=str(DEADLINE_SECONDS))


async def _client(url: str, number: int, end: float, chance: random.Random, report: Report) -> None:
    """One client until the end; a hostile one hangs up and comes back now and then."""
    kind = _kind(number)
    calls = {"light": LIGHT, "heavy": HEAVY}.get(kind, ())
    turns = itertools.count(number)
    while time.monotonic() < end:
        async with Client(url, mode=MODES[number % 2]) as client:
            while time.monotonic() < end:
                if kind != "hostile":
                    await _ask(client, calls[next(turns) % len(calls)], kind, report)
                    await anyio.sleep(chance.uniform(0, 0.2))
                elif chance.random() < 0.25:
                    await _give_up(client, HOSTILE[next(turns) % len(HOSTILE)], report)
                    break  # and connects anew
                else:
                    await _attack(client, HOSTILE[next(turns) % len(HOSTILE)], report)


def _kind(number: int) -> str:
    if number < LIGHT_CLIENTS:
        return "light"
    return "heavy" if number < LIGHT_CLIENTS + HEAVY_CLIENTS else "hostile"


async def _ask(client: Client, call: Call, kind: str, report: Report) -> None:
    """A call whose answer is known. A heavy one, or any on a full server, may be told to wait."""
    tool, arguments, rows = call
    began = time.monotonic()
    with anyio.fail_after(PATIENCE_SECONDS):
        result = await client.call_tool(tool, arguments)
    took = time.monotonic() - began
    report.slowest = max(report.slowest, took)
    if result.is_error:
        code = result.content[0].text.split(":")[0]
        report.answers[f"{kind} {code}"] += 1
        allowed = ("server.busy", "query.deadline")
        if code not in allowed or kind == "warm-up":
            report.wrong.append(f"{kind}: {result.content[0].text}")
        return
    report.answers[f"{kind} answered"] += 1
    if kind == "light":
        report.light.append(took)
    assert result.structured_content
    if _numbers(result.structured_content["rows"]) != rows:
        report.wrong.append(f"{arguments}: {result.structured_content['rows']}")


async def _attack(client: Client, sql: str, report: Report) -> None:
    """Whatever it is, there is an answer: rows within limits, or an error with a code."""
    began = time.monotonic()
    with anyio.move_on_after(PATIENCE_SECONDS) as patience:
        result = await client.call_tool("query", {"sql": sql})
    report.slowest = max(report.slowest, time.monotonic() - began)
    if patience.cancelled_caught:
        report.wrong.append(f"no answer to: {sql[:100]}")
        return
    code = result.content[0].text.split(":")[0] if result.is_error else "answered"
    report.answers[f"hostile {code}"] += 1
    if code == "server.internal" or "root:" in result.content[0].text:
        report.wrong.append(f"{sql[:100]}: {result.content[0].text[:200]}")


async def _give_up(client: Client, sql: str, report: Report) -> None:
    try:
        await client.call_tool("query", {"sql": sql}, read_timeout_seconds=0.3)
        report.answers["hostile answered at once"] += 1
    except MCPError:
        report.answers["hostile gave up"] += 1


async def _watch(server: int, end: float, report: Report) -> None:
    while time.monotonic() < end:
        now, peak = held(server), report.peak
        assert peak is not None
        report.peak = Held(*map(max, zip(_figures(now), _figures(peak), strict=True)))
        await anyio.sleep(0.5)


async def _settled(server: int, before: Held) -> Held:
    """What the server holds once connections are closed and killed sandboxes are replaced."""
    for _ in range(60):
        now = held(server)
        if now.files <= before.files and now.sandboxes <= before.sandboxes:
            break
        await anyio.sleep(0.5)
    return now


def _figures(held_: Held) -> tuple[float, ...]:
    return held_.files, held_.threads, held_.resident_mb, held_.sandboxes


def _numbers(rows: list[list[Any]]) -> list[list[Any]]:
    """Cells with exact whole numbers as such, however they were written."""
    return [[_number(cell) for cell in row] for row in rows]


def _number(cell: Any) -> Any:
    try:
        return int(float(cell)) if cell is not None and not isinstance(cell, bool) else cell
    except ValueError:
        return cell
