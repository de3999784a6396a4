"""A build that fits `cases/base.yml`, and ways to spoil it."""

from __future__ import annotations

import json
from typing import Any

from martlet.flow.build import BuildState


def small_build(*changes: str) -> BuildState:
    """The build, changed line by line: `fct_orders.columns.status.nulls = 3`, `dim_date delete`."""
    state = {"build_id": "1", "built_at": "2026-10-18T22:00:00Z", "marts": _marts()}
    for change in changes:
        _apply(state["marts"], change)
    return BuildState.model_validate(state)


def _apply(marts: Any, change: str) -> None:
    path, is_set, value = change.partition(" = ")
    *parents, last = path.removesuffix(" delete").split(".")
    target = marts
    for part in parents:
        target = target[int(part)] if isinstance(target, list) else target[part]
    if is_set:
        target[last] = json.loads(value)
    else:
        del target[last]


def _marts() -> dict[str, Any]:
    return {
        "dim_customers": _mart(
            "dim_customers",
            3,
            [["customer_id"]],
            customer_id=_column("BIGINT", 3),
            country=_column("VARCHAR", 2, nulls=1, top=[["DE", 1], ["US", 1]]),
            **{"60_day_value": _column("DECIMAL(18,2)", 3)},
            value_60_day=_column("DECIMAL(18,2)", 3),
        )
        | {"withheld": ["email: personal data"]},
        "dim_date": _mart(
            "dim_date",
            31,
            [["date_day"]],
            date_day=_column("DATE", 31, min="2026-10-01", max="2026-10-31"),
        ),
        "fct_orders": _mart(
            "fct_orders",
            5,
            [["order_id"]],
            order_id=_column("BIGINT", 5),
            customer_id=_column("BIGINT", 3, nulls=1),
            ordered_on=_column("DATE", 4),
            status=_column("VARCHAR", 2, top=[["paid", 4], ["refunded", 1]]),
            amount=_column("DECIMAL(18,2)", 5),
            loaded_at=_column("TIMESTAMP", 5),
        )
        | {
            "foreign_keys": [
                {
                    "columns": ["customer_id"],
                    "to_mart": "dim_customers",
                    "to_columns": ["customer_id"],
                    "nulls": 1,
                    "unresolved": 0,
                }
            ]
        },
    }


def _mart(name: str, rows: int, keys: list[list[str]], **columns: Any) -> dict[str, Any]:
    measured = [{"columns": key, "rows": rows, "distinct": rows, "nulls": 0} for key in keys]
    return {"name": name, "row_count": rows, "columns": columns, "keys": measured}


def _column(kind: str, distinct: int, **more: Any) -> dict[str, Any]:
    return {"type": kind, "distinct": distinct, "nulls": 0, **more}
