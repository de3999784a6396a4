"""Offsets: a value of an earlier bucket, or of rows that are counted later than they were."""

from __future__ import annotations

from martlet.errors import RequestError
from martlet.metrics import sql
from martlet.metrics.draft import Draft, Part
from martlet.metrics.grains import (
    GRAINS,
    Length,
    Shift,
    common_lengths,
    has_clock,
    is_aligned,
    is_finer,
    truncate,
)
from martlet.metrics.request import Key
from martlet.metrics.spine import finest, grain_of, main_key, periods
from martlet.metrics.tree import Node


def shifted(draft: Draft, leaf: Node, base: Part) -> Part:
    """A part with the values of `base` seen from a later bucket.

    Raises: RequestError `metric.unsupported` without a time to look back from, `metric.grain` for
    an offset that does not lead to a whole bucket.
    """
    main = main_key(draft, leaf)
    shown = periods(draft, leaf)
    times = draft.time_keys(leaf)
    earlier = sql.dotted(shown, main.name)
    for shift in leaf.shifts:
        earlier = _moved(draft, leaf, earlier, shift, main)
    columns = [
        (sql.dotted(shown if key in times else base.name, key.name), key.name) for key in draft.keys
    ]
    text = sql.select(
        [*columns, (sql.dotted(base.name, draft.column(base.nodes[0])), draft.column(leaf))],
        [
            sql.name(shown),
            f"inner join {sql.name(base.name)}\n    on "
            f"{sql.dotted(base.name, main.name)} = {earlier}",
        ],
    )
    return Part(draft.add(draft.column(leaf), text), (leaf,))


def moved_rows(draft: Draft, leaf: Node) -> Length | None:
    """The length by which rows can be moved instead, where buckets do not lie that far apart.

    A row then counts in the bucket of its own time plus the length; each row in exactly one.
    """
    is_simple = leaf.source is not None and not (leaf.window or leaf.converts)
    back = leaf.shifts[0].back if len(leaf.shifts) == 1 else None
    cut = [key for key in draft.time_keys(leaf) if not key.ref.part]
    if back is None or not is_simple or not cut or leaf.ahead:
        return None
    grain = finest(cut).ref.grain or "day"
    plain = grain in GRAINS and not has_clock(grain)
    return None if plain and is_aligned(back, grain) else back


def _moved(draft: Draft, leaf: Node, bucket: str, shift: Shift, main: Key) -> str:
    """The bucket that a bucket looks back to."""
    grain, week = grain_of(main), draft.kit.catalog.week_start
    if shift.back is None:
        coarser = is_finer(grain, shift.to_grain)
        return truncate(bucket, shift.to_grain, week_start=week) if coarser else bucket
    if not is_aligned(shift.back, grain):
        raise RequestError(
            "metric.grain",
            f"`{draft.owner(leaf)}` looks {shift.back} back, which is no whole {grain}.",
            next_step=f"Ask by day; by {grain} only {common_lengths(grain)} can be looked back.",
        )
    return f"cast({bucket} - {shift.back.sql} as date)"
