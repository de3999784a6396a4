"""Raw tables that are not what the sources declare: told before anything is built, all at once."""

from __future__ import annotations

import csv
import re
import shutil
from pathlib import Path
from typing import Any

import duckdb
import pytest

from martlet.demo import raw
from martlet.errors import BuildFailed
from martlet.publish import store
from martlet.publish.dbt.faults import refuse_bad_sources
from martlet.settings import Settings
from tests.warehouse import PROJECT, build_demo, demo_settings, try_dbt

LOAD = "Load it, or add `{}` to sources_off."
CORRECT = "Correct or delete them at the source."
# what is done to the raw tables, and the whole line that tells of it
CASES = {
    "a table is missing": (
        "drop table crm_companies",
        "crm.companies (raw_data.crm_companies): the table is missing. " + LOAD.format("crm"),
    ),
    "a table of another name is missing": (
        "alter table measure_js_events rename to measure_events",
        "raw.events (raw_data.measure_js_events): the table is missing. "
        + LOAD.format("measure_js"),
    ),
    "a table is empty": (
        "delete from meta_ads_insights",
        "meta_ads.ads_insights: the table is empty. " + LOAD.format("meta_ads"),
    ),
    "a column was renamed": (
        "alter table shopify_customers rename column email to e_mail",
        "shopify.customers: the column `email` is missing. `e_mail` is near: name it so again at"
        " the source, or read it in staging.",
    ),
    "a column is gone and nothing is like it": (
        "alter table form_submissions drop column email",
        "forms.submissions: the column `email` is missing. Load it, or take it out of staging and"
        " of the source's columns.",
    ),
    "an enum has a new value": (
        "update shopify_orders set financial_status = 'on_hold' where id in"
        " (select id from shopify_orders group by id having count(*) = 1 order by id limit 3)",
        "shopify.orders: 3 rows have a `financial_status` that is not known. Say in"
        " seeds/order_status_map.csv what it means, and add it to the source's known values.",
    ),
    "a key repeats": (
        "insert into fx_rates from (from fx_rates order by all limit 2)",
        "reference.fx_rates: 2 rows have a key that another row has: rate_date, from_currency,"
        " to_currency. Leave one row of each.",
    ),
    "a day lies in 1970": (
        "update woocommerce_orders set date_created_gmt = '1970-01-01' where id in"
        " (select id from woocommerce_orders group by id having count(*) = 1 order by id limit 1)",
        "woocommerce.orders: 1 row has a `date_created_gmt` before the year 2000. " + CORRECT,
    ),
    "a moment lies in 2099": (
        "update posthog_events set timestamp = '2099-01-01' where id in"
        " (select id from posthog_events group by id having count(*) = 1 order by id limit 2)",
        "posthog.events: 2 rows have a `timestamp` in the future of their load. " + CORRECT,
    ),
    "a moment in microseconds lies in 2099": (
        "update ga4_events set event_timestamp = epoch_us(timestamp '2099-01-01')"
        " where rowid in (10, 11)",
        "ga4.events: 2 rows have a `event_timestamp` in the future of their load. " + CORRECT,
    ),
    "a day as text lies in 1970": (
        "update ga4_events set event_date = '19700101' where rowid = 12;"
        " update ga4_events set event_date = '2026-10-01' where rowid = 13",
        "ga4.events: 2 rows have a `event_date` that is no day, as YYYYMMDD, from 2000 to its load."
        " " + CORRECT,
    ),
    "a moment as text lies in 2099": (
        "update shopify_order_refunds set processed_at = '2099-01-01T10:00:00+01:00'"
        " where rowid = 1",
        "shopify.order_refunds: 1 row has a `processed_at` in the future of their load. " + CORRECT,
    ),
    "a moment as text is none": (
        "update shopify_order_refunds set processed_at = 'last week' where rowid = 2",
        "shopify.order_refunds: 1 row has text in `processed_at` that is no moment. Correct it at"
        " the source.",
    ),
    "a currency has no rate": (
        "update woocommerce_orders set currency = 'BRL' where rowid in (1, 2)",
        "woocommerce.orders: 2 rows have a `currency` that has no exchange rate. Load its rates"
        " into reference.fx_rates.",
    ),
    "a stage of deals is new": (
        "update crm_deals set deal_pipeline_stage_id = 'verbalyes' where rowid = 1",
        "crm.deals: 1 row has a `deal_pipeline_stage_id` that is not known. Say in won_deal_stages"
        " or lost_deal_stages of dbt_project.yml what it means, and add it to the source's known"
        " values.",
    ),
    "a number came as text": (
        'alter table google_ads_campaign alter column "metrics.cost_micros" type varchar;'
        " update google_ads_campaign set \"metrics.cost_micros\" = 'n/a' where rowid < 4",
        "google_ads.campaign: the column `metrics.cost_micros` is VARCHAR, not bigint. 4 of its"
        " values are no bigint. Land it with its type again, or cast it in staging.",
    ),
    "a text that holds numbers holds a word": (
        "update woocommerce_products set price = 'twelve' where rowid < 1",
        "woocommerce.products: 1 row has text in `price` that is no number. Correct it at the"
        " source.",
    ),
}
MISSPELLED = "sources_off: there is no source `woocomerce`"


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """What one run of dbt says of all the faults together."""
    folder = tmp_path_factory.mktemp("harmed")
    raw.generate(folder / "warehouse.duckdb", scale=0.1)
    harm(folder / "warehouse.duckdb", *(done for done, _ in CASES.values()))
    code, output = try_dbt(folder, "build", "--vars", "{sources_off: [woocomerce]}")
    assert code != 0
    with duckdb.connect(str(folder / "warehouse.duckdb"), read_only=True) as connection:
        built = connection.execute(
            "select table_name from duckdb_tables() where schema_name not in ('raw_data', 'truth')"
        ).fetchall()
    assert built == []
    with pytest.raises(BuildFailed) as caught:
        refuse_bad_sources([output], where="dbt.log")
    assert caught.value.code == "build.sources"
    return [line.strip() for line in caught.value.message.splitlines()[1:]]


def harm(warehouse: Path, *statements: str) -> None:
    with duckdb.connect(str(warehouse)) as connection:
        connection.execute("use raw_data")
        for statement in statements:
            connection.execute(statement)


@pytest.mark.slow
@pytest.mark.parametrize("case", CASES)
def test_a_fault_names_source_and_column_and_what_to_do(told: list[str], case: str) -> None:
    assert CASES[case][1] in told


@pytest.mark.slow
def test_nothing_but_the_faults_is_told(told: list[str]) -> None:
    """The clean rest of ten systems, with all its planted faults, is no fault of a source."""
    others = [line for line in told if line not in {line for _, line in CASES.values()}]
    assert [line.startswith(MISSPELLED) for line in others] == [True]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("table", "column", "number", "model", "told"),
    [
        (
            "shopify_orders",
            "line_items",
            '"price":"?[0-9.]+"?',
            "stg_shopify__order_lines",
            "shopify.orders: text in `price` of `line_items` that is no number.",
        ),
        (
            "shopify_order_refunds",
            "order_adjustments",
            '"amount":"?-?[0-9.]+"?',
            "int_refund_lines_allocated",
            "shopify.order_refunds: text in `amount` of `order_adjustments` that is no number.",
        ),
    ],
)
def test_a_word_for_a_number_inside_an_object_names_source_and_column(
    warehouse: Path, tmp_path: Path, table: str, column: str, number: str, model: str, told: str
) -> None:
    """What a check of the raw tables would take a pass over all objects to find."""
    shutil.copy(warehouse, tmp_path / "warehouse.duckdb")
    word = re.match(r'"\w+":', number)
    assert word
    harm(
        tmp_path / "warehouse.duckdb",
        f"update {table} set {column} = regexp_replace({column}::varchar, '{number}',"
        f" '{word[0]}\"n/a\"')::json",
    )
    code, output = try_dbt(tmp_path, "run", "--full-refresh", "--select", model)
    assert code != 0
    assert f"{told} Correct it at the source." in output
    assert "n/a" not in output


@pytest.mark.slow
def test_good_marts_stay_published_when_a_source_goes_bad(demo: Settings, tmp_path: Path) -> None:
    home = tmp_path / "home"
    shutil.copytree(demo.home, home, symlinks=True)
    in_force = store.current(home).name
    harm(home / "warehouse.duckdb", CASES["a column was renamed"][0])
    with pytest.raises(BuildFailed) as caught:
        build_demo(demo_settings(home))
    assert str(caught.value).splitlines() == [
        "build.sources: The raw tables have 1 fault; nothing was built.",
        "  " + CASES["a column was renamed"][1],
        "Where: dbt/logs/dbt.log",
        "Next: Mend what each line names; what is published now stays in force.",
    ]
    assert store.current(home).name == in_force


def test_faults_are_found_in_what_dbt_says() -> None:
    said = (
        "Encountered an error:\nCompilation Error in operation on-run-start-0 (dbt_project.yml)\n"
        "  martlet.bad_sources:\n    crm.deals: the table is empty.\n    crm.x: the table is out.\n"
        "  \n  > in macro check_sources (macros/sources/check_sources.sql)\n"
    )
    with pytest.raises(BuildFailed) as caught:
        refuse_bad_sources(["something else", said, said], where="dbt.log")
    assert caught.value.message == (
        "The raw tables have 2 faults; nothing was built.\n"
        "  crm.deals: the table is empty.\n  crm.x: the table is out."
    )


def test_other_errors_of_dbt_are_no_faults_of_sources() -> None:
    refuse_bad_sources(["Compilation Error in model fct_orders"], where="dbt.log")


@pytest.mark.parametrize(
    ("source", "column", "seed", "key", "value"),
    [
        ("shopify.orders", "financial_status", "order_status_map", "source_system", "status"),
        ("woocommerce.orders", "status", "order_status_map", "source_system", "status"),
        (
            "google_ads.campaign",
            "campaign.advertising_channel_type",
            "channel_mapping",
            "platform",
            "campaign_type",
        ),
    ],
)
def test_the_known_words_of_a_source_are_those_that_a_seed_explains(
    manifest: dict[str, Any], source: str, column: str, seed: str, key: str, value: str
) -> None:
    node = manifest["sources"][f"source.martlet_shop.{source}"]
    with (PROJECT / "seeds" / f"{seed}.csv").open(encoding="utf-8") as file:
        explained = {row[value] for row in csv.DictReader(file) if row[key] == node["source_name"]}
    assert set(node["columns"][column]["config"]["meta"]["known"]) == explained


def test_the_stages_that_are_won_or_lost_are_known_stages(manifest: dict[str, Any]) -> None:
    """Any other known one is open; a stage that nobody knows would be open in silence."""
    deals = manifest["sources"]["source.martlet_shop.crm.deals"]
    known = set(deals["columns"]["deal_pipeline_stage_id"]["config"]["meta"]["known"])
    text = (PROJECT / "dbt_project.yml").read_text(encoding="utf-8")
    told = re.findall(r"^  (?:won|lost)_deal_stages: \[(.*)\]$", text, re.MULTILINE)
    assert len(told) == 2
    assert {stage.strip() for stages in told for stage in stages.split(",")} < known
