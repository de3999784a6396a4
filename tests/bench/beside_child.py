"""Runs inside MetricFlow's own environment: compiles requests, prints milliseconds as JSON."""

import json
import logging
import sys
import time
from datetime import datetime

from metricflow.engine.metricflow_engine import MetricFlowEngine, MetricFlowQueryRequest
from metricflow.protocols.sql_client import SqlEngine
from metricflow.sql.render.duckdb_renderer import DuckDbSqlPlanRenderer
from metricflow_semantics.model.dbt_manifest_parser import (
    parse_manifest_from_dbt_generated_manifest,
)
from metricflow_semantics.model.semantic_manifest_lookup import SemanticManifestLookup


class Client:
    """What the engine asks of a database when it only compiles."""

    sql_engine_type = SqlEngine.DUCKDB
    sql_plan_renderer = DuckDbSqlPlanRenderer()


def main() -> None:
    """argv: a semantic manifest; stdin: requests as JSON, {id: {metrics, group_by, where, …}}."""
    logging.disable(logging.CRITICAL)
    began = time.perf_counter()
    with open(sys.argv[1], encoding="utf-8") as file:
        manifest = parse_manifest_from_dbt_generated_manifest(file.read())
    engine = MetricFlowEngine(SemanticManifestLookup(manifest), Client())
    opened = time.perf_counter() - began
    requests = json.load(sys.stdin)
    compiled = {name: _best(engine, request) for name, request in requests.items()}
    print(json.dumps({"open": opened * 1e3, "compile": compiled}))


def _best(engine, request):
    """The fastest of three compilations, in ms; None for what it refuses."""
    times = []
    for _ in range(3):
        began = time.perf_counter()
        try:
            assert engine.explain(_request(request)).sql_statement.sql
        except Exception:  # whatever it raises, it gives no SQL
            return None
        times.append((time.perf_counter() - began) * 1e3)
    return min(times)


def _request(request):
    def day(text):
        return datetime.fromisoformat(text) if text else None

    return MetricFlowQueryRequest.create(
        metric_names=request["metrics"],
        group_by_names=request.get("group_by") or None,
        where_constraints=request.get("where") or None,
        order_by_names=request.get("order_by") or None,
        time_constraint_start=day(request.get("start")),
        time_constraint_end=day(request.get("end")),
    )


main()
