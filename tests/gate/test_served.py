"""The corpus as an attacker meets it: `martlet serve` over stdio, on a database published whole."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
from mcp import Client, StdioServerParameters
from mcp.client.stdio import stdio_client

from martlet.build import Origin, publish_from
from martlet.errors import CODES
from martlet.settings import load_settings
from tests.gate.asking import Case, connect_bare, read_corpus
from tests.gate.published import HIDDEN, WAREHOUSE
from tests.server.started import serve_command

CORPUS = tuple(read_corpus())
SAMPLE = tuple(case for case in CORPUS if case.category != "dos")[::25]
MOST_ROWS = 200


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The warehouse with its secrets, published without a catalog."""
    folder = tmp_path_factory.mktemp("served")
    with duckdb.connect(str(folder / "warehouse.duckdb")) as warehouse:
        warehouse.execute(WAREHOUSE)
    hide = tuple(f"{mart}.{column}" for mart, column in sorted(HIDDEN))
    settings = load_settings(home=folder / "home")
    publish_from(settings, Origin(database=folder / "warehouse.duckdb", hide=hide))
    return settings.home


@pytest.mark.anyio
@pytest.mark.parametrize(
    "cases", [SAMPLE, pytest.param(CORPUS, marks=pytest.mark.slow)], ids=["sample", "whole"]
)
async def test_the_corpus_gets_nothing_through_and_loses_nothing(
    home: Path, cases: tuple[Case, ...]
) -> None:
    wrong = []
    command = serve_command(home)
    parameters = StdioServerParameters(
        command=command[0],
        args=command[1:],
        env={**os.environ, "MARTLET_DEADLINE_SECONDS": "3"},
    )
    expected = dict(expected_counts(home, cases))
    async with Client(stdio_client(parameters)) as client:
        for case in cases:
            result = await client.call_tool("query", {"sql": case.sql})
            text = "".join(getattr(block, "text", "") for block in result.content)
            rows = (result.structured_content or {}).get("rows")
            fault = fault_of(case, text, rows, expected.get(case.name))
            if fault:
                wrong.append((case.name, fault, text[:300]))
        after = await client.call_tool("query", {"sql": "select 1 as one"})
    assert wrong == []
    assert after.structured_content and after.structured_content["rows"] == [[1]]


def fault_of(case: Case, text: str, rows: list[object] | None, count: int | None) -> str:
    """What is wrong with the answer to a case, in words; empty when nothing is."""
    shown = text + json.dumps(rows, ensure_ascii=False)
    if case.leak_marker and case.leak_marker in shown.replace(case.sql, ""):
        return "it shows the marker"
    code = text.split(":")[0]
    if case.expect == "reject":
        if rows is not None or code not in CODES or not code.startswith("sql."):
            return "it is not refused with a code of the gate"
        return "" if "\nNext: " in text else "the refusal does not say what to do"
    if rows is None:
        return "it is refused" if case.expect == "allow" or code not in CODES else ""
    if count is not None and len(rows) != min(count, MOST_ROWS):
        return f"it gives {len(rows)} of {count} rows"
    return ""


def expected_counts(home: Path, cases: tuple[Case, ...]) -> Iterator[tuple[str, int]]:
    """How many rows bare DuckDB gives for what is allowed and leaves nothing to chance."""
    [published] = (home / "published").glob("*/serving_default.duckdb")
    with connect_bare(published) as bare:
        for case in cases:
            if case.expect == "allow" and "sample" not in case.sql:
                yield case.name, len(bare.execute(case.sql).fetchall())
