"""Which nodes become marts, case by case, and what a plan tells of them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from martlet.errors import BuildFailed
from martlet.publish.dbt.artifacts import Manifest, read_manifest
from martlet.publish.dbt.choice import choices, load_project_file

CASES = Path(__file__).parent / "cases" / "choices.txt"


def node(kind: str, name: str, path: str, **given: Any) -> dict[str, Any]:
    return {
        "unique_id": f"{kind}.shop.{name}",
        "resource_type": kind,
        "package_name": "shop",
        "name": name,
        "alias": name,
        "path": path,
        "config": {"materialized": "table"},
        "tags": [],
        **given,
    }


NODES = [
    node("model", "fct_orders", "marts/sales/fct_orders.sql", access="public", group="finance"),
    node("model", "rpt_weekly", "marts/sales/reports/rpt_weekly.sql", access="public"),
    node("model", "dim_customers", "marts/people/dim_customers.sql", access="public", tags=["CRM"]),
    node("model", "int_finance", "marts/people/x.sql", access="protected", group="finance"),
    node("model", "int_private", "marts/people/p.sql", access="private", tags=["nightly"]),
    node("model", "dim_old", "old/dim_old.sql", access="protected", alias="customers_v2"),
    node("model", "stg_orders", "staging/stg_orders.sql", access="protected"),
    node("model", "gone", "gone.sql", access="public", config={"materialized": "ephemeral"}),
    node("seed", "country_codes", "country_codes.csv"),
    {**node("test", "unique_orders", "t.sql"), "resource_type": "test"},
]
EXPOSURE = {"name": "weekly_review", "depends_on": {"nodes": ["model.shop.rpt_weekly"]}}


def cases() -> Iterator[Any]:
    for block in CASES.read_text(encoding="utf-8").split("\n=== ")[1:]:
        title, _, rest = block.partition("\n")
        rules, _, expected = rest.partition("--- ")
        kind, _, lines = expected.partition("\n")
        yield pytest.param(rules, kind, lines.strip().splitlines(), id=title)


@pytest.fixture
def manifest(tmp_path: Path) -> Manifest:
    content = {
        "nodes": {item["unique_id"]: item for item in NODES},
        "exposures": {"exposure.shop.weekly_review": EXPOSURE},
    }
    (tmp_path / "manifest.json").write_text(json.dumps(content), encoding="utf-8")
    return read_manifest(tmp_path)


@pytest.mark.parametrize(("rules", "kind", "expected"), list(cases()))
def test_a_case_of_choosing_marts(
    manifest: Manifest, tmp_path: Path, rules: str, kind: str, expected: list[str]
) -> None:
    (tmp_path / "martlet.toml").write_text(f"[publish]\n{rules}", encoding="utf-8")
    if kind == "error":
        with pytest.raises(BuildFailed) as caught:
            choices(manifest, load_project_file(tmp_path).publish)
        assert caught.value.code == "build.source"
        assert [line for line in expected if line not in str(caught.value)] == []
        return
    found = choices(manifest, load_project_file(tmp_path).publish)
    assert len(found) == len(NODES) - 1
    told = {
        f"{'+' if item.published else '-'} {manifest.nodes[item.unique_id]['name']}: {item.reason}"
        for item in found
    }
    assert set(expected) <= told
    assert {line for line in told if line[0] == "+"} == {
        line for line in expected if line[0] == "+"
    }


def test_a_project_without_rules_has_the_usual_ones(tmp_path: Path) -> None:
    assert load_project_file(tmp_path).publish.access == ["public"]
    assert load_project_file(tmp_path).dbt.command == ""
