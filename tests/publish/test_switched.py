"""Which models of a dbt project are told as switched off."""

from __future__ import annotations

from typing import Any

from martlet.publish.dbt.artifacts import Manifest
from martlet.publish.dbt.switched import switched_off


def model(name: str, **more: Any) -> dict[str, Any]:
    return {"name": name, "resource_type": "model", **more}


def manifest(nodes: dict[str, Any], disabled: dict[str, Any]) -> Manifest:
    return Manifest("1", nodes, {}, {}, {}, disabled)


def test_a_model_is_off_by_its_meta_or_when_dbt_has_it_disabled() -> None:
    nodes = {
        "model.shop.fct_deals": model("fct_deals", config={"meta": {"switched_off": "crm"}}),
        "model.shop.fct_orders": model("fct_orders"),
    }
    disabled = {
        "model.shop.fct_visits": [model("fct_visits_v1", alias="fct_visits")],
        "test.shop.unique": [{"name": "unique", "resource_type": "test"}],
    }
    assert switched_off(manifest(nodes, disabled), ["model.shop.fct_orders"]) == {
        "fct_deals": "it needs crm, and that source is off",
        "fct_visits": "it is disabled in the dbt project",
    }


def test_what_is_published_all_the_same_is_not_off() -> None:
    """Chosen by the project's rules despite its mark, or another package's model of its name."""
    nodes = {"model.shop.fct_deals": model("fct_deals", config={"meta": {"switched_off": "crm"}})}
    disabled = {"model.other.fct_deals": [model("fct_deals")]}
    assert switched_off(manifest(nodes, disabled), ["model.shop.fct_deals"]) == {}
