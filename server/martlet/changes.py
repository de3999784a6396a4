"""The journey of a comparison: which numbers change between a published build and what is here."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass
from functools import partial
from typing import Any, Literal

from martlet.answer import Answer
from martlet.answer.equal import number, same
from martlet.ask import Asker, ask_metric, ask_sql
from martlet.catalog.compile import bind
from martlet.catalog.load import load_catalog
from martlet.errors import MartletError
from martlet.flow.catalog import MetricQuery
from martlet.flow.query import Stop
from martlet.house import Serving, open_serving
from martlet.publish import store
from martlet.settings import Settings, catalog_path

Values = dict[str, Any]
Status = Literal["changed", "added", "removed", "failed", "same"]
Cause = Literal["", "definition", "data", "definition and data"]
MONTHS_SHOWN = 12


@dataclass(frozen=True)
class Change:
    """One value before and after; `period` is empty for the total."""

    period: str
    before: Any
    after: Any

    @property
    def by(self) -> float | None:
        """The change as a fraction of what was before; None where that is no number, or 0."""
        before, after = number(self.before), number(self.after)
        if before is None or after is None or not before:
            return None
        return float((after - before) / abs(before))


@dataclass(frozen=True)
class Comparison:
    """A metric or a verified question, and what becomes of its numbers."""

    name: str
    kind: Literal["metric", "question"]
    status: Status
    cause: Cause = ""
    changes: tuple[Change, ...] = ()
    error: str = ""

    def lines(self) -> Iterator[str]:
        """For people: the name, then the total, then the first months."""
        because = f" ({self.cause})" if self.cause else ""
        yield f"{self.status}: {self.kind} {self.name}{because}{self.error and f': {self.error}'}"
        for change in self.changes[:MONTHS_SHOWN]:
            by = f" ({change.by:+.1%})" if change.by is not None else ""
            yield f"    {change.period or 'total'}: {change.before} → {change.after}{by}"
        if len(self.changes) > MONTHS_SHOWN:
            yield f"    and {len(self.changes) - MONTHS_SHOWN} more; --json has all"

    def as_json(self) -> dict[str, Any]:
        changes = [{**asdict(item), "by": item.by} for item in self.changes]
        return {**asdict(self), "changes": changes}


@dataclass(frozen=True)
class Changes:
    """All metrics and questions of both sides, by name."""

    before: str
    after: str
    compared: tuple[Comparison, ...]

    @property
    def differing(self) -> tuple[Comparison, ...]:
        return tuple(item for item in self.compared if item.status != "same")

    @property
    def breaks(self) -> bool:
        """Whether a reader of the old build would get another number, or none."""
        return any(item.status in ("changed", "removed", "failed") for item in self.compared)

    @property
    def summary(self) -> str:
        counts = {status: 0 for status in ("changed", "added", "removed", "failed", "same")}
        for item in self.compared:
            counts[item.status] += 1
        told = ", ".join(f"{count} {status}" for status, count in counts.items() if count)
        return f"{self.before} → {self.after}: {told or 'nothing to compare'}"


def compare_with(settings: Settings, against: str) -> Changes:
    """The catalog here on the build in force, against an earlier build as it was published.

    `against` is a build id or `previous`. Raises: CatalogInvalid; UnknownName for no such build.
    """
    catalog = load_catalog(catalog_path(settings))
    folder = store.find_folder(settings.home, against)
    before, bridge = open_serving(folder, settings), open_serving(folder, settings)
    after = open_serving(store.current(settings.home), settings)
    try:
        bridge.catalog, _ = bind(catalog, bridge.state)
        after.catalog, _ = bind(catalog, after.state)
        sides = _Sides(before, after, bridge, settings)
        compared = [*sides.metrics(), *sides.questions()]
    finally:
        for side in (before, after, bridge):
            side.engine.close()
    return Changes(before.state.build_id, after.state.build_id, tuple(compared))


@dataclass(frozen=True)
class _Sides:
    """The old build, the present one, and between them the old data under the new catalog."""

    before: Serving
    after: Serving
    bridge: Serving
    settings: Settings

    def metrics(self) -> Iterator[Comparison]:
        old, new = self.before.catalog.metrics, self.after.catalog.metrics
        visible = {name for name, item in (old | new).items() if not item.hidden}
        for name in sorted(visible):
            if name not in new or name not in old:
                yield Comparison(name, "metric", "added" if name in new else "removed")
            else:
                yield self._compare(name, "metric", partial(self._values, name))

    def questions(self) -> Iterator[Comparison]:
        old = self.before.catalog.verified_queries
        new = self.after.catalog.verified_queries
        for name in sorted({*old, *new}):
            if name not in new or name not in old:
                yield Comparison(name, "question", "added" if name in new else "removed")
            else:
                yield self._compare(name, "question", partial(self._rows, name))

    def _compare(
        self, name: str, kind: Literal["metric", "question"], values: Callable[[Serving], Values]
    ) -> Comparison:
        before = _answered(values, self.before)
        after = _answered(values, self.after)
        if isinstance(before, MartletError):  # no number before: none is changed
            return Comparison(name, kind, "same" if isinstance(after, MartletError) else "added")
        if isinstance(after, MartletError):
            return Comparison(name, kind, "failed", error=f"{after.code}: {after.message}")
        changes = tuple(_changes(before, after))
        if not changes:
            return Comparison(name, kind, "same")
        return Comparison(name, kind, "changed", self._cause(before, after, values), changes)

    def _cause(self, before: Values, after: Values, values: Callable[[Serving], Values]) -> Cause:
        try:
            between = values(self.bridge)
        except MartletError:
            return "definition and data"  # the new definition needs the new data
        by_definition = any(_changes(before, between))
        by_data = any(_changes(between, after))
        if by_definition and by_data:
            return "definition and data"
        return "definition" if by_definition else "data"

    def _values(self, name: str, side: Serving) -> Values:
        """The total under an empty period, and the value of each month, as far as it has them."""
        found: Values = {}
        failed: MartletError | None = None
        for grain in ("", "month"):
            try:
                answer = self._ask(MetricQuery(metrics=(name,), grain=grain, limit=1_000), side)
            except MartletError as error:  # no time, or no value without one
                failed = error
            else:
                found |= {str(row[0])[:7] if grain else "": row[-1] for row in answer.rows}
        if failed and not found:
            raise failed
        return found

    def _rows(self, name: str, side: Serving) -> Values:
        question = side.catalog.verified_queries[name]
        answer = self._ask(question.query or question.sql, side)
        return {f"row {i}": list(row) for i, row in enumerate(answer.rows, 1)}

    def _ask(self, asked: MetricQuery | str, side: Serving) -> Answer:
        asker = Asker(self.settings, Stop())
        if isinstance(asked, str):
            return ask_sql(asked, side, asker)
        return ask_metric(asked, side, asker)


def _answered(values: Callable[[Serving], Values], side: Serving) -> Values | MartletError:
    try:
        return values(side)
    except MartletError as error:
        return error


def _changes(before: Values, after: Values) -> Iterator[Change]:
    for period in sorted({*before, *after}, key=lambda text: (len(text), text)):
        one, other = before.get(period), after.get(period)
        if not same(one, other):
            yield Change(period, one, other)


def tell(changes: Changes) -> Iterable[str]:
    """The comparison for people."""
    for item in changes.differing:
        yield from item.lines()
    yield changes.summary
