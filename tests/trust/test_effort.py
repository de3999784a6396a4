"""Queries that grow at each step: following them takes as long as they are, not as they mean."""

from __future__ import annotations

from martlet.trust.joins import find_suspects

KEYS = {"fct_orders": frozenset({frozenset({"order_id"})})}
COLUMNS = {"fct_orders": frozenset({"order_id", "order_total"})}


def chained(steps: int, step: str) -> str:
    """CTEs that each read the one before as `step` says."""
    first = "c0 as (select order_id as x, order_total as y from fct_orders)"
    ctes = ", ".join([first, *(f"c{i} as ({step.format(f'c{i - 1}')})" for i in range(1, steps))])
    return f"with {ctes} select sum(y) from c{steps - 1}"


def test_ctes_that_each_join_the_one_before_with_itself_are_followed_once() -> None:
    twice = "select a.x, b.y from {0} as a inner join {0} as b on a.y = b.y"
    (suspect,) = find_suspects(chained(60, twice), KEYS, COLUMNS)
    assert (suspect.aggregate, suspect.by) == ("SUM(y)", "c58")
