"""Rules of the dbt project, checked on its manifest."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from typing import Any

import duckdb

from tests.transforms.conftest import Ask
from tests.warehouse import PROJECT

Manifest = dict[str, Any]


def models(manifest: Manifest, schema: str | None = None) -> list[dict[str, Any]]:
    nodes = manifest["nodes"].values()
    found = [node for node in nodes if node["resource_type"] == "model"]
    return [node for node in found if schema in (None, node["schema"])]


def checks_on(manifest: Manifest, unique_id: str) -> list[dict[str, Any]]:
    nodes = manifest["nodes"].values()
    return [
        node
        for node in nodes
        if node["resource_type"] == "test" and node.get("attached_node") == unique_id
    ]


def test_only_marts_are_public(manifest: Manifest) -> None:
    public = {node["name"] for node in models(manifest) if node["config"]["access"] == "public"}
    assert public == {node["name"] for node in models(manifest, "marts")}
    assert len(public) >= 23


def test_every_mart_has_contract_key_grain_owner_and_description(manifest: Manifest) -> None:
    lacking = []
    for node in models(manifest, "marts"):
        keys = [c["type"] for c in node["constraints"]]
        good = (
            node["contract"]["enforced"]
            and "primary_key" in keys
            and node["config"]["materialized"] in ("table", "incremental")
            and node["config"]["meta"].get("grain")
            and node["group"]
            and len(node["description"]) > 40
        )
        if not good:
            lacking.append(node["name"])
    assert lacking == []


def test_every_model_has_a_group_and_an_owner(manifest: Manifest) -> None:
    owners = {group["name"]: group["owner"]["name"] for group in manifest["groups"].values()}
    assert all(node["group"] in owners for node in models(manifest))


def test_every_column_is_described(manifest: Manifest, ask: Ask) -> None:
    described = {
        (node["alias"], column["name"])
        for node in models(manifest)
        for column in node["columns"].values()
        if column["description"].strip()
    }
    built = ask(
        "select table_name, column_name from duckdb_columns()"
        " where schema_name in ('staging', 'intermediate', 'marts')"
    )
    assert set(built) - described == set()


def test_no_two_models_are_described_alike(manifest: Manifest) -> None:
    """A version of a model, too, says what is different about it."""
    described: dict[str, list[str]] = {}
    for node in models(manifest):
        described.setdefault(words_of(node["description"]), []).append(node["unique_id"])
    assert [same for same in described.values() if len(same) > 1] == []


def test_every_source_and_seed_is_described(manifest: Manifest) -> None:
    seeds = [n for n in manifest["nodes"].values() if n["resource_type"] == "seed"]
    things = [*manifest["sources"].values(), *seeds]
    assert [thing["name"] for thing in things if not thing["description"].strip()] == []


def test_no_two_marts_columns_share_a_description_by_accident(manifest: Manifest) -> None:
    """Only columns of one name may say the same, because they mean the same."""
    names: dict[str, set[str]] = {}
    for node in models(manifest, "marts"):
        for column in node["columns"].values():
            names.setdefault(column["description"].strip(), set()).add(column["name"])
    assert [same for same in names.values() if len(same) > 1] == []


def test_no_column_of_a_mart_says_the_same_as_its_neighbour(manifest: Manifest) -> None:
    for node in models(manifest, "marts"):
        texts = Counter(column["description"].strip() for column in node["columns"].values())
        assert [text for text, times in texts.items() if times > 1] == [], node["name"]


def test_no_description_of_a_column_is_typed_twice(manifest: Manifest) -> None:
    """What two columns have in common is a docs block, so that one place says it."""
    typed: dict[str, set[tuple[str, str]]] = {}
    for node in [*manifest["nodes"].values(), *manifest["sources"].values()]:
        for column in node.get("columns", {}).values():
            if column["description"].strip() and not column["doc_blocks"]:
                place = (f"{node.get('source_name', '')}.{node['name']}", column["name"])
                typed.setdefault(words_of(column["description"]), set()).add(place)
    blocks = {words_of(block["block_contents"]) for block in own_blocks(manifest).values()}
    twice = {text: places for text, places in typed.items() if len(places) > 1}
    assert twice == {}
    assert set(typed) & blocks == set(), "a docs block says it already"


def test_every_docs_block_is_used_and_says_something_of_its_own(manifest: Manifest) -> None:
    blocks = own_blocks(manifest)
    nodes = [*manifest["nodes"].values(), *manifest["sources"].values()]
    columns = [column for node in nodes for column in node.get("columns", {}).values()]
    used = {block for column in columns for block in column["doc_blocks"]}
    texts = Counter(words_of(block["block_contents"]) for block in blocks.values())
    assert sorted(set(blocks) - used) == []
    assert [text for text, times in texts.items() if times > 1] == []


def own_blocks(manifest: Manifest) -> dict[str, dict[str, Any]]:
    own = manifest["metadata"]["project_name"]
    return {key: block for key, block in manifest["docs"].items() if key.startswith(f"doc.{own}.")}


def words_of(text: str) -> str:
    """The text without its line breaks."""
    return " ".join(text.split())


def test_personal_columns_are_marked(manifest: Manifest) -> None:
    """Whatever is named like a personal detail carries `pii`, in every layer."""
    personal = re.compile(
        r"^(?!is_)(|.*_)(email|first_name|last_name|phone|ip|identifier_value|mailbox)$"
    )
    unmarked = [
        (node["name"], column["name"])
        for node in models(manifest)
        for column in node["columns"].values()
        if personal.match(column["name"]) and not column["config"]["meta"].get("pii")
    ]
    assert unmarked == []


def test_every_amount_of_a_mart_says_its_unit(manifest: Manifest) -> None:
    unitless = [
        (node["name"], column["name"])
        for node in models(manifest, "marts")
        for column in node["columns"].values()
        if column["data_type"].startswith(("decimal", "double"))
        and not column["config"]["meta"].get("unit")
    ]
    assert unitless == []


def test_every_foreign_key_of_a_mart_is_tested(manifest: Manifest) -> None:
    keys = {"master_customer_id", "order_key", "product_key", "order_date", "event_date", "date"}
    keys |= {"order_line_key", "refund_date", "session_date", "session_key", "resolved_user_id"}
    keys |= {"deal_id", "creative_id", "account_domain"}
    untested = []
    for node in models(manifest, "marts"):
        own = {column for c in node["constraints"] for column in c["columns"]}
        related = {
            test["column_name"]
            for test in checks_on(manifest, node["unique_id"])
            if test["test_metadata"]["name"] == "relationships"
        }
        untested += [(node["name"], k) for k in (keys & set(node["columns"])) - own - related]
    assert untested == []


def test_each_source_is_read_by_exactly_one_model(manifest: Manifest) -> None:
    readers = Counter(
        parent
        for node in models(manifest)
        for parent in node["depends_on"]["nodes"]
        if parent.startswith("source.")
    )
    assert readers == {unique_id: 1 for unique_id in manifest["sources"]}


def test_a_key_that_lands_twice_is_told_while_it_is_new(manifest: Manifest) -> None:
    """Older ones were told when they were new; a record without a key is another test's."""
    name = "unique_lately_base_posthog__events__airbyte_raw_id"
    check = next(node for node in manifest["nodes"].values() if node["name"] == name)
    with duckdb.connect() as connection:
        connection.execute("attach ':memory:' as warehouse")
        connection.execute("create schema warehouse.staging")
        connection.execute("""
            create table warehouse.staging.base_posthog__events as
            from (values ('new', timestamptz '2025-05-20 12:00:00+00'),
                         ('new', timestamptz '2025-05-13 12:00:00+00'),
                         ('old', timestamptz '2025-05-13 11:59:59+00'),
                         ('old', timestamptz '2025-05-13 11:59:59+00'),
                         (null, timestamptz '2025-05-20 12:00:00+00'),
                         (null, timestamptz '2025-05-20 12:00:00+00'))
            as landed(_airbyte_raw_id, _airbyte_extracted_at)""")
        assert connection.execute(check["compiled_code"]).fetchall() == [("new", 2)]


def test_every_source_says_when_a_row_arrived(manifest: Manifest) -> None:
    sources = manifest["sources"].values()
    assert [s["name"] for s in sources if not s["loaded_at_field"]] == []


def test_no_model_reads_the_truth() -> None:
    files = [*PROJECT.glob("models/**/*"), *PROJECT.glob("macros/**/*"), *PROJECT.glob("tests/*")]
    texts = {f: f.read_text(encoding="utf-8") for f in files if f.is_file()}
    assert [f.name for f, text in texts.items() if re.search(r"\btruth\.", text)] == []


def test_each_model_says_its_grain_in_line_one_and_has_a_yml_beside_it() -> None:
    wrong: list[Path] = []
    for file in PROJECT.glob("models/**/*.sql"):
        first = file.read_text(encoding="utf-8").split("\n", 1)[0]
        # a version is described with the others of its model
        beside = file.with_name(re.sub(r"_v\d+$", "", file.stem) + ".yml")
        if not first.startswith("-- grain: ") or not beside.exists():
            wrong.append(file)
    assert wrong == []


def test_the_arithmetic_has_unit_tests(manifest: Manifest) -> None:
    assert len(manifest["unit_tests"]) >= 40


def test_what_no_column_can_say_has_a_test_in_sql(manifest: Manifest) -> None:
    """Each in a file named for what it protects."""
    singular = [
        node
        for node in manifest["nodes"].values()
        if node["resource_type"] == "test" and not node.get("test_metadata")
    ]
    assert len(singular) >= 25
    assert [n["name"] for n in singular if not n["name"].startswith("assert_")] == []
    unsaid = [n["name"] for n in singular if not n["raw_code"].startswith("-- ")]
    assert unsaid == []


def test_those_who_read_the_marts_are_known(manifest: Manifest) -> None:
    """Exposures name them; the server publishes every mart, so it reads every mart."""
    exposures = {item["name"]: item for item in manifest["exposures"].values()}
    assert {"mcp_server", "mmm_meridian", "mmm_robyn", "exec_dashboard"} <= set(exposures)
    public = {n["unique_id"] for n in models(manifest) if n["config"]["access"] == "public"}
    assert set(exposures["mcp_server"]["depends_on"]["nodes"]) == public
    assert all(item["owner"]["email"] and item["description"] for item in exposures.values())


def test_an_older_version_of_a_mart_is_kept_and_not_published(manifest: Manifest) -> None:
    versions = {n["version"]: n for n in models(manifest) if n["name"] == "dim_customers"}
    assert {n["latest_version"] for n in versions.values()} == {max(versions)} == {2}
    old, new = versions[1], versions[2]
    assert (new["alias"], new["schema"], new["config"]["access"]) == (
        "dim_customers",
        "marts",
        "public",
    )
    assert old["config"]["access"] == "protected" and old["schema"] != "marts"
    assert set(new["columns"]) - set(old["columns"]) == {"ltv_60_day", "is_ltv_60_day_mature"}
