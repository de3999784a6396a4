"""`check --against`: which numbers of a build change, by how much, and whose doing it is."""

from __future__ import annotations

import json
from pathlib import Path

import duckdb
import pytest

from martlet.build import Origin, publish_catalog, publish_from
from martlet.changes import Change, Changes, compare_with, tell
from martlet.check import check_all
from martlet.errors import UnknownName
from martlet.settings import Settings, load_settings
from tests.command import martlet
from tests.small import HERE, publish_small


@pytest.fixture
def shop(tmp_path: Path) -> Settings:
    settings, _ = publish_small(tmp_path)
    return settings


def edited(settings: Settings, folder: Path, *changes: tuple[str, str]) -> Settings:
    """The settings with a copy of the catalog in which texts are replaced."""
    text = (HERE / "semantic" / "shop.yml").read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    folder.mkdir(exist_ok=True)
    (folder / "shop.yml").write_text(text, encoding="utf-8")
    return load_settings(home=settings.home, catalog=folder, sandboxes=1)


def by_name(changes: Changes) -> dict[str, tuple[str, str]]:
    return {item.name: (item.status, item.cause) for item in changes.differing}


def test_nothing_changes_without_a_change(shop: Settings) -> None:
    build = compare_with(shop, current(shop)).before
    changes = compare_with(shop, build)
    assert (by_name(changes), changes.breaks) == ({}, False)


def current(settings: Settings) -> str:
    return (settings.home / "published" / "current").read_text(encoding="utf-8").strip()


def test_an_edited_definition_is_told_with_total_and_months(shop: Settings, tmp_path: Path) -> None:
    other = edited(shop, tmp_path / "new", ("expr: order_total", "expr: order_total * 2"))
    changes = compare_with(other, current(shop))
    found = {item.name: item for item in changes.differing}
    assert (found["revenue"].status, found["revenue"].cause) == ("changed", "definition")
    total = found["revenue"].changes[0]
    assert (total.period, total.by) == ("", 1.0)
    assert all(change.period for change in found["revenue"].changes[1:])
    assert changes.breaks
    assert any("changed: metric revenue (definition)" in line for line in tell(changes))


def test_changed_data_are_told_apart_from_definitions(shop: Settings, tmp_path: Path) -> None:
    before = current(shop)
    with duckdb.connect(str(tmp_path / "shop.duckdb")) as connection:
        connection.execute("update marts.fct_orders set order_total = 99 where order_id = 1")
    publish_from(shop, Origin(database=tmp_path / "shop.duckdb", hide=("dim_customers.email",)))
    assert by_name(compare_with(shop, before))["revenue"] == ("changed", "data")
    assert by_name(compare_with(shop, "previous"))["revenue"] == ("changed", "data")


def test_metrics_come_and_go(shop: Settings, tmp_path: Path) -> None:
    other = edited(shop, tmp_path / "new", ("revenue", "turnover_net"))
    found = by_name(compare_with(other, current(shop)))
    assert found["revenue"][0] == "removed"
    assert found["turnover_net"][0] == "added"


def test_an_unknown_build_is_refused_with_those_that_exist(shop: Settings) -> None:
    with pytest.raises(UnknownName):
        compare_with(shop, "20200101T000000Z-00000000")


def test_the_growth_of_a_change_is_a_fraction() -> None:
    assert Change("", 4, "5").by == 0.25
    assert Change("", 0, 5).by is None
    assert Change("", None, 5).by is None


def test_a_verified_question_with_another_answer_is_an_error(
    shop: Settings, tmp_path: Path
) -> None:
    question = """
verified_queries:
  - name: total
    question: How much was sold?
    metric_query: {metrics: [revenue]}
    expected: [[%s]]
"""
    text = (
        (HERE / "semantic" / "shop.yml").read_text(encoding="utf-8").split("verified_queries:")[0]
    )
    folder = tmp_path / "asked"
    folder.mkdir()
    settings = load_settings(home=shop.home, catalog=folder, sandboxes=1)
    for value, wanted in (("210.00", False), ("211", True)):
        (folder / "shop.yml").write_text(text + question % value, encoding="utf-8")
        problems = [item for item in check_all(settings).problems if "expected" in item.key]
        assert bool(problems) == wanted
    assert "recorded is [211]" in problems[0].message


def test_the_command_exits_1_when_a_number_changes(shop: Settings, tmp_path: Path) -> None:
    edited(shop, tmp_path / "new", ("expr: order_total", "expr: order_total * 2"))
    home = ("--home", str(shop.home), "--against", current(shop))
    same = martlet("check", *home, "--catalog", str(HERE / "semantic"), "--json")
    assert (same.returncode, json.loads(same.stdout)["compared"][0]["status"]) == (0, "same")
    other = martlet("check", *home, "--catalog", str(tmp_path / "new"))
    assert other.returncode == 1
    assert "revenue" in other.stdout


def test_a_rollback_compares_with_the_build_before(shop: Settings, tmp_path: Path) -> None:
    other = edited(shop, tmp_path / "new", ("expr: order_total", "expr: order_total * 2"))
    publish_catalog(other)
    assert by_name(compare_with(other, "previous"))["revenue"] == ("changed", "definition")
