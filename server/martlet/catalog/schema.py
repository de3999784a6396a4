"""The format of the semantic files as a JSON Schema for editors, and as tables for the manual."""

from __future__ import annotations

from typing import Any

from martlet.catalog.keys import REVIEWS, TABLES, Key, Kind


def json_schema() -> dict[str, Any]:
    """A JSON Schema of one catalog file, made from the table of keys."""
    definitions = {name: _object(keys) for name, keys in TABLES.items() if name not in OTHER}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Martlet semantic catalog file",
        **_object(TABLES["file"]),
        "$defs": definitions,
    }


def key_tables() -> str:
    """The keys as Markdown, an object after the other in the order of `TABLES`."""
    return "\n\n".join(_table(name, keys) for name, keys in TABLES.items())


def _object(keys: tuple[Key, ...]) -> dict[str, Any]:
    required = [key.name for key in keys if key.required]
    return {
        "type": "object",
        "additionalProperties": False,
        "properties": {key.name: _property(key) for key in keys},
        **({"required": required} if required else {}),
    }


def _property(key: Key) -> dict[str, Any]:
    return {"description": key.help, **_value(key)}


def _value(key: Key) -> dict[str, Any]:
    if key.kind == "choice":
        return {"enum": list(key.choices)}
    if key.kind not in ("object", "objects"):
        return VALUES[key.kind]
    inner: dict[str, Any] = {"$ref": f"#/$defs/{key.table}"}
    if key.short:
        inner = {"anyOf": [inner, _short(key)]}
    return {"type": "array", "items": inner} if key.kind == "objects" else inner


def _short(key: Key) -> dict[str, Any]:
    """What a bare value stands for: the value of one key of the inner object."""
    return next(_value(item) for item in TABLES[key.table] if item.name == key.short)


def _table(name: str, keys: tuple[Key, ...]) -> str:
    title = {"file": "A file", "reviews": "`personal.yml`"}.get(name, f"`{name}`")
    lines = [f"### {title}", "", "| key | value | meaning |", "| --- | --- | --- |"]
    own = [key for key in keys if key.kind != "dbt"]
    lines += [f"| {_marked(key)} | {_shown(key)} | {_help(key)} |" for key in own]
    if left := [f"`{key.name}`" for key in keys if key.kind == "dbt"]:
        lines += ["", f"Left to dbt: {', '.join(left)}."]
    return "\n".join(lines)


def _marked(key: Key) -> str:
    return f"`{key.name}`" + (" (required)" if key.required else "")


def _help(key: Key) -> str:
    return key.help + (" Also under `config.meta`." if key.extra else "")


def _shown(key: Key) -> str:
    if key.kind == "choice":
        return ", ".join(f"`{item}`" for item in key.choices)
    if key.kind in ("object", "objects"):
        shown = f"`{key.table}`" if key.kind == "object" else f"list of `{key.table}`"
        return f"{shown}, or its `{key.short}`" if key.short else shown
    return SHOWN[key.kind]


OTHER = {"file", *REVIEWS}  # what does not stand inside a catalog file
_TEXT: dict[str, Any] = {"type": "string"}
_SCALAR: dict[str, Any] = {"type": ["string", "number", "boolean", "null"]}
VALUES: dict[Kind, dict[str, Any]] = {
    "name": {"type": "string", "pattern": "^[a-z](_?[a-z0-9])*$"},
    "text": _TEXT,
    "loose": {"type": ["string", "number", "boolean"]},
    "flag": {"type": "boolean"},
    "mark": {"enum": [True, False, "pseudonym"]},
    "number": {"type": "number"},
    "integer": {"type": "integer"},
    "texts": {"anyOf": [_TEXT, {"type": "array", "items": _TEXT}]},
    "scalars": {"type": "array", "items": _SCALAR},
    "rows": {"type": "array", "items": {"type": "array", "items": _SCALAR}},
    "pairs": {"type": "object", "additionalProperties": _TEXT},
    "meta": {"type": "object"},
    "dbt": {},
}
SHOWN: dict[Kind, str] = {
    "name": "name",
    "text": "text",
    "loose": "text",
    "flag": "true, false",
    "mark": "true, false, `pseudonym`",
    "number": "number",
    "integer": "whole number",
    "texts": "text, or a list",
    "scalars": "list of values",
    "rows": "list of rows",
    "pairs": "names to text",
    "meta": "anything",
}
