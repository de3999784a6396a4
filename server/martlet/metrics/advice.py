"""Which metric a caller could ask for instead of one that cannot be grouped as wished."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable

from rapidfuzz import fuzz, utils

from martlet.flow.catalog import Metric

MOST = 2
NEAR = 0.5  # how much less alike the second may be
TRIED = 50  # metrics looked at, best first


def nearest_metrics(
    wanted: Metric,
    others: Iterable[Metric],
    finer: Collection[str],
    is_able: Callable[[Metric], bool],
) -> list[str]:
    """The names of the able metrics most like the wanted one, best first.

    `finer` are the marts whose rows are parts of the wanted metric's rows (lines of an order).
    """
    scored = sorted(
        ((-_likeness(wanted, metric, finer), metric.name, metric) for metric in others),
        key=lambda item: item[:2],
    )
    found: list[tuple[float, str]] = []
    for score, name, metric in scored[:TRIED]:
        if found and score > found[0][0] + NEAR:
            break
        if is_able(metric):
            found.append((score, name))
        if len(found) == MOST:
            break
    return [name for _, name in found]


def _likeness(wanted: Metric, other: Metric, finer: Collection[str]) -> float:
    """Same unit, same aggregation, finer rows, like words, no filter of its own."""
    same_unit = bool(wanted.unit) and wanted.unit == other.unit
    same_agg = wanted.agg is not None and wanted.agg == other.agg
    words = fuzz.token_set_ratio(_words(wanted), _words(other), processor=utils.default_process)
    plain = fuzz.WRatio(wanted.name, other.name, processor=utils.default_process)
    score = 1.0 * same_unit + 0.7 * same_agg + 1.0 * (other.mart in finer)
    return score + words / 100 + plain / 100 + (0.0 if other.filter else 0.3)


def _words(metric: Metric) -> str:
    said = (metric.name.replace("_", " "), metric.label, *metric.ai_context.synonyms)
    return " ".join((*said, metric.description))
