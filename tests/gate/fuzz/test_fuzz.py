"""A part of the fuzzer that belongs to every change, and proof that it would see a leak."""

from __future__ import annotations

from random import Random

import pytest

from martlet.flow.query import ColumnRef, ValidatedQuery
from tests.gate.fuzz.campaign import campaign
from tests.gate.fuzz.differentials import DIFFERENTIALS
from tests.gate.fuzz.oracle import Oracle


@pytest.fixture(scope="module")
def oracle(tmp_path_factory: pytest.TempPathFactory) -> Oracle:
    return Oracle(tmp_path_factory.mktemp("fuzz"))


def believing(oracle: Oracle, sql: str, *marts: str) -> ValidatedQuery:
    """A verdict that some other gate might have given."""
    columns = [ColumnRef(mart, column) for mart in marts for column in oracle.scope.marts[mart]]
    return ValidatedQuery(sql, marts, tuple(columns), (), True, oracle.scope)


@pytest.mark.parametrize(
    "count", [400, pytest.param(5_000, marks=pytest.mark.slow)], ids=["short", "long"]
)
def test_duckdb_touches_nothing_that_the_gate_did_not_see(oracle: Oracle, count: int) -> None:
    report = campaign(oracle, "with every change", count)
    assert report.findings == []
    assert report.planned.total() > count / 20


@pytest.mark.parametrize("make", DIFFERENTIALS, ids=lambda make: make.__name__)
def test_each_way_in_which_parsers_differ_is_seen_by_the_gate(oracle: Oracle, make: object) -> None:
    assert callable(make)
    chance = Random(make.__name__)
    found = [
        (text, oracle.judge(text, run=True).finding) for text in (make(chance) for _ in range(30))
    ]
    assert [one for one in found if one[1]] == []


@pytest.mark.parametrize(
    ("sql", "marts", "says"),
    [
        ("select * from customers, app_tokens", ("customers",), "serving.main.app_tokens"),
        ("select 'a' as a\u200bunion\u200ball\u200bfrom\u200bapp_tokens", (), "app_tokens"),
        ("with a as (from payments), payments as (select 1) from a", (), "serving.raw.payments"),
        ("select (select max(api_secret) from raw.customers) where false", (), "raw.customers"),
        ("select duckdb_secrets", (), ""),
        ("select current_setting('threads')", (), "current_setting"),
        ("from duckdb_tables()", (), "DUCKDB_TABLES"),
        ("from read_text('/etc/hostname')", (), "READ_TEXT"),
        ("with c as (insert into raw.payments select 1, 'x') select 1", (), "INSERT"),
        ("select enum_range(null::raw.secret_enum)", (), "CANARY_RAW"),
        ("select attrs.plan from dim_customers", ("dim_customers",), ""),
        ('select (select 1 from v_daily as "raw"(a) limit 1)', ("v_daily",), ""),
        ("select (interval 1 day, 2) as b group by 1 order by 1", (), ""),
        ("select invoke(lambda x: x + 1, 2)", (), "invoke"),
        ("select (select user) from (select 3 as user) as t", (), "current_user"),
        (
            "select count(*) as user from customers having user = 'x'",
            ("customers",),
            "current_user",
        ),
        ("select current_catalog", (), "current_database"),
        ("select user from (select 3 as user) as t", (), ""),
        ("select leak_scalar(1)", (), "raw.customers"),
    ],
)
def test_the_oracle_sees_what_a_blind_gate_would_let_through(
    oracle: Oracle, sql: str, marts: tuple[str, ...], says: str
) -> None:
    outcome = oracle.compare(believing(oracle, sql, *marts), run=True)
    assert says in outcome.finding
    assert bool(outcome.finding) is bool(says)


def test_the_oracle_sees_a_column_that_lineage_missed(oracle: Oracle) -> None:
    query = ValidatedQuery(
        "select country from dim_customers", ("dim_customers",), (), (), True, oracle.scope
    )
    assert "('serving.marts.dim_customers', 'country')" in oracle.compare(query).finding


def test_the_same_seed_gives_the_same_texts(oracle: Oracle) -> None:
    def tried(seed: str) -> list[str]:
        texts: list[str] = []
        campaign(oracle, seed, 50, texts.append)
        return texts

    assert tried("a") == tried("a") != tried("b")
