"""The house keeps its shape: one door to the database, one table of codes, one direction."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import martlet
from martlet.errors import CODES

HOUSE = Path(martlet.__file__).parent


def files() -> Iterator[tuple[str, ast.Module]]:
    for path in sorted(HOUSE.rglob("*.py")):
        yield str(path.relative_to(HOUSE)), ast.parse(path.read_text(encoding="utf-8"))


def calls(tree: ast.Module) -> Iterator[tuple[str, ast.Call]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else ""
            name = node.func.id if isinstance(node.func, ast.Name) else name
            yield name, node


def test_only_the_gate_makes_a_validated_query() -> None:
    makers = {file for file, tree in files() for name, _ in calls(tree) if name == "ValidatedQuery"}
    assert makers == {"gate/gate.py"}


def test_every_error_code_in_the_code_is_in_the_table_and_the_other_way_round() -> None:
    errors = {
        "RequestError",
        "RefusedSql",
        "UnknownName",
        "ServerError",
        "Unavailable",
        "BuildFailed",
    }
    written = {
        node.value
        for file, tree in files()
        if file != "errors.py"
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value in CODES
    }
    raised = {
        call.args[0].value
        for _, tree in files()
        for name, call in calls(tree)
        if name in errors and call.args and isinstance(call.args[0], ast.Constant)
    }
    assert raised <= set(CODES)
    assert set(CODES) - written <= {"catalog.invalid"}  # raised by CatalogInvalid itself


def test_nothing_prints_but_the_command_line() -> None:
    speakers = {
        file
        for file, tree in files()
        for _, call in calls(tree)
        if isinstance(call.func, ast.Name) and call.func.id == "print"
    }
    assert {file for file in speakers if not file.startswith("cli/")} <= {"demo/raw.py"}


def test_only_the_settings_read_the_environment() -> None:
    readers = {
        file
        for file, tree in files()
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and node.attr in ("environ", "getenv")
    }
    inheriting = {"publish/dbt/run.py", "demo/conversation.py"}  # for processes that they start
    assert readers <= {"settings.py", *inheriting}


def test_no_error_is_swallowed() -> None:
    for file, tree in files():
        for node in ast.walk(tree):
            if isinstance(node, ast.ExceptHandler):
                only_pass = len(node.body) == 1 and isinstance(node.body[0], ast.Pass)
                assert not only_pass, f"{file}:{node.lineno} swallows an error"
                assert node.type is not None, f"{file}:{node.lineno} catches everything"


def test_every_room_and_journey_has_its_floor() -> None:
    text = (HOUSE.parent.parent / "pyproject.toml").read_text(encoding="utf-8")
    contracts = tomllib.loads(text)["tool"]["importlinter"]["contracts"]
    [layers] = [one["layers"] for one in contracts if one["id"] == "down"]
    placed = {name for layer in layers for name in re.findall(r"martlet\.(\w+)", layer)}
    found = {path.relative_to(HOUSE).parts[0].removesuffix(".py") for path in HOUSE.rglob("*.py")}
    assert found - placed == {"__init__", "__main__"}
