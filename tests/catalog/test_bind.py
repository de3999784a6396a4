"""The catalog as published: what a build does not hold is not in it, and the loss is told."""

from __future__ import annotations

from pathlib import Path

from martlet.catalog.checks import check_catalog
from martlet.catalog.compile import bind
from martlet.flow.catalog import Catalog
from tests.catalog.smallbuild import small_build
from tests.catalog.test_checks import base_with


def test_a_build_that_holds_everything_loses_nothing(tmp_path: Path) -> None:
    catalog = base_with([], tmp_path)
    bound, lost = bind(catalog, small_build())
    assert lost == []
    assert bound.metrics == catalog.metrics
    assert bound.verified_queries == catalog.verified_queries
    assert bound.places == {}


def test_columns_have_the_types_and_order_of_the_build(tmp_path: Path) -> None:
    bound, _ = bind(base_with([], tmp_path), small_build())
    columns = {column.name: column.type for column in bound.marts["dim_customers"].columns}
    assert columns == {
        "customer_id": "BIGINT",
        "country": "VARCHAR",
        "value_60_day": "DECIMAL(18,2)",
    }


def test_a_mart_without_yaml_has_a_bare_card() -> None:
    bound, lost = bind(Catalog(name="none"), small_build())
    assert lost == []
    orders = bound.marts["fct_orders"]
    assert [(c.name, c.type) for c in orders.columns][:2] == [
        ("order_id", "BIGINT"),
        ("customer_id", "BIGINT"),
    ]
    assert (orders.description, orders.dimensions, orders.semantic_name) == ("", (), "")


def test_a_column_that_vanished_takes_along_what_is_made_of_it(tmp_path: Path) -> None:
    catalog = base_with([], tmp_path)
    bound, lost = bind(catalog, small_build("fct_orders.columns.amount delete"))
    assert set(bound.metrics) == {"orders"}
    assert set(bound.saved_queries) == set() and set(bound.verified_queries) == set()
    assert [item.name for item in bound.marts["fct_orders"].dimensions] == ["ordered_on", "status"]
    assert bound.glossary["basket"].see == ("orders", "order__status")
    told = [str(problem) for problem in lost]
    assert told == [
        "base.yml:69: [metric.aov] The metric `aov` is not published: its input `revenue` is lost.",
        "base.yml:68: [metric.large_orders] The metric `large_orders` is not published: the "
        "dimension `order__size` of its filter is lost.",
        "base.yml:67: [metric.revenue] The metric `revenue` is not published: `fct_orders` "
        "publishes no column `amount`.",
        "base.yml:71: [saved.weekly] The query `weekly` is not published: `revenue` is lost.",
        "base.yml:73: [verified.by_country] The query `by_country` is not published: `revenue` is "
        "lost.",
    ]
    assert {problem.severity for problem in lost} == {"error"}


def test_what_is_lost_because_a_column_is_withheld_is_a_warning(tmp_path: Path) -> None:
    catalog = base_with(["expr: amount, => expr: tip,"], tmp_path)
    build = small_build('fct_orders.withheld = ["tip: reviewed"]')
    bound, lost = bind(catalog, build)
    assert "revenue" not in bound.metrics
    assert next(item for item in lost if item.key == "metric.revenue").severity == "warning"


def test_a_mart_that_was_not_published_takes_along_its_metrics_and_joins(tmp_path: Path) -> None:
    catalog = base_with([], tmp_path)
    bound, lost = bind(catalog, small_build("dim_customers delete", "dim_date delete"))
    assert set(bound.marts) == {"fct_orders"}
    assert bound.time_spine == bound.time_spine_column == ""
    assert set(bound.verified_queries) == set()
    assert [problem.key for problem in lost] == ["verified.by_country", "catalog.time_spine"]


def test_what_a_switched_off_mart_takes_along_is_told_once_and_is_no_error(tmp_path: Path) -> None:
    question = "{name: people, question: Who?, sql: select count(*) from dim_customers}"
    catalog = base_with([f"verified_queries: => verified_queries:\n  - {question}"], tmp_path)
    off = {"dim_customers": "it needs crm, and that source is off", "dim_staff": "it is disabled"}
    build = small_build("dim_customers delete").model_copy(update={"switched_off": off})
    bound, lost = bind(catalog, build)
    assert set(bound.marts) == {"dim_date", "fct_orders"}
    assert set(bound.verified_queries) == set()
    assert [str(problem) for problem in lost] == [
        "base.yml:13: [mart.dim_customers] `dim_customers` is switched off: it needs crm, and that "
        "source is off. Its card is left out.",
        "base.yml:2: [catalog] Left out with the marts that are switched off: the queries "
        "by_country, people.",
    ]
    assert {problem.severity for problem in lost} == {"warning"}
    assert check_catalog(catalog, build) == []


def test_a_mart_that_is_off_hides_no_other_mistake(tmp_path: Path) -> None:
    """Its metrics go without an error; one of another mart's lost column stays an error."""
    catalog = base_with(["expr: amount, => expr: price,"], tmp_path)
    off = {"dim_customers": "it is disabled in the dbt project"}
    build = small_build("dim_customers delete").model_copy(update={"switched_off": off})
    _, lost = bind(catalog, build)
    wrong = {problem.key for problem in lost if problem.severity == "error"}
    assert wrong >= {"metric.revenue", "metric.aov"} and "mart.dim_customers" not in wrong
    on = small_build("dim_customers delete")
    assert [item.key for item in check_catalog(base_with([], tmp_path), on)] == [
        "mart.dim_customers"
    ]


def test_a_mart_that_is_left_names_none_that_is_off_as_the_better_one(tmp_path: Path) -> None:
    catalog = base_with(["grain: one row per order => prefer: dim_customers"], tmp_path)
    assert bind(catalog, small_build())[0].marts["fct_orders"].prefer == "dim_customers"
    off = {"dim_customers": "it is disabled in the dbt project"}
    build = small_build("dim_customers delete").model_copy(update={"switched_off": off})
    assert bind(catalog, build)[0].marts["fct_orders"].prefer == ""


def test_metrics_of_a_switched_off_mart_and_those_made_of_them_are_named(tmp_path: Path) -> None:
    catalog = base_with([], tmp_path)
    off = {"fct_orders": "it needs shopify, and that source is off"}
    build = small_build("fct_orders delete").model_copy(update={"switched_off": off})
    bound, lost = bind(catalog, build)
    assert bound.metrics == {}
    assert [problem.next_step for problem in lost][:1] == [
        "Its card and its metrics large_orders, orders, revenue are left out."
    ]
    assert "the metrics aov and the queries weekly, by_country" in lost[1].message


def test_a_published_catalog_is_the_same_after_json_and_every_time(tmp_path: Path) -> None:
    catalog = base_with([], tmp_path)
    first = bind(catalog, small_build())[0].model_dump_json()
    assert bind(catalog, small_build())[0].model_dump_json() == first
    assert Catalog.model_validate_json(first).model_dump_json() == first
