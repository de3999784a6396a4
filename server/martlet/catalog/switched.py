"""Cards of marts that dbt switched off: left out of what is published, and said so, no mistake."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from martlet.catalog.places import problem_at
from martlet.catalog.words import mentioned
from martlet.errors import Problem
from martlet.flow.build import BuildState, MartState, Profile
from martlet.flow.catalog import Catalog, Mart, Metric, VerifiedQuery

_NAMED = 8  # things listed by name in one line


def as_if_on(catalog: Catalog, build: BuildState) -> BuildState:
    """The build as it would be with the marts that are switched off: what it lacks then is lost."""
    marts = {name: _as_carded(catalog, catalog.marts[name]) for name in off_marts(catalog, build)}
    return build.model_copy(update={"marts": {**build.marts, **marts}})


def off_marts(catalog: Catalog, build: BuildState) -> list[str]:
    """The marts with a card that are switched off."""
    return sorted(set(build.switched_off) & set(catalog.marts) - set(build.marts))


def reads_absent(question: VerifiedQuery, build: BuildState) -> bool:
    """Whether the SQL of a question names a mart that is switched off."""
    absent = set(build.switched_off) - set(build.marts)
    return any(re.search(rf"\b{re.escape(name)}\b", question.sql or "") for name in absent)


def without_dangling(bound: Catalog) -> Catalog:
    """The catalog without advice to take what is not published, for what is left."""
    marts = {
        name: item.model_copy(update=_kept(item, bound.marts)) for name, item in bound.marts.items()
    }
    metrics = {
        name: item.model_copy(update=_kept(item, bound.metrics))
        for name, item in bound.metrics.items()
    }
    return bound.model_copy(update={"marts": marts, "metrics": metrics})


def _kept(item: Mart | Metric, known: Collection[str]) -> dict[str, str]:
    advice = {"prefer": item.prefer, "replaced_by": item.replaced_by}
    return {key: name if name in known else "" for key, name in advice.items()}


def told_off(
    catalog: Catalog, build: BuildState, whole: Catalog, bound: Catalog
) -> Iterator[Problem]:
    """A warning for each mart that is off, and one for what stands on several marts.

    `whole` is the catalog as it would be published with all marts on, `bound` as it is.
    """
    gone = {name: item for name, item in whole.metrics.items() if name not in bound.metrics}
    for mart in off_marts(catalog, build):
        own = [name for name in gone if gone[name].mart == mart]
        message = f"`{mart}` is switched off: {build.switched_off[mart]}."
        left = f"Its card{_listing(' and its metrics', own)} are left out." if own else ""
        yield problem_at(
            catalog, f"mart.{mart}", message, left or "Its card is left out.", severity="warning"
        )
    shared = [name for name in gone if gone[name].mart not in build.switched_off]
    asked = [name for name in whole.verified_queries if name not in bound.verified_queries]
    saved = [name for name in whole.saved_queries if name not in bound.saved_queries]
    told = _listing("the metrics", shared), _listing("the queries", [*saved, *asked])
    if any(told):
        yield problem_at(
            catalog,
            "catalog",
            f"Left out with the marts that are switched off: {' and '.join(filter(None, told))}.",
            severity="warning",
        )


def _as_carded(catalog: Catalog, mart: Mart) -> MartState:
    """What a mart would look like if it held just what is written of it."""
    written = [item.expr for item in mart.dimensions] + [item.expr for item in mart.entities]
    written += [item.expr for item in catalog.metrics.values() if item.mart == mart.name]
    written += [mart.data_freshness.loaded_at, mart.data_freshness.complete_through]
    names = {word: "VARCHAR" for expr in written for word in mentioned(expr)}
    names |= {column.name: column.type or "VARCHAR" for column in mart.columns}
    columns = {name: Profile(type=kind, nulls=0, distinct=0) for name, kind in names.items()}
    return MartState(name=mart.name, row_count=0, columns=columns)


def _listing(what: str, names: list[str]) -> str:
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return f"{what} {', '.join(names[:_NAMED])}{more}" if names else ""
