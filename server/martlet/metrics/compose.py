"""Puts the parts of a request together: one row per group, the formulas, filters and order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import takewhile

from martlet.metrics import conversions, cumulative, offsets, scans, spine, sql
from martlet.metrics.compare import columns_of, share_of
from martlet.metrics.conditions import Condition, Meaning
from martlet.metrics.draft import Draft, Part
from martlet.metrics.formulas import formula, number, shown
from martlet.metrics.grains import Length
from martlet.metrics.refs import Ref
from martlet.metrics.request import Key, Order
from martlet.metrics.rows import GROUP, PLACE
from martlet.metrics.tree import Node

OTHER = "(other)"
Having = Sequence[tuple[Condition, dict[str, Node]]]


def write(
    draft: Draft,
    wanted: Sequence[Node],
    having: Having,
    order: Sequence[Order],
    ahead: Length | None = None,
) -> str:
    """The whole query: keys, then the wanted metrics under their own names, in order.

    With `ahead` each metric is followed by its value that much earlier, and by the change.
    """
    return body(draft, wanted, having, ahead) + _order(draft, order)


def body(draft: Draft, wanted: Sequence[Node], having: Having, ahead: Length | None = None) -> str:
    """The query without its order."""
    nodes = list(dict.fromkeys([*wanted, *(n for _, named in having for n in named.values())]))
    titles = {node: node.metric.name for node in nodes}
    if ahead:
        known: dict[Node, Node] = {}
        titles |= {node.earlier(ahead, known): columns_of(node.metric.name)[0] for node in wanted}
    hidden = set(nodes) - set(wanted)
    draft.asked = {leaf for node in titles if node not in hidden for leaf in node.leaves()}
    make_parts(draft, list(titles))
    relation = _steps(draft, list(titles), _joined(draft))
    keys = [(sql.name(key.name), key.name) for key in draft.keys]
    values = [(_value(draft, node), title) for node, title in titles.items()]
    text = sql.select([*keys, *values], [sql.name(relation)])
    if having or ahead or draft.fold or draft.totals:
        text = _over_result(draft, draft.add("result", text), wanted, having, ahead)
    return sql.with_ctes(draft.ctes, text)


def _over_result(
    draft: Draft, result: str, wanted: Sequence[Node], having: Having, ahead: Length | None
) -> str:
    """What is asked of the finished groups: changes, shares, names of the first, conditions."""
    keys = [(_key_value(draft, key), key.name) for key in draft.shown_keys]
    shown = [pair for node in wanted for pair in _shown(draft, node, is_compared=bool(ahead))]
    by_title = {title: text for text, title in shown}
    conditions = [_condition(draft, item, named, by_title) for item, named in having]
    tables = [sql.name(result), *_fold_join(draft), *_totals_join(draft)]
    return sql.select([*keys, *shown], tables, where=conditions)


def _shown(draft: Draft, node: Node, *, is_compared: bool) -> list[tuple[str, str]]:
    """A metric's columns out of the result."""
    title = node.metric.name
    now = sql.name(title)
    shown = [(now, title)]
    if is_compared:
        previous, change, growth = columns_of(title)
        before = sql.name(previous)
        shown += [
            (before, previous),
            (f"{now} - {before}", change),
            (f"cast({now} - {before} as double) / nullif(abs({before}), 0)", growth),
        ]
    if draft.totals and node in draft.totals.nodes:
        total = f"_total_{draft.totals.nodes.index(node) + 1}"
        shown.append((f"cast({now} as double) / nullif({total}, 0)", share_of(title)))
    return shown


def _key_value(draft: Draft, key: Key) -> str:
    """A key's column; a group that is not among the first is (other)."""
    if draft.fold is None or key in draft.keys:
        return sql.name(key.name)
    column = f"_key_{draft.fold.keys.index(key) + 1}"
    is_other = f"{GROUP} = {draft.fold.other}"
    return f"case when {is_other} then {sql.literal(OTHER)} else cast({column} as varchar) end"


def _fold_join(draft: Draft) -> list[str]:
    if draft.fold is None:
        return []
    table = sql.name(draft.fold.table)
    return [f"left join {table}\n    on {PLACE} = {GROUP}"]


def _totals_join(draft: Draft) -> list[str]:
    if draft.totals is None:
        return []
    table = sql.name(draft.totals.table)
    if not draft.totals.keys:
        return [f"cross join {table}"]
    same = "\n    and ".join(
        f"_period_{i + 1} is not distinct from {sql.name(key.name)}"
        for i, key in enumerate(draft.totals.keys)
    )
    return [f"left join {table}\n    on {same}"]


def make_parts(draft: Draft, nodes: Sequence[Node]) -> None:
    """Write the CTEs that compute every leaf below the nodes."""
    for node in nodes:
        draft.owners |= {leaf: node.metric.name for leaf in node.leaves()}
    leaves = list(draft.owners)
    scanned: dict[tuple[str, str, Length | None, bool], list[Node]] = {}
    for leaf in leaves:
        if not _is_special(leaf):
            scanned.setdefault((*leaf.home, leaf.ahead, _adds_groups(draft, leaf)), []).append(leaf)
    for (mart, time, ahead, _), group in scanned.items():
        name = _title(draft, mart, time) + ("_earlier" if ahead else "")
        part = scans.scan(draft, group, name=name, where=draft.where)
        part.periods = _periods(draft, group)
        draft.parts.append(part)
    for leaf in leaves:
        if _is_special(leaf):
            draft.parts.append(_special(draft, leaf))


def _adds_groups(draft: Draft, leaf: Node) -> bool:
    """Whether a leaf that is only compared with has rows in groups of no leaf that is shown."""
    if leaf in draft.asked:
        return False
    near = [item for item in draft.asked if (item.home, item.ahead) == (leaf.home, leaf.ahead)]
    plain = [item for item in near if not _is_special(item)]
    return not any(set(item.filters) <= set(leaf.filters) for item in plain)


def _special(draft: Draft, leaf: Node) -> Part:
    if leaf.shifts:
        moved = offsets.moved_rows(draft, leaf)
        if moved:
            return _moved(draft, leaf, moved)
        spine.main_key(draft, leaf)
        return offsets.shifted(draft, leaf, _unshifted(draft, leaf))
    if leaf.window:
        return cumulative.cumulative(draft, leaf, name=draft.column(leaf))
    if leaf.converts:
        return conversions.conversions(draft, leaf, name=draft.column(leaf), where=draft.where)
    part = scans.stock(draft, leaf, name=draft.column(leaf), where=draft.where)
    part.periods = _periods(draft, [leaf])
    return part


def _moved(draft: Draft, leaf: Node, ahead: Length) -> Part:
    """A part of a shifted leaf whose rows are counted later than they were."""
    rows = replace(leaf, shifts=(), ahead=ahead)
    draft.share_column(rows, leaf)
    name = draft.column(leaf)
    if _is_stock(leaf):
        part = scans.stock(draft, rows, name=name, where=draft.where)
    else:
        part = scans.scan(draft, [rows], name=name, where=draft.where)
    return Part(part.name, (leaf,))


def _unshifted(draft: Draft, leaf: Node) -> Part:
    """The part a shifted leaf looks back at: all buckets, whatever range is shown."""
    on_rows, _ = spine.split_where(draft, leaf)
    base = replace(leaf, shifts=(), is_unbounded=True)
    name = f"{draft.column(leaf)}_all"
    if leaf.window:
        return cumulative.cumulative(draft, base, name=name)
    if leaf.converts:
        return conversions.conversions(draft, base, name=name, where=on_rows)
    if _is_stock(leaf):
        return scans.stock(draft, base, name=name, where=on_rows)
    return scans.scan(draft, [base], name=name, where=on_rows)


def _is_special(leaf: Node) -> bool:
    return leaf.is_windowed or _is_stock(leaf) or leaf.converts is not None


def _is_stock(leaf: Node) -> bool:
    return leaf.source is not None and leaf.source.non_additive is not None


def _title(draft: Draft, mart: str, time: str) -> str:
    own = draft.kit.catalog.marts[mart].agg_time_dimension
    by = f"_by_{time}" if time and time != own else ""
    return f"{mart}{by}_grouped" if draft.keys else f"{mart}{by}_total"


def _periods(draft: Draft, leaves: Sequence[Node]) -> str:
    """The buckets to add for a metric that asks for empty ones."""
    asking = [leaf for leaf in leaves if leaf.source and leaf.source.join_to_timespine]
    filled = next((leaf for leaf in asking if leaf.ahead is None), None)
    if filled is None or not [k for k in draft.time_keys(filled) if not k.ref.part]:
        return ""
    spine.main_key(draft, filled)
    return spine.periods(draft, filled)


def _joined(draft: Draft) -> str:
    """The relation with all leaf columns: one part as it is, several over their common groups."""
    if len(draft.parts) == 1 and not draft.parts[0].periods:
        return draft.parts[0].name
    values = [
        (sql.dotted(part.name, draft.column(node)), draft.column(node))
        for part in draft.parts
        for node in part.nodes
    ]
    if not draft.keys:
        tables = [sql.name(draft.parts[0].name)]
        tables += [f"cross join {sql.name(part.name)}" for part in draft.parts[1:]]
        return draft.add("together", sql.select(values, tables))
    groups = draft.add("groups", _groups(draft))
    keys = [(sql.dotted(groups, key.name), key.name) for key in draft.keys]
    tables = [sql.name(groups), *(_part_join(draft, part, groups) for part in draft.parts)]
    return draft.add("together", sql.select([*keys, *values], tables))


def _groups(draft: Draft) -> str:
    """Every group that a metric asked for has, null groups included, and the buckets to add."""
    names = [(sql.name(key.name), key.name) for key in draft.keys]
    parts = [part for part in draft.parts if draft.asked & set(part.nodes)]
    found = [sql.select(names, [sql.name(part.name)]) for part in parts]
    for part in parts:
        if part.periods:
            found.append(_empty_buckets(draft, part))
    return "\nunion\n".join(dict.fromkeys(found)) if len(found) > 1 else found[0]


def _empty_buckets(draft: Draft, part: Part) -> str:
    """The buckets to add: those in which the part has no row at all; dimensions stay empty."""
    times = draft.time_keys(part.nodes[0])
    columns = [
        (sql.dotted(part.periods, key.name) if key in times else _nothing(key), key.name)
        for key in draft.keys
    ]
    same = "\n    and ".join(
        f"{sql.dotted(part.name, key.name)} = {sql.dotted(part.periods, key.name)}" for key in times
    )
    tables = [sql.name(part.periods), f"left join {sql.name(part.name)}\n    on {same}"]
    missing = f"{sql.dotted(part.name, times[0].name)} is null"
    return sql.select(columns, tables, where=[missing])


def _nothing(key: Key) -> str:
    """The group without a value: null, or its place if it is among the first."""
    if key.fold is None:
        return "null"
    empty = [f"_key_{i + 1} is null" for i in range(len(key.fold.keys))]
    return f"(select {PLACE} from {sql.name(key.fold.table)} where {' and '.join(empty)})"


def _part_join(draft: Draft, part: Part, groups: str) -> str:
    same = "\n    and ".join(
        f"{sql.dotted(groups, key.name)} is not distinct from {sql.dotted(part.name, key.name)}"
        for key in draft.keys
    )
    return f"left join {sql.name(part.name)}\n    on {same}"


def _steps(draft: Draft, nodes: Sequence[Node], relation: str) -> str:
    """Compute the formulas that other formulas use, level by level."""
    inner = [child for child in dict.fromkeys(_below(nodes)) if not child.is_leaf]
    for depth in sorted({node.depth for node in inner}):
        level = [node for node in inner if node.depth == depth]
        columns = [(_formula(draft, node), draft.column(node)) for node in level]
        text = sql.select([("*", "*"), *columns], [sql.name(relation)])
        relation = draft.add(f"inputs_{depth}", text)
        draft.computed.update(level)
    return relation


def _below(nodes: Sequence[Node]) -> list[Node]:
    """Every node that some formula uses."""
    found: list[Node] = []
    stack = list(nodes)
    seen: set[Node] = set()
    while stack:
        node = stack.pop()
        if node not in seen:
            seen.add(node)
            found += [child for _, child in node.inputs]
            stack += [child for _, child in node.inputs]
    return found


def _value(draft: Draft, node: Node) -> str:
    if node.is_leaf or node in draft.computed:
        return shown(node, lambda item: sql.name(draft.column(item)))
    text = _formula(draft, node)
    fill = node.metric.fill_nulls_with
    return text if fill is None else f"coalesce({text}, {number(fill)})"


def _formula(draft: Draft, node: Node) -> str:
    return formula(node, lambda item: sql.name(draft.column(item)), draft.kit.expressions)


def _condition(
    draft: Draft, condition: Condition, named: dict[str, Node], by_title: dict[str, str]
) -> str:
    """A condition over the columns of the result."""
    keys = {spelling: key for key in draft.keys for spelling in (key.name, key.ref.name)}

    def value(meaning: Meaning, as_day: bool | None) -> str:
        assert isinstance(meaning, Ref)
        if meaning.name in named:
            return sql.name(named[meaning.name].metric.name)
        if meaning.name in by_title:
            return sql.atom(by_title[meaning.name])
        return sql.name(keys[meaning.name].name)

    def is_time(meaning: Meaning) -> bool:
        return isinstance(meaning, Ref) and meaning.name in keys and keys[meaning.name].is_time

    return condition.sql(value, is_time)


def _order(draft: Draft, order: Sequence[Order]) -> str:
    if draft.fold:
        order = _by_place(draft, order)
    named = {item.name for item in order}
    rest = [Order(key.name) for key in draft.shown_keys if key.name not in named]
    items = [
        f"{sql.name(item.name)} {'desc' if item.is_descending else 'asc'} nulls last"
        for item in (*order, *rest)
    ]
    return f"\norder by {', '.join(items)}" if items else ""


def _by_place(draft: Draft, order: Sequence[Order]) -> list[Order]:
    """The metric that groups are ranked by is their place; without it, periods come first."""
    columns = {key.name for key in draft.shown_keys}
    before = list(takewhile(lambda item: item.name in columns, order))
    if len(before) == len(order):
        named = {item.name for item in before}
        periods = [key.name for key in draft.keys if key.is_period and key.name not in named]
        return [*before, *(Order(name) for name in periods), Order(GROUP)]
    return [*before, Order(GROUP), *order[len(before) + 1 :]]
