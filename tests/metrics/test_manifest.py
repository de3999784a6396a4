"""Reading dbt's semantic manifest: nothing is lost, and what is wrong is said."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from martlet.catalog.formats.semantic_manifest import load
from martlet.errors import CatalogInvalid

MANIFEST = Path(__file__).parent / "shop" / "semantic_manifest.json"


def _changed(tmp_path: Path, change: Any) -> Path:
    manifest = json.loads(MANIFEST.read_text(encoding="utf-8"))
    change(manifest)
    path = tmp_path / "semantic_manifest.json"
    path.write_text(json.dumps(manifest), encoding="utf-8")
    return path


def test_every_metric_comes_with_its_options() -> None:
    catalog = load(MANIFEST)
    metrics = catalog.metrics
    assert metrics["revenue_l7d"].window == "7 day"
    assert metrics["revenue_mtd"].period_agg == "first"  # dbt's default is kept
    assert metrics["revenue_ytd"].period_agg == "last"
    assert metrics["order_count_filled"].join_to_timespine
    assert metrics["order_count_filled"].fill_nulls_with == 0
    assert metrics["p90_order_value_disc"].percentile_type == "discrete"
    assert metrics["units_eop_per_product"].non_additive is not None
    assert metrics["units_eop_per_product"].non_additive.group_by == ("product",)
    assert metrics["shipped_orders"].agg_time_dimension == "shipped_date"
    offset = metrics["revenue_vs_month_start"].input_metrics[1]
    assert (offset.alias, offset.offset_to_grain) == ("revenue_ms", "month")
    assert metrics["visit_to_order_same_channel"].constant_properties[0].base_property == "channel"


def test_measures_without_a_metric_become_hidden_ones() -> None:
    catalog = load(MANIFEST)
    assert catalog.metrics["revenue_m"].hidden
    assert catalog.metrics["revenue_cumulative"].input_metrics[0].name == "revenue_m"


def test_the_time_spine_brings_its_calendars() -> None:
    catalog = load(MANIFEST)
    assert (catalog.time_spine, catalog.time_spine_column) == ("time_spine_daily", "date_day")
    assert catalog.calendars == {"fiscal_quarter": "fiscal_quarter", "fiscal_year": "fiscal_year"}


def test_newer_specs_that_aggregate_columns_are_read(tmp_path: Path) -> None:
    def add(manifest: dict[str, Any]) -> None:
        manifest["metrics"].append(
            {
                "name": "gross",
                "type": "simple",
                "type_params": {
                    "expr": "order_total",
                    "fill_nulls_with": 0,
                    "metric_aggregation_params": {"semantic_model": "orders", "agg": "sum"},
                },
            }
        )

    gross = load(_changed(tmp_path, add)).metrics["gross"]
    assert (gross.mart, gross.agg, gross.expr, gross.fill_nulls_with) == (
        "fct_orders",
        "sum",
        "order_total",
        0,
    )


def test_an_empty_manifest_is_an_error_and_not_an_empty_catalog(tmp_path: Path) -> None:
    path = _changed(tmp_path, lambda manifest: manifest["semantic_models"].clear())
    with pytest.raises(CatalogInvalid) as invalid:
        load(path)
    assert "no semantic models" in str(invalid.value)


def test_all_missing_references_are_said_at_once(tmp_path: Path) -> None:
    def break_two(manifest: dict[str, Any]) -> None:
        by_name = {metric["name"]: metric for metric in manifest["metrics"]}
        by_name["revenue"]["type_params"]["measure"]["name"] = "revenu_m"
        by_name["aov"]["type_params"]["numerator"]["name"] = "revenues"

    with pytest.raises(CatalogInvalid) as invalid:
        load(_changed(tmp_path, break_two))
    assert "Did you mean `revenue_m`" in str(invalid.value)
    assert "`revenues`" in str(invalid.value)


@pytest.mark.parametrize(
    "text", ["", "[]", "{", "null", '{"semantic_models": [{}]}', '{"semantic_models": 3}']
)
def test_a_file_of_another_form_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "semantic_manifest.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(CatalogInvalid):
        load(path)
