"""Several marts that tell of one thing: each is found, the preferred one comes first."""

from __future__ import annotations

import pytest

from martlet.catalog.search import Index
from martlet.flow.build import BuildState
from martlet.flow.catalog import AiContext, Catalog, Mart, Metric

MARTS = (
    Mart(name="sessions", description="Sessions, sessions by the script.", prefer="web_visits"),
    Mart(name="app_sessions", description="Sessions in the app.", prefer="web_visits"),
    Mart(
        name="web_visits",
        description="Visits to the shop.",
        ai_context=AiContext(synonyms=("sessions",)),
    ),
)
METRICS = (
    Metric(name="sessions", type="simple", mart="sessions", prefer="visits"),
    Metric(
        name="visits",
        type="simple",
        mart="web_visits",
        ai_context=AiContext(synonyms=("web sessions",)),
    ),
)


def found(query: str, kind: str, *, limit: int = 10) -> list[str]:
    catalog = Catalog(
        name="shop",
        marts={mart.name: mart for mart in MARTS},
        metrics={metric.name: metric for metric in METRICS},
    )
    hits = Index(catalog, BuildState(build_id="1", built_at="2026-10-18T22:00:00Z")).search(
        query, limit
    )
    return [hit.name for hit in hits if hit.kind == kind]


@pytest.mark.parametrize("query", ["sessions", "how many sessions were there", "session"])
def test_a_twin_never_stands_before_what_is_preferred_to_it(query: str) -> None:
    marts = found(query, "mart")
    assert marts[0] == "web_visits"
    assert {"sessions", "app_sessions"} < set(marts)
    assert found(query, "metric")[0] == "visits"


def test_a_twin_leads_when_a_word_asks_for_it_alone() -> None:
    assert found("app sessions", "mart")[0] == "app_sessions"
    assert found("app_sessions", "mart")[0] == "app_sessions"


def test_the_preferred_one_is_there_when_only_one_hit_is_shown() -> None:
    assert found("sessions", "metric", limit=1) == ["visits"]
