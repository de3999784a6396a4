"""The parts of forgetting: who is meant, the list, what is left, and the file written anew."""

from __future__ import annotations

import hashlib
import stat
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import jinja2
import pytest

from martlet.build import Origin, publish_from
from martlet.errors import MartletError, RequestError
from martlet.publish.forgetting.compact import compact
from martlet.publish.forgetting.erase import delete_rows
from martlet.publish.forgetting.find import files_with, find_person, tables_with
from martlet.publish.forgetting.identifiers import Identifier, read_identifiers
from martlet.publish.forgetting.suppression import SuppressionList
from martlet.purge import Purge, purge
from tests.small import publish_small
from tests.warehouse import PROJECT

NOW = datetime(2026, 11, 21, tzinfo=UTC)
ADDRESSES = (
    "jane@example.com",
    " Jane@Example.COM\u200b",
    "jane+shop@example.com",
    "j.a.n.e+x@gmail.com",
    "jane@googlemail.com",
    "jané@example.com",
    "jane\u0301@example.com",
    "jane@mail.example.co.uk",
    "o'hara@example.com",
)
MAP = """
create schema intermediate;
create table intermediate.int_customer_identity_map as
select * from (values
    ('email', 'jane@example.com', 'c1'), ('posthog_distinct_id', 'cookie-of-jane', 'c1'),
    ('shopify_customer', '680001', 'c1'), ('email', 'joe@example.com', 'c2')
) as m(identifier_type, identifier_value, master_customer_id);
create view intermediate.people as select * from warehouse.intermediate.int_customer_identity_map;
comment on column intermediate.int_customer_identity_map.identifier_value is 'told';
create table intermediate.nested as
select {'who': ['Jane@Example.com']} as s, '{"id": "680001"}'::json as j, 1 as n;
"""


@pytest.fixture
def warehouse(tmp_path: Path) -> Path:
    file = tmp_path / "warehouse.duckdb"
    with duckdb.connect(str(file)) as con:
        con.execute(MAP)
    return file


def test_what_was_typed_is_an_address_or_says_what_it_is() -> None:
    assert read_identifiers(["jane@example.com", "shopify_customer:680001"]) == (
        Identifier("email", "jane@example.com"),
        Identifier("shopify_customer", "680001"),
    )
    assert read_identifiers(["680001"], "woo_customer") == (Identifier("woo_customer", "680001"),)
    with pytest.raises(RequestError, match="Give --type"):
        read_identifiers(["680001"])
    with pytest.raises(RequestError, match="shopify_customer"):
        read_identifiers(["680001"], "shopify_custmer")


def test_the_list_hashes_as_the_transforms_do(tmp_path: Path) -> None:
    """The macros of the dbt project, rendered here, give the hash that the list holds."""
    text = (PROJECT / "macros" / "text" / "email.sql").read_text(encoding="utf-8")
    macros = jinja2.Environment().from_string(text).module
    plain = macros.canonical_email(macros.normalize_email("address"))
    people = SuppressionList(tmp_path)
    found = people.digests([Identifier("email", address) for address in ADDRESSES])
    key = (tmp_path / "keys" / "suppressed.key").read_text(encoding="ascii").strip()
    with duckdb.connect() as con:
        for address in ADDRESSES:
            row = con.execute(f"select {plain} from (select ? as address)", [address]).fetchone()
            assert row is not None
            expected = hashlib.sha256(f"{key}email:{row[0]}".encode()).hexdigest()
            assert expected in found, address


def test_the_list_holds_no_identifier_and_names_nobody_twice(tmp_path: Path) -> None:
    people = SuppressionList(tmp_path)
    assert people.environment() == {}
    jane = [Identifier("email", "jane@example.com"), Identifier("shopify_customer", "680001")]
    assert people.add(jane, NOW) == 2
    assert people.add([Identifier("email", "JANE+x@example.com"), *jane], NOW) == 0
    text = people.file.read_text(encoding="utf-8")
    assert "jane" not in text and "680001" not in text and text.count("\n") == 3
    assert stat.S_IMODE(people.file.stat().st_mode) == 0o600
    with pytest.raises(RequestError, match="no e-mail address"):
        people.add([Identifier("email", "jane@")], NOW)


def test_a_person_is_all_their_identifiers(warehouse: Path) -> None:
    person = find_person(
        warehouse, [Identifier("email", "Jane+x@example.com"), Identifier("email", "no@body.org")]
    )
    assert person.identifiers == (
        Identifier("email", "jane@example.com"),
        Identifier("email", "no@body.org"),
        Identifier("posthog_distinct_id", "cookie-of-jane"),
        Identifier("shopify_customer", "680001"),
    )
    assert (person.customer_ids, person.unknown) == (("c1",), (Identifier("email", "no@body.org"),))
    assert "c1" not in person.traces, "too short to be looked for"


def test_rows_are_found_however_deep_a_value_stands(warehouse: Path, tmp_path: Path) -> None:
    found = tables_with(warehouse, ["jane@example.com", "680001"], writable=tmp_path)
    assert found == {"intermediate.int_customer_identity_map": 2, "intermediate.nested": 1}
    assert tables_with(warehouse, [], writable=tmp_path) == {}


def test_rows_of_a_snapshot_are_deleted_where_a_column_is_the_person(
    warehouse: Path, tmp_path: Path
) -> None:
    table = "intermediate.int_customer_identity_map"
    assert delete_rows(tmp_path, warehouse, [table], ["jane@example.com", "cookie-of-jane"]) == 2
    assert tables_with(warehouse, ["joe@example.com"], writable=tmp_path) == {table: 1}


def test_bytes_are_found_across_the_pieces_in_which_a_file_is_read(tmp_path: Path) -> None:
    for number in range(4):
        file = tmp_path / f"{number}.bin"
        file.write_bytes(b"x" * ((1 << 20) - 3 * number) + b"Jane@Example.com" + b"y")
    (tmp_path / "other.bin").write_bytes(b"x" * 100)
    found = files_with(sorted(tmp_path.iterdir()), ["jane@example.com"])
    assert [file.name for file in found] == ["0.bin", "1.bin", "2.bin", "3.bin"]


def test_a_file_written_anew_keeps_what_it_holds_and_nothing_that_was_deleted(
    warehouse: Path,
) -> None:
    with duckdb.connect(str(warehouse)) as con:
        con.execute("set force_compression = 'uncompressed'")
        con.execute("create table gone as select 'was jane here' || i as h from range(9) as t(i)")
        con.execute("checkpoint")
        con.execute("create table kept as select i from range(9) as t(i)")
        con.execute("checkpoint")
        con.execute("drop table gone")
    gone = b"was jane here"
    assert gone in warehouse.read_bytes()
    left = warehouse.with_name(".warehouse.duckdb.12345")
    left.write_bytes(b"half a copy")
    compact(warehouse)
    assert gone not in warehouse.read_bytes()
    assert [path.name for path in warehouse.parent.iterdir()] == ["warehouse.duckdb"]
    with duckdb.connect(str(warehouse), read_only=True) as con:
        assert con.execute("select count(*) from intermediate.people").fetchone() == (4,)
        told = con.execute("select count(*) from duckdb_columns() where comment = 'told'")
        assert told.fetchone() == (1,)


def test_the_reason_must_not_name_the_person(tmp_path: Path) -> None:
    settings, _ = publish_small(tmp_path)
    for who, why in (("Ann", "jane@example.com asked"), ("Ann", " "), ("", "request 12")):
        with pytest.raises(RequestError, match="usage"):
            wanted = Purge(("jane@example.com",), "", who, why)
            purge(settings, wanted, lambda event: None)
    assert not SuppressionList(settings.home).file.exists()


def test_where_another_program_builds_the_person_must_be_gone_from_there_first(
    tmp_path: Path,
) -> None:
    settings, first = publish_small(tmp_path)
    customer = ("customer-of-nobody",)
    hidden = Origin(database=tmp_path / "shop.duckdb", hide=("dim_customers.email",))
    second = publish_from(settings, hidden)
    report = purge(settings, Purge(customer, "woo_customer", "Ann", "12"), lambda event: None)
    assert report.builds_removed == (first.build_id,)
    assert report.build_id == second.build_id
    with pytest.raises(MartletError, match=r"purge\.remains.*published marts\.fct_orders"):
        held = Purge(("2026-03-09",), "woo_customer", "Ann", "12")
        purge(settings, held, lambda event: None)
