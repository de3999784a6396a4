"""`martlet gate check FILE.sql`: a verdict for each query of a file, and an exit code for CI."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from martlet.verdicts import Block, read_blocks
from tests.small import publish_small
from tests.test_cli import martlet

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
    ]


def test_running_tells_what_only_duckdb_knows(home: str, tmp_path: Path) -> None:
    file = written(tmp_path, "select channel::integer from fct_orders;")
    assert martlet("gate", "check", file, "--home", home).returncode == 0
    ran = martlet("gate", "check", file, "--home", home, "--run")
    assert ran.returncode == 1
    assert "sql.failed" in ran.stdout
    assert "try_cast" in ran.stdout


@pytest.mark.parametrize("content", ["", "-- nothing\n", None])
def test_a_file_without_a_query_is_wrong_usage(
    home: str, tmp_path: Path, content: str | None
) -> None:
    file = str(tmp_path / "no.sql") if content is None else written(tmp_path, content)
    done = martlet("gate", "check", file, "--home", home)
    assert done.returncode == 2


def test_a_semicolon_inside_a_line_does_not_end_a_query() -> None:
    assert list(read_blocks("select ';' as a, 1; select 2\nfrom t;\nselect 3")) == [
        Block("query 1", 1, "select ';' as a, 1; select 2\nfrom t;\n"),
        Block("query 3", 3, "select 3"),
    ]
