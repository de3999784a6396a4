"""Decisions about personal data: `personal.yml` beside the catalog, read and added to."""

from __future__ import annotations

import json
from pathlib import Path

from martlet.catalog.fields import Fields, read_fields
from martlet.catalog.parts import PERSONAL_FILE, read_text
from martlet.catalog.tree import read_tree
from martlet.errors import CatalogInvalid, Problem, did_you_mean
from martlet.flow.personal import KINDS, Decision

HEAD = """# Decisions about columns that look personal; the last one of a column holds.
version: 1
personal:
"""


def decisions_file(catalog: Path) -> Path:
    """Where the decisions of a catalog are: in its folder, or beside its file."""
    return (catalog if catalog.is_dir() else catalog.parent) / PERSONAL_FILE


def load_decisions(file: Path) -> tuple[Decision, ...]:
    """The decisions in a file, the newest last; none where there is no file.

    Raises: CatalogInvalid with all problems, by line.
    """
    if not file.exists():
        return ()
    problems: list[Problem] = []
    text, _ = read_text(file.name, file, problems)
    return _parse(text, file.name, problems)


def with_decision(file: Path, decision: Decision) -> str:
    """The text of the file with one more decision at its end; what stands there is kept.

    Raises: CatalogInvalid when the file has problems, or its list cannot be added to.
    """
    problems: list[Problem] = []
    text = read_text(file.name, file, problems)[0] if file.exists() else None
    before = _parse(text, file.name, problems) if text or problems else ()
    new = f"{(text or HEAD).rstrip()}\n{_entry(decision)}"
    if _parse(new, file.name, []) != (*before, decision):
        message = "`personal` is not the last key of the file, or not a list on lines of its own."
        raise CatalogInvalid([Problem(file.name, 0, "personal", message, "Move it to the end.")])
    return new


def _parse(text: str | None, name: str, problems: list[Problem]) -> tuple[Decision, ...]:
    tree = read_tree(name, text, problems) if text is not None else None
    fields = read_fields(name, "reviews", tree, problems) if tree is not None else None
    found = fields.objects("personal") if fields is not None else ()
    for item in found:
        problems += _unknown_kinds(item)
    if fields is not None and fields.values.get("version", 1) != 1:
        problems.append(fields.problem("version", "The format is not known.", "Write 1."))
    if problems:
        raise CatalogInvalid(problems)
    return tuple(_decision(item) for item in found)


def _unknown_kinds(item: Fields) -> list[Problem]:
    return [
        item.problem("kinds", f"`{kind}` is no kind.", did_you_mean(kind, KINDS))
        for kind in item.values.get("kinds", ())
        if kind not in KINDS
    ]


def _decision(item: Fields) -> Decision:
    return Decision(
        mart=item.text("mart"),
        column=item.text("column"),
        choice=item.values["decision"],
        who=item.text("who"),
        why=item.text("why"),
        kinds=item.values.get("kinds", ()),
        on=item.text("on"),
        type=item.text("type"),
    )


def _entry(decision: Decision) -> str:
    """A list item; texts in double quotes, as JSON writes them, which is YAML too."""
    pairs = [
        ("mart", decision.mart),
        ("column", decision.column),
        ("decision", decision.choice),
        ("kinds", list(decision.kinds)),
        ("type", decision.type),
        ("who", decision.who),
        ("why", decision.why),
        ("on", decision.on),
    ]
    lines = [f"{key}: {json.dumps(value, ensure_ascii=False)}" for key, value in pairs if value]
    return "  - " + "\n    ".join(lines) + "\n"
