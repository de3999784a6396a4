"""YAML text as a tree of values that know their line; plain data only, nothing clever."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import yaml

from martlet.errors import Problem
from martlet.flow.catalog import Scalar

DEPTH = 24  # the format itself needs 8
# libyaml where pyyaml was built with it: the same events, ten times as fast
LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True)
class Node:
    """A value and its line, counted from 1: the line of its key, or of the list item."""

    value: Scalar | list[Node] | dict[str, Node]
    line: int


@dataclass
class _Open:
    """A list or mapping that is still being read."""

    value: list[Node] | dict[str, Node]
    line: int
    key: str | None = None
    key_line: int = 0


def read_tree(file: str, text: str, problems: list[Problem]) -> Node | None:
    """The one document of a YAML text, or None when it cannot be read; says why in `problems`."""
    builder = _Builder(file, problems)
    try:
        for event in yaml.parse(text, Loader=LOADER):
            if not builder.take(event):
                return None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        what = getattr(error, "problem", None) or getattr(error, "reason", None) or "bad syntax"
        line = mark.line + 1 if mark else 0
        problems.append(Problem(file, line, "", f"This is not valid YAML: {what}."))
        return None
    return builder.root


class _Builder:
    """Puts the parser's events together; a stack instead of recursion, so depth is ours to say."""

    def __init__(self, file: str, problems: list[Problem]) -> None:
        self.root: Node | None = None
        self._file = file
        self._problems = problems
        self._stack: list[_Open] = []

    def take(self, event: yaml.Event) -> bool:
        """Take the next event; False when reading on makes no sense."""
        line = event.start_mark.line + 1 if event.start_mark else 0
        if isinstance(event, yaml.DocumentStartEvent) and self.root is not None:
            return self._refuse(line, "A file holds one YAML document; this is a second.")
        if isinstance(event, yaml.AliasEvent):
            return self._refuse(line, f"`*{event.anchor}` is an alias.", _NO_ANCHORS)
        if not isinstance(event, yaml.NodeEvent):
            if isinstance(event, yaml.CollectionEndEvent):
                done = self._stack.pop()
                self._put(Node(done.value, done.line))
            return True
        if event.anchor:
            return self._refuse(line, f"`&{event.anchor}` is an anchor.", _NO_ANCHORS)
        tag = getattr(event, "tag", None)
        if tag:
            return self._refuse(line, f"The tag `{tag}` is not allowed.", "Write plain values.")
        return self._open_or_put(event, line)

    def _open_or_put(self, event: yaml.NodeEvent, line: int) -> bool:
        if isinstance(event, yaml.ScalarEvent):
            plain = event.style is None or event.style == ""
            self._put(Node(resolve(event.value) if plain else event.value, line))
            return True
        if len(self._stack) >= DEPTH:
            return self._refuse(line, f"Nested deeper than {DEPTH} levels.")
        if self._waits_for_key():
            return self._refuse(line, "A key must be plain text.")
        is_list = isinstance(event, yaml.SequenceStartEvent)
        self._stack.append(_Open([] if is_list else {}, line))
        return True

    def _waits_for_key(self) -> bool:
        return bool(
            self._stack and isinstance(self._stack[-1].value, dict) and self._stack[-1].key is None
        )

    def _put(self, node: Node) -> None:
        if not self._stack:
            self.root = node
            return
        top = self._stack[-1]
        if isinstance(top.value, list):
            top.value.append(node)
        elif top.key is None:
            top.key, top.key_line = _key_text(node.value), node.line
        else:
            self._put_pair(top, top.value, top.key, node)
            top.key = None

    def _put_pair(self, top: _Open, pairs: dict[str, Node], key: str, node: Node) -> None:
        if key in pairs:
            first = pairs[key].line
            message = f"`{key}` is given twice; first on line {first}."
            self._problems.append(Problem(self._file, top.key_line, key, message))
            return
        pairs[key] = Node(node.value, top.key_line)

    def _refuse(self, line: int, message: str, next_step: str = "") -> bool:
        self._problems.append(Problem(self._file, line, "", message, next_step))
        return False


_NO_ANCHORS = "Write the value out; anchors and aliases are not read."


def _key_text(value: object) -> str:
    return "null" if value is None else str(value).lower() if value in (True, False) else str(value)


def resolve(text: str) -> Scalar:
    """A plain scalar by the core schema of YAML 1.2: `no` and `2026-01-01` stay text.

    A number with a leading zero stays text too: it is a code, not a quantity.
    """
    if text in _WORDS:
        return _WORDS[text]
    if _INTEGER.fullmatch(text):
        return int(text)
    if _DECIMAL.fullmatch(text):
        return float(text)
    return text


_WORDS: dict[str, Scalar] = {
    "": None,
    "~": None,
    **{word: None for word in ("null", "Null", "NULL")},
    **{word: True for word in ("true", "True", "TRUE")},
    **{word: False for word in ("false", "False", "FALSE")},
}
_INTEGER = re.compile(r"[-+]?(?:0|[1-9][0-9]{0,17})")
_DECIMAL = re.compile(r"[-+]?(?:0|[1-9][0-9]{0,17})?\.[0-9]{1,18}(?:[eE][-+]?[0-9]{1,2})?")
