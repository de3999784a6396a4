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


def _named(manifest: dict[str, Any], name: str) -> dict[str, Any]:
    return next(item for item in manifest["metrics"] if item["name"] == name)


@pytest.mark.parametrize(
    "given",
    [
        "{{ Dimension('order__status') }} = 'completed'",
        {"where_sql_template": "{{ Dimension('order__status') }} = 'completed'"},  # dbt 1.6
        {
            "where_filters": [
                {"where_sql_template": "{{ Dimension('order__status') }} = 'completed'"}
            ]
        },
    ],
)
def test_a_filter_of_every_dbt_version_is_kept(tmp_path: Path, given: Any) -> None:
    def filtered(manifest: dict[str, Any]) -> None:
        _named(manifest, "revenue")["filter"] = given
        _named(manifest, "aov")["type_params"]["numerator"]["filter"] = given
        _named(manifest, "discounts")["type_params"]["measure"]["filter"] = given
        manifest["saved_queries"][0]["query_params"]["where"] = given

    catalog = load(_changed(tmp_path, filtered))
    wanted = ("{{ Dimension('order__status') }} = 'completed'",)
    assert catalog.metrics["revenue"].filter == wanted
    assert catalog.metrics["discounts"].filter == wanted
    numerator = catalog.metrics["aov"].numerator
    assert numerator and numerator.filter == wanted
    assert catalog.saved_queries["weekly_sales"].query.where == wanted


def test_a_filter_of_an_unknown_form_is_an_error_and_never_lost(tmp_path: Path) -> None:
    def filtered(manifest: dict[str, Any]) -> None:
        _named(manifest, "revenue")["filter"] = {"conditions": ["order__status = 'completed'"]}

    with pytest.raises(CatalogInvalid):
        load(_changed(tmp_path, filtered))


def test_the_time_spine_of_older_versions_is_read(tmp_path: Path) -> None:
    def age(manifest: dict[str, Any]) -> None:
        location = '"shop"."main"."time_spine_daily"'
        old = {"location": location, "column_name": "date_day", "grain": "day"}
        manifest["project_configuration"] = {"time_spine_table_configurations": [old]}

    catalog = load(_changed(tmp_path, age))
    assert (catalog.time_spine, catalog.time_spine_column) == ("time_spine_daily", "date_day")
    assert catalog.calendars == {}


def test_of_several_time_spines_the_one_by_day_is_taken(tmp_path: Path) -> None:
    def add(manifest: dict[str, Any]) -> None:
        hours = {
            "node_relation": {"alias": "hours"},
            "primary_column": {"name": "hour", "time_granularity": "hour"},
        }
        manifest["project_configuration"]["time_spines"].insert(0, hours)

    assert load(_changed(tmp_path, add)).time_spine == "time_spine_daily"


def test_private_metrics_are_hidden_and_proxies_of_measures_are_metrics(tmp_path: Path) -> None:
    def change(manifest: dict[str, Any]) -> None:
        _named(manifest, "discounts")["type_params"]["is_private"] = True
        orders = next(m for m in manifest["semantic_models"] if m["name"] == "orders")
        orders["measures"][0] |= {"create_metric": True, "description": "Orders placed."}

    metrics = load(_changed(tmp_path, change)).metrics
    assert metrics["discounts"].hidden
    assert not metrics["order_count_m"].hidden
    assert metrics["order_count_m"].description == "Orders placed."


def test_what_meta_says_beside_dbt_s_keys_is_read(tmp_path: Path) -> None:
    meta = {
        "unit": "EUR",
        "owner": "finance",
        "status": "deprecated",
        "replaced_by": "completed_revenue",
        "version": 2,
        "null_as": 0,
        "ai_context": {"synonyms": ["turnover"], "instructions": "Not for refunds."},
    }

    def add(manifest: dict[str, Any]) -> None:
        _named(manifest, "revenue")["config"] = {"meta": meta}
        _named(manifest, "revenue")["time_granularity"] = "week"
        _named(manifest, "visit_to_order_7d")["config"] = {
            "meta": {"base_time": "started_at", "tie_break": "session_id"}
        }

    metrics = load(_changed(tmp_path, add)).metrics
    revenue = metrics["revenue"]
    assert (revenue.unit, revenue.owner, revenue.version) == ("EUR", "finance", "2")
    assert (revenue.status, revenue.replaced_by) == ("deprecated", "completed_revenue")
    assert (revenue.null_as, revenue.time_granularity) == (0, "week")
    assert revenue.ai_context.synonyms == ("turnover",)
    assert revenue.ai_context.instructions == "Not for refunds."
    assert metrics["visit_to_order_7d"].base_time == "started_at"
    assert metrics["visit_to_order_7d"].tie_break == "session_id"


def test_two_semantic_models_of_one_table_are_one_mart(tmp_path: Path) -> None:
    def add(manifest: dict[str, Any]) -> None:
        orders = next(m for m in manifest["semantic_models"] if m["name"] == "orders")
        shipping = json.loads(json.dumps(orders)) | {
            "name": "shipping",
            "defaults": {"agg_time_dimension": "shipped_date"},
            "measures": [{"name": "parcels", "agg": "count", "expr": "order_id"}],
        }
        shipping["dimensions"].append(
            {"name": "carrier", "type": "categorical", "expr": "channel", "type_params": None}
        )
        manifest["semantic_models"].append(shipping)
        manifest["metrics"].append(
            {"name": "parcels", "type": "simple", "type_params": {"measure": {"name": "parcels"}}}
        )

    catalog = load(_changed(tmp_path, add))
    assert {"status", "carrier"} <= {item.name for item in catalog.marts["fct_orders"].dimensions}
    assert catalog.metrics["parcels"].agg_time_dimension == "shipped_date"
    assert catalog.metrics["revenue"].agg_time_dimension == "order_date"


def test_one_name_for_two_columns_of_a_table_is_said(tmp_path: Path) -> None:
    def add(manifest: dict[str, Any]) -> None:
        orders = next(m for m in manifest["semantic_models"] if m["name"] == "orders")
        other = json.loads(json.dumps(orders)) | {"name": "other", "measures": []}
        other["dimensions"][3]["expr"] = "currency"
        manifest["semantic_models"].append(other)

    with pytest.raises(CatalogInvalid) as invalid:
        load(_changed(tmp_path, add))
    assert "`status` means another column" in str(invalid.value)


@pytest.mark.parametrize("number", ["NaN", "Infinity", "1" + "0" * 5_000])
def test_a_fill_that_is_no_number_is_refused(tmp_path: Path, number: str) -> None:
    text = MANIFEST.read_text(encoding="utf-8")
    path = tmp_path / "semantic_manifest.json"
    path.write_text(text.replace('"fill_nulls_with": 0', f'"fill_nulls_with": {number}'))
    with pytest.raises(CatalogInvalid):
        load(path)


def test_conversions_keep_the_fill_of_their_events(tmp_path: Path) -> None:
    def fill(manifest: dict[str, Any]) -> None:
        own = _named(manifest, "visit_to_order_7d_count")["type_params"]["conversion_type_params"]
        own["conversion_measure"]["fill_nulls_with"] = 0

    assert load(_changed(tmp_path, fill)).metrics["visit_to_order_7d_count"].fill_nulls_with == 0


@pytest.mark.parametrize(
    "text", ["", "[]", "{", "null", '{"semantic_models": [{}]}', '{"semantic_models": 3}']
)
def test_a_file_of_another_form_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "semantic_manifest.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(CatalogInvalid):
        load(path)
