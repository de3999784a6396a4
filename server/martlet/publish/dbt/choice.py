"""Which nodes of a dbt project are marts: the rules of `martlet.toml`, and what they choose."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path, PurePosixPath
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from martlet.errors import BuildFailed, did_you_mean
from martlet.publish.dbt.artifacts import Manifest, Node, config, tags

FILE = "martlet.toml"
_KINDS = ("model", "seed", "snapshot")


class Rules(BaseModel):
    """The section `[publish]`. Every pattern may hold `*`, except the names in `marts`.

    A node is a mart when its access is in `access` and, where any of `groups`, `exposures`,
    `folders` and `tags` is given, one of them fits; `protected` opens protected nodes to those
    four, never on its own. `marts` adds nodes by name, private ones too; `never` takes away.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    access: list[str] = Field(default=["public"])
    groups: list[str] = []
    exposures: list[str] = []
    folders: list[str] = []
    tags: list[str] = []
    marts: list[str] = []
    never: list[str] = []


class _DbtSection(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    command: str = ""


class ProjectFile(BaseModel):
    """`martlet.toml` beside `dbt_project.yml`."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    publish: Rules = Rules()
    dbt: _DbtSection = _DbtSection()


@dataclass(frozen=True)
class Choice:
    """One node, whether it is a mart, and why."""

    unique_id: str
    published: bool
    reason: str


def load_project_file(project: Path) -> ProjectFile:
    """`martlet.toml` of a project, or what stands for none.

    Raises: BuildFailed `build.source` for a file that cannot be read or has an unknown key.
    """
    file = project / FILE
    try:
        found = ProjectFile.model_validate(tomllib.loads(file.read_text(encoding="utf-8")))
    except FileNotFoundError:
        return ProjectFile()
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise _unreadable(f"{FILE} cannot be read: {error}") from error
    except ValidationError as error:
        raise _invalid(error) from error
    return found


def chosen(manifest: Manifest, rules: Rules) -> dict[str, Node]:
    """The nodes that are marts, by unique id. Raises: as `choices`."""
    return {
        choice.unique_id: manifest.nodes[choice.unique_id]
        for choice in choices(manifest, rules)
        if choice.published
    }


def choices(manifest: Manifest, rules: Rules) -> tuple[Choice, ...]:
    """Every model, seed and snapshot with the reason why it is published or not.

    Raises: BuildFailed `build.source` for a rule that fits nothing: one that was meant to keep a
    node back would otherwise publish it.
    """
    nodes = {key: node for key, node in manifest.nodes.items() if node["resource_type"] in _KINDS}
    shown = _exposed(manifest, rules)
    _refuse_idle(nodes, manifest, rules)
    return tuple(
        Choice(unique_id, *_judge(node, rules, shown.get(unique_id, "")))
        for unique_id, node in sorted(nodes.items())
    )


def access_of(node: Node) -> str:
    """The node's access; seeds and snapshots, which have none, count as protected."""
    return str(node.get("access") or config(node).get("access") or "protected")


def folder_of(node: Node) -> str:
    """The folder of the node's file below the models (or seeds, snapshots) of its package."""
    path = PurePosixPath(str(node.get("path") or "").replace("\\", "/"))
    return "" if str(path.parent) == "." else str(path.parent)


def names_of(node: Node) -> set[str]:
    """The names that a person may call the node by."""
    name = str(node["name"])
    found = {name, str(node.get("alias") or name), str(node["unique_id"])}
    return {*found, f"{node.get('package_name')}.{name}"}


def _judge(node: Node, rules: Rules, exposure: str) -> tuple[bool, str]:
    kept = next((rule for rule in rules.never if _fits_any(names_of(node), rule)), "")
    if kept:
        return False, f"never: {kept}"
    named = next((name for name in rules.marts if name in names_of(node)), "")
    if config(node).get("materialized") == "ephemeral":
        return False, "ephemeral: it stands in no table"
    if named:
        return True, f"marts: {named}"
    access = access_of(node)
    if access not in rules.access or access == "private":
        return False, f"access: {access}; only its name under `marts` would publish it"
    narrowed = rules.groups or rules.exposures or rules.folders or rules.tags
    fit = _fit(node, rules, exposure)
    if fit:
        return True, f"access: {access}, {fit}"
    if narrowed:
        return False, "no group, exposure, folder or tag that is asked for"
    if access != "public":
        return False, f"access: {access} alone; a group, exposure, folder or tag must choose it"
    return True, "access: public"


def _fit(node: Node, rules: Rules, exposure: str) -> str:
    """The first of groups, exposures, folders and tags that fits, said for people."""
    group = str(node.get("group") or config(node).get("group") or "")
    folder = folder_of(node)
    if group and any(fnmatchcase(group, rule) for rule in rules.groups):
        return f"group: {group}"
    if exposure:
        return f"exposure: {exposure}"
    if any(_is_below(folder, rule) for rule in rules.folders):
        return f"folder: {folder}"
    found = [tag for tag in sorted(tags(node)) if any(_same_tag(tag, rule) for rule in rules.tags)]
    return f"tag: {found[0]}" if found else ""


def _exposed(manifest: Manifest, rules: Rules) -> dict[str, str]:
    """The nodes that an exposure asked for reads directly, with its name."""
    return {
        str(parent): str(exposure["name"])
        for exposure in manifest.exposures.values()
        if any(fnmatchcase(str(exposure["name"]), rule) for rule in rules.exposures)
        for parent in (exposure.get("depends_on") or {}).get("nodes") or ()
    }


def _refuse_idle(nodes: Mapping[str, Node], manifest: Manifest, rules: Rules) -> None:
    names = set().union(*(names_of(node) for node in nodes.values()))
    groups = {str(node.get("group") or config(node).get("group") or "") for node in nodes.values()}
    folders = {folder_of(node) for node in nodes.values()}
    known_tags = set().union(*(tags(node) for node in nodes.values()))
    exposures = {str(exposure["name"]) for exposure in manifest.exposures.values()}
    checks = (
        ("access", rules.access, {"public", "protected", "private"}, str.__eq__),
        ("groups", rules.groups, groups, fnmatchcase),
        ("exposures", rules.exposures, exposures, fnmatchcase),
        ("folders", rules.folders, folders, _is_below),
        ("tags", rules.tags, known_tags, _same_tag),
        ("marts", rules.marts, names, str.__eq__),
        ("never", rules.never, names, fnmatchcase),
    )
    for key, asked, known, fits in checks:
        for rule in asked:
            if not any(fits(name, rule) for name in known):
                raise _idle(key, rule, known)


def _idle(key: str, rule: str, known: Iterable[str]) -> BuildFailed:
    shown = sorted(name for name in known if name)
    return BuildFailed(
        "build.source",
        f"`{rule}` fits nothing in this dbt project.",
        where=f"{FILE}: [publish] {key}",
        next_step=did_you_mean(rule, shown)
        or (f"There is: {', '.join(shown[:8])}." if shown else f"The project has no {key}."),
    )


def _fits_any(names: Iterable[str], rule: str) -> bool:
    return any(fnmatchcase(name, rule) for name in names)


def _is_below(folder: str, rule: str) -> bool:
    """Whether the folder is the one asked for, or lies in it."""
    parts, asked = folder.split("/"), rule.strip("/").split("/")
    pairs = zip(parts, asked, strict=False)
    return len(parts) >= len(asked) and all(fnmatchcase(part, want) for part, want in pairs)


def _same_tag(tag: str, rule: str) -> bool:
    return fnmatchcase(tag, rule.lower())


def _unreadable(message: str) -> BuildFailed:
    return BuildFailed("build.source", message, next_step=f"Correct {FILE}.")


def _invalid(error: ValidationError) -> BuildFailed:
    first: Any = error.errors()[0]
    place = ".".join(str(part) for part in first["loc"])
    sections: dict[str, list[str]] = {
        "": list(ProjectFile.model_fields),
        "publish": list(Rules.model_fields),
        "dbt": list(_DbtSection.model_fields),
    }
    section, _, key = place.rpartition(".")
    known = sections.get(section, [])
    unknown = first["type"] == "extra_forbidden"
    return BuildFailed(
        "build.source",
        f"{FILE} has no key `{place}`." if unknown else f"`{place}` in {FILE}: {first['msg']}.",
        next_step=(did_you_mean(key or place, known) or f"Known: {', '.join(known)}.")
        if unknown
        else "Write it as docs/publishing.md says.",
    )
