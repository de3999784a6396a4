"""`metric`: governed numbers."""

from __future__ import annotations

from pydantic import Field

from martlet.ask import Asker, ask_metric, explain_metric
from martlet.flow.metric import MetricRequest
from martlet.house import Serving
from martlet.tools.arguments import Arguments, Texts
from martlet.tools.query import answer_reply
from martlet.tools.tool import ANSWER, Reply, Tool


class MetricArguments(Arguments):
    metrics: Texts = Field(description="Metric names.")
    by: Texts = Field([], description="Dimensions to group by, e.g. order__channel, metric_time.")
    where: Texts = Field(
        [], description="SQL conditions over dimensions, e.g. order__channel = 'meta'."
    )
    grain: str = Field("", description="day, week, month, quarter or year of metric_time.")
    start: str = Field("", description="First day, YYYY-MM-DD, or a period such as 2026-08.")
    end: str = Field("", description="Last day or period, inclusive.")
    having: Texts = Field([], description="SQL conditions over the metrics.")
    order_by: Texts = Field([], description="Names, -name for descending.")
    limit: int | None = Field(None, description="Rows wanted; default 200.")
    compare: str = Field("", description="previous_period or previous_year.")
    share: bool = Field(False, description="Add each metric's share of its total, per period.")
    top: int | None = Field(None, description="Keep the n first groups; the rest is (other).")
    allow_nonadditive: bool = Field(False, description="Take groups that do not add up.")
    explain: bool = Field(False, description="Show plan and SQL, do not run.")


def run(given: MetricArguments, serving: Serving, asker: Asker) -> Reply:
    request = MetricRequest(**given.model_dump(exclude={"explain"}))
    if given.explain:
        found = explain_metric(request, serving, asker)
    else:
        found = ask_metric(request, serving, asker)
    return answer_reply(found, is_explained=given.explain)


TOOL = Tool("metric", "Compute governed metrics", MetricArguments, ANSWER, run)
