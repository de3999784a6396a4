"""One call of every tool over the small shop."""

from __future__ import annotations

from typing import Any

EVERY_TOOL: tuple[tuple[str, dict[str, Any]], ...] = (
    ("search", {"query": "turnover by channel"}),
    ("describe", {"names": ["fct_orders", "revenue"]}),
    ("values", {"field": "dim_customers.country", "like": "de"}),
    ("metric", {"metrics": ["revenue"], "by": ["channel"], "grain": "month"}),
    ("query", {"sql": "select channel, sum(order_total) as total from fct_orders group by 1"}),
)
