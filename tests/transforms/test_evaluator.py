"""The project evaluator's rules hold, but for exceptions that each have a reason."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.transforms.evaluator import RULES, Node, Project, Rule

AGE = "only changed records land, and they change seldom: age tells nothing"
BASE = "one name over two loaders of one source, before anything is cleaned"
NAMED = "the name is the one its readers know from the system it was taken over from"
REPORT = "a report is neither a fact nor a dimension, and is asked for by this name"
SHORT = "a thin view that gives all ad platforms the same columns, under the name in use"
WIDE = "its rows are wide on purpose, and what it reads is added up before it is joined"

TAKEN_OVER = """
clients daily_active_users_growth daily_performance daily_performance_partitioned
dbt_aliases_mapping dbt_mapped_tracks dbt_session_tracks dbt_track_facts dbt_tracks_flow
event_blocks events_cleaned events_sessionated geo_traffic_daily journey_paths
mmm_input_meridian mmm_input_meridian_weekly mmm_input_robyn mmm_input_robyn_weekly
page_performance_daily session_duration_distribution sessions user_map users users_incremental
"""
REPORTS = """
attribution_by_channel_daily cohort_retention customer_lifetime_value customer_retention_monthly
customer_rfm
customer_segments funnel_daily inventory_daily inventory_health product_category_performance
product_performance sales_daily sales_monthly
"""

# rule -> offender -> why it may stay; an exception that no longer offends fails as well
JUSTIFIED: dict[str, dict[str, str]] = {
    "model_fanout": {
        "daily_performance": "the days of Measure.js, which its reports compare and cut",
        "events_sessionated": "the one event table of Measure.js; its reports are small",
    },
    "rejoining_of_upstream_concepts": {
        "dbt_track_facts over dbt_session_tracks": "the five models and their order are given",
        "events_sessionated over events_cleaned": "touched visitors are read again in full",
        "int_customer_identity_map over int_customer_identity_registry": (
            "ids outlive clusters, so the registry is written by itself"
        ),
        "int_order_lines_priced over int_refunds_allocated": "a step with unit tests of its own",
        "int_rudderstack_tracks_resolved over dbt_aliases_mapping": (
            "the five models and their order are given"
        ),
    },
    "root_models": {
        "int_calendar_days": "days come from two variables, not from a table",
        "raw_dbt_run_results": "what dbt itself writes at the end of a run",
    },
    "staging_dependent_on_staging": {
        "stg_meta_ads": SHORT,
        "stg_google_ads": SHORT,
        "base__crm__contacts": BASE,
        "events_sessionated": NAMED,
        "event_blocks": NAMED,
        "user_map": NAMED,
    },
    "too_many_joins": {
        "dim_customers": WIDE,
        "fct_marketing_mix_daily": WIDE,
        "mrt__core__customer_360": WIDE,
        "data_freshness": "one branch a source, unioned, not joined",
        "int_identity_device_logins": "one branch a tool, unioned, not joined",
        "int_identity_observations": "one branch a tool, unioned, not joined",
    },
    "missing_source_freshness": dict.fromkeys(
        (
            "shopify.products",
            "shopify.product_variants",
            "shopify.inventory_items",
            "woocommerce.products",
            "woocommerce.customers",
            "crm.companies",
            "meta_ads.ads",
            "meta_ads.ad_creatives",
            "reference.marketing_calendar",
        ),
        AGE,
    ),
    "model_naming_conventions": {
        **dict.fromkeys(TAKEN_OVER.split(), NAMED),
        **dict.fromkeys(REPORTS.split(), REPORT),
    },
    "model_directories": {"base_measure_js__events": "its source is called `raw`"},
    "source_directories": {
        "raw.events": "the pipeline calls its source `raw`; the tool is a folder"
    },
}


@pytest.mark.parametrize("rule", RULES, ids=[rule.__name__ for rule in RULES])
def test_the_project_keeps(rule: Rule, manifest: dict[str, Any]) -> None:
    offenders = set(rule(Project(manifest)))
    justified = set(JUSTIFIED.get(rule.__name__, ()))
    assert sorted(offenders - justified) == [], rule.__doc__
    assert sorted(justified - offenders) == [], "these exceptions are needed no more"


def test_there_are_29_rules_and_every_exception_belongs_to_one() -> None:
    names = [rule.__name__ for rule in RULES]
    assert len(set(names)) == 29
    assert set(JUSTIFIED) <= set(names)
    assert all(reason for reasons in JUSTIFIED.values() for reason in reasons.values())


# A sound project of three models, and what breaks each rule in it.


def model(name: str, layer: str, *reads: str, **config: Any) -> Node:
    folder = f"models/{layer}/shop"
    return {
        "resource_type": "model",
        "name": name,
        "original_file_path": f"{folder}/{name}.sql",
        "description": "Said.",
        "columns": {"id": {"name": "id", "description": "Said."}},
        "depends_on": {"nodes": list(reads)},
        "raw_code": 'select * from {{ ref("x") }}',
        "contract": {"enforced": True},
        "config": {"materialized": "table", "access": "protected", **config},
    }


def checks_named(name: str, layer: str) -> dict[str, Node]:
    return {
        f"test.shop.{kind}_{name}": {
            "resource_type": "test",
            "attached_node": f"model.shop.{name}",
            "test_metadata": {"name": kind},
            "original_file_path": f"models/{layer}/shop/{name}.yml",
        }
        for kind in ("unique", "not_null")
    }


def source(name: str) -> Node:
    return {
        "source_name": "shop",
        "name": name,
        "schema": "raw_data",
        "identifier": name,
        "freshness": {"warn_after": 1},
        "description": "Said.",
        "source_description": "Said.",
        "original_file_path": "models/staging/shop/_sources.yml",
    }


STAGING, STEP, MART = "model.shop.stg_orders", "model.shop.int_orders", "model.shop.fct_orders"
SOURCE = "source.shop.shop.orders"


def sound() -> Node:
    return {
        "nodes": {
            STAGING: model("stg_orders", "staging", SOURCE, materialized="view"),
            STEP: model("int_orders", "intermediate", STAGING, materialized="view"),
            MART: model("fct_orders", "marts", STEP, access="public"),
            **checks_named("stg_orders", "staging"),
            **checks_named("int_orders", "intermediate"),
            **checks_named("fct_orders", "marts"),
        },
        "sources": {SOURCE: source("orders")},
        "exposures": {"exposure.shop.board": {"name": "board", "depends_on": {"nodes": [MART]}}},
    }


def add(manifest: Node, name: str, layer: str, *reads: str, **config: Any) -> None:
    manifest["nodes"][f"model.shop.{name}"] = model(name, layer, *reads, **config)
    manifest["nodes"] |= checks_named(name, layer)


def add_source(manifest: Node, name: str, **said: Any) -> None:
    manifest["sources"][f"source.shop.shop.{name}"] = {**source(name), **said}


def reads(manifest: Node, key: str, *more: str) -> None:
    manifest["nodes"][key]["depends_on"]["nodes"] += more


def drop_tests(manifest: Node, *names: str) -> None:
    for name in names:
        del manifest["nodes"][f"test.shop.{name}"]


def add_many(manifest: Node, *chain: tuple[str, str]) -> None:
    """Views, each over the one before."""
    for name, before in chain:
        add(manifest, name, "intermediate", f"model.shop.{before}", materialized="view")


def leaves(manifest: Node) -> None:
    for number in range(4):
        add(manifest, f"fct_{number}", "marts", STEP)


def chain(manifest: Node) -> None:
    names = ["int_orders", *(f"int_{number}" for number in range(4))]
    add_many(manifest, *zip(names[1:], names, strict=False))


def rejoin(manifest: Node) -> None:
    reads(manifest, MART, STAGING)


def wide(manifest: Node) -> None:
    for number in range(7):
        add(manifest, f"int_{number}", "intermediate", STAGING)
    reads(manifest, MART, *(f"model.shop.int_{number}" for number in range(7)))


def doubled(manifest: Node) -> None:
    add_source(manifest, "two")
    reads(manifest, STAGING, "source.shop.shop.two")


def fanned(manifest: Node) -> None:
    add(manifest, "stg_orders_again", "staging", SOURCE)


def backwards(manifest: Node) -> None:
    add(manifest, "stg_late", "staging", STEP)


def sideways(manifest: Node) -> None:
    add(manifest, "stg_two", "staging", STAGING)


def set_in(key: str, field: str, value: Any) -> Callable[[Node], None]:
    def change(manifest: Node) -> None:
        manifest["nodes"][key][field] = value

    return change


def configure(key: str, **config: Any) -> Callable[[Node], None]:
    def change(manifest: Node) -> None:
        manifest["nodes"][key]["config"] |= config

    return change


BREAKS: dict[str, tuple[Callable[[Node], None], str]] = {
    "direct_join_to_source": (lambda m: reads(m, STEP, SOURCE), "int_orders"),
    "duplicate_sources": (lambda m: add_source(m, "copy", identifier="orders"), "shop.copy"),
    "hard_coded_references": (
        set_in(MART, "raw_code", "select 1 from raw_data.shopify_orders"),
        "fct_orders",
    ),
    "marts_or_intermediate_dependent_on_source": (lambda m: reads(m, MART, SOURCE), "fct_orders"),
    "model_fanout": (leaves, "int_orders"),
    "multiple_sources_joined": (
        doubled,
        "stg_orders",
    ),
    "rejoining_of_upstream_concepts": (rejoin, "fct_orders over int_orders"),
    "root_models": (lambda m: add(m, "int_numbers", "intermediate"), "int_numbers"),
    "source_fanout": (fanned, "shop.orders"),
    "staging_dependent_on_downstream": (backwards, "stg_late"),
    "staging_dependent_on_staging": (sideways, "stg_two"),
    "too_many_joins": (wide, "fct_orders"),
    "unused_sources": (lambda m: add_source(m, "idle"), "shop.idle"),
    "missing_primary_key_tests": (lambda m: drop_tests(m, "unique_fct_orders"), "fct_orders"),
    "missing_source_freshness": (lambda m: add_source(m, "old", freshness=None), "shop.old"),
    "test_coverage": (
        lambda m: drop_tests(m, "unique_int_orders", "not_null_int_orders"),
        "int_orders",
    ),
    "documentation_coverage": (
        set_in(STEP, "columns", {"id": {"name": "id", "description": " "}}),
        "int_orders.id",
    ),
    "undocumented_models": (set_in(STEP, "description", ""), "int_orders"),
    "undocumented_source_tables": (lambda m: add_source(m, "dumb", description=""), "shop.dumb"),
    "undocumented_sources": (lambda m: add_source(m, "dumb", source_description=""), "shop.dumb"),
    "model_naming_conventions": (lambda m: add(m, "orders", "marts", STEP), "orders"),
    "model_directories": (lambda m: add(m, "fct_lost", "intermediate", STAGING), "fct_lost"),
    "source_directories": (
        lambda m: add_source(m, "lost", original_file_path="models/_sources.yml"),
        "shop.lost",
    ),
    "test_directories": (
        set_in("test.shop.unique_fct_orders", "original_file_path", "models/all.yml"),
        "fct_orders",
    ),
    "chained_view_dependencies": (chain, "int_3"),
    "exposure_parents_materializations": (
        configure(MART, materialized="view"),
        "board: fct_orders",
    ),
    "exposures_dependent_on_private_models": (
        configure(MART, access="protected"),
        "board: fct_orders",
    ),
    "public_models_without_contracts": (
        set_in(MART, "contract", {"enforced": False}),
        "fct_orders",
    ),
    "undocumented_public_models": (set_in(MART, "columns", {}), "fct_orders"),
}


@pytest.mark.parametrize("rule", RULES, ids=[rule.__name__ for rule in RULES])
def test_a_project_that_breaks_it_is_told_by(rule: Rule) -> None:
    manifest = sound()
    assert list(rule(Project(manifest))) == []
    change, offender = BREAKS[rule.__name__]
    change(manifest)
    assert offender in set(rule(Project(manifest)))
