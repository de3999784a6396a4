"""A tree read against the table of keys: what is left has the right shape and known names."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from martlet.catalog.keys import NOUNS, TABLES, Key
from martlet.catalog.tree import Node
from martlet.errors import Problem, did_you_mean
from martlet.flow.catalog import Scalar

NAME = re.compile(r"[a-z](?:_?[a-z0-9])*")


@dataclass
class Fields:
    """An object of a file: the values given, each with its line. Wrong values are left out."""

    file: str
    line: int
    values: dict[str, Any] = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)
    complete: bool = True  # False: something required is missing, or a key is not known
    hides: bool = False  # an unknown key holds a list of objects, which may declare names

    def has(self, *keys: str) -> bool:
        return all(key in self.values for key in keys)

    def text(self, key: str) -> str:
        return str(self.values.get(key, ""))

    def object(self, key: str) -> Fields:
        """The inner object; an empty one when it is not given."""
        inner = self.values.get(key)
        return inner if isinstance(inner, Fields) else Fields(self.file, self.at(key))

    def objects(self, key: str) -> tuple[Fields, ...]:
        inner: tuple[Fields, ...] = self.values.get(key, ())
        return inner

    def only(self, *keys: str) -> dict[str, Any]:
        """The given values among `keys`, ready for a model's constructor."""
        return {key: self.values[key] for key in keys if key in self.values}

    def at(self, key: str) -> int:
        """The line of a key, or of the object when the key is not given."""
        return self.lines.get(key, self.line)

    def problem(self, key: str, message: str, next_step: str = "") -> Problem:
        return Problem(self.file, self.at(key), key, message, next_step)


def read_fields(file: str, table: str, node: Node, problems: list[Problem]) -> Fields:
    """The object `node` as the table says; everything wrong with it is in `problems`."""
    return _Reader(file, problems).object(table, node, "")


class _Reader:
    def __init__(self, file: str, problems: list[Problem]) -> None:
        self._file = file
        self._problems = problems

    def object(self, table: str, node: Node, path: str) -> Fields:
        fields = Fields(self._file, node.line)
        if not isinstance(node.value, dict):
            self._add(node.line, path, f"{_noun(table, path)} is a mapping of keys to values.")
            fields.complete, fields.hides = False, True
            return fields
        keys = {key.name: key for key in TABLES[table]}
        for name, child in node.value.items():
            if name in keys:
                self._take(fields, keys[name], child, path)
            else:
                self._unknown(table, name, child.line, path)
                fields.complete = False
                fields.hides = fields.hides or _is_list_of_objects(child)
        self._meta(fields, keys, path)
        for key in keys.values():
            if key.required and key.name not in fields.values:
                fields.complete = False
                if key.name not in node.value:
                    self._add(node.line, path, f"{_noun(table, path)} needs `{key.name}`.")
        return fields

    def _take(self, fields: Fields, key: Key, node: Node, path: str) -> None:
        value = self._value(key, node, f"{path}.{key.name}" if path else key.name)
        fields.lines[key.name] = node.line
        if value is not None:
            fields.values[key.name] = value

    def _unknown(self, table: str, name: str, line: int, path: str) -> None:
        known = [key.name for key in TABLES[table] if key.kind != "dbt"]
        inner = next(
            (
                key.name
                for key in TABLES[table]
                if key.kind == "object" and name in {item.name for item in TABLES[key.table]}
            ),
            "",
        )
        hint = f"Write it under `{inner}`." if inner else did_you_mean(name, known)
        hint = RETIRED.get(name, hint)
        allowed = f"Allowed: {', '.join(known)}."
        where = f"{path}.{name}" if path else name
        message = f"`{name}` is not a key of {_noun(table, path).lower()}."
        self._add(line, where, message, f"{hint} {allowed}".strip())

    def _meta(self, fields: Fields, keys: dict[str, Key], path: str) -> None:
        """Extra keys under `config.meta` count as if they stood beside `config`."""
        meta = fields.object("config").values.get("meta", {})
        inside = f"{path}.config.meta"
        for name, node in meta.items():
            key = keys.get(name)
            if key is None or not key.extra:
                continue
            if name in fields.values:
                message = f"`{name}` is given here and beside `config`."
                self._add(node.line, f"{inside}.{name}", message)
            else:
                self._take(fields, key, node, inside)

    def _value(self, key: Key, node: Node, path: str) -> Any:
        match key.kind:
            case "object":
                return self._inner(key, node, path)
            case "objects":
                items = self._items(node, path, "a list")
                inner = [self._inner(key, item, f"{path}[{n}]") for n, item in enumerate(items, 1)]
                return tuple(item for item in inner if item is not None)
            case "texts":
                return self._texts(node, path)
            case "scalars":
                return self._scalars(node, path)
            case "rows":
                items = self._items(node, path, "a list of rows")
                return tuple(self._scalars(item, path) for item in items)
            case "pairs":
                return self._pairs(node, path)
            case "meta":
                if not isinstance(node.value, dict):
                    return self._wrong(node, path, "a mapping")
                return node.value
            case "dbt":
                return True
            case _:
                return self._scalar(key, node, path)

    def _inner(self, key: Key, node: Node, path: str) -> Fields | None:
        if key.short and not isinstance(node.value, (dict, list)) and node.value is not None:
            node = Node({key.short: node}, node.line)
        return self.object(key.table, node, path)

    def _scalar(self, key: Key, node: Node, path: str) -> Any:
        value = node.value
        if isinstance(value, (list, dict)) or value is None:
            return self._wrong(node, path, _WANTED.get(key.kind, "text"))
        if key.kind == "choice" and value not in key.choices:
            allowed = ", ".join(f"`{item}`" for item in key.choices)
            hint = did_you_mean(str(value), key.choices)
            return self._wrong(node, path, f"one of {allowed}, not `{value}`", hint)
        if key.kind == "name" and not (isinstance(value, str) and NAME.fullmatch(value)):
            hint = "Single underscores only: `__` stands between an entity and its dimension."
            what = "lower-case letters, digits and underscores, beginning with a letter"
            return self._wrong(node, path, f"{what}; not `{value}`", hint)
        if key.kind == "mark" and isinstance(value, str) and value != "pseudonym":
            hint = did_you_mean(value, ["pseudonym"])
            return self._wrong(node, path, f"{_WANTED['mark']}, not `{value}`", hint)
        if key.kind == "loose" and isinstance(value, (int, float)):
            return str(value).lower() if isinstance(value, bool) else str(value)
        kinds = _SCALARS[key.kind]
        if not isinstance(value, kinds) or (isinstance(value, bool) and bool not in kinds):
            hint = "Put it in quotes." if str in kinds else ""
            return self._wrong(node, path, f"{_WANTED[key.kind]}, not `{value}`", hint)
        return value.strip() if isinstance(value, str) else value  # `>` leaves a line end

    def _texts(self, node: Node, path: str) -> tuple[str, ...]:
        items = node.value if isinstance(node.value, list) else [node]
        for item in items:
            if not isinstance(item.value, str):
                self._wrong(item, path, "text, or a list of text", "Put it in quotes.")
        return tuple(item.value for item in items if isinstance(item.value, str))

    def _scalars(self, node: Node, path: str) -> tuple[Scalar, ...]:
        values: list[Scalar] = []
        for item in self._items(node, path, "a list of plain values"):
            if isinstance(item.value, (list, dict)):
                self._wrong(item, path, "a list of plain values")
            else:
                values.append(item.value)
        return tuple(values)

    def _pairs(self, node: Node, path: str) -> dict[str, str] | None:
        if not isinstance(node.value, dict):
            self._wrong(node, path, "a mapping of names to text")
            return None
        for item in node.value.values():
            if not isinstance(item.value, str):
                self._wrong(item, path, "text", "Put it in quotes.")
        return {
            name: item.value for name, item in node.value.items() if isinstance(item.value, str)
        }

    def _items(self, node: Node, path: str, wanted: str) -> list[Node]:
        if isinstance(node.value, list):
            return node.value
        self._wrong(node, path, wanted)
        return []

    def _wrong(self, node: Node, path: str, wanted: str, next_step: str = "") -> Any:
        """Tell what was wanted; the value counts as not given."""
        self._add(node.line, path, f"`{_last(path)}` must be {wanted}.", next_step)

    def _add(self, line: int, path: str, message: str, next_step: str = "") -> None:
        self._problems.append(Problem(self._file, line, path, message, next_step))


def _is_list_of_objects(node: Node) -> bool:
    return isinstance(node.value, list) and any(isinstance(item.value, dict) for item in node.value)


def _noun(table: str, path: str) -> str:
    noun = NOUNS.get(table, f"`{_last(path)}`")
    return noun[0].upper() + noun[1:]


def _last(path: str) -> str:
    return path.rsplit(".", 1)[-1]


_SCALARS: dict[str, tuple[type, ...]] = {
    "name": (str,),
    "text": (str,),
    "loose": (str,),
    "choice": (str,),
    "flag": (bool,),
    "mark": (bool, str),
    "number": (int, float),
    "integer": (int,),
}
_WANTED = {
    "name": "a name",
    "text": "text",
    "loose": "text",
    "choice": "text",
    "flag": "true or false",
    "mark": "true, false or `pseudonym`",
    "number": "a number",
    "integer": "a whole number",
}

# Keys of other specs, and what stands for them here.
RETIRED = {
    "measures": "There are no measures: write a metric with `type: simple`, `agg` and `expr`.",
    "measure": "There are no measures: give the metric `agg` and `expr`.",
    "type_params": "Write what stands in `type_params` directly under the metric.",
    "semantic_models": "Write `semantic_model` under the model, and metrics beside it.",
    "defaults": "Write `agg_time_dimension` directly under the model.",
    "conversion_type_params": "Write what stands in it directly under the metric.",
    "cumulative_type_params": "Write what stands in it directly under the metric.",
    "use_discrete_percentile": "Write `percentile_type: discrete`.",
    "window_choice": "Write `window_agg`.",
    "window_groupings": "Write `group_by`.",
}
