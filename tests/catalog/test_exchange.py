"""Catalogs from and to other tools: what travels whole, what is lost by name, and equal numbers."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from martlet.catalog.load import load_catalog, read_catalog
from martlet.errors import MartletError
from martlet.exchange import export_catalog, import_catalog
from martlet.flow.catalog import Catalog
from martlet.flow.metric import MetricRequest
from martlet.metrics.compiler import Compiler
from tests.metrics.test_shop import TABLES, shop

HERE = Path(__file__).parent
SHIPPED = HERE.parents[1] / "semantic"
FULL = HERE / "cases" / "full.yml"
SHOP = HERE.parent / "metrics" / "shop" / "semantic_manifest.json"
FOREIGN = HERE / "foreign.osi.yaml"


def same(one: Catalog, other: Catalog) -> bool:
    """Equal but for where it was read."""
    plain = [item.model_copy(update={"hash": "", "places": {}}) for item in (one, other)]
    return plain[0] == plain[1]


@pytest.mark.parametrize("path", [SHIPPED, FULL], ids=lambda path: path.name)
def test_our_yaml_is_written_and_read_back_as_it_was(path: Path, tmp_path: Path) -> None:
    import_catalog(path, tmp_path / "out")
    assert same(load_catalog(path), load_catalog(tmp_path / "out"))


@pytest.mark.parametrize("path", [SHIPPED, FULL, SHOP], ids=lambda path: path.name)
def test_a_catalog_comes_back_whole_from_osi(path: Path, tmp_path: Path) -> None:
    file = tmp_path / "catalog.osi.json"
    file.write_text(export_catalog(path).text, encoding="utf-8")
    back, problems = read_catalog(file)
    assert (same(load_catalog(path), back), problems) == (True, [])
    import_catalog(file, tmp_path / "out")
    if path != SHOP:  # a manifest has no columns, our YAML has those that carry a meaning
        assert same(back, load_catalog(tmp_path / "out"))


def test_a_manifest_becomes_yaml_with_the_same_metrics(tmp_path: Path) -> None:
    found = import_catalog(SHOP, tmp_path / "out")
    read, given = load_catalog(tmp_path / "out"), load_catalog(SHOP)
    assert found.problems == ()
    assert read.metrics == given.metrics
    assert {name: set(mart.dimensions) for name, mart in read.marts.items()} == {
        name: set(mart.dimensions) for name, mart in given.marts.items()
    }


def test_nothing_is_written_over(tmp_path: Path) -> None:
    (tmp_path / "mine.yml").write_text("version: 1", encoding="utf-8")
    with pytest.raises(MartletError) as refusal:
        import_catalog(FULL, tmp_path)
    assert refusal.value.code == "usage"


def test_text_that_looks_like_something_else_stays_text(tmp_path: Path) -> None:
    texts = ["no", "1.5e10", "+.5", "2026-01-01", "null", "0x1", "a: b", "# c", "- d", "{{ x }}"]
    source = tmp_path / "in.yml"
    given = {"name": "shop", "description": "a\nb"}
    column = {"name": "c", "sample_values": [*texts, 1, 2.5, True, None]}
    tree = {"version": 1, "catalog": given, "models": [{"name": "m", "columns": [column]}]}
    source.write_text(json.dumps(tree), encoding="utf-8")
    import_catalog(source, tmp_path / "out")
    back = load_catalog(tmp_path / "out").marts["m"].columns[0].sample_values
    assert back == (*texts, 1, 2.5, True, None)


def test_every_exported_expression_gives_the_metrics_total() -> None:
    catalog = load_catalog(SHOP)
    database = shop().database
    compiler = Compiler(catalog)
    exported = export_catalog(SHOP).document["semantic_model"][0]["metrics"]
    assert len(exported) > 35
    for item in exported:
        sql = item["expression"]["dialects"][0]["expression"]
        mart = next(name for name in TABLES if f"{name}." in sql)
        theirs = database.execute(f"select {sql} from marts.{mart}").fetchall()
        ours = compiler.compile(MetricRequest(metrics=(item["name"],))).sql
        assert _close(database.execute(ours).fetchall()[0][0], theirs[0][0]), item["name"]


def test_what_osi_cannot_say_is_left_out_by_name_and_never_written_otherwise() -> None:
    exported = export_catalog(SHOP)
    model = exported.document["semantic_model"][0]
    written = {item["name"] for item in model["metrics"]}
    lost = {loss.name: loss.code for loss in exported.losses if loss.left_out}
    assert lost["revenue_mom_growth"] == "offset"
    assert lost["units_eop"] == "semi_additive"
    assert lost["revenue_mtd"] == "cumulative"
    assert lost["visit_to_order_7d"] == "conversion"
    assert lost["roas"] == "several_marts"
    assert lost["emea_revenue"] == "filter"
    assert not written & set(lost)
    assert written | set(lost) >= set(load_catalog(SHOP).metrics)


def test_another_tools_file_gives_what_it_can_and_names_the_rest() -> None:
    catalog, problems = read_catalog(FOREIGN)
    assert {item.severity for item in problems} == {"warning"}
    told = {item.key: item.message for item in problems}
    assert set(told) == {
        "datasets.adhoc",
        "datasets.orders.fields.fancy",
        "relationships.orders_to_adhoc",
        "metrics.running",
        "metrics.mixed",
        "metrics.nested",
        "metrics.row_value",
        "metrics.cube",
    }
    orders = catalog.marts["fct_orders"]
    assert catalog.name == "retail_analytics"
    assert orders.agg_time_dimension == "placed"
    assert [(item.name, item.type, item.expr) for item in orders.entities] == [
        ("orders", "primary", "order_id"),
        ("customers", "foreign", "customer_id"),
        ("orders_to_referrer", "foreign", "referrer_id"),
    ]
    metrics = catalog.metrics
    assert metrics["net_sales"].expr == "(order_total - discount_amount)"
    assert metrics["net_sales"].ai_context.synonyms == ("turnover",)
    assert metrics["buyers"].agg == "count_distinct"
    assert metrics["net_per_order"].type == "ratio"
    assert metrics["discount_share"].type == "derived"
    assert "channel = 'orders.web'" in metrics["web_sales"].expr
    assert (metrics["p90"].agg, metrics["p90"].percentile) == ("percentile", 0.9)
    assert metrics["twice_buyers"].input_metrics[0].name == "buyers"


def test_metrics_of_a_file_without_our_extension_give_the_same_totals(tmp_path: Path) -> None:
    document = export_catalog(SHOP).document
    _strip(document)
    file = tmp_path / "plain.json"
    file.write_text(json.dumps(document), encoding="utf-8")
    theirs, ours = read_catalog(file)[0], load_catalog(SHOP)
    database = shop().database
    compilers = [Compiler(catalog) for catalog in (ours, theirs)]
    names = [name for name in ours.metrics if name in theirs.metrics]
    assert len(names) > 35
    for name in names:
        request = MetricRequest(metrics=(name,))
        values = [database.execute(c.compile(request).sql).fetchall()[0][0] for c in compilers]
        assert _close(*values), name


def test_a_changed_expression_beside_our_extension_is_told(tmp_path: Path) -> None:
    document = export_catalog(FULL).document
    metric = document["semantic_model"][0]["metrics"][0]
    metric["expression"]["dialects"][0]["expression"] = "SUM(elsewhere.x)"
    metric["description"] = "Said better."
    file = tmp_path / "changed.json"
    file.write_text(json.dumps(document), encoding="utf-8")
    catalog, problems = read_catalog(file)
    assert [item.key for item in problems] == [f"metrics.{metric['name']}"]
    assert catalog.metrics[metric["name"]].description == "Said better."


def test_dbts_own_property_files_are_a_catalog(tmp_path: Path) -> None:
    (tmp_path / "marts.yml").write_text(
        """
version: 2
sources: [{name: raw}]
models:
  - name: stg_orders
    columns: [{name: id, data_tests: [unique]}]
  - name: fct_orders
    description: Orders.
    config: {materialized: table}
    semantic_model: true
    agg_time_dimension: ordered_at
    columns:
      - {name: order_id, entity: {type: primary, name: order}, data_tests: [unique, not_null]}
      - {name: ordered_at, granularity: day, dimension: {type: time}}
    metrics:
      - {name: orders, type: simple, agg: count, expr: order_id}
""",
        encoding="utf-8",
    )
    catalog = load_catalog(tmp_path)
    assert list(catalog.marts) == ["fct_orders"]
    assert list(catalog.metrics) == ["orders"]


def _strip(item: Any) -> None:
    if isinstance(item, dict):
        item.pop("custom_extensions", None)
    for inner in (
        item.values() if isinstance(item, dict) else item if isinstance(item, list) else ()
    ):
        _strip(inner)


def _close(one: Any, other: Any) -> bool:
    if one is None or other is None:
        return one is other
    return abs(float(one) - float(other)) < 1e-6 * max(1.0, abs(float(one)))
