"""A company that has only some of the sources: what is built, what is published, what is said."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import Any

import pytest

from martlet.check import check_all
from martlet.demo import raw
from martlet.settings import Settings, load_settings
from tests.warehouse import PROJECT, build_demo

SMALL = 0.2
SYSTEM_OF = {"raw": "measure_js"}  # the source's name is that of its schema, after its pipeline
ALWAYS = {"reference"}  # rates and the calendar are no system that one has or has not
FED_BY = re.compile(r"{{\s*fed_by\(\s*\[(.*?)\]", re.DOTALL)


def marts_files() -> list[Path]:
    return sorted(PROJECT.glob("models/marts/*/*.sql"))


def test_each_mart_says_without_which_sources_it_has_no_rows(manifest: dict[str, Any]) -> None:
    """But for the calendar; and only sources that it is made from."""
    nodes = {Path(node["original_file_path"]).stem: node for node in manifest["nodes"].values()}
    silent = [f.stem for f in marts_files() if not FED_BY.search(f.read_text(encoding="utf-8"))]
    assert silent == ["dim_date"]
    wrong = {}
    for file in marts_files():
        known = sources_behind(manifest, nodes[file.stem]["unique_id"])
        told = {
            name.strip().strip('"')
            for group in FED_BY.findall(file.read_text(encoding="utf-8"))
            for name in group.split(",")
            if name.strip()
        }
        if told - known:
            wrong[file.stem] = told - known
    assert wrong == {}


def sources_behind(manifest: dict[str, Any], unique_id: str) -> set[str]:
    """The systems that a model is made from, near or far."""
    ahead, seen = [unique_id], set()
    while ahead:
        node = ahead.pop()
        if node not in seen:
            seen.add(node)
            ahead += manifest["nodes"].get(node, {}).get("depends_on", {}).get("nodes", [])
    names = {manifest["sources"][node]["source_name"] for node in seen & set(manifest["sources"])}
    return {SYSTEM_OF.get(name, name) for name in names}


def test_raw_tables_are_read_in_the_way_that_can_be_switched_off() -> None:
    direct = [
        file.name
        for file in PROJECT.glob("models/**/*.sql")
        if re.search(r"{{\s*source\(", file.read_text(encoding="utf-8"))
    ]
    assert direct == []


def test_each_column_of_a_source_has_its_type(manifest: dict[str, Any]) -> None:
    """Without types nothing could stand in for a source that is off."""
    lacking = [
        (source["name"], column["name"])
        for source in manifest["sources"].values()
        for column in source["columns"].values()
        if not column["data_type"]
    ]
    assert lacking == []
    assert [s["name"] for s in manifest["sources"].values() if len(s["columns"]) < 3] == []


def settings_with_only(home: Path, system: str) -> Settings:
    """The shipped project with all other systems switched off, and their raw tables not there."""
    home.mkdir(exist_ok=True)
    project = home / "transforms"
    ignored = shutil.ignore_patterns("target", "logs", ".user.yml")
    shutil.copytree(PROJECT, project, ignore=ignored)
    off = sorted(set(raw.SYSTEMS) - {system})
    file = project / "dbt_project.yml"
    text = file.read_text(encoding="utf-8")
    assert text.count("sources_off: []") == 1
    file.write_text(text.replace("sources_off: []", f"sources_off: {off}"), encoding="utf-8")
    raw.generate(home / "warehouse.duckdb", scale=SMALL, systems=(system,))
    return load_settings(
        home=home,
        project=project,
        catalog=PROJECT.parent / "semantic",
        freshness_clock="data",
        sandboxes=1,
    )


@pytest.mark.slow
@pytest.mark.parametrize(
    ("system", "there", "off"),
    [
        (
            "shopify",
            "dim_customers dim_products fct_orders fct_sales sales_daily customer_rfm"
            " inventory_health cohort_retention fct_customer_events",
            "fct_ads_performance mmm_input_robyn dbt_track_facts journey_paths sessions",
        ),
        (
            "rudderstack",
            "dbt_track_facts dbt_tracks_flow journey_paths dim_customers",
            "fct_orders sales_daily fct_ads_performance customer_rfm sessions",
        ),
    ],
)
def test_a_company_with_one_source_gets_its_marts_and_no_empty_one(
    tmp_path: Path, system: str, there: str, off: str
) -> None:
    """dbt is green, what is left is published, and the catalog's check states what is off."""
    settings = settings_with_only(tmp_path, system)
    state = build_demo(settings)
    assert [test.name for test in state.tests if test.status in ("fail", "error", "warn")] == []
    assert set(there.split()) <= set(state.marts)
    assert set(off.split()) <= set(state.switched_off)
    assert [mart.name for mart in state.marts.values() if not mart.row_count] == []
    report = check_all(settings)
    assert [str(problem) for problem in report.problems if problem.severity == "error"] == []
    told = " ".join(str(problem) for problem in report.problems)
    assert all(f"`{name}` is switched off" in told for name in off.split())
