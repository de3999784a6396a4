"""The dbt tests of a build: what each said in this invocation, and which marts it concerns."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import get_args

from martlet.flow.build import TestState, TestStatus
from martlet.publish.dbt.artifacts import Manifest, Node, Results
from martlet.publish.dbt.marts import columns_of_test, kind_of_test

_DEFAULTS = {"where": None, "warn_if": "!= 0", "error_if": "!= 0", "fail_calc": "count(*)"}


def states_of_tests(
    manifest: Manifest, results: Results, picked: Collection[str]
) -> tuple[TestState, ...]:
    """Every test of the project, with the picked marts it concerns: directly, or through a model
    that they are built from."""
    nodes = {unique_id: manifest.nodes[unique_id] for unique_id in picked}
    marts = {
        unique_id: (str(node.get("alias") or node["name"]), manifest.ancestors(unique_id))
        for unique_id, node in nodes.items()
    }
    tests = [
        *(node for node in manifest.nodes.values() if node.get("resource_type") == "test"),
        *manifest.unit_tests.values(),
    ]
    found = []
    for test in tests:
        subjects = _subjects(test, manifest)
        direct = [name for unique_id, (name, _) in marts.items() if unique_id in subjects]
        below = [name for name, built_from in (marts.values()) if built_from & subjects]
        if direct:
            found.append(_state(test, direct, results, upstream=False))
        if set(below) - set(direct):
            found.append(_state(test, set(below) - set(direct), results, upstream=True))
        if not direct and not below:
            found.append(_state(test, (), results, upstream=False))
    return tuple(sorted(found, key=lambda state: (state.name, state.upstream)))


def _subjects(test: Node, manifest: Manifest) -> set[str]:
    """The models a test speaks about: its own, or all that a singular test reads."""
    attached = test.get("attached_node")
    return {str(attached)} if attached else set(manifest.parents(test["unique_id"]))


def _state(test: Node, marts: Iterable[str], results: Results, *, upstream: bool) -> TestState:
    result = results.by_id.get(test["unique_id"])
    return TestState(
        name=str(test["name"]),
        status=_status(result.status if result else "not_run"),
        marts=tuple(sorted(marts)),
        columns=() if upstream else _columns(test),
        failures=result.failures if result else None,
        ran_at=result.ran_at if result else None,
        counts=_counts(test),
        upstream=upstream,
    )


def _columns(test: Node) -> tuple[str, ...]:
    return columns_of_test(test) if kind_of_test(test)[0] else ()


def _status(status: str) -> TestStatus:
    """dbt's word for how a test ended; what it has no word for is an error."""
    for known in get_args(TestStatus):
        if status == known:
            return known  # type: ignore[no-any-return]  # one of the literals
    return "error"


def _counts(test: Node) -> bool:
    """Whether passing proves something about the data as a whole.

    A test over some rows, with its own threshold or as a warning does not, nor does a unit test,
    which never saw the data.
    """
    if test.get("resource_type") == "unit_test":
        return False
    config = test.get("config") or {}
    severe = str(config.get("severity") or "error").lower() == "error"
    return severe and all(
        (config.get(name) or default) == default for name, default in _DEFAULTS.items()
    )
