"""A metric as a filter: computed per entity over the asked range, joined to the rows."""

from __future__ import annotations

from martlet.errors import RequestError
from martlet.metrics import compose, sql
from martlet.metrics.draft import Draft
from martlet.metrics.refs import MetricRef, split_name
from martlet.metrics.request import Key
from martlet.metrics.rows import Rows
from martlet.metrics.tree import Forest


def join_metric(draft: Draft, rows: Rows, ref: MetricRef) -> str:
    """SQL of the metric's value for the entity of each row; null where the entity has none.

    Raises: UnknownName `name.unknown`; RequestError `metric.*` when metric and entity do not meet.
    """
    if not ref.group_by:
        raise RequestError(
            "metric.filter",
            f"Metric('{ref.metric}') names no entity.",
            next_step=f"Write Metric('{ref.metric}', group_by=['customer']) > 1.",
        )
    node = Forest(draft.kit.catalog).grow(ref.metric)
    leaves = list(node.leaves())
    names = [split_name(text, ()) for text in ref.group_by]
    keys = tuple(Key(name.plain, name, draft.kit.names.field(name, leaves)) for name in names)
    inner = Draft(draft.kit, keys, draft.span, (), metric_filter=join_metric)
    text = compose.body(inner, [node], ())
    draft.marts += [mart for mart in inner.marts if mart not in draft.marts]
    draft.used_as_filter[ref.metric] = ", ".join(key.name for key in keys)
    table = draft.add(f"{ref.metric}_per_{'_'.join(name.field for name in names)}", text)
    same = "\n    and ".join(
        "{alias}." + f"{sql.name(key.name)} = {rows.field(rows.place_of(key.ref))}" for key in keys
    )
    line = f"left join {sql.name(table)} as {{alias}}\n    on {same}"
    alias = rows.join(f"metric {table}", table, line)
    return sql.dotted(alias, ref.metric)
