"""Offsets: a value of an earlier bucket, or of rows that are counted later than they were."""

from __future__ import annotations

from martlet.errors import RequestError
from martlet.metrics import sql
from martlet.metrics.draft import Draft, Part
from martlet.metrics.grains import (
    GRAINS,
    MONTHS,
    Length,
    Shift,
    common_lengths,
    has_clock,
    is_aligned,
    is_finer,
    truncate,
)
from martlet.metrics.request import Key
from martlet.metrics.spine import (
    custom_column,
    finest,
    grain_of,
    main_key,
    period_start,
    periods,
)
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
    if back is None or back.unit not in GRAINS or not is_simple or not cut or leaf.ahead:
        return None
    grain = finest(cut).ref.grain or "day"
    plain = grain in GRAINS and not has_clock(grain)
    return None if plain and is_aligned(back, grain) else back


def _moved(draft: Draft, leaf: Node, bucket: str, shift: Shift, main: Key) -> str:
    """The bucket that a bucket looks back to."""
    grain = grain_of(main)
    if shift.back is None:
        return _first_bucket(draft, leaf, bucket, shift.to_grain, grain)
    if shift.back.unit == grain and grain not in GRAINS:
        return _custom_back(draft, bucket, shift.back)
    if not is_aligned(shift.back, grain):
        raise RequestError(
            "metric.grain",
            f"`{draft.owner(leaf)}` looks {shift.back} back, which is no whole {grain}.",
            next_step=_instead(shift.back, grain),
        )
    return f"cast({bucket} - {shift.back.sql} as date)"


def _instead(back: Length, grain: str) -> str:
    if back.unit not in GRAINS:
        return f"Ask by {back.unit}."
    return f"Ask by day; by {grain} only {common_lengths(grain)} can be looked back."


def _first_bucket(draft: Draft, leaf: Node, bucket: str, to_grain: str, grain: str) -> str:
    """The first bucket of the longer period around a bucket.

    A week or a bucket of a custom calendar need not lie in one month: only days do.
    """
    if grain == to_grain:
        return bucket
    plain = {grain, to_grain} <= {*GRAINS}
    if grain != "day" and not plain or (grain == "week" and to_grain in MONTHS):
        raise RequestError(
            "metric.grain",
            f"`{draft.owner(leaf)}` looks at the start of the {to_grain}, which need not be the "
            f"start of a {grain}.",
            next_step="Ask by day.",
        )
    if to_grain not in GRAINS:
        return period_start(draft, bucket, to_grain)
    week = draft.kit.catalog.week_start
    return truncate(bucket, to_grain, week_start=week) if is_finer(grain, to_grain) else bucket


def _custom_back(draft: Draft, bucket: str, back: Length) -> str:
    """The bucket of the company's calendar that lies a number of buckets before."""
    spine, column = custom_column(draft, back.unit)
    buckets = draft.add(
        f"{back.unit}s", sql.select([(sql.name(column), "_bucket")], [f"marts.{spine}"], group=1)
    )
    before = f"lag(_bucket, {back.count}) over (order by _bucket)"
    text = sql.select([("_bucket", "_bucket"), (before, "_before")], [sql.name(buckets)])
    table = sql.name(draft.add(f"{back.unit}s_before", text))
    return f"(select _before from {table} where _bucket = {bucket})"
