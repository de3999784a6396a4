"""Checks of what is stored: enum and sample values, personal data, names that SQL misreads."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator

from martlet.catalog.checks.view import Check, View, column_path
from martlet.catalog.words import mentioned
from martlet.errors import Problem, did_you_mean
from martlet.flow.build import Profile
from martlet.flow.catalog import Mart, Scalar


def sample_values(view: View) -> Iterator[Problem]:
    """Sample values are stored as written; an enum lists every value there is."""
    for mart, column, profile in view.columns():
        if column.pii or not profile.top or not (column.sample_values or column.is_enum):
            continue
        stored = {_text(value) for value, _ in profile.top if value is not None}
        stated = {_text(value) for value in column.sample_values if value is not None}
        path = column_path(mart, column.name)
        whole = len(stored) >= profile.distinct and not profile.sampled
        if whole:
            for value in sorted(stated - stored):
                message = f"`{mart.name}.{column.name}` never holds `{value}`."
                hint = did_you_mean(value, stored)
                told = view.warning if column.is_enum else view.problem
                yield told(path, message, hint)
        if column.is_enum:
            for value in sorted(stored - stated):
                message = f"`{mart.name}.{column.name}` holds `{value}`, which is not listed."
                yield view.problem(path, message, "Add it to `sample_values`.")


def _text(value: Scalar) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def personal_data(view: View) -> Iterator[Problem]:
    """A personal column is personal everywhere, and its values appear nowhere."""
    marked = {
        column.name.lower()
        for mart in view.catalog.marts.values()
        for column in mart.columns
        if column.pii
    }
    for mart in view.catalog.marts.values():
        for column in mart.columns:
            path = column_path(mart, column.name)
            if column.name.lower() in marked and column.pii is None:
                message = f"`{column.name}` is personal in another mart, but not here."
                yield view.problem(path, message, "Write `pii: true`.")
            if column.pii and column.sample_values:
                message = f"`{column.name}` is personal, but its card shows values."
                yield view.problem(path, message, "Take out `sample_values`.")
        yield from _personal_metrics(view, mart)
    for mart, column, profile in view.columns():
        if column.pii is True and _shows_values(profile):
            message = f"The build's profile shows values of the personal column `{column.name}`."
            yield view.problem(column_path(mart, column.name), message)


def _shows_values(profile: Profile) -> bool:
    return bool(profile.top or profile.min or profile.max)


def _personal_metrics(view: View, mart: Mart) -> Iterator[Problem]:
    personal = {column.name for column in mart.columns if column.pii is True}
    for metric in view.metrics_of(mart):
        shown = metric.agg not in ("count", "count_distinct")
        for name in personal & set(mentioned(metric.expr)) if shown else ():
            message = f"`{metric.name}` gives away values of the personal column `{name}`."
            yield view.problem(f"metric.{metric.name}.expr", message, "Only count such a column.")


def digit_names(view: View) -> Iterator[Problem]:
    """A column that begins with a digit is hidden, and a twin with a safe name stands for it.

    Unquoted, `60_day_ltv` is the number 60 with a name, and no error tells.
    """
    for name, state in view.build.marts.items():
        mart = view.catalog.marts.get(name)
        hidden = {column.name for column in mart.columns if column.hidden} if mart else set()
        twins: dict[tuple[str, ...], list[str]] = defaultdict(list)
        for column in state.columns:
            twins[_parts(column)].append(column)
        for column in (item for item in state.columns if item[:1].isdigit()):
            path = f"mart.{name}.column.{column}"
            if len(twins[_parts(column)]) < 2:
                message = f"`{name}.{column}` begins with a digit and has no twin with a safe name."
                hint = f"Publish it as, say, `{_safe(column)}` too."
                yield view.problem(path, message, hint)
            elif column not in hidden:
                message = f"`{name}.{column}` begins with a digit: unquoted, SQL reads a number."
                yield view.problem(path, message, "Write `hidden: true`; its twin is shown.")


def _parts(name: str) -> tuple[str, ...]:
    return tuple(sorted(re.findall(r"[a-z]+|\d+", name.lower())))


def _safe(name: str) -> str:
    words = re.findall(r"[a-z0-9]+", name.lower())
    return "_".join([words[-1], *words[:-1]]) if len(words) > 1 else f"n_{words[0]}"


VALUE_CHECKS: tuple[Check, ...] = (sample_values, personal_data, digit_names)
