"""Catalogs that mean harm or are broken: only marts are read, the last good one stays."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from martlet.build import publish_catalog
from martlet.catalog.load import read_catalog
from martlet.check import check_all
from martlet.errors import CatalogInvalid, MartletError
from martlet.flow.metric import MetricRequest
from martlet.flow.query import Stop
from martlet.house import House
from martlet.metrics.compiler import Compiler
from martlet.publish import store
from martlet.settings import Settings, load_settings
from martlet.tools.surface import call_tool
from tests.metrics.harness import Shop
from tests.metrics.test_shop import FOLDER, shop
from tests.small import HERE, publish_small

HARM = [
    "order_total) from marts.fct_orders; drop table marts.fct_orders; --",
    "(select max(sql) from duckdb_tables())",
    "(select count(*) from read_csv('/etc/passwd'))",
    "getenv('HOME')",
    "1; attach '/tmp/x.duckdb' as y",
    "'; copy marts.fct_orders to '/tmp/stolen.csv'; --",
    '"; drop schema marts cascade; --',
    "x\x00y",
    "${HOME} {{ env_var('HOME') }} {% raw %}",
    "(" * 3_000,
    "\u202eevil",
]


def _texts(tree: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The place of every text in a tree."""
    if isinstance(tree, str):
        yield path
    for key, item in tree.items() if isinstance(tree, dict) else enumerate(tree or ()):
        if isinstance(item, (str, dict, list)):
            yield from ((*path, key),) if isinstance(item, str) else _texts(item, (*path, key))


def _given(manifest: dict[str, Any]) -> dict[str, Any]:
    """One semantic model of each kind and the metrics on it: every key once is enough."""
    names = ("orders", "customer_tiers")
    kept = [item for item in manifest["semantic_models"] if item["name"] in names]
    metrics = ("revenue", "p90_order_value", "completed_revenue_mtd", "cancel_rate", "aov_mom_diff")
    metrics += ("aov", "order_count", "revenue_vs_month_start", "revenue_l7d")
    found = [item for item in manifest["metrics"] if item["name"] in metrics]
    return {**manifest, "semantic_models": kept, "metrics": found}


@pytest.mark.slow
def test_no_text_of_a_catalog_reaches_anything_but_the_marts(tmp_path: Path) -> None:
    """Every text in turn is replaced: the catalog, the compiler or the gate refuses, or it runs."""
    manifest = _given(json.loads((FOLDER / "semantic_manifest.json").read_text(encoding="utf-8")))
    before = shop().database.execute("select count(*) from duckdb_tables()").fetchall()
    tried = 0
    for number, path in enumerate(_texts(manifest)):
        harmed = json.loads(json.dumps(manifest))
        place = harmed
        for key in path[:-1]:
            place = place[key]
        place[path[-1]] = HARM[number % len(HARM)]
        file = tmp_path / "semantic_manifest.json"
        file.write_text(json.dumps(harmed), encoding="utf-8")
        try:
            catalog, _ = read_catalog(file)
        except CatalogInvalid:
            continue
        harmed_shop = Shop(shop().database, catalog, Compiler(catalog))
        for name in catalog.metrics:
            tried += 1
            request = MetricRequest(metrics=(name,), by=("metric_time__month",))
            try:
                query = harmed_shop.gated(harmed_shop.compile(request).sql)
            except MartletError:
                continue
            assert set(query.tables) <= {"fct_orders", "dim_customer_tiers", "time_spine_daily"}
    assert tried > 200
    assert shop().database.execute("select count(*) from duckdb_tables()").fetchall() == before


@pytest.mark.parametrize("harm", HARM)
@pytest.mark.parametrize("key", ["metrics", "by", "where", "having", "order_by", "grain", "start"])
def test_no_text_of_a_request_does_either(key: str, harm: str) -> None:
    given: dict[str, Any] = {"metrics": ("revenue",), "by": ("order__channel",)}
    given[key] = harm if key in ("grain", "start") else (harm,)
    try:
        query = shop().gated(shop().compile(MetricRequest(**given)).sql)
    except MartletError as refusal:
        assert refusal.next_step
        return
    assert query.tables == ("fct_orders",)


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    settings, _ = publish_small(tmp_path_factory.mktemp("small"))
    return settings


BROKEN = {
    "a circle": ("numerator: revenue", "numerator: aov"),
    "a missing reference": ("numerator: revenue", "numerator: revenu"),
    "an unknown key": ("agg: count, expr", "agg: count, formula: 1, expr"),
    "a key given twice": ("name: aov, type", "name: aov, name: aov, type"),
    "an anchor": ("metrics:\n", "metrics: &all\n"),
    "an unknown dimension": ("agg: count, expr", "filter: chanel = 'a', agg: count, expr"),
    "no YAML": ("models:", "models: ["),
}


@pytest.mark.parametrize("fault", BROKEN)
def test_the_last_good_catalog_stays_in_force(fault: str, small: Settings, tmp_path: Path) -> None:
    text = (HERE / "semantic" / "shop.yml").read_text(encoding="utf-8")
    old, new = BROKEN[fault]
    assert old in text
    (tmp_path / "shop.yml").write_text(text.replace(old, new, 1), encoding="utf-8")
    settings = load_settings(home=small.home, catalog=tmp_path, sandboxes=1)
    before = store.current(small.home)
    with pytest.raises(CatalogInvalid) as invalid:
        publish_catalog(settings)
    [first, *_] = invalid.value.problems
    assert first.file == "shop.yml" and first.line > 0
    assert store.current(small.home) == before
    assert check_all(settings).failed


def test_a_running_server_answers_on_while_the_catalog_is_broken(
    small: Settings, tmp_path: Path
) -> None:
    house = House(small)
    asked = {"metrics": ["revenue"]}
    try:
        before = call_tool(house, "metric", asked, Stop()).reply
        (tmp_path / "shop.yml").write_bytes(b"\xff\xfe not a catalog")
        with pytest.raises(CatalogInvalid):
            publish_catalog(load_settings(home=small.home, catalog=tmp_path, sandboxes=1))
        after = call_tool(house, "metric", asked, Stop()).reply
    finally:
        house.close()
    rows = [reply.structured["rows"] for reply in (before, after) if reply and reply.structured]
    assert rows == [[[210.0]], [[210.0]]]


def test_a_column_that_vanished_is_told_with_the_metrics_on_it(
    small: Settings, tmp_path: Path
) -> None:
    text = (HERE / "semantic" / "shop.yml").read_text(encoding="utf-8")
    gone = text.replace("expr: order_total", "expr: order_sum")
    (tmp_path / "shop.yml").write_text(gone, encoding="utf-8")
    settings = load_settings(home=small.home, catalog=tmp_path, sandboxes=1)
    told = {item.key: item for item in check_all(settings).problems}
    assert "`order_sum`" in told["metric.revenue.expr"].message
    assert told["metric.revenue.expr"].line > 0
    assert "its input `revenue` is lost" in told["metric.aov"].message
