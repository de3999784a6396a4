"""Who is who over all systems: against the truth, in any order of rows, and after mergers."""

from __future__ import annotations

import shutil
from pathlib import Path

import duckdb
import pytest

from martlet.demo import raw
from martlet.publish import store
from martlet.settings import Settings
from tests.transforms.conftest import Ask
from tests.transforms.test_incremental import differing
from tests.warehouse import run_dbt

MAP = "intermediate.int_customer_identity_map"
DEVICES = (
    "('posthog_distinct_id', 'ga4_user_pseudo_id', 'measure_js_client_id',"
    " 'rudderstack_anonymous_id')"
)
STEPS = ("--select", "+int__identity_resolved", "+int__identity_device_bridged")
SCALE = 0.05


def test_every_kind_of_identifier_leads_to_its_person(ask: Ask) -> None:
    """Of each kind nearly all that the data lets anybody know are with the person's others."""
    found = ask(f"""
        with known as (
            select person_id, identifier_type, master_customer_id
            from truth.person_identifiers
            left join {MAP} using (identifier_type, identifier_value)
            where linkable),
        mains as (
            select person_id, mode(master_customer_id) as master_customer_id
            from known group by 1)
        select identifier_type, count(*),
            count(*) filter (known.master_customer_id = mains.master_customer_id)
        from known join mains using (person_id) group by 1""")
    assert len(found) == 10
    assert [kind for kind, all_, right in found if right < 0.99 * all_] == []
    assert min(all_ for _, all_, _ in found) > 200


def test_shared_devices_of_every_tool_join_nobody(ask: Ask) -> None:
    """Several people logged in on it: then it is marked, and alone."""
    met = ask(f"""
        with shared as (
            select identifier_type, identifier_value from truth.person_identifiers
            where identifier_type in {DEVICES}
            group by all having count(distinct person_id) > 1)
        select identifier_type, count(*), max(identifier_count),
            count(distinct map.master_customer_id)
        from shared join {MAP} as map using (identifier_type, identifier_value)
        where map.match_rule = 'shared_device' group by 1""")
    assert {kind for kind, *_ in met} > {"posthog_distinct_id", "measure_js_client_id"}
    assert all(size == 1 and people == devices for _, devices, size, people in met)


def test_a_device_that_is_not_known_as_shared_is_of_one_person(ask: Ask) -> None:
    joined = ask(f"""
        select map.master_customer_id
        from truth.person_identifiers join {MAP} as map
        using (identifier_type, identifier_value)
        where identifier_type in {DEVICES} and map.match_rule = 'device'
        group by 1 having count(distinct person_id) filter (linkable) > 1""")
    assert joined == []


def test_on_a_shared_device_an_order_is_of_whoever_was_logged_in(ask: Ask) -> None:
    right, orders, devices = ask("""
        with placed as (
            select 'shopify:' || order_id as order_key, posthog_distinct_id, created_at
            from staging.stg_shopify__orders where customer_id is not null),
        bridged as (
            select order_key, identifier_value, customer_id
            from placed join intermediate.int__identity_device_bridged
            on identifier_type = 'posthog_distinct_id'
            and identifier_value = posthog_distinct_id and is_shared_device
            and created_at >= valid_from
            and created_at < coalesce(valid_to, timestamp 'infinity'))
        select count(*) filter (customer_id = master_customer_id), count(*),
            count(distinct identifier_value)
        from bridged join marts.fct_orders using (order_key)""")[0]
    assert orders > 100 and devices > 20
    assert right == orders


def test_a_shared_device_has_one_person_at_a_time(ask: Ask) -> None:
    overlapping = ask("""
        select identifier_key from intermediate.int__identity_device_bridged
        qualify valid_from < lag(coalesce(valid_to, timestamp 'infinity')) over (
            partition by identifier_key order by valid_from)""")
    assert overlapping == []


def test_a_mistyped_address_joins_nobody(ask: Ask) -> None:
    """Who corrects an address a minute later is not two people, and the wrong one is nobody's."""
    ((mistyped, joined),) = ask(f"""
        select count(distinct email), count(*) filter (map.identifier_count > 1)
        from raw_data.form_submissions as forms
        join truth.planted on planted.fault = 'M6' and planted.row_id = forms.submission_id
        left join {MAP} as map on map.identifier_key = 'email:' || lower(trim(forms.email))""")
    assert mistyped > 10
    assert joined == 0


def test_every_customer_has_a_current_id(ask: Ask) -> None:
    stray = ask("""
        select master_customer_id from marts.dim_customers
        anti join intermediate.int_customer_identity_registry as registry
        on registry.customer_id = dim_customers.master_customer_id and registry.is_current""")
    assert stray == []


def test_deals_are_the_truths_and_each_has_its_person(ask: Ask) -> None:
    wrong = ask("""
        with won as (
            select 'crm:' || deal_id as conversion_id, amount, closed_at, master_customer_id
            from marts.fct_deals where is_won)
        select conversion_id from won
        full join (from truth.conversions where conversion_type = 'deal') as truth
        using (conversion_id)
        where won.amount is distinct from truth.amount
           or won.closed_at is distinct from truth.converted_at""")
    people, deals = ask("""
        select count(distinct (person_id, master_customer_id)), count(distinct person_id)
        from marts.fct_deals join truth.conversions on conversion_id = 'crm:' || deal_id
        where person_id is not null""")[0]
    assert wrong == []
    assert people == deals > 50


def test_customer_360_has_the_people_and_totals_of_dim_customers(ask: Ask) -> None:
    apart = ask("""
        select customer_id from marts.mrt__core__customer_360 as profile
        full join (from marts.dim_customers where customer_type != 'visitor') as people
        on people.master_customer_id = profile.customer_id
        where profile.total_orders is distinct from people.total_orders
           or profile.shop_net_sales is distinct from coalesce(people.lifetime_value, 0)""")
    assert apart == []


def test_customer_360_has_the_visits_that_web_sessions_gives_its_people(ask: Ask) -> None:
    visits, told = ask("""
        select (select count(*) from marts.mrt__marketing__web_sessions
                where resolved_user_id is not null and not is_bot and not is_internal),
            (select sum(total_sessions) from marts.mrt__core__customer_360)""")[0]
    assert visits == told > 1_000


def test_further_tools_add_no_visitors_to_the_list_of_people(ask: Ask) -> None:
    """They see the visits that PostHog sees, on devices of their own names."""
    visitors = ask(f"""
        select list(distinct identifier_type) as kinds
        from marts.dim_customers join {MAP} using (master_customer_id)
        where customer_type = 'visitor'
        group by master_customer_id
        having not list_has_any(kinds, ['posthog_distinct_id', 'posthog_person'])""")
    # an order that is not valid and says nothing of who made it is all the same somebody's
    assert {kind for (kinds,) in visitors for kind in kinds} <= {
        "shopify_order",
        "woocommerce_order",
    }


def test_no_name_that_a_tool_gives_a_person_or_a_device_is_published(demo: Settings) -> None:
    """Cookies, accounts and addresses lead to somebody outside: marts hold pseudonyms of them."""
    published = store.open_build(store.current(demo.home)).database
    with duckdb.connect(str(published), read_only=True) as connection:
        texts = connection.execute("""
            select table_name, column_name from duckdb_columns()
            where data_type = 'VARCHAR' and database_name = current_database()""").fetchall()
        connection.execute(f"attach '{demo.home / 'warehouse.duckdb'}' as warehouse (read_only)")
        # the outlet numbers its customers and its orders from one
        connection.execute("""
            create temp table names as
            select distinct identifier_value from warehouse.intermediate.int_identity_nodes
            where identifier_value not in (select order_id from marts.fct_orders)""")
        assert connection.execute("select count(*) > 20_000 from names").fetchone() == (True,)
        found = {
            f"{table}.{column}": rows[0]
            for table, column in texts
            if (
                rows := connection.execute(f"""
                select any_value(identifier_value) from names
                semi join marts.{table} on split_part("{column}", ' - ', -1) = identifier_value
                having count(*) > 0""").fetchall()
            )
        }
    assert len(texts) > 150
    assert found == {}


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """A small company's raw data with its seeds, before anybody is identified."""
    raw.generate(tmp_path / "warehouse.duckdb", scale=SCALE)
    run_dbt(tmp_path, "seed")
    return tmp_path


def identified(folder: Path, *arguments: str) -> dict[str, str]:
    """The person of each identifier, after the steps ran."""
    run_dbt(folder, "run", *STEPS, *arguments)
    with duckdb.connect(str(folder / "warehouse.duckdb"), read_only=True) as connection:
        rows = connection.execute(f"select identifier_key, master_customer_id from {MAP}")
        return dict(rows.fetchall())


@pytest.mark.slow
def test_ids_outlive_shuffled_rows_full_refreshes_and_mergers(small: Path) -> None:
    """One company: loaded, shuffled and built anew, then two of its people turn out to be one."""
    before = identified(small)
    assert len(before) > 500

    shuffle(small / "warehouse.duckdb")
    assert identified(small, "--full-refresh") == before

    older, younger = two_strangers(small / "warehouse.duckdb")
    land_order_of_both(small / "warehouse.duckdb", older, younger)
    after = identified(small)
    survivor, loser = before[f"shopify_customer:{older}"], before[f"shopify_customer:{younger}"]
    assert {after[key] for key, person in before.items() if person in (survivor, loser)} == {
        survivor
    }
    leads = redirects(small / "warehouse.duckdb")
    assert leads[loser] == survivor
    # every id ever given leads in one step to where its identifiers are now, nobody else moved
    assert {key: leads[person] for key, person in before.items()} == {
        key: after[key] for key in before
    }
    assert {key for key, person in before.items() if after[key] != person} == {
        key for key, person in before.items() if person == loser
    }


@pytest.mark.slow
def test_people_merge_part_and_are_blocked_as_in_a_full_refresh(
    small: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """On one day two people turn out to be one, a device to be shared, an address to be blocked,
    and an account takes another address. A run of a part comes in between."""
    before = identified(small)
    database = small / "warehouse.duckdb"
    older, younger = two_strangers(database)
    device, owner, stranger = device_and_stranger(database, {older, younger})
    blocked, renamed = two_addresses(database, {older, younger, stranger})
    land_order_of_both(database, older, younger)
    land_order_on_device(database, device, stranger)
    land_new_address(database, renamed)
    block(database, blocked)
    run_dbt(small, "run", "--select", "int_identity_device_logins", "int_identity_observations")
    run_dbt(small, "run", "--select", "int_identity_nodes", "int_identity_edges")
    after = identified(small)

    assert after[f"shopify_customer:{older}"] == after[f"shopify_customer:{younger}"]
    assert before[f"posthog_distinct_id:{device}"] == owner
    assert after[f"posthog_distinct_id:{device}"] not in (
        owner,
        after[f"shopify_customer:{stranger}"],
    )
    assert f"email:{blocked}" in before and f"email:{blocked}" not in after
    assert after[f"shopify_customer:{renamed}"] == after[f"email:{renamed}@moved.example"]

    anew = tmp_path_factory.mktemp("anew")
    shutil.copy(database, anew)
    identified(anew, "--full-refresh")
    assert differing(database, anew / "warehouse.duckdb", []) == {}
    identified(small)
    assert differing(database, anew / "warehouse.duckdb", []) == {}


def device_and_stranger(database: Path, taken: set[str]) -> tuple[str, str, str]:
    """A cookie of one person, that person, and the account of another, who ordered, too."""
    with duckdb.connect(str(database), read_only=True) as connection:
        row = connection.execute(
            f"""
            select device.identifier_value, device.master_customer_id, stranger.identifier_value
            from {MAP} as device join {MAP} as stranger
            on device.master_customer_id != stranger.master_customer_id
            where device.match_rule = 'device' and device.is_named
            and device.identifier_type = 'posthog_distinct_id'
            and stranger.identifier_type = 'shopify_customer'
            and stranger.identifier_value not in $taken
            and stranger.identifier_value in (select customer_id from staging.stg_shopify__orders)
            and device.master_customer_id not in (
                select master_customer_id from {MAP}
                where identifier_type = 'shopify_customer' and identifier_value in $taken)
            order by 1, 3 limit 1""",
            {"taken": sorted(taken)},
        ).fetchone()
    assert row is not None
    return row


def two_addresses(database: Path, taken: set[str]) -> tuple[str, str]:
    """An address, and an account of somebody else that has one."""
    with duckdb.connect(str(database), read_only=True) as connection:
        rows = connection.execute(
            f"""
            select customer_id, email from staging.stg_shopify__customers
            join {MAP} on identifier_key = 'shopify_customer:' || customer_id
            where email is not null and customer_id not in $taken
            order by customer_id desc limit 2""",
            {"taken": sorted(taken)},
        ).fetchall()
    return rows[0][1], rows[1][0]


def land_order_on_device(database: Path, device: str, account: str) -> None:
    with duckdb.connect(str(database)) as connection:
        connection.execute(f"""
            insert into raw_data.shopify_orders
            select * replace (
                9900000000002 as id,
                '[{{"name": "ph_distinct_id", "value": "{device}"}}]' as note_attributes,
                {newest("shopify_orders")} as _airbyte_extracted_at)
            from raw_data.shopify_orders
            where customer ->> 'id' = '{account}' limit 1""")


def land_new_address(database: Path, account: str) -> None:
    with duckdb.connect(str(database)) as connection:
        connection.execute(f"""
            insert into raw_data.shopify_customers
            select * replace (
                '{account}@moved.example' as email,
                {newest("shopify_customers")} as _airbyte_extracted_at)
            from raw_data.shopify_customers where id = {account}
            order by _airbyte_extracted_at desc limit 1""")


def block(database: Path, address: str) -> None:
    with duckdb.connect(str(database)) as connection:
        connection.execute(
            "insert into seeds.identity_blocklist (identifier_type, pattern, reason)"
            " values ('email', ?, 'asked for')",
            [address],
        )


def shuffle(database: Path) -> None:
    """Every raw table in another order of its rows."""
    with duckdb.connect(str(database)) as connection:
        for (table,) in connection.execute(
            "select table_name from duckdb_tables() where schema_name = 'raw_data'"
        ).fetchall():
            connection.execute(
                f"create or replace table raw_data.{table} as"
                f" select * from raw_data.{table} as landed order by hash(landed) desc, rowid desc"
            )


def two_strangers(database: Path) -> tuple[str, str]:
    """Customer accounts of two people who ordered, the older person first."""
    with duckdb.connect(str(database), read_only=True) as connection:
        rows = connection.execute(f"""
            select min(identifier_value)
            from {MAP} as map join intermediate.int_customer_identity_registry as registry
            on registry.customer_id = map.master_customer_id
            where identifier_type = 'shopify_customer' and identifier_value in (
                select customer_id from staging.stg_shopify__orders where email is not null)
            group by map.master_customer_id
            having count(*) = 1
            order by any_value(registry.created_at), map.master_customer_id""").fetchall()
    return rows[3][0], rows[30][0]


def land_order_of_both(database: Path, account: str, other: str) -> None:
    """An order on one's account under the address of the other's."""
    with duckdb.connect(str(database)) as connection:
        connection.execute(f"""
            insert into raw_data.shopify_orders
            select * replace (
                9900000000001 as id, '[]' as note_attributes,
                {newest("shopify_orders")} as _airbyte_extracted_at,
                (select any_value(email) from raw_data.shopify_customers
                 where id = {other}) as email)
            from raw_data.shopify_orders
            where customer ->> 'id' = '{account}' limit 1""")


def newest(table: str) -> str:
    """SQL for a time of arrival after all others of the table."""
    return f"(select max(_airbyte_extracted_at) + interval 1 day from raw_data.{table})"


def redirects(database: Path) -> dict[str, str]:
    with duckdb.connect(str(database), read_only=True) as connection:
        rows = connection.execute(
            "select customer_id, master_customer_id"
            " from intermediate.int_customer_identity_registry"
        ).fetchall()
        return dict(rows)
