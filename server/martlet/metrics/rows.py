"""The rows of one mart as SQL: its fields, its to-one joins, its time, its conditions."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from martlet.errors import RequestError
from martlet.flow.build import BuildState
from martlet.flow.catalog import Catalog, Dimension, Metric
from martlet.metrics import sql
from martlet.metrics.conditions import Condition, Meaning
from martlet.metrics.expressions import Expressions
from martlet.metrics.grains import GRAINS, is_finer, truncate
from martlet.metrics.graph import Graph, Hop, Place
from martlet.metrics.names import Names
from martlet.metrics.refs import MetricRef, Ref
from martlet.metrics.request import Fold, Key, read_where
from martlet.metrics.tree import Node

PLACE, GROUP = "_place", "_group"  # a group's place among the first; the place as a key


@dataclass
class Kit:
    """What every part of the compiler works with: one catalog on one build."""

    catalog: Catalog
    build: BuildState | None
    graph: Graph
    names: Names
    expressions: Expressions
    _filters: dict[tuple[str, ...], tuple[Condition, ...]] = field(default_factory=dict)

    def filters(self, texts: tuple[str, ...], owner: str) -> tuple[Condition, ...]:
        """The conditions of the catalog's own filters, each combination parsed once.

        Raises: RequestError `metric.filter`.
        """
        if texts not in self._filters:
            self._filters[texts] = read_where(texts, self.catalog, f"filter of {owner}")
        return self._filters[texts]

    def type_of(self, mart: str, column: str) -> str:
        """DuckDB's type of a published column, empty when it is not known."""
        state = self.build.marts.get(mart) if self.build else None
        if state and column in state.columns:
            return state.columns[column].type.upper()
        found = self.catalog.marts[mart].column(column)
        return found.type.upper() if found else ""

    def time_field(self, leaf: Node) -> Dimension | None:
        """The dimension that is `metric_time` for a leaf."""
        own = self.names.time_of(leaf)
        mart = self.catalog.marts[leaf.mart]
        return next((item for item in mart.dimensions if item.name == own), None)

    def spine(self) -> str:
        """The mart with one row a day, empty when none is published."""
        mart = self.catalog.time_spine
        return mart if mart and self.graph.has(mart) and self.catalog.time_spine_column else ""


@dataclass
class Rows:
    """Rows of the mart of a leaf. Asking for a field joins what it needs, always to-one."""

    kit: Kit
    leaf: Node
    metric_filter: Callable[[Rows, MetricRef], str] | None = None
    marts: list[str] = field(default_factory=list)
    _joins: list[str] = field(default_factory=list)
    _aliases: dict[tuple[Hop, ...] | str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.marts.append(self.leaf.mart)
        self._aliases[()] = self.leaf.mart

    @property
    def tables(self) -> list[str]:
        """The FROM clause and its joins, one a line.

        Raises: RequestError `metric.unsupported` when a join repeats rows, see `repeated_tables`.
        """
        if self.repeats:
            raise RequestError(
                "metric.unsupported",
                f"`{self.leaf.metric.name}` cannot be computed over repeated rows.",
                next_step="Only simple, ratio and derived metrics can, without offsets.",
            )
        return self.repeated_tables

    @property
    def repeated_tables(self) -> list[str]:
        """The FROM clause, whose joins may repeat rows."""
        return [f"marts.{sql.name(self.leaf.mart)}", *self._joins]

    @property
    def repeats(self) -> bool:
        """Whether some join multiplies the rows of the mart."""
        return any(
            hop.repeats for hops in self._aliases if hops for hop in hops if isinstance(hop, Hop)
        )

    def row_key(self) -> str:
        """What identifies one row of the mart.

        Raises: RequestError `metric.unsupported` when no entity does.
        """
        mart = self.kit.catalog.marts[self.leaf.mart]
        keys = [item for item in mart.entities if item.type in ("primary", "unique")]
        if not keys:
            raise RequestError(
                "metric.unsupported",
                f"{mart.name} names no key, so repeated rows cannot be told apart.",
                next_step="Ask without `allow_nonadditive`.",
            )
        return self.kit.expressions.row(keys[0].expr, mart.name, mart.name)

    def value(self, metric: Metric) -> str:
        """The expression that a simple metric aggregates."""
        return self.kit.expressions.row(metric.expr, self.leaf.mart, self.leaf.mart)

    def field(self, place: Place) -> str:
        """A field as stored, its joins added."""
        if self.leaf.ahead and not place.hops and place.field is self.time_field:
            return self.time
        alias = self._alias(place.hops)
        return self.kit.expressions.row(place.field.expr, place.mart.name, alias)

    @property
    def time_field(self) -> Dimension:
        """The dimension that is `metric_time` here.

        Raises: RequestError `metric.no_path` when the metric has no time.
        """
        found = self.kit.time_field(self.leaf)
        if found is None:
            raise RequestError(
                "metric.no_path",
                f"`{self.leaf.metric.name}` has no time: {self.leaf.mart} names no "
                "`agg_time_dimension`.",
                next_step="Ask without `metric_time`, `grain`, `start` and `end`.",
            )
        return found

    @property
    def stored_time(self) -> str:
        """`metric_time` as stored."""
        return self.kit.expressions.row(self.time_field.expr, self.leaf.mart, self.leaf.mart)

    @property
    def time(self) -> str:
        """`metric_time` as it is shown: later than stored for rows compared with later ones."""
        ahead = self.leaf.ahead
        return f"({self.stored_time} + {ahead.sql})" if ahead else self.stored_time

    def key(self, key: Key) -> str:
        """A column to group by."""
        if key.fold:
            return self._place(key.fold)
        if key.is_metric_time:
            return self.cut(self.time, key.ref, self.time_field, self.leaf.mart)
        place = key.places[self.leaf.home]
        if isinstance(place.field, Dimension) and place.is_time:
            return self.cut(self.field(place), key.ref, place.field, place.mart.name)
        return self.field(place)

    def _place(self, fold: Fold) -> str:
        """The place of the group of a row, equal for all groups that are not among the first."""
        same = "\n    and ".join(
            f"{{alias}}._key_{i + 1} is not distinct from {self.key(key)}"
            for i, key in enumerate(fold.keys)
        )
        line = f"left join {sql.name(fold.table)} as {{alias}}\n    on {same}"
        alias = self.join(f"fold {fold.table}", fold.table, line)
        return f"coalesce({sql.dotted(alias, PLACE)}, {fold.other})"

    def cut(self, time: str, ref: Ref, dimension: Dimension, mart: str) -> str:
        """A time at the grain of its name, or at its own.

        Raises: RequestError `metric.grain` for a grain finer than the data.
        """
        own = dimension.granularity or "day"
        if ref.part:
            part = "isodow" if ref.part == "dow" else ref.part
            return f"extract({part} from {time})"
        grain = ref.grain or own
        if grain not in GRAINS:
            return self._calendar(time, grain)
        if is_finer(grain, own):
            raise RequestError(
                "metric.grain",
                f"`{dimension.name}` of {mart} is kept by {own}; it has no {grain}.",
                next_step=f"Ask by {own} or coarser.",
            )
        is_date = self.kit.type_of(mart, dimension.expr) == "DATE" and not self.leaf.ahead
        if grain == "day" and is_date:
            return time
        if grain == own and not ref.grain and is_finer(own, "day"):
            return time
        return truncate(time, grain, week_start=self.kit.catalog.week_start)

    def conditions(self, conditions: Sequence[Condition]) -> list[str]:
        """Conditions over fields, as SQL over these rows."""
        return [item.sql(self._meaning, self._is_time) for item in conditions]

    def place_of(self, ref: Ref) -> Place:
        """The field that a name in a condition means here."""
        return self.kit.names.field(ref, [self.leaf])[self.leaf.home]

    def _meaning(self, meaning: Meaning, as_day: bool | None) -> str:
        if isinstance(meaning, MetricRef):
            return self._metric(meaning)
        if meaning.is_metric_time:
            cut = meaning.grain or meaning.part
            ref = meaning if cut else _at_day(meaning, self.time_field, as_day)
            return self.cut(self.time, ref, self.time_field, self.leaf.mart)
        place = self.place_of(meaning)
        raw = self.field(place)
        if not isinstance(place.field, Dimension) or not place.is_time:
            return sql.atom(raw)
        bare = not meaning.grain and not meaning.part
        if bare and (as_day is not True or not is_finer(place.granularity, "day")):
            return sql.atom(raw)
        ref = _at_day(meaning, place.field, as_day) if bare else meaning
        return self.cut(raw, ref, place.field, place.mart.name)

    def _is_time(self, meaning: Meaning) -> bool:
        if isinstance(meaning, MetricRef) or meaning.part:
            return False
        return meaning.is_metric_time or self.place_of(meaning).is_time

    def _metric(self, ref: MetricRef) -> str:
        if self.metric_filter is None:
            raise RequestError(
                "metric.unsupported",
                "A metric cannot be a condition here.",
                where=f"Metric('{ref.metric}')",
            )
        return self.metric_filter(self, ref)

    def join(self, key: str, alias: str, lines: str) -> str:
        """Add a join under a free alias, once per key; `lines` holds {alias}."""
        if key not in self._aliases:
            self._aliases[key] = self._free(alias)
            self._joins.append(lines.replace("{alias}", sql.name(self._aliases[key])))
        return self._aliases[key]

    def _alias(self, hops: tuple[Hop, ...]) -> str:
        if hops not in self._aliases:
            before = self._alias(hops[:-1])
            alias = self._free("__".join(hop.entity for hop in hops))
            self._aliases[hops] = alias
            self._joins.append(self._join(hops[-1], before, alias))
            if hops[-1].to_mart not in self.marts:
                self.marts.append(hops[-1].to_mart)
        return self._aliases[hops]

    def _join(self, hop: Hop, before: str, alias: str) -> str:
        row = self.kit.expressions.row
        ours = row(hop.from_expr, hop.from_mart, before)
        theirs = row(hop.to_expr, hop.to_mart, alias)
        line = f"left join marts.{sql.name(hop.to_mart)} as {sql.name(alias)}\n    on "
        conditions = [f"{sql.atom(theirs)} = {sql.atom(ours)}"]
        if hop.valid:
            start, end = (row(item, hop.to_mart, alias) for item in hop.valid)
            conditions += [
                f"{self.stored_time} >= {start}",
                f"({self.stored_time} < {end} or {end} is null)",
            ]
        return line + "\n    and ".join(conditions)

    def _calendar(self, time: str, grain: str) -> str:
        """The bucket of a custom calendar, read from the time spine."""
        spine = self.kit.spine()
        if not spine:
            raise RequestError(
                "metric.grain",
                f"The grain `{grain}` needs the time spine, which is not published.",
                next_step=f"Use one of {', '.join(GRAINS[3:])}.",
            )
        if spine not in self.marts:
            self.marts.append(spine)
        day = "{alias}." + sql.name(self.kit.catalog.time_spine_column)
        alias = self.join(
            f"spine {time}",
            "spine",
            f"left join marts.{sql.name(spine)} as {{alias}}\n    on {day} = cast({time} as date)",
        )
        return sql.dotted(alias, self.kit.catalog.calendars[grain])

    def _free(self, alias: str) -> str:
        taken = {item.lower() for item in self._aliases.values()}
        free, count = alias, 2
        while free.lower() in taken:
            free, count = f"{alias}_{count}", count + 1
        return free


def _at_day(ref: Ref, dimension: Dimension, as_day: bool | None) -> Ref:
    """Without a grain a time is a day, except beside a time of day, where it stays as stored."""
    if as_day is False or is_finer("day", dimension.granularity or "day"):
        return ref
    return Ref(ref.prefix, ref.field, grain="day")
