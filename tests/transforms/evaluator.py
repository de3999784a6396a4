"""The 29 rules of dbt Labs' project evaluator, as functions from a manifest to offenders."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import PurePosixPath
from typing import Any

Node = dict[str, Any]

FANOUT = 3  # last models over one model that may not be reached
JOINS = 7  # models, sources and seeds that one model may not reach
CHAINED_VIEWS = 5
# `mrt__` is the prefix of the marts of Customer 360, which keep their names
LAYERS = {
    "staging": ("stg_", "base_"),
    "intermediate": ("int_",),
    "marts": ("fct_", "dim_", "mrt__"),
}
# a mart that is neither is a report, and tells the period that one row is about
PERIODS = {"_daily": "day", "_weekly": "week", "_monthly": "month"}
# of landing tables, to which records are only added, the newest are tested
UNIQUE = {"unique", "unique_combination_of_columns", "unique_lately"}
# `is distinct from this.that` is no table
HARD_CODED = re.compile(
    r"""(?<!distinct )\b(?:from|join)\s+(?:"?[a-z_]\w*"?\."?[a-z_]\w*"?|\{\{\s*var\()""",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Project:
    """A manifest, asked for what the rules need."""

    manifest: Node

    @cached_property
    def models(self) -> dict[str, Node]:
        return {key: node for key, node in self._nodes() if node["resource_type"] == "model"}

    @cached_property
    def sources(self) -> dict[str, Node]:
        return dict(self.manifest["sources"])

    @cached_property
    def exposures(self) -> dict[str, Node]:
        return dict(self.manifest["exposures"])

    @cached_property
    def children(self) -> dict[str, list[str]]:
        """Models that read a model or source directly."""
        found: dict[str, list[str]] = {key: [] for key in (*self.models, *self.sources)}
        for key in self.models:
            for parent in self.parents(key):
                found.setdefault(parent, []).append(key)
        return found

    @cached_property
    def exposed(self) -> set[str]:
        """Models that somebody outside of the project is known to read."""
        read = (exposure["depends_on"]["nodes"] for exposure in self.exposures.values())
        return {parent for parents in read for parent in parents}

    @cached_property
    def unit_tested(self) -> set[str]:
        """Names of the models that have a unit test."""
        return {test["model"] for test in self.manifest["unit_tests"].values()}

    @cached_property
    def tests(self) -> dict[str, list[Node]]:
        """Generic tests of each model."""
        found: dict[str, list[Node]] = {key: [] for key in self.models}
        for _, node in self._nodes():
            if node["resource_type"] == "test" and node.get("attached_node") in found:
                found[node["attached_node"]].append(node)
        return found

    def parents(self, key: str) -> list[str]:
        """Models and sources that a model reads; seeds are tables of its own project."""
        nodes = dict.fromkeys(self.models[key]["depends_on"]["nodes"])
        return [name for name in nodes if name.startswith(("model.", "source."))]

    def is_public(self, key: str) -> bool:
        return bool(self.models[key]["config"]["access"] == "public")

    def is_built(self, key: str) -> bool:
        """Whether there is a relation; an ephemeral model is a part of others' SQL."""
        return bool(self.models[key]["config"]["materialized"] != "ephemeral")

    def layer(self, key: str) -> str:
        """The folder below `models/`, which is the layer."""
        return PurePosixPath(self.models[key]["original_file_path"]).parts[1]

    def named(self, name: str) -> Node:
        """The model, or source table, that `name` gives for its key."""
        both = {**self.models, **self.sources}
        return next(node for key, node in both.items() if self.name(key) == name)

    def name(self, key: str) -> str:
        if key in self.sources:
            return f"{self.sources[key]['source_name']}.{self.sources[key]['name']}"
        return str(self.models[key]["name"])

    def _nodes(self) -> Iterator[tuple[str, Node]]:
        yield from self.manifest["nodes"].items()


Rule = Callable[[Project], Iterator[str]]


def direct_join_to_source(project: Project) -> Iterator[str]:
    """A model that reads a source beside a model skips the staging of that source."""
    for key in project.models:
        kinds = {parent.split(".")[0] for parent in project.parents(key)}
        if kinds == {"model", "source"}:
            yield project.name(key)


def duplicate_sources(project: Project) -> Iterator[str]:
    """Two sources that are one table."""
    tables = Counter((s["schema"], s["identifier"]) for s in project.sources.values())
    for key, source in project.sources.items():
        if tables[source["schema"], source["identifier"]] > 1:
            yield project.name(key)


def hard_coded_references(project: Project) -> Iterator[str]:
    """A table named in SQL and not by ref or source is missing in the lineage."""
    for key, node in project.models.items():
        code = re.sub(r"--[^\n]*|\{#.*?#\}", "", node["raw_code"], flags=re.DOTALL)
        if HARD_CODED.search(code):
            yield project.name(key)


def marts_or_intermediate_dependent_on_source(project: Project) -> Iterator[str]:
    """Only staging reads sources."""
    for key in project.models:
        reads = any(parent.startswith("source.") for parent in project.parents(key))
        if reads and project.layer(key) != "staging":
            yield project.name(key)


def model_fanout(project: Project) -> Iterator[str]:
    """Many last models over one model may belong into the BI tool.

    A model that an exposure reads is not the last: its reader is known.
    """
    for key in project.models:
        unread = set(project.children[key]) - project.exposed
        if sum(not project.children[child] for child in unread) >= FANOUT:
            yield project.name(key)


def multiple_sources_joined(project: Project) -> Iterator[str]:
    """One staging model, one source."""
    for key in project.models:
        if sum(parent.startswith("source.") for parent in project.parents(key)) > 1:
            yield project.name(key)


def rejoining_of_upstream_concepts(project: Project) -> Iterator[str]:
    """A step that only one model reads, which reads the step's own parent again.

    A mart is no step: people read it too.
    """
    for key in project.models:
        read = set(project.parents(key))
        for step in read & set(project.models):
            if project.is_public(step):
                continue
            if project.children[step] == [key] and read & set(project.parents(step)):
                yield f"{project.name(key)} over {project.name(step)}"


def root_models(project: Project) -> Iterator[str]:
    """A model that reads nothing stands outside of the lineage."""
    for key, node in project.models.items():
        if not node["depends_on"]["nodes"]:
            yield project.name(key)


def source_fanout(project: Project) -> Iterator[str]:
    """A source that several models read is cleaned in several ways."""
    for key in project.sources:
        if len(project.children[key]) > 1:
            yield project.name(key)


def staging_dependent_on_downstream(project: Project) -> Iterator[str]:
    """Staging reads neither steps nor marts."""
    for key in project.models:
        read = [parent for parent in project.parents(key) if parent in project.models]
        if project.layer(key) == "staging" and any(project.layer(p) != "staging" for p in read):
            yield project.name(key)


def staging_dependent_on_staging(project: Project) -> Iterator[str]:
    """Staging reads sources, or the base model of its own source."""
    for key in project.models:
        read = [parent for parent in project.parents(key) if parent in project.models]
        others = [p for p in read if not project.name(p).startswith("base_")]
        if project.layer(key) == "staging" and any(project.layer(p) == "staging" for p in others):
            yield project.name(key)


def too_many_joins(project: Project) -> Iterator[str]:
    """A model over many others is hard to follow."""
    for key, node in project.models.items():
        if len(set(node["depends_on"]["nodes"])) >= JOINS:
            yield project.name(key)


def unused_sources(project: Project) -> Iterator[str]:
    """A source that nobody reads."""
    for key in project.sources:
        if not project.children[key]:
            yield project.name(key)


def missing_primary_key_tests(project: Project) -> Iterator[str]:
    """Each model has a key that is tested to be unique and not null."""
    for key in project.models:
        kinds = {test["test_metadata"]["name"] for test in project.tests[key]}
        if project.is_built(key) and not (kinds & UNIQUE and "not_null" in kinds):
            yield project.name(key)


def missing_source_freshness(project: Project) -> Iterator[str]:
    """Each source says how old it may be."""
    for key, source in project.sources.items():
        if not source["freshness"]:
            yield project.name(key)


def test_coverage(project: Project) -> Iterator[str]:
    """Each model has a test of its own."""
    for key in project.models:
        if project.is_built(key) and not project.tests[key]:
            yield project.name(key)


def documentation_coverage(project: Project) -> Iterator[str]:
    """Each column that a model declares is described."""
    for key, node in project.models.items():
        for column in node["columns"].values():
            if not column["description"].strip():
                yield f"{project.name(key)}.{column['name']}"


def undocumented_models(project: Project) -> Iterator[str]:
    """Each model is described."""
    for key, node in project.models.items():
        if not node["description"].strip():
            yield project.name(key)


def undocumented_source_tables(project: Project) -> Iterator[str]:
    """Each table of a source is described."""
    for key, source in project.sources.items():
        if not source["description"].strip():
            yield project.name(key)


def undocumented_sources(project: Project) -> Iterator[str]:
    """Each source system is described."""
    for key, source in project.sources.items():
        if not source["source_description"].strip():
            yield project.name(key)


def model_naming_conventions(project: Project) -> Iterator[str]:
    """A name begins with its layer, where the layer has a prefix; a report ends with its period."""
    for key, node in project.models.items():
        name, layer = project.name(key), project.layer(key)
        grain = node["config"].get("meta", {}).get("grain", "")
        periods = [end for end, period in PERIODS.items() if re.search(rf"\b{period}\b", grain)]
        is_report = layer == "marts" and name.endswith(tuple(periods))
        if not (is_report or name.startswith(LAYERS.get(layer, ("",)))):
            yield name


def model_directories(project: Project) -> Iterator[str]:
    """A name of a layer lies in its folder, and staging in the folder of its source."""
    for key, node in project.models.items():
        path = PurePosixPath(node["original_file_path"]).parts
        name = project.name(key)
        layers = [layer for layer, starts in LAYERS.items() if name.startswith(starts)]
        sources = {
            project.sources[parent]["source_name"]
            for parent in project.parents(key)
            if parent in project.sources
        }
        if (layers and path[1] not in layers) or (path[1] == "staging" and sources - {path[2]}):
            yield name


def source_directories(project: Project) -> Iterator[str]:
    """A source is declared in the folder of its name."""
    for key, source in project.sources.items():
        folder = PurePosixPath(source["original_file_path"]).parent
        if folder != PurePosixPath("models/staging") / source["source_name"]:
            yield project.name(key)


def test_directories(project: Project) -> Iterator[str]:
    """A generic test is declared beside its model."""
    for key, tests in project.tests.items():
        home = PurePosixPath(project.models[key]["original_file_path"]).parent
        if any(PurePosixPath(test["original_file_path"]).parent != home for test in tests):
            yield project.name(key)


def chained_view_dependencies(project: Project) -> Iterator[str]:
    """Views over views over views are computed again by each that reads the last."""
    lengths: dict[str, int] = {}

    def length(key: str) -> int:
        """Views in a row that end with this model."""
        if key not in lengths:
            is_view = project.models[key]["config"]["materialized"] in ("view", "ephemeral")
            read = [parent for parent in project.parents(key) if parent in project.models]
            lengths[key] = 1 + max(map(length, read), default=0) if is_view else 0
        return lengths[key]

    for key in project.models:
        if length(key) > CHAINED_VIEWS:
            yield project.name(key)


def exposure_parents_materializations(project: Project) -> Iterator[str]:
    """Who reads from outside reads tables."""
    for exposure in project.exposures.values():
        for parent in exposure["depends_on"]["nodes"]:
            node = project.models.get(parent)
            if node is None or node["config"]["materialized"] in ("view", "ephemeral"):
                yield f"{exposure['name']}: {parent.split('.')[2]}"


def exposures_dependent_on_private_models(project: Project) -> Iterator[str]:
    """Who reads from outside reads public models."""
    for exposure in project.exposures.values():
        for parent in exposure["depends_on"]["nodes"]:
            node = project.models.get(parent)
            if node is not None and not project.is_public(parent):
                yield f"{exposure['name']}: {node['name']}"


def public_models_without_contracts(project: Project) -> Iterator[str]:
    """What others build on keeps its columns."""
    for key, node in project.models.items():
        if project.is_public(key) and not node["contract"]["enforced"]:
            yield project.name(key)


def undocumented_public_models(project: Project) -> Iterator[str]:
    """What others build on is described, each column too."""
    for key, node in project.models.items():
        texts = [node["description"], *(c["description"] for c in node["columns"].values())]
        is_described = node["columns"] and all(text.strip() for text in texts)
        if project.is_public(key) and not is_described:
            yield project.name(key)


RULES: tuple[Rule, ...] = (
    direct_join_to_source,
    duplicate_sources,
    hard_coded_references,
    marts_or_intermediate_dependent_on_source,
    model_fanout,
    multiple_sources_joined,
    rejoining_of_upstream_concepts,
    root_models,
    source_fanout,
    staging_dependent_on_downstream,
    staging_dependent_on_staging,
    too_many_joins,
    unused_sources,
    missing_primary_key_tests,
    missing_source_freshness,
    test_coverage,
    documentation_coverage,
    undocumented_models,
    undocumented_source_tables,
    undocumented_sources,
    model_naming_conventions,
    model_directories,
    source_directories,
    test_directories,
    chained_view_dependencies,
    exposure_parents_materializations,
    exposures_dependent_on_private_models,
    public_models_without_contracts,
    undocumented_public_models,
)
