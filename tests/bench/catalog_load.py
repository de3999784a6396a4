"""A large catalog: 1,000 marts and 5,000 metrics, opened as published and read from YAML."""

from __future__ import annotations

import json
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from martlet.catalog.checks import check_catalog
from martlet.catalog.compile import bind
from martlet.catalog.load import load_catalog
from martlet.flow.build import BuildState
from martlet.flow.catalog import Catalog
from martlet.metrics.compiler import Compiler
from martlet.publish.files import sha256
from martlet.settings import Settings
from tests.bench.beside import Measured, measure
from tests.bench.compiling import best

MARTS, METRICS, AMOUNTS, KINDS = 1_000, 5_000, 6, 4
TENTH = 10  # MetricFlow takes minutes to open all of it


def run(_settings: Settings) -> Iterator[str]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        yield from _yaml(folder)
        yield from _published(folder)


def _yaml(folder: Path) -> Iterator[str]:
    """Read and check the files, then leave the compiled catalog beside them."""
    source = folder / "semantic"
    source.mkdir()
    for i in range(MARTS):
        (source / f"{_mart(i)}.yml").write_text(_file(i), encoding="utf-8")
    (source / "catalog.yml").write_text("version: 1\ncatalog: {name: large}\n", encoding="utf-8")
    state = _state()
    began = time.perf_counter()
    catalog = load_catalog(source)
    read = time.perf_counter() - began
    problems = [item for item in check_catalog(catalog, state) if item.severity == "error"]
    checked = time.perf_counter() - began
    assert not problems, problems[0]
    bound, lost = bind(catalog, state)
    assert not lost, lost[0]
    (folder / "catalog.json").write_text(
        bound.model_dump_json(exclude_defaults=True), encoding="utf-8"
    )
    yield (
        f"catalog of {MARTS} marts and {len(catalog.metrics)} metrics, YAML read in {read:.1f} s, "
        f"read and checked in {checked:.1f} s (bar 10)"
    )


def _published(folder: Path) -> Iterator[str]:
    """Open the compiled catalog as a server does, hash included, and a tenth beside MetricFlow."""
    large = folder / "catalog.json"
    ours = best(lambda: _open(large))
    yield f"the same compiled, opened in {ours / 1e3:.3f} s (bar 0.3)"
    small, manifest = folder / "tenth.json", folder / "semantic_manifest.json"
    small.write_text(_tenth(_open(large)).model_dump_json(exclude_defaults=True), encoding="utf-8")
    manifest.write_text(json.dumps(_manifest(MARTS // TENTH)), encoding="utf-8")
    own = best(lambda: Compiler(_open(small)))
    theirs = measure(manifest, {})
    yield f"a tenth of it, opened and ready to compile: martlet {own:.1f} ms" + (
        f", MetricFlow {theirs.open:.0f} ms, ratio {own / theirs.open:.4f}"
        if isinstance(theirs, Measured)
        else f"; {theirs}"
    )


def _open(file: Path) -> Catalog:
    sha256(file)
    return Catalog.from_json(file.read_bytes())


def _tenth(catalog: Catalog) -> Catalog:
    kept = {_mart(i) for i in range(MARTS // TENTH)}
    return catalog.model_copy(
        update={
            "marts": {name: mart for name, mart in catalog.marts.items() if name in kept},
            "metrics": {n: item for n, item in catalog.metrics.items() if item.mart in kept},
        }
    )


def _mart(i: int) -> str:
    return f"fct_things_{i:04}"


def _metric(j: int) -> str:
    return f"metric_{j:04}"


def _file(i: int) -> str:
    """A mart with its metrics, as a person would write it."""
    amounts = "".join(
        f"      - name: amount_{k}\n"
        f"        description: What a thing of kind {i} brought in by way {k}, without tax.\n"
        "        unit: EUR\n"
        for k in range(AMOUNTS)
    )
    kinds = "".join(
        f"      - name: kind_{k}\n"
        f"        description: Sort {k} of a thing of kind {i}, as the shop keeps it.\n"
        "        dimension: categorical\n"
        "        null_label: (unknown)\n"
        for k in range(KINDS)
    )
    metrics = "".join(
        f"      - name: {_metric(j)}\n"
        "        type: simple\n"
        "        agg: sum\n"
        f"        expr: amount_{j // MARTS % AMOUNTS}\n"
        f"        label: Income {j}\n"
        f"        description: Income of kind {i} by way {j // MARTS}, on the day it happened.\n"
        "        unit: EUR\n"
        "        owner: finance\n"
        "        status: certified\n"
        f"        ai_context: {{synonyms: [takings {j}]}}\n"
        for j in range(i, METRICS, MARTS)
    )
    return f"""version: 1
models:
  - name: {_mart(i)}
    description: Things of kind {i} that were sold; returned ones are left out.
    grain: one row per thing of kind {i}
    agg_time_dimension: day
    data_freshness: {{complete_through: max(day)}}
    columns:
      - name: thing_id
        description: Number of the thing of kind {i}.
        entity: {{type: primary, name: thing_{i:04}}}
      - name: day
        description: Day on which a thing of kind {i} was sold.
        granularity: day
        dimension: time
{amounts}{kinds}    metrics:
{metrics}"""


def _state() -> BuildState:
    """What publishing would have measured."""
    types = {"thing_id": "BIGINT", "day": "DATE"}
    types |= {f"amount_{k}": "DECIMAL(18,2)" for k in range(AMOUNTS)}
    types |= {f"kind_{k}": "VARCHAR" for k in range(KINDS)}
    columns = {name: {"type": kind, "nulls": 0, "distinct": 10} for name, kind in types.items()}
    key = {"columns": ["thing_id"], "rows": 10, "distinct": 10, "nulls": 0}
    marts = {
        _mart(i): {"name": _mart(i), "row_count": 10, "columns": columns, "keys": [key]}
        for i in range(MARTS)
    }
    return BuildState.model_validate(
        {"build_id": "b", "built_at": "2026-01-01T00:00:00Z", "marts": marts}
    )


def _manifest(marts: int) -> dict[str, Any]:
    """The same marts and metrics as dbt would hand them to MetricFlow."""
    models = [
        {
            "name": _mart(i),
            "defaults": {"agg_time_dimension": "day"},
            "node_relation": {"alias": _mart(i), "schema_name": "marts"},
            "entities": [{"name": f"thing_{i:04}", "type": "primary", "expr": "thing_id"}],
            "dimensions": [
                {"name": "day", "type": "time", "type_params": {"time_granularity": "day"}},
                *({"name": f"kind_{k}", "type": "categorical"} for k in range(KINDS)),
            ],
            "measures": [
                {"name": f"things_{i:04}_{k}", "agg": "sum", "expr": f"amount_{k}"}
                for k in range(AMOUNTS)
            ],
        }
        for i in range(marts)
    ]
    metrics = [
        {
            "name": _metric(j),
            "type": "simple",
            "type_params": {"measure": {"name": f"things_{j % MARTS:04}_{j // MARTS % AMOUNTS}"}},
        }
        for j in range(METRICS)
        if j % MARTS < marts
    ]
    spine = {
        "node_relation": {"alias": "spine", "schema_name": "marts"},
        "primary_column": {"name": "day", "time_granularity": "day"},
    }
    return {
        "semantic_models": models,
        "metrics": metrics,
        "project_configuration": {"time_spines": [spine]},
    }
