"""A warehouse with every type, dbt artifacts that tell of it, and the exporter as teams run it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import martlet

EXPORTER = Path(martlet.__file__).parent / "publish" / "handoff" / "export.py"
HERE = Path(__file__).parent
INVOCATION = "6f1a7c1e-0000-4000-8000-000000000001"


def node(name: str, **given: Any) -> dict[str, Any]:
    """A public model as a manifest tells of it."""
    return {
        "unique_id": f"model.shop.{name}",
        "resource_type": "model",
        "package_name": "shop",
        "name": name,
        "alias": name,
        "schema": "marts",
        "path": f"marts/{name}.sql",
        "relation_name": f'"marts"."{name}"',
        "access": "public",
        "config": {"materialized": "table"},
        "columns": {},
        "depends_on": {"nodes": []},
        **given,
    }


def column_test(mart: str, column: str, name: str = "unique") -> dict[str, Any]:
    """A generic test of one column."""
    return {
        "unique_id": f"test.shop.{name}_{mart}_{column}.1",
        "resource_type": "test",
        "package_name": "shop",
        "name": f"{name}_{mart}_{column}",
        "attached_node": f"model.shop.{mart}",
        "column_name": column,
        "test_metadata": {"name": name, "kwargs": {"column_name": column}},
        "config": {"severity": "ERROR"},
        "depends_on": {"nodes": [f"model.shop.{mart}"]},
    }


PEOPLE = node("people", columns={"email": {"name": "email", "meta": {"pii": True}}})
NODES = (node("every_type"), node("empty_mart"), node("v_orders"), PEOPLE)


def write_artifacts(
    target: Path, nodes: Sequence[dict[str, Any]] = NODES, *, command: str = "build"
) -> Path:
    """The artifacts of a dbt run in which everything was built and every test passed."""
    target.mkdir(parents=True, exist_ok=True)
    metadata = {"invocation_id": INVOCATION}
    tests = [column_test("v_orders", "order_id")]
    every = {item["unique_id"]: item for item in (*nodes, *tests)}
    results = [
        {
            "unique_id": key,
            "status": "pass" if key.startswith("test") else "success",
            "message": None,
            "failures": 0 if key.startswith("test") else None,
        }
        for key in every
    ]
    manifest = {"metadata": metadata, "nodes": every, "sources": {}, "exposures": {}}
    run = {"metadata": metadata, "results": results, "args": {"which": command}}
    (target / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    (target / "run_results.json").write_text(json.dumps(run), encoding="utf-8")
    return target


def export(
    *words: str, python: str = sys.executable, cwd: Path | None = None, **environment: str
) -> subprocess.CompletedProcess[str]:
    """Run the exporter the way a team does: the script alone, in some environment."""
    return subprocess.run(
        [python, "-W", "error", str(EXPORTER), *words],
        capture_output=True,
        text=True,
        cwd=cwd,
        env={**os.environ, **environment},
        timeout=120,
    )


def make_warehouse(file: Path, python: str = sys.executable) -> Path:
    """The warehouse, written by the DuckDB of an environment."""
    script = "import duckdb, sys; c = duckdb.connect(sys.argv[1]); c.execute(sys.stdin.read())"
    done = subprocess.run(
        [python, "-c", script, str(file)],
        input=(HERE / "warehouse.sql").read_text(encoding="utf-8"),
        encoding="utf-8",
        capture_output=True,
    )
    assert done.returncode == 0, done.stderr
    return file
