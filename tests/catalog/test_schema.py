"""The JSON Schema for editors says what the loader says."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from typer.testing import CliRunner

from martlet.catalog.keys import TABLES
from martlet.catalog.schema import json_schema
from martlet.cli.app import app

COPY = Path(__file__).parents[2] / "docs" / "catalog.schema.json"


def references(node: Any) -> set[str]:
    if isinstance(node, dict):
        here = {node["$ref"]} if isinstance(node.get("$ref"), str) else set()
        return here.union(*(references(item) for item in node.values()))
    return set().union(*(references(item) for item in node)) if isinstance(node, list) else set()


def test_the_copy_in_the_documents_is_in_step() -> None:
    assert json.loads(COPY.read_text(encoding="utf-8")) == json_schema()


def test_every_object_of_the_format_is_used_and_defined() -> None:
    schema = json_schema()
    assert references(schema) == {f"#/$defs/{name}" for name in schema["$defs"]}
    assert set(schema["$defs"]) == set(TABLES) - {"file", "reviews", "review"}


def test_unknown_keys_are_refused_by_the_schema_too() -> None:
    schema = json_schema()
    assert all(
        item["additionalProperties"] is False for item in [schema, *schema["$defs"].values()]
    )
    assert schema["required"] == ["version"]


def test_a_bare_word_may_stand_for_an_object() -> None:
    columns = json_schema()["$defs"]["column"]["properties"]
    assert columns["dimension"]["anyOf"][1] == {"enum": ["categorical", "time"]}


def test_the_command_line_prints_it() -> None:
    done = CliRunner().invoke(app, ["schema"])
    assert done.exit_code == 0 and json.loads(done.stdout) == json_schema()


def test_every_shipped_file_names_the_schema_where_editors_look_for_it() -> None:
    files = sorted((COPY.parents[1] / "semantic").glob("*.yml"))
    for file in files:
        first = file.read_text(encoding="utf-8").partition("\n")[0]
        assert first == "# yaml-language-server: $schema=../docs/catalog.schema.json", file.name
    assert files
