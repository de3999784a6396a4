"""The project evaluator's rules hold, but for exceptions that each have a reason."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.transforms.evaluator import (
    RULES,
    Node,
    Project,
    Rule,
    model_fanout,
    model_naming_conventions,
)
from tests.transforms.exemptions import EXEMPTIONS, unexempted


@pytest.mark.parametrize("rule", RULES, ids=[rule.__name__ for rule in RULES])
def test_the_project_keeps(rule: Rule, manifest: dict[str, Any]) -> None:
    assert sorted(unexempted(rule, Project(manifest))) == [], rule.__doc__


def test_every_exemption_is_needed(manifest: dict[str, Any]) -> None:
    """Each name as well: what no longer offends is taken off the list."""
    project = Project(manifest)
    offenders = {rule.__name__: set(rule(project)) for rule in RULES}
    for item in EXEMPTIONS:
        names = item.what.split() if isinstance(item.what, str) else []
        assert sorted(set(names) - offenders[item.rule]) == [], item.why
        assert any(item.covers(project, name) for name in offenders[item.rule]), item.why


def test_a_source_without_a_limit_of_age_says_why_in_words(manifest: dict[str, Any]) -> None:
    limitless = [s for s in manifest["sources"].values() if not s["freshness"]]
    reasons = {s["name"]: s["config"]["meta"].get("age_tells_nothing", "") for s in limitless}
    assert [name for name, why in reasons.items() if len(why.split()) < 5] == []


def test_there_are_29_rules_and_few_exemptions() -> None:
    names = [rule.__name__ for rule in RULES]
    assert len(set(names)) == 29
    assert {item.rule for item in EXEMPTIONS} <= set(names)
    assert len(EXEMPTIONS) <= 15


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
        "config": {"meta": {}},
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
        "unit_tests": {},
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
    for number in range(3):
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
    manifest["nodes"][MART]["raw_code"] = "select * from int_0 left join int_1 using (id)"


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
    """And no exemption is so wide that it covers the newcomer."""
    manifest = sound()
    assert list(rule(Project(manifest))) == []
    change, offender = BREAKS[rule.__name__]
    change(manifest)
    assert offender in unexempted(rule, Project(manifest))


def union(manifest: Node) -> None:
    wide(manifest)
    manifest["nodes"][MART]["raw_code"] = "select * from int_0 union all select * from int_1"


def rejoin_tested(manifest: Node) -> None:
    rejoin(manifest)
    manifest["unit_tests"] = {"unit_test.shop.orders": {"model": "int_orders"}}


def say_why(manifest: Node) -> None:
    meta = {"age_tells_nothing": "only what changes lands"}
    add_source(manifest, "old", freshness=None, config={"meta": meta})


@pytest.mark.parametrize(
    ("rule", "change"),
    [("too_many_joins", union), ("rejoining_of_upstream_concepts", rejoin_tested)]
    + [("missing_source_freshness", say_why)],
)
def test_an_exemption_by_kind_covers(rule: str, change: Callable[[Node], None]) -> None:
    manifest = sound()
    change(manifest)
    found = next(one for one in RULES if one.__name__ == rule)
    assert set(found(Project(manifest))) != set()
    assert unexempted(found, Project(manifest)) == set()


@pytest.mark.parametrize(
    ("name", "grain", "offends"),
    [
        ("orders_daily", "one calendar day", False),
        ("orders_monthly", "one store and calendar month", False),
        ("orders_daily", "one order", True),
        ("orders_weekly", "one calendar day", True),
        ("orders", "one calendar day", True),
    ],
)
def test_a_report_is_named_for_the_period_of_a_row(name: str, grain: str, offends: bool) -> None:
    manifest = sound()
    add(manifest, name, "marts", STEP, meta={"grain": grain})
    assert (name in set(model_naming_conventions(Project(manifest)))) is offends


def test_a_model_that_an_exposure_reads_is_not_the_last() -> None:
    manifest = sound()
    leaves(manifest)
    read = manifest["exposures"]["exposure.shop.board"]["depends_on"]["nodes"]
    read.append("model.shop.fct_0")
    assert list(model_fanout(Project(manifest))) == []
