"""The columns of a mart as its page shows them; of personal ones no value is shown."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from martlet.flow.build import MartState, Profile
from martlet.flow.catalog import Column, Mart
from martlet.site.prose import clean, count
from martlet.site.site import Site

MOST_VALUES = 12
LONGEST_VALUE = 40
_ORDERED = re.compile(r"DECIMAL|DOUBLE|FLOAT|INT|DATE|TIME", re.IGNORECASE)


@dataclass(frozen=True)
class Shown:
    """A column: `roles` are short words, `leads_to` the marts that its key opens."""

    card: Column
    roles: tuple[str, ...]
    leads_to: tuple[str, ...]
    nulls: str
    null_meaning: str
    values: tuple[str, ...]
    more_values: int
    span: str
    tests: int
    failed: tuple[str, ...]


def shown_columns(site: Site, mart: Mart) -> list[Shown]:
    """The columns that are not hidden, in their order."""
    state = site.measured(mart.name)
    return [_shown(site, mart, state, card) for card in mart.columns if not card.hidden]


def _shown(site: Site, mart: Mart, state: MartState, card: Column) -> Shown:
    profile = state.columns.get(card.name)
    tests = [
        test
        for test in site.state.tests
        if mart.name in test.marts and card.name in test.columns and not test.upstream
    ]
    leads_to = tuple(
        dict.fromkeys(
            join.to
            for join in site.joins_by_mart[mart.name]
            if join.mart == mart.name and join.column == card.name
        )
    )
    values = _values(card, profile, state)
    return Shown(
        card=card,
        roles=tuple(_roles(mart, state, card, leads_to)),
        leads_to=leads_to,
        nulls=_nulls(profile, state.row_count),
        null_meaning=card.null_meaning or card.null_label,
        values=values[:MOST_VALUES],
        more_values=max((profile.distinct if profile else 0) - MOST_VALUES, 0) if values else 0,
        span=_span(card, profile, state),
        tests=sum(test.status == "pass" for test in tests),
        failed=tuple(test.name for test in tests if test.status in ("fail", "error")),
    )


def _roles(mart: Mart, state: MartState, card: Column, leads_to: Sequence[str]) -> list[str]:
    foreign = "foreign key" if leads_to else "shared key"
    words = {"primary": "key", "unique": "key", "foreign": foreign, "natural": "natural key"}
    roles = [words[item.type] for item in mart.entities if item.column == card.name]
    for item in mart.dimensions:
        if item.column == card.name:
            grain = f"time, by {item.granularity or 'day'}" if item.type == "time" else "groups"
            roles.append(grain)
    if card.name == mart.agg_time_dimension:
        roles.append("metric time")
    if card.name in state.pseudonyms:
        roles.append("pseudonym")
    elif is_personal(card, state):
        roles.append("personal")
    return list(dict.fromkeys(roles))


def is_personal(card: Column, state: MartState) -> bool:
    """Whether values would speak of people, however the column came to be published."""
    return bool(card.pii or state.reviewed.get(card.name)) or card.name in state.pseudonyms


def _values(card: Column, profile: Profile | None, state: MartState) -> tuple[str, ...]:
    if is_personal(card, state):
        return ()
    stored = [value for value, _ in profile.top if value is not None] if profile else []
    if not card.is_enum and not card.sample_values and profile and len(stored) < profile.distinct:
        stored = []
    listed = [clean(value) for value in stored or card.sample_values]
    return tuple(value if len(value) <= LONGEST_VALUE else value[:39] + "…" for value in listed)


def _nulls(profile: Profile | None, rows: int) -> str:
    if profile is None or not profile.nulls or not rows:
        return ""
    share = 100 * profile.nulls / rows
    about = "about " if profile.sampled else ""
    percent = f"{share:.0f}" if 1 <= share <= 99 or share == 100 else f"{share:.2g}"
    unit = "row" if profile.nulls == 1 else "rows"
    return f"{about}{count(profile.nulls)} {unit}, {percent}\N{NARROW NO-BREAK SPACE}%"


def _span(card: Column, profile: Profile | None, state: MartState) -> str:
    """Least to greatest, of what has an order that means something."""
    if profile is None or profile.min is None or is_personal(card, state):
        return ""
    ordered = _ORDERED.search(profile.type) and not profile.type.startswith("STRUCT")
    return f"{profile.min} – {profile.max}" if ordered and profile.min != profile.max else ""
