"""What a manifest says beside its own keys: filters of every dbt version, and `config.meta`."""

from __future__ import annotations

from typing import Any

from martlet.flow.catalog import AiContext

Json = dict[str, Any]


def where_filters(given: Json | str | None) -> tuple[str, ...]:
    """The conditions of a filter: a text, one template (dbt 1.6), or a list of them.

    Raises: KeyError for another form; a filter that is lost would change the number.
    """
    if not given:
        return ()
    if isinstance(given, str):
        return (given,)
    if "where_sql_template" in given:
        return (str(given["where_sql_template"]),)
    return tuple(
        part if isinstance(part, str) else part["where_sql_template"]
        for part in given["where_filters"] or ()
    )


def meta_of(item: Json) -> Json:
    """`config.meta`, where teams keep what dbt has no place for."""
    return dict((item.get("config") or {}).get("meta") or {})


def ai_context(meta: Json) -> AiContext:
    """`ai_context` (or plain synonyms) of a meta block."""
    given = meta.get("ai_context") or {"synonyms": meta.get("synonyms") or ()}
    return AiContext(
        instructions=str(given.get("instructions", "")),
        synonyms=_texts(given.get("synonyms")),
        examples=_texts(given.get("examples")),
    )


def mart_extras(meta: Json) -> Json:
    """The extra keys of a mart."""
    return _kept(meta, *_MART_TEXTS) | {"ai_context": ai_context(meta)}


def metric_extras(meta: Json) -> Json:
    """The extra keys of a metric."""
    kept = _kept(meta, *_METRIC_TEXTS)
    kept |= {"null_as": meta["null_as"]} if meta.get("null_as") is not None else {}
    return kept | {"ai_context": ai_context(meta)}


def _kept(meta: Json, *keys: str) -> Json:
    return {key: str(meta[key]) for key in keys if meta.get(key) is not None}


def _texts(given: Any) -> tuple[str, ...]:
    return (given,) if isinstance(given, str) else tuple(map(str, given or ()))


_MART_TEXTS = ("grain", "owner", "status", "replaced_by", "prefer")
_METRIC_TEXTS = (
    "unit", "format", "owner", "status", "replaced_by", "prefer", "version", "base_time",
    "conversion_time", "tie_break",
)  # fmt: skip
