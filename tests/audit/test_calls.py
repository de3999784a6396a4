"""The log as operators meet it: calls go in through the tools, and are read back."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from martlet.audit import read_back
from martlet.errors import RequestError
from martlet.flow.query import Stop
from martlet.house import House
from martlet.settings import Settings
from martlet.tools.surface import call_tool
from tests.command import martlet
from tests.small import publish_small

PLANTED = ("Zwetschge", "zwetschge@example.org", "4917099887766")
CALLS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("query", {"sql": "select count(*) from fct_orders where status = 'Zwetschge'"}),
    ("query", {"sql": "select 1 from dim_customers where email = 'zwetschge@example.org'"}),
    ("query", {"sql": 'select 1 from dim_customers where "Zwetschge" = 1'}),
    ("query", {"sql": "select Zwetschge from dim_customers where 4917099887766 = 1"}),
    ("query", {"sql": "select zwetschge@example.org from fct_orders"}),
    ("query", {"sql": "select 1 where 'Zwetschge"}),
    ("query", {"sql": "-- Zwetschge\nselect 1"}),
    ("query", {"sql": "delete from dim_customers where name = 'Zwetschge'"}),
    ("query", {"sql": ["Zwetschge"]}),
    ("query", {"sql": "select 'Zwetschge'::int"}),
    ("query", {"Zwetschge": 1}),
    ("Zwetschge", {"name": "Zwetschge"}),
    ("values", {"field": "dim_customers.country", "like": "Zwetschge"}),
    ("values", {"field": "Zwetschge"}),
    ("search", {"query": "orders of Zwetschge, zwetschge@example.org, 4917099887766"}),
    ("describe", {"names": ["Zwetschge"]}),
    ("metric", {"metrics": ["revenue"], "where": ["order__status = 'Zwetschge'"]}),
    ("metric", {"metrics": ["Zwetschge"], "start": "zwetschge@example.org"}),
    ("metric", {"metrics": ["revenue"], "having": ["revenue > 4917099887766"]}),
)


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return publish_small(tmp_path_factory.mktemp("small"))[0]


@pytest.fixture(scope="module")
def house(settings: Settings) -> Iterator[House]:
    """A house in which every call of CALLS was made."""
    opened = House(settings)
    for name, arguments in CALLS:
        call_tool(opened, name, arguments, Stop(), principal="ann")
    call_tool(opened, "query", {"sql": "select count(*) from fct_orders"}, Stop(), principal="bob")
    yield opened
    opened.close()


def read(settings: Settings, most: int = 50, **wanted: Any) -> dict[str, Any]:
    return read_back(settings, **wanted).as_json(most)


def audit(settings: Settings, *words: str) -> subprocess.CompletedProcess[str]:
    return martlet("audit", "--home", settings.home, *words)


def test_no_value_that_a_caller_wrote_is_in_any_file_of_the_home(
    house: House, settings: Settings
) -> None:
    files = [path for path in settings.home.rglob("*") if path.is_file()]
    assert any(path.suffix == ".jsonl" for path in files)
    for path in files:
        content = path.read_bytes().lower()
        for value in PLANTED:
            assert value.lower().encode() not in content, f"{value} in {path.name}"


def test_the_history_tells_who_asked_what_and_what_was_refused(
    house: House, settings: Settings
) -> None:
    found = read(settings)
    assert found["totals"]["calls"] == len(CALLS) + 1
    assert {"principal": "bob", "tool": "query", "calls": 1} in found["totals"]["asked"]
    refused = {row["code"] for row in found["totals"]["not_answered"]}
    assert {"sql.unknown_column", "sql.syntax", "name.unknown", "request.invalid"} <= refused
    last = found["entries"][-1]
    assert last["sql"] == "select count(*) from fct_orders"
    assert last["tables"] == ["fct_orders"]
    assert last["build_id"].startswith("20")


def test_filters_narrow_the_history(house: House, settings: Settings) -> None:
    bobs = read(settings, principal="bob")["entries"]
    assert [entry["principal"] for entry in bobs] == ["bob"]
    searches = read(settings, tool="search", since="1h")["entries"]
    assert [entry["tool"] for entry in searches] == ["search"]
    assert read(settings, slow=1000)["entries"] == []
    assert read(settings, since="2999-01-01")["totals"]["calls"] == 0
    assert len(read(settings, most=3)["entries"]) == 3


def test_calls_with_a_value_are_found_by_who_holds_the_key(
    house: House, settings: Settings
) -> None:
    tools = {entry["tool"] for entry in read(settings, value="ZWETSCHGE ")["entries"]}
    assert tools >= {"query", "values", "metric"}
    assert read(settings, value="nobody")["entries"] == []


@pytest.mark.parametrize(
    ("wanted", "hint"), [({"since": "yesterday"}, "7d"), ({"decision": "refusd"}, "refused")]
)
def test_a_filter_that_is_no_filter_says_what_one_is(
    settings: Settings, wanted: dict[str, str], hint: str
) -> None:
    with pytest.raises(RequestError, match=hint):
        read(settings, **wanted)


def test_the_command_prints_json_for_machines_and_tables_for_people(
    house: House, settings: Settings
) -> None:
    found = json.loads(audit(settings, "--json", "--failed").stdout)
    assert {entry["decision"] for entry in found["entries"]} == {"refused"}
    tables = audit(settings).stdout
    assert "not answered" in tables and "slowest" in tables and "bob" in tables


def test_cut_lines_are_counted_not_hidden(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path)
    (tmp_path / "audit").mkdir()
    (tmp_path / "audit" / "2026-11-21.jsonl").write_text('{"at":"2026\n\n[]\n', encoding="ascii")
    assert read(settings)["unreadable"] == 2
