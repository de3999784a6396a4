"""The server's instructions, generated from the build in force; at most 4 KB."""

from __future__ import annotations

from importlib import resources

from martlet.flow.build import BuildState
from martlet.flow.catalog import Catalog
from martlet.settings import Settings

MOST_CHARACTERS = 4_000


def instructions(catalog: Catalog, state: BuildState, settings: Settings) -> str:
    """What a model should know before its first call: the catalog, the way to ask, the limits."""
    template = resources.files("martlet.tools").joinpath("texts", "instructions.md")
    text = template.read_text(encoding="utf-8").format(
        description=catalog.description or f"Business data of {catalog.name}.",
        timezone=catalog.timezone,
        week_start=catalog.week_start.capitalize(),
        currency=catalog.currency or "in the unit of each column",
        complete_through=state.complete_through or "an unknown day",
        as_of=state.as_of or "on an unknown day",
        rows=settings.rows,
        rows_most=settings.rows_most,
        seconds=settings.deadline_seconds,
        sql_characters=settings.caller_sql_characters,
        marts="{marts}",
    )
    return text.replace("{marts}", _marts(catalog, MOST_CHARACTERS - len(text))).strip()


def _marts(catalog: Catalog, room: int) -> str:
    """A line a mart while they fit; then names; then their number."""
    marts = list(catalog.marts.values())
    lines = "Marts:\n" + "\n".join(f"- {mart.name}: {mart.grain or mart.label}" for mart in marts)
    names = f"Marts: {', '.join(mart.name for mart in marts)}."
    count = f"{len(marts)} marts and {len(catalog.metrics)} metrics: `search` finds them."
    return next((text for text in (lines, names) if len(text) <= room), count)


def no_build() -> str:
    """The instructions while nothing is published."""
    return (
        "Martlet answers business questions from published marts, but nothing has been published "
        "yet. Ask the operator to run `martlet build`; no restart is needed."
    )
