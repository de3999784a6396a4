"""Catalogs that load: what each key becomes, and bytes that no case file can hold."""

from __future__ import annotations

from pathlib import Path

import pytest

from martlet.catalog.load import load_catalog
from martlet.catalog.names import plain_name
from martlet.errors import CatalogInvalid
from martlet.flow.catalog import Catalog, MetricInput, MetricQuery, NonAdditive
from tests.catalog.casefiles import FOLDER


def told(path: Path) -> list[str]:
    with pytest.raises(CatalogInvalid) as raised:
        load_catalog(path)
    return [str(problem) for problem in raised.value.problems]


@pytest.fixture(scope="module")
def full() -> Catalog:
    return load_catalog(FOLDER / "full.yml")


def test_the_catalog_and_its_time_spine(full: Catalog) -> None:
    assert (full.name, full.timezone, full.week_start) == ("shop", "Europe/Berlin", "sunday")
    assert (full.time_spine, full.time_spine_column) == ("dim_date", "date_day")
    assert full.calendars == {"fiscal_year": "fy", "fiscal_quarter": "fiscal_quarter"}


def test_columns_become_dimensions_and_entities(full: Catalog) -> None:
    orders = full.marts["fct_orders"]
    assert orders.semantic_name == "orders"
    assert [(e.name, e.type, e.expr) for e in orders.entities] == [
        ("order", "primary", "order_id"),
        ("customer", "foreign", "customer_id"),
        ("city", "foreign", "lower(city)"),
    ]
    assert [(d.name, d.type, d.expr, d.granularity) for d in orders.dimensions] == [
        ("order_date", "time", "order_date", "day"),
        ("channel", "categorical", "channel", ""),
        ("end_state", "categorical", '"end"', ""),
        ("is_large", "categorical", "order_total > 150", ""),
    ]
    assert orders.dimensions[0].label == "Order date"
    assert orders.dimensions[1].null_label == "(unknown)"
    assert orders.dimensions[2].column == "end"
    assert orders.dimensions[3].column == ""


def test_values_stay_what_they_are(full: Catalog) -> None:
    country = full.marts["fct_orders"].column("country")
    assert country is not None
    assert country.sample_values == ("NO", "DE", "2026-01-01", "007", 12, 1.5, True, None, "null")


def test_extras_under_config_meta_count(full: Catalog) -> None:
    orders = full.marts["fct_orders"]
    assert (orders.owner, orders.status, orders.grain) == (
        "finance",
        "certified",
        "one row per order",
    )
    email = orders.column("email")
    assert email is not None and email.pii


def test_a_range_of_validity(full: Catalog) -> None:
    tiers = full.marts["dim_tiers"]
    assert [item.validity for item in tiers.dimensions] == ["", "start", "end"]


def test_a_model_without_semantic_model_is_only_a_card(full: Catalog) -> None:
    card = full.marts["ref_codes"]
    assert (card.semantic_name, card.dimensions, card.entities) == ("", (), ())
    assert card.columns[0].description == "A code."


def test_metrics_of_every_kind(full: Catalog) -> None:
    metrics = full.metrics
    assert metrics["revenue"].ai_context.synonyms == ("turnover",)
    assert (metrics["p90"].percentile, metrics["p90"].percentile_type) == (0.9, "discrete")
    assert metrics["lines"].expr == "1"
    assert metrics["large"].filter == ("{{ Dimension('order__is_large') }}", "channel = 'web'")
    assert metrics["stock"].non_additive == NonAdditive(
        name="order_date", window_agg="min", group_by=("customer",)
    )
    assert metrics["filled"].fill_nulls_with == 0 and metrics["filled"].join_to_timespine
    assert metrics["aov"].numerator == MetricInput(name="revenue")
    assert metrics["revenue_mtd"].input_metrics == (MetricInput(name="revenue"),)
    assert metrics["revenue_mtd"].period_agg == "last"
    assert metrics["revenue_mom"].inputs() == (
        MetricInput(name="revenue"),
        MetricInput(name="revenue", alias="prev", offset_window="1 month"),
    )
    conversion = metrics["repeat_7d"]
    assert conversion.base_metric == MetricInput(name="orders", filter=("channel = 'web'",))
    assert conversion.constant_properties[0].base_property == "channel"
    assert (conversion.tie_break, conversion.base_time) == ("order_id", "order_date")
    assert conversion.mart == "" and metrics["revenue"].mart == "fct_orders"


def test_queries_in_either_spelling(full: Catalog) -> None:
    assert full.saved_queries["weekly"].query == MetricQuery(
        metrics=("revenue",),
        by=("metric_time__week", "order__channel", "customer"),
        where=("{{ Dimension('order__channel') }} = 'web'",),
        order_by=("-metric_time__week",),
        limit=5,
    )
    best = full.verified_queries["best"]
    assert best.query == MetricQuery(metrics=("revenue",), by=("channel",), order_by=("-revenue",))
    assert best.expected == (("web", 1.5), (None, 2))


def test_names_are_in_order_and_places_are_known(full: Catalog) -> None:
    assert list(full.metrics) == sorted(full.metrics)
    assert list(full.marts) == sorted(full.marts)
    assert full.places["metric.aov.numerator"].startswith("full.yml:")


def test_a_catalog_survives_json(full: Catalog) -> None:
    assert Catalog.model_validate_json(full.model_dump_json()) == full


def test_the_hash_changes_with_a_name_or_a_byte(tmp_path: Path) -> None:
    text = "version: 1\ncatalog: {name: shop}\n"
    hashes = set()
    for name, content in (("a.yml", text), ("b.yml", text), ("a.yml", text + "\n")):
        (tmp_path / name).write_text(content, encoding="utf-8")
        hashes.add(load_catalog(tmp_path / name).hash)
    assert len(hashes) == 3


def test_files_of_subfolders_and_both_endings_are_read(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "a.yaml").write_text("version: 1\nmodels: [{name: m}]\n", encoding="utf-8")
    (tmp_path / "z.yml").write_text("version: 1\ncatalog: {name: shop}\n", encoding="utf-8")
    (tmp_path / "notes.txt").write_text("nothing", encoding="utf-8")
    assert set(load_catalog(tmp_path).marts) == {"m"}


def test_a_byte_order_mark_is_no_part_of_the_text(tmp_path: Path) -> None:
    (tmp_path / "a.yml").write_bytes(b"\xef\xbb\xbfversion: 1\ncatalog: {name: shop}\n")
    assert load_catalog(tmp_path).name == "shop"


def test_a_file_that_is_not_utf8_is_told_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "a.yml").write_bytes("version: 1\ncatalog: {name: ä}\n".encode("latin-1"))
    assert told(tmp_path) == ["a.yml:2: The file is not UTF-8 (byte 27). Save it as UTF-8."]


def test_control_characters_are_refused(tmp_path: Path) -> None:
    (tmp_path / "a.yml").write_bytes(b"version: 1\ncatalog: {name: a\x00b}\n")
    assert told(tmp_path)[0].startswith("a.yml")


def test_a_large_file_is_refused_unread(tmp_path: Path) -> None:
    (tmp_path / "a.yml").write_bytes(b"# " + b"x" * 10_000_000)
    assert told(tmp_path) == ["a.yml: The file is larger than 5 MB. Split it."]


def test_a_file_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    (tmp_path / "a.yml").symlink_to(tmp_path / "gone.yml")
    (tmp_path / "b.yml").write_text("version: 1\ncatalog: {name: shop}\n", encoding="utf-8")
    assert told(tmp_path) == ["a.yml: The file cannot be read: No such file or directory."]


def test_deep_nesting_ends_early_whatever_its_depth(tmp_path: Path) -> None:
    (tmp_path / "a.yml").write_text("a: " + "[" * 500_000, encoding="utf-8")
    assert told(tmp_path) == ["a.yml:1: Nested deeper than 24 levels."]


def test_a_thousand_faults_are_cut_with_their_number(tmp_path: Path) -> None:
    lines = "\n".join(f"x{number}: 1" for number in range(1_000))
    (tmp_path / "a.yml").write_text(f"version: 1\n{lines}\n", encoding="utf-8")
    problems = told(tmp_path)
    assert len(problems) == 501
    assert problems[-1].endswith("And 501 more problems.")


@pytest.mark.parametrize(
    ("name", "start"),
    [("nowhere", "There is no such file"), ("empty", "There is no YAML file here")],
)
def test_a_path_without_a_catalog(tmp_path: Path, name: str, start: str) -> None:
    (tmp_path / "empty").mkdir()
    assert start in told(tmp_path / name)[0]


def test_a_file_of_an_unknown_kind(tmp_path: Path) -> None:
    (tmp_path / "shop.toml").write_text("", encoding="utf-8")
    assert "A catalog is a folder, or a file ending in `.yml`" in told(tmp_path / "shop.toml")[0]


def test_a_semantic_manifest_of_dbt_is_a_catalog_too() -> None:
    manifest = Path(__file__).parents[1] / "metrics" / "shop" / "semantic_manifest.json"
    catalog = load_catalog(manifest)
    assert catalog.metrics["aov"].type == "ratio"
    assert catalog.saved_queries["weekly_sales"].query.by == (
        "metric_time__week",
        "order__channel",
    )


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("order__channel", "order__channel"),
        ("Dimension('order__channel')", "order__channel"),
        ('TimeDimension("metric_time", "MONTH")', "metric_time__month"),
        ("Dimension('metric_time').grain('day')", "metric_time__day"),
        ("Dimension('country__region', entity_path=['customer'])", "customer__country__region"),
        ("Metric('revenue').descending(True)", "-revenue"),
        ("-Metric('revenue')", "-revenue"),
        ("Entity('customer')", "customer"),
        ("Dimension('a'); drop table b", "Dimension('a'); drop table b"),
    ],
)
def test_names_in_the_spelling_of_dbt(written: str, name: str) -> None:
    assert plain_name(written) == name
