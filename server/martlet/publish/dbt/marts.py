"""Which nodes of a dbt project are marts, what they withhold, and which keys they declare."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from martlet.errors import BuildFailed
from martlet.flow.catalog import Pii
from martlet.publish.connect import Connection
from martlet.publish.dbt.artifacts import Manifest, Node, Results, meta, tags
from martlet.publish.selection import mark, plain_column
from martlet.publish.serving import relation_columns
from martlet.publish.source import SourceColumn, SourceForeignKey, SourceKey, SourceMart

_NOT_PERSONAL = ("", "false", "no", "none", "0")


def make_mart(
    con: Connection,
    alias: str,
    unique_id: str,
    manifest: Manifest,
    results: Results,
    *,
    absent: Collection[str] = (),
) -> SourceMart:
    """A mart with its columns as they stand in the warehouse.

    `absent` are columns of it, in lower case, that never came here, so a mark may name them.
    Raises: BuildFailed `build.source` when it is not there, or a personal mark fits no column.
    """
    node = manifest.nodes[unique_id]
    schema, relation = str(node["schema"]), str(node.get("alias") or node["name"])
    result = results.by_id.get(unique_id)
    mart = SourceMart(
        name=relation,
        schema=schema,
        relation=relation,
        columns=tuple(
            SourceColumn(name) for name, _ in relation_columns(con, alias, schema, relation)
        ),
        keys=tuple(_declared_keys(unique_id, manifest)),
        foreign_keys=tuple(_foreign_keys(unique_id, manifest)),
        rebuilt=result is not None and result.status == "success",
    )
    said = {name: pii for name, pii in _personal(node).items() if name.lower() not in absent}
    return mark(mart, said, "dbt")


def kind_of_test(test: Node) -> tuple[str, dict[str, Any]]:
    """A generic test's own name and arguments; both empty for a singular one."""
    found = test.get("test_metadata") or {}
    return str(found.get("name") or ""), dict(found.get("kwargs") or {})


def columns_of_test(test: Node) -> tuple[str, ...]:
    """The columns that a generic test is about; none for a test of the table."""
    name, given = kind_of_test(test)
    combination = given.get("combination_of_columns") or given.get("columns") or ()
    if isinstance(combination, list | tuple) and combination:
        return tuple(plain_column(str(column)) or str(column) for column in combination)
    column = str(given.get("column_name") or test.get("column_name") or "")
    return (_unquoted(column),) if column else ()


def _personal(node: Node) -> dict[str, Pii]:
    """What is said of columns as personal data: by `pii` in their meta, the model's, or a tag."""
    columns = list((node.get("columns") or {}).values())
    said = {
        str(column["name"]): _pii(meta(column).get("pii"), tagged="pii" in tags(column))
        for column in columns
    }
    whole = meta(node).get("pii")
    if isinstance(whole, list | tuple):
        said |= {str(column): True for column in whole}
    elif _pii(whole, tagged=False) and not any(said.values()):
        raise BuildFailed(
            "build.source",
            f"`{node['name']}` is marked as personal data, but none of its columns is.",
            next_step="Set `meta: {pii: true}` on the columns that hold it.",
        )
    return {_unquoted(name): pii for name, pii in said.items()}


def _pii(mark: object, *, tagged: bool) -> Pii:
    """A word that is not known means personal, so that a slip never publishes."""
    word = "" if mark is None else str(mark).strip().lower()
    if word == "pseudonym":
        return "pseudonym"
    if word in _NOT_PERSONAL:
        return True if tagged else None if not word else False
    return True


def _declared_keys(unique_id: str, manifest: Manifest) -> list[SourceKey]:
    """Keys from constraints and from unique tests, whatever those tests leave out."""
    node = manifest.nodes[unique_id]
    constraints = [(item, item.get("columns")) for item in node.get("constraints") or ()]
    for column in (node.get("columns") or {}).values():
        constraints += [(item, [column["name"]]) for item in column.get("constraints") or ()]
    found = [
        SourceKey(tuple(_unquoted(name) for name in names), nullable=item["type"] == "unique")
        for item, names in constraints
        if item.get("type") in ("primary_key", "unique") and names
    ]
    found += [
        SourceKey(columns_of_test(test), nullable=True)
        for test in _tests_of(unique_id, manifest)
        if "unique" in kind_of_test(test)[0] and columns_of_test(test)
    ]
    return found


def _foreign_keys(unique_id: str, manifest: Manifest) -> list[SourceForeignKey]:
    found = []
    for test in _tests_of(unique_id, manifest):
        name, given = kind_of_test(test)
        columns, field = columns_of_test(test), str(given.get("field") or "")
        if name == "relationships" and columns and field:
            parent = _other_parent(test, unique_id, manifest)
            to_mart = str(parent.get("alias") or parent.get("name") or "")
            found.append(SourceForeignKey(columns, to_mart, (_unquoted(field),)))
    return found


def _other_parent(test: Node, unique_id: str, manifest: Manifest) -> Node:
    """The model a relationships test points to; a table may point to itself."""
    others = [parent for parent in manifest.parents(test["unique_id"]) if parent != unique_id]
    return manifest.nodes.get(others[0] if others else unique_id, {})


def _tests_of(unique_id: str, manifest: Manifest) -> list[Node]:
    return [
        node
        for node in manifest.nodes.values()
        if node.get("resource_type") == "test" and node.get("attached_node") == unique_id
    ]


def _unquoted(name: str) -> str:
    return plain_column(name) or name
