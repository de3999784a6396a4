"""`martlet gate check FILE.sql`: a verdict for each query of a file, and an exit code for CI."""

from __future__ import annotations

import json
from pathlib import Path

import duckdb
import pytest

from martlet.verdicts import read_blocks
from tests.command import martlet
from tests.small import publish_small

NAMED = """-- name: totals
select channel, sum(order_total) from fct_orders group by 1;

-- name: two at once
select 1; drop table fct_orders;
-- name: secrets
-- what somebody tried
select * from raw.customers
"""


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> str:
    settings, _ = publish_small(tmp_path_factory.mktemp("gate check"))
    return str(settings.home)


def written(folder: Path, text: str) -> str:
    file = folder / "queries.sql"
    file.write_text(text, encoding="utf-8")
    return str(file)


def test_each_named_query_gets_its_verdict(home: str, tmp_path: Path) -> None:
    done = martlet("gate", "check", written(tmp_path, NAMED), "--home", home, "--json")
    said = json.loads(done.stdout)
    assert done.returncode == 1
    assert [(one["name"], one["line"], one["code"]) for one in said] == [
        ("totals", 2, ""),
        ("two at once", 5, "sql.several_statements"),
        ("secrets", 8, "sql.unknown_mart"),
    ]
    assert said[0]["tables"] == ["fct_orders"]
    assert sorted(said[0]["columns"]) == ["fct_orders.channel", "fct_orders.order_total"]
    assert said[2]["next"]


def test_a_file_without_names_holds_a_query_to_each_semicolon(home: str, tmp_path: Path) -> None:
    text = "select 1;\n\n-- the orders\nselect *\nfrom fct_orders;\nfrom dim_customers"
    done = martlet("gate", "check", written(tmp_path, text), "--home", home)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines() == [
        "ok   query 1 (line 1): reads no mart",
        "ok   query 4 (line 4): reads fct_orders",
        "ok   query 6 (line 6): reads dim_customers",
        "3 queries, 0 refused",
    ]


def test_running_tells_what_only_duckdb_knows(home: str, tmp_path: Path) -> None:
    file = written(tmp_path, "select channel::integer from fct_orders;")
    assert martlet("gate", "check", file, "--home", home).returncode == 0
    ran = martlet("gate", "check", file, "--home", home, "--run")
    assert ran.returncode == 1
    assert "sql.failed" in ran.stdout
    assert "try_cast" in ran.stdout


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "holds no query"),
        (b"-- nothing\n/* at ; all */ ;;\n", "holds no query"),
        (None, "No such file"),
        (b"select 1;\nselect '\xff'", "line 2, byte 19 of the file"),
    ],
)
def test_a_file_without_a_query_is_wrong_usage(
    home: str, tmp_path: Path, content: bytes | None, says: str
) -> None:
    file = tmp_path / "no.sql"
    if content is not None:
        file.write_bytes(content)
    done = martlet("gate", "check", str(file), "--home", home)
    assert (done.returncode, done.stdout) == (2, "")
    assert says in done.stderr


def test_places_are_those_of_the_file(home: str, tmp_path: Path) -> None:
    text = "\ufeffselect 1; select nope\nfrom fct_orders;\n\n  /* a; b */ select 2,\n  nope"
    done = martlet("gate", "check", written(tmp_path, text), "--home", home, "--json")
    said = json.loads(done.stdout)
    assert [(one["line"], one["verdict"]) for one in said] == [
        (1, "allowed"),
        (1, "refused"),
        (4, "refused"),
    ]
    assert [one["name"] for one in said] == ["query 1", "query 1:11", "query 4"]
    assert said[1]["where"] == "line 1, column 18: nope"
    assert said[2]["where"] == "line 5, column 3: nope"


def test_places_under_a_name_are_those_of_the_file(home: str, tmp_path: Path) -> None:
    text = "-- name: a\n\nselect 1\n-- name: b\n-- why\n select 1;\nselect 2"
    done = martlet("gate", "check", written(tmp_path, text), "--home", home)
    assert done.stdout.splitlines() == [
        "ok   a (line 3): reads no mart",
        "NO   b (line 6): sql.several_statements: There is more than one statement.",
        "     Where: line 7, column 1: select 2",
        "     Next: Send one query at a time.",
        "2 queries, 1 refused",
    ]


@pytest.mark.parametrize(
    ("text", "statements"),
    [
        ("select ';' as a, 1; select 2\nfrom t;\nselect 3", ["';' as a, 1", "2\nfrom t", "3"]),
        ("select 1 -- one;\n, 2;", ["1 -- one;\n, 2"]),
        ("select /* a; /* b; */ c; */ 1;", ["/* a; /* b; */ c; */ 1"]),
        ("select $$;$$, $t$;$$;$t$; select 2", ["$$;$$, $t$;$$;$t$", "2"]),
        ("select e'\\';', 'a\\'; select 2", ["e'\\';', 'a\\'", "2"]),
        ("select 1 as \"a\"\";b\"; select 'it''s;'", ['1 as "a"";b"', "'it''s;'"]),
        ("select /* it's */ 1; select 'open;", ["/* it's */ 1", "'open;"]),
        ("select $1; select a$b;", ["$1", "a$b"]),
    ],
)
def test_a_semicolon_ends_a_query_where_duckdb_says_so(text: str, statements: list[str]) -> None:
    found = [block.sql.removeprefix("select ") for block in read_blocks(text)]
    assert found == statements
    parsed = duckdb.extract_statements(text) if "open" not in text else found
    assert len(parsed) == len(found)
