"""Tokens: what the definitions cost a model once, and what a row of an answer costs it."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator

from martlet.flow.query import Stop
from martlet.house import House
from martlet.settings import Settings
from martlet.tools.instructions import instructions
from martlet.tools.surface import call_tool, listing

PIECES = re.compile(r" ?[A-Za-z]+| ?\d{1,3}| ?[^\sA-Za-z\d]{1,3}|\s+")

NINE_COLUMNS = """
select order_id, customer_id, order_date, channel, order_total, order_date - 1 as day_before,
    order_total * 2 as doubled, upper(channel) as channel_upper, order_id % 2 = 0 as is_even
from fct_orders order by order_id limit {rows}
"""


def run(settings: Settings) -> Iterator[str]:
    tools = [tool.model_dump(mode="json", by_alias=True, exclude_none=True) for tool in listing()]
    inputs = [{key: tool[key] for key in ("name", "description", "inputSchema")} for tool in tools]
    outputs = [tool["outputSchema"] for tool in tools]
    house = House(settings)
    try:
        with house.serving() as serving:
            text = instructions(serving.catalog, serving.state, settings)
        few, many = (_answer(house, rows) for rows in (1, 6))
    finally:
        house.close()
    yield (
        f"tokens (estimated): definitions {tokens(_json(inputs))} (bar 1200), "
        f"instructions {tokens(text)} (bar 1000), "
        f"output schemas {tokens(_json(outputs))} (bar 1000)"
    )
    yield (
        f"tokens per 9-column row (estimated): text {(tokens(many[0]) - tokens(few[0])) / 5:.0f}, "
        f"structured {(tokens(many[1]) - tokens(few[1])) / 5:.0f} (bar 35)"
    )


def tokens(text: str) -> int:
    """An estimate without a vocabulary at hand: pieces of words, numbers and signs.

    Within 10 % of o200k_base on this project's own texts and schemas.
    """
    return sum(max(1, math.ceil(len(piece.strip()) / 9)) for piece in PIECES.findall(text))


def _answer(house: House, rows: int) -> tuple[str, str]:
    reply = call_tool(house, "query", {"sql": NINE_COLUMNS.format(rows=rows)}, Stop()).reply
    assert reply
    return reply.text, _json(reply.structured["rows"])


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
